"""What every benchmark measures with: processes of their own, and figures beside their budgets."""

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import scaled

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user's: Python keeps what it has compiled of the sources."""
SIMULATOR = [sys.executable, "-c", "from simulator.cli.start import start; start()"]
"""As the installed command begins."""
RUN = [*SIMULATOR, "run", "--format", "json"]


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its budget."""

    what: str
    budget: str
    measured: str
    kept: bool
    values: dict[str, float | str] = field(default_factory=dict)
    """The numbers behind it, by name with its unit, for what is made of kept figures; texts say of what."""


def worker(which: str, file: Path) -> dict[str, float]:
    """Simulate a file in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.worker", which, str(file)]
    done = subprocess.run(command, cwd=scaled.ROOT, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def whole_process(command: list[str], repeats: int, **environment: str) -> float:
    """Median seconds of a command from start to exit."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run(
            command, cwd=scaled.ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=ENVIRONMENT | environment,
        )  # fmt: skip
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
