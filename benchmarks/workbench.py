"""What gates of many files, replications, sweeps and checks take, each as a user would call it.

Nothing that was kept of earlier runs counts: everything is played anew, by processes that were warmed up.
"""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import scaled
from benchmarks.measuring import RUN, SIMULATOR, Figure, whole_process

_EXPERIMENTS = scaled.ROOT / "experiments"
_DEMO = "milan-goes-dark"
_TWELVE = (
    *("dublin-dark-active-active", "dublin-dark-payments-breaker", "dublin-dark-payments"),
    *("dublin-dark-single-region", "dublin-dark-strong", "dublin-lost-active-active"),
    *("dublin-lost-backup-and-restore", "dublin-lost-hot-standby", "dublin-lost-pilot-light"),
    *("dublin-lost-warm-standby", _DEMO, "stockholm-alone"),
)
"""Twelve shipped experiments, as a team may have them for a gate."""
_ANEW = ("--no-cache", "--fail-on", "never")


def _file(name: str) -> str:
    return str(_EXPERIMENTS / f"{name}.yaml")


def _warm() -> None:
    """Compile what is not yet, as the cache of a pipeline would bring it."""
    whole_process([*SIMULATOR, "warm-up"], 1)


def gate(_directory: Path, quick: bool) -> Iterator[Figure]:
    """Shipped experiments as one gate, by two processes."""
    _warm()
    files = [_file(name) for name in _TWELVE[: 3 if quick else 12]]
    seconds = whole_process([*SIMULATOR, "run", *files, "--jobs", "2", *_ANEW], 1)
    what = f"{len(files)} shipped experiments as a gate, two jobs"
    yield Figure(what, "at most 60 s", f"{seconds:.1f} s", seconds <= 60)


def replications(_directory: Path, quick: bool) -> Iterator[Figure]:
    """What a second core saves of many runs, by whole processes in turn: starting them and all."""
    _warm()
    outage = str(scaled.ROOT / "benchmarks" / "rivals" / "ours" / "outage.yaml")
    yield _by_two("W3", outage, 6 if quick else 20, 1 if quick else 5, 1.85)
    yield _by_two("the demo", _file(_DEMO), 6 if quick else 100, 1, 1.7)


def _by_two(what: str, file: str, count: int, pairs: int, least: float) -> Figure:
    """How many times as fast two processes are as one."""
    seeds = [*RUN, file, "--seeds", str(count), *_ANEW, "--jobs"]
    whole_process([*RUN, file, "--seeds", "2", *_ANEW, "--jobs", "1"], 1)  # compiles what is not yet
    times = [[whole_process([*seeds, jobs], 1) for jobs in ("1", "2")] for _ in range(pairs)]
    ratios = [alone / shared for alone, shared in times]
    ratio, between = statistics.median(ratios), f"{min(ratios):.2f}–{max(ratios):.2f}, " * (pairs > 1)
    alone, shared = (statistics.median(column) for column in zip(*times, strict=True))
    measured = f"{ratio:.2f}× ({between}{alone:.1f} s and {shared:.1f} s)"
    values: dict[str, float | str] = {
        "ratio": round(ratio, 3),
        "alone_s": round(alone, 3),
        "shared_s": round(shared, 3),
        "rounds": pairs,
    }
    name = f"{count} replications of {what}, two jobs"
    return Figure(name, f"at least {least:g}×", measured, ratio >= least, values)


def sweep(directory: Path, quick: bool) -> Iterator[Figure]:
    """The README's shop over TTLs and loads, under five seeds each."""
    _warm()
    steps = range(1, 4 if quick else 11)
    ttls = ",".join(f"{30 * step}s" for step in steps)
    loads = ",".join(str(40 * step) for step in steps)
    vary = ("--vary", f"dns.shop.example.ttl={ttls}", "--vary", f"users.ireland.sessions={loads}")
    shop = str(scaled.shop_of_the_readme(directory))
    seconds = whole_process(
        [*SIMULATOR, "sweep", shop, *vary, "--seeds", "5", "--jobs", "2", "--no-cache"], 1
    )
    what = f"a sweep of the README's shop, {len(steps) ** 2} points under 5 seeds, two jobs"
    yield Figure(what, "at most 3 min", f"{seconds:.0f} s", seconds <= 180)


def checks(_directory: Path, quick: bool) -> Iterator[Figure]:
    """Experiments and topologies read and checked, each with all that rules find."""
    files = [*sorted(_EXPERIMENTS.rglob("*.yaml")), *sorted((scaled.ROOT / "topologies").glob("*.yaml"))][:50]
    seconds = whole_process([*SIMULATOR, "check", *map(str, files)], 1 if quick else 3)
    yield Figure(f"check of {len(files)} files", "at most 3 s", f"{seconds:.2f} s", seconds <= 3)


BENCHMARKS: dict[str, Callable[[Path, bool], Iterator[Figure]]] = {
    "gate": gate,
    "replications": replications,
    "sweep": sweep,
    "checks": checks,
}
