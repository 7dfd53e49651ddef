"""A build hook that compiles the simulator's kernels and puts their machine code into the wheel.

It is off unless `HATCH_BUILD_HOOK_ENABLE_CUSTOM` is set (`make wheel`): without it a wheel serves all
platforms, and compiles in the first run. See docs/installation.md.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CODE = (".kernel", ".so")
SHIPPED = "simulator/kernels/compiled"


class CompiledKernels(BuildHookInterface):
    """Adds the machine code of all entries to a wheel of this platform and this version of Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile into an empty directory, and have what is in it included."""
        if version == "editable":
            return
        place = Path(mkdtemp())
        environment = {**os.environ, "SIMULATOR_CACHE_DIR": str(place), "PYTHONPATH": self.root}
        command = [sys.executable, "-m", "simulator.cli", "warm-up"]
        subprocess.run(command, cwd=self.root, env=environment, check=True)
        for file in sorted(place.iterdir()):
            if file.suffix in CODE:
                name = file.stem.rpartition("-")[0] + file.suffix  # whatever compilers will be installed
                build_data["force_include"][str(file)] = f"{SHIPPED}/{name}"
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
