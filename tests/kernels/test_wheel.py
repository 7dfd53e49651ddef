"""A wheel for this platform brings its machine code: nothing is compiled, and no compiler is imported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kernels.copies import Copy
from tests.kernels.test_without_compiler import HEAVY, RUN
from tests.small import experiment, topology, write

pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def pip(*arguments: str) -> None:
    environment = os.environ | {"HATCH_BUILD_HOOK_ENABLE_CUSTOM": "true"}
    done = subprocess.run([*PIP, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.middle
def test_what_a_wheel_installs_compiles_nothing(tmp_path: Path) -> None:
    pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT))
    (wheel,) = tmp_path.glob("*.whl")
    version = f"cp{sys.version_info.major}{sys.version_info.minor}"
    assert f"-{version}-{version}-" in wheel.name
    pip("install", "--no-deps", "--target", str(tmp_path / "site"), str(wheel))
    write(tmp_path / "site", topology(), experiment())
    installed = Copy(tmp_path / "site", tmp_path / "cache")
    done = installed.run(RUN + HEAVY + "print(simulator.__file__)")
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["True", "[]", str(tmp_path / "site" / "simulator" / "__init__.py")]
    assert not installed.files()
