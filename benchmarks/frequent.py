"""The kernels that requests reach often, counted while the compiler is off.

They are what `simulator/data_plane/frequent.py` lists. `python -m benchmarks.frequent` plays the workloads of
the races and the demo, and writes that module anew. It decides about speed, never about results: other
kernels are compiled out of the way of these. So it is right as long as its names are those of kernels, and
worth making again when requests have got other hops.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import starmap
from textwrap import wrap

from benchmarks import anatomy, scaled
from benchmarks.measuring import ENVIRONMENT

OFTEN = 0.1
"""Calls of a kernel for each request, in at least one of the workloads."""

_WIDTH = 111
"""Of a line of code, with its end."""

_FILE = scaled.ROOT / "simulator" / "data_plane" / "frequent.py"
_HEAD = '''"""The kernels that requests reach often; the others are compiled out of their way.

Counted by `python -m benchmarks.frequent`, which writes this module.
"""

from simulator.kernels.kinds import Frequent

FREQUENT: Frequent = {
'''


def _functions(name: str) -> Iterator[tuple[str, str]]:
    """Modules and names of the package's functions that a workload calls often; the compiler is off."""
    requests, _, calls = anatomy.counts_of(name)
    for where, count in calls.items():
        path, _, function = where.rpartition(":")
        if count >= OFTEN * requests and path.startswith(str(scaled.ROOT / "simulator")):
            inner = path.removesuffix(".py").removeprefix(f"{scaled.ROOT}/")
            yield inner.replace("/", "."), function


def _called_in(name: str) -> Iterator[tuple[str, str]]:
    """The same, by a process of its own."""
    command = [sys.executable, "-m", "benchmarks.frequent", name]
    off = ENVIRONMENT | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=scaled.ROOT, check=True, stdout=subprocess.PIPE, text=True, env=off)
    yield from map(tuple, json.loads(done.stdout))


def _write() -> None:
    from simulator.data_plane.loop import advance
    from simulator.kernels.keys import reached_by

    kernels = {(one.py_func.__module__, one.py_func.__name__) for one in reached_by(advance)}
    called = {one for name in (*anatomy.SIZES, anatomy.DEMO) for one in _called_in(name)}
    by_module: dict[str, list[str]] = {}
    for module, function in sorted(called & kernels):
        by_module.setdefault(module, []).append(function)
    _FILE.write_text(_HEAD + "".join(starmap(_entry, by_module.items())) + "}\n", encoding="utf-8")


def _entry(module: str, names: list[str]) -> str:
    """A module's line, or lines, as the formatter leaves them."""
    entry = f'    "{module}": "{" ".join(names)}",\n'
    if len(entry) <= _WIDTH:
        return entry
    *lines, last = wrap(" ".join(names), 99)
    texts = "".join(f'        "{line}"\n' for line in (*[f"{line} " for line in lines], last))
    return f'    "{module}": (\n{texts}    ),\n'


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps([*_functions(sys.argv[1])]))
    else:
        _write()
