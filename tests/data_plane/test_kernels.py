"""Kernels by themselves, in a process of their own with the compiler off (see `kernels/conftest.py`)."""

import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

KERNELS = Path(__file__).parent / "kernels"
ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="the compiler is off, so they run by themselves")
def test_kernels_one_by_one() -> None:
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(KERNELS)]
    finished = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr
