"""These tests call kernels one by one, which Python can do only while the compiler is off.

A kernel that is compiled has no wrapper for calls from Python, and its compilation takes longer than all of
these tests. `tests/data_plane/test_kernels.py` runs them in a process of their own, compiler off; alone they
run by `NUMBA_DISABLE_JIT=1 python -m pytest tests/data_plane/kernels`.
"""

from pathlib import Path

import numba
import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Leave these tests out while kernels are compiled; say so to whoever names them."""
    if numba.config.DISABLE_JIT:
        return None
    named = [Path(argument.split("::")[0]).resolve() for argument in config.args]
    if any(path == HERE or HERE in path.parents for path in named):
        raise pytest.UsageError(f"set NUMBA_DISABLE_JIT=1: {__doc__.splitlines()[0]}")
    return True
