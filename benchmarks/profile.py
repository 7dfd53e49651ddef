"""How often each kernel and each of its lines runs, counted while the compiler is off.

`python -m benchmarks.profile` plays the workloads of the races and the demo, small, and writes
`simulator/kernels/profile.json`, by which the compiler tells what is common from what is rare. Counts depend
on no machine. They have to be made again when kernels have changed: a test tells.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import CodeType, FrameType
from typing import Any

from benchmarks import anatomy, scaled
from benchmarks.measuring import ENVIRONMENT

_PACKAGE = scaled.ROOT / "simulator"
_REQUESTS = 10**6
"""For how many the counts hold."""

_CALL = -1
"""The line under which calls are counted."""


class _Counting:
    """A tracer that counts calls and lines of the package's functions."""

    def __init__(self) -> None:
        self.codes = dict[CodeType, Counter[int]]()
        self._local = dict[CodeType, Callable[..., Any] | None]()

    def __call__(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        if code not in self._local:
            self._local[code] = self._counts_lines(code)
        if code in self.codes:
            self.codes[code][_CALL] += 1
        return self._local[code]

    def _counts_lines(self, code: CodeType) -> Callable[..., Any] | None:
        if not code.co_filename.startswith(str(_PACKAGE)):
            return None
        lines = self.codes.setdefault(code, Counter())

        def local(frame: FrameType, event: str, _argument: Any) -> Any:
            if event == "line":
                lines[frame.f_lineno] += 1
            return local

        return local


def counted(name: str) -> dict[str, dict[int, int]]:
    """By function, the runs of its lines in a workload, for a million requests; the compiler is off."""
    from simulator.data_plane.plane import CompiledPlane
    from simulator.simulation import play

    plan, counting = anatomy.plan_of(name), _Counting()
    sys.settrace(counting)
    try:
        outcome = play(plan, CompiledPlane(plan.data))
    finally:
        sys.settrace(None)
    each = _REQUESTS / int(outcome.tallies.attempts_started)
    return {
        _name_of(code): {line: max(round(runs * each), 1) for line, runs in lines.items()}
        for code, lines in counting.codes.items()
    }


def _name_of(code: CodeType) -> str:
    inner = code.co_filename.removesuffix(".py").removeprefix(f"{scaled.ROOT}/")
    return f"{inner.replace('/', '.')}.{code.co_qualname}"


def _counted_apart(name: str) -> dict[str, dict[str, int]]:
    """The same, by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.profile", name]
    off = ENVIRONMENT | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=scaled.ROOT, check=True, stdout=subprocess.PIPE, text=True, env=off)
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found


def _write() -> None:
    from simulator.data_plane.loop import advance
    from simulator.kernels.keys import reached_by
    from simulator.kernels.profile import PROFILE, name_of

    names = [anatomy.DEMO, *anatomy.SIZES]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        workloads = [*pool.map(_counted_apart, names)]
    kernels = {name_of(one.py_func): one.py_func for one in reached_by(advance)}
    told = (f"{json.dumps(name)}: {_told(kernels[name], name, workloads)}" for name in sorted(kernels))
    PROFILE.write_text("{\n" + ",\n".join(told) + "\n}\n", encoding="utf-8")


def _told(function: Any, name: str, workloads: list[dict[str, dict[str, int]]]) -> str:
    """A kernel's entry: the average of all workloads, to three digits."""
    from simulator.kernels.profile import source_of

    total = Counter[str]()
    for workload in workloads:
        total.update(workload.get(name, {}))
    source = source_of(function)
    assert source is not None, f"{name} is no function of a module"
    calls, *lines = (_rounded(total[str(line)] / len(workloads)) for line in (_CALL, *source.lines))
    return json.dumps({"source": source.digest, "calls": calls, "lines": lines})


def _rounded(runs: float) -> int:
    """Three digits of a count; what runs at all does so once."""
    return int(float(f"{max(runs, 1):.3g}")) if runs else 0


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(counted(sys.argv[1])))
    else:
        _write()
