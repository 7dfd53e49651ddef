"""`simulator run --seeds`: the same experiment under many seeds, and what they say together."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from simulator.cli.asked import Asked
from simulator.cli.failing import cleaning_up, fail
from simulator.cli.interrupts import EXIT_INTERRUPTED
from simulator.cli.places import check_writable, written
from simulator.cli.reports import report_text, write_reports
from simulator.cli.running import read
from simulator.cli.saying import say, say_bytes
from simulator.cli.text import printed_text
from simulator.errors import UsageError
from simulator.units import format_duration, parse_seeds

_LONG_S = 30


def run_seeds(names: Sequence[str], asked: Asked) -> int:
    """Play each file under all seeds and tell of it as soon as it is done; the exit code, the worst of them.

    Raises UsageError for seeds that are none, and what reading raises.
    """
    from simulator.gate.played import exit_code_of
    from simulator.gate.playing import folders_of
    from simulator.gate.replicated import played_by_all
    from simulator.language.folders import experiments_named

    seeds = seeds_of(asked)
    files = experiments_named(names) if len(names) > 1 or os.path.isdir(names[0]) else [*names]
    loaded = [read(file, asked.settings) for file in files]  # a mistake in a file is told at once
    outs: list[str | None] = [asked.out] * len(files)
    if asked.out is not None:
        check_writable(Path(asked.out))
        outs = [asked.out] if len(files) == 1 else [os.path.join(asked.out, one) for one in folders_of(files)]
    jobs = asked.jobs or os.cpu_count() or 1
    _say_if_long(loaded, len(seeds), jobs)
    done = []
    with _crew(asked, jobs) as crew:
        for file, one, out in zip(files, loaded, outs, strict=True):
            done.append(played_by_all(file, _run_one(file, one, seeds, asked, out, crew)))
    write_reports(asked.reports, done, asked.fail_on)
    if asked.format_ not in ("text", "json"):
        say(report_text(asked.format_, done, asked.fail_on).rstrip("\n"))
    return exit_code_of(done, asked.fail_on)


def seeds_of(asked: Asked) -> list[int]:
    """The seeds that `--seeds` names: `100` is 1..100. Raises UsageError if it names none."""
    if asked.seeds is None:
        raise UsageError("--cluster plays many seeds; say which, as --seeds 100")
    try:
        found = parse_seeds(asked.seeds)
    except ValueError as error:
        raise UsageError(f"--seeds '{asked.seeds}': {error}") from None
    of_one_run = (
        (asked.pairs, "--pairs"),
        (asked.levers, "--levers"),
        (asked.seed != 1, "--seed"),
    )
    for given, option in of_one_run:
        if given:
            raise UsageError(f"{option} is of a single run; leave out --seeds, or {option}")
    return [*found]


@contextmanager
def _crew(asked: Asked, jobs: int) -> Iterator[Any]:
    """Who plays: processes of this machine, or a cluster."""
    from simulator.explore.cluster import Cluster
    from simulator.explore.workers import Workers

    with cleaning_up(), Workers(jobs) if asked.cluster is None else Cluster(asked.cluster) as crew:
        yield crew


def _say_if_long(loaded: Sequence[Any], count: int, jobs: int) -> None:
    seconds = sum(cost.seconds for one in loaded for cost in one.costs) * count / jobs
    if seconds > _LONG_S:
        took = format_duration(max(round(seconds / 10), 1) * 10 * 10**9)
        say(
            f"note: {count * len(loaded):,} runs will take about {took}, or less if they tell early", err=True
        )


def _run_one(file: str, loaded: Any, seeds: Sequence[int], asked: Asked, out: str | None, crew: Any) -> Any:
    from simulator.cli.progress import counted
    from simulator.explore.replicating import replications

    done = [0]

    def count(finished: int, of: int) -> None:
        done[0] = finished
        bar(finished, of)

    try:
        with counted("runs") as bar:
            found = replications(loaded, seeds, cache=asked.cache, heard=count, crew=crew)
    except KeyboardInterrupt:
        kept = "; they are kept, and the same command goes on from there" if asked.cache and done[0] else ""
        fail(f"interrupted after {done[0]:,} of {len(seeds):,} runs{kept}", EXIT_INTERRUPTED)
    files = "" if out is None else _write(found, out)
    _tell(file, found, asked)
    if files:
        say(files, err=True)
    return found


def _tell(file: str, found: Any, asked: Asked) -> None:
    from simulator.gate.replicated import line_of_all
    from simulator.report.replications import print_replications

    if asked.format_ == "json":
        say_bytes(found.to_json().encode())
    if asked.format_ != "text":
        return
    if asked.quiet:
        say(line_of_all(file, found))
        return
    say(printed_text(lambda console: print_replications(found, console, verbose=asked.verbose)))


def _write(found: Any, out: str) -> str:
    from simulator.report.replications_files import write_replications

    return written(out, lambda: write_replications(found, out), "; the verdict stands")
