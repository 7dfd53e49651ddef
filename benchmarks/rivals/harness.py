"""One run of a rival's model in a process of its own, whose figures are printed as JSON.

`python -m benchmarks.rivals.harness MODEL SIZE SEED [CORE]`, in the rival's environment: the standard library
is all that is imported here.
"""

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def pin(core: str) -> None:
    """Stay on one core, where the system can do that; `""`: anywhere."""
    if core and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})


def peak_memory() -> int:
    """The most memory that this process held, in bytes.

    The kernel's own figure, where it tells: that of `getrusage` may be the process's that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="utf-8").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def timed(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a call returns, with its seconds, those of the processor, and the memory that was needed."""
    begun, computed = time.perf_counter(), time.process_time()
    answer = work()
    seconds, cpu = time.perf_counter() - begun, time.process_time() - computed
    return answer | {"seconds": seconds, "cpu": cpu, "memory": peak_memory()}


def main(model: str, size: str, seed: str, core: str = "") -> None:
    """Run a model and print its answer and what it cost."""
    pin(core)
    run = importlib.import_module(f"benchmarks.rivals.models.{model}").run
    print(json.dumps(timed(lambda: run(int(size), int(seed)))))


if __name__ == "__main__":
    main(*sys.argv[1:])
