"""Measure every budget and print a table: `python -m benchmarks [--quick] [--keep]`.

`--keep` adds a file to the history.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import anatomy, cliffs, growth, scaled, workbench
from benchmarks.measuring import RUN, Figure, whole_process, worker
from benchmarks.records import keep, machine

GIB = 2**30


def against_twin(directory: Path, quick: bool) -> Iterator[Figure]:
    """Requests a second of the engine and of the twin, measured in turn, on two whole outages."""
    milan = scaled.milan_at(directory, 50 if quick else 500)
    yield _against_twin("requests a second against the twin", milan, quick)
    strong = scaled.damaged_strong_shop(directory, 500 if quick else 2000)
    yield _against_twin("… of a strong table with damage", strong, quick)


def _against_twin(what: str, file: Path, quick: bool) -> Figure:
    pairs = [(worker("engine", file), worker("twin", file)) for _ in range(1 if quick else 2)]
    assert all(engine["requests"] == twin["requests"] for engine, twin in pairs)
    ratios = [twin["seconds"] / engine["seconds"] for engine, twin in pairs]
    engine = statistics.median(one["requests"] / one["seconds"] for one, _ in pairs)
    twin = statistics.median(one["requests"] / one["seconds"] for _, one in pairs)
    ratio = statistics.median(ratios)
    measured = f"{ratio:.0f}× ({min(ratios):.0f}–{max(ratios):.0f}): {engine:,.0f}/s and {twin:,.0f}/s"
    return Figure(what, "at least 50×", measured, ratio >= 50)


def flatness(directory: Path, quick: bool) -> Iterator[Figure]:
    """Time and memory per request over lengths of run, with the same sessions and items.

    Memory grows with the items that have been written until all have: few items, hence.
    """
    worker("engine", scaled.steady_with_few_items(directory, 8000, 156))  # compiles what only long runs need
    lengths = [156, 1560, 15_600] if quick else [156, 1560, 15_600, 156_000]
    runs = [worker("engine", scaled.steady_with_few_items(directory, 8000, seconds)) for seconds in lengths]
    times = [run["seconds"] / run["requests"] * 1e6 for run in runs]
    told = ", ".join(f"{r['requests']:.1e}: {t:.2f} µs" for r, t in zip(runs, times, strict=True))
    spread = max(times) / min(times) - 1
    yield Figure("time per request over length", "flat within 25 %", f"{spread:.0%} ({told})", spread <= 0.25)
    memories = [run["memory"] for run in runs[1:]]
    growth = max(memories) / min(memories) - 1
    told = ", ".join(f"{r['requests']:.1e}: {r['memory'] / 2**20:.0f} MiB" for r in runs[1:])
    yield Figure("memory over length", "flat within 10 %", f"{growth:.0%} ({told})", growth <= 0.10)


def million_sessions(directory: Path, _quick: bool) -> Iterator[Figure]:
    """A million people at once, for three minutes."""
    run = worker("engine", scaled.steady_with_ample_capacity(directory, 1_000_000, 180))
    measured = f"{run['memory'] / GIB:.2f} GiB, {run['requests']:,} requests in {run['seconds']:.0f} s"
    yield Figure("memory of a million concurrent sessions", "below 2 GiB", measured, run["memory"] < 2 * GIB)


def readings(_directory: Path, _quick: bool) -> Iterator[Figure]:
    """What an alarm or an autoscaler pays for looking, beyond what was due anyway."""
    run = worker("reading", scaled.ROOT / "experiments" / "milan-goes-dark.yaml")
    measured = f"{run['microseconds']:.0f} µs for {run['numbers']} numbers"
    kept = run["microseconds"] <= 100
    yield Figure("reading everything of topologies/aworld.yaml", "at most 100 µs", measured, kept)


def monitoring(directory: Path, quick: bool) -> Iterator[Figure]:
    """What metrics, fifty alarms and scalers cost the demo, in pairs; and while nothing happens.

    In pairs the processor's time counts, which others on the machine change less.
    """
    files = [scaled.monitored_milan(directory, watched) for watched in (False, True)]
    for file in files:
        worker("engine", file)
    ratios = []
    for _ in range(3 if quick else 7):
        plain, watched = (worker("engine", file)["cpu"] for file in files)
        ratios.append(watched / plain)
    ratio = statistics.median(ratios)
    measured = f"{ratio:.2f}× ({min(ratios):.2f}–{max(ratios):.2f})"
    yield Figure("the demo with metrics, fifty alarms and scalers", "at most 1.1×", measured, ratio <= 1.1)
    day = worker("engine", scaled.monitored_quiet(directory, 1))
    yield Figure("… and one idle day", "at most 1.5 s", f"{day['seconds']:.2f} s", day["seconds"] <= 1.5)
    most = 5 if quick else 30
    month = worker("engine", scaled.monitored_quiet(directory, most, "metrics"))
    measured = f"{month['seconds']:.1f} s, {month['memory'] / 2**20:.0f} MiB"
    what = f"twenty metrics of everything, for {most} quiet days"
    yield Figure(what, "at most 20 s", measured, month["seconds"] <= 20)


def protection(directory: Path, quick: bool) -> Iterator[Figure]:
    """What history, backups and a restore cost a run, in pairs; and keeping one state of a large table."""
    hours = 4 if quick else 48
    files = [scaled.shop(directory, hours, protected) for protected in (False, True)]
    ratios = []
    for _ in range(2):
        plain, protected = (worker("engine", file)["seconds"] for file in files)
        ratios.append(protected / plain)
    ratio = statistics.median(ratios)
    measured = f"{ratio:.3f}× ({min(ratios):.3f}–{max(ratios):.3f})"
    yield Figure(f"{hours} h of the shop, protected and restored", "at most 1.1×", measured, ratio <= 1.1)
    kept = worker("snapshot", scaled.much_written(directory))
    measured = f"{kept['milliseconds']:.2f} ms"
    what = f"keeping the state of {kept['items']:,} items"
    yield Figure(what, "at most 50 ms", measured, kept["milliseconds"] <= 50)


def whole_processes(directory: Path, _quick: bool) -> Iterator[Figure]:
    """What a user waits for."""
    help_s = whole_process([*RUN[:3], "--help"], 7)
    yield Figure("`simulator --help`", "below 150 ms", f"{help_s * 1000:.0f} ms", help_s < 0.15)
    smallest_s = whole_process([*RUN, str(scaled.steady(directory, 1, 10))], 5)
    yield Figure("smallest experiment, warm", "below 1.5 s", f"{smallest_s:.2f} s", smallest_s < 1.5)
    yield from _against_numpy(directory)
    idle_s = whole_process([*RUN, str(scaled.idle_day(directory))], 5)
    yield Figure("one idle day, three regions", "below 1 s", f"{idle_s:.2f} s", idle_s < 1)
    yield _with_files(directory)


def _against_numpy(directory: Path) -> Iterator[Figure]:
    """The smallest experiment as a whole process, in turn with one that imports NumPy and ends.

    Once as the same files were run before, and once as if they had changed since: then they are read.
    """
    smallest = [*RUN, str(scaled.steady(directory, 1, 10))]
    numpy = [sys.executable, "-c", "import numpy"]
    for what, command, most in (
        ("… against importing NumPy", smallest, 4),
        ("… of files that have changed", [*smallest, "--no-cache"], 6),
    ):
        ratios = [whole_process(command, 1) / whole_process(numpy, 1) for _ in range(7)]
        ratio = statistics.median(ratios)
        measured = f"{ratio:.1f}× ({min(ratios):.1f}–{max(ratios):.1f})"
        yield Figure(what, f"at most {most}×", measured, ratio <= most)


def _with_files(directory: Path) -> Figure:
    """The demo with all its files and pictures, in turn with the demo alone, each as a whole process."""
    demo = [*RUN, "--no-levers", str(scaled.ROOT / "experiments" / "milan-goes-dark.yaml")]
    ratios = [
        whole_process([*demo, "--out", str(directory / "files")], 1) / whole_process(demo, 1)
        for _ in range(5)
    ]
    ratio = statistics.median(ratios)
    measured = f"{ratio:.2f}× ({min(ratios):.2f}–{max(ratios):.2f})"
    return Figure("the demo with `--out` against without", "at most 1.5×", measured, ratio <= 1.5)


def first_compilation(directory: Path, _quick: bool) -> Iterator[Figure]:
    """A copy of the package with an empty cache, compiled anew."""
    copy = directory / "cold"
    shutil.copytree(
        scaled.ROOT / "simulator", copy / "simulator", ignore=shutil.ignore_patterns("__pycache__")
    )
    variables = {
        "PYTHONPATH": str(copy),
        "PYTHONSAFEPATH": "1",
        "SIMULATOR_CACHE_DIR": str(directory / "cold-cache"),
    }
    cold_s = whole_process([*RUN, str(scaled.steady(directory, 1, 10))], 1, **variables)
    yield Figure("first run ever, with the compilation", "below 20 s", f"{cold_s:.1f} s", cold_s < 20)


BENCHMARKS: dict[str, Callable[[Path, bool], Iterator[Figure]]] = {
    "processes": whole_processes,
    "compilation": first_compilation,
    "twin": against_twin,
    "anatomy": anatomy.figures,
    "million": million_sessions,
    "flatness": flatness,
    "readings": readings,
    "protection": protection,
    "monitoring": monitoring,
    **{f"growth-{name}": figures for name, figures in growth.BENCHMARKS.items()},
    **{f"cliffs-{name}": figures for name, figures in cliffs.BENCHMARKS.items()},
    **{f"workbench-{name}": figures for name, figures in workbench.BENCHMARKS.items()},
}


def measure(quick: bool, only: str | None) -> Iterator[Figure]:
    """Every figure, or those of one benchmark."""
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        worker("engine", scaled.steady(directory, 1, 10))  # the compilation is not part of what follows
        for benchmark, figures in BENCHMARKS.items():
            if only in (None, benchmark, benchmark.partition("-")[0]):
                yield from figures(directory, quick)


def main() -> None:
    """Print each figure as it comes; exit 1 if a budget is exceeded."""
    names = sorted({*BENCHMARKS, *(name.partition("-")[0] for name in BENCHMARKS)})
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller loads; a look, not a record")
    parser.add_argument("--keep", action="store_true", help="add the figures to benchmarks/history")
    parser.add_argument("--only", choices=names, help="one of the benchmarks, or all of a group")
    options = parser.parse_args()
    facts, figures = machine(), []
    for figure in measure(options.quick, options.only):
        figures.append(figure)
        print(
            f"{'ok  ' if figure.kept else 'OVER'} {figure.what}: {figure.measured} (budget: {figure.budget})",
            flush=True,
        )
    if options.keep:
        keep(facts, figures)
    sys.exit(0 if all(figure.kept for figure in figures) else 1)


if __name__ == "__main__":
    main()
