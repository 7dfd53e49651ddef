"""`simulator run --seeds`: the same experiment under many seeds, and what they say together."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from simulator.cli.asked import Asked
from simulator.cli.failing import cleaning_up
from simulator.cli.interrupts import EXIT_INTERRUPTED
from simulator.cli.many import how, tell
from simulator.cli.places import check_writable, written
from simulator.cli.reports import report_text, write_reports
from simulator.cli.running import say_if_long
from simulator.cli.saying import say, say_bytes
from simulator.cli.sharing import sharing
from simulator.cli.text import printed_text
from simulator.errors import DefectError, SpecError, UsageError
from simulator.explore.cores import cores
from simulator.units import parse_seeds


def run_seeds(names: Sequence[str], asked: Asked) -> int:
    """Play each file under all seeds and tell of it as soon as it is done; the exit code, the worst of them.

    A file that is invalid stops no other. Raises UsageError for seeds that are none.
    """
    seeds = seeds_of(asked)
    jobs = asked.jobs or cores()
    with sharing(min(jobs, len(seeds)) if asked.cluster is None else 1):
        return _run_all(names, seeds, jobs, asked)


def _run_all(names: Sequence[str], seeds: list[int], jobs: int, asked: Asked) -> int:
    from simulator.gate.played import exit_code_of
    from simulator.gate.playing import read_all, seconds_of
    from simulator.language.folders import experiments_named

    files = experiments_named(names) if len(names) > 1 or os.path.isdir(names[0]) else [*names]
    if asked.out is not None:
        check_writable(Path(asked.out))
    tasks = read_all(files, how(asked))  # a mistake in a file is told at once
    seconds = seconds_of(tasks) * len(seeds) / jobs
    say_if_long(f"{len(seeds) * len(tasks):,} runs", seconds, ", or less if they tell early")
    done, interrupted = _play(tasks, seeds, asked, jobs)
    write_reports(asked.reports, done, asked.fail_on)
    if asked.format_ not in (("text", "json") if len(tasks) == 1 else ("text",)):
        say(report_text(asked.format_, done, asked.fail_on).rstrip("\n"))
    return EXIT_INTERRUPTED if interrupted else exit_code_of(done, asked.fail_on)


def _play(tasks: Sequence[Any], seeds: Sequence[int], asked: Asked, jobs: int) -> tuple[list[Any], bool]:
    """What became of the files, and whether somebody interrupted it: then, of those that were done."""
    done: list[Any] = []
    try:
        with _crew(asked, jobs) as crew:
            for task in tasks:
                done.append(_played(task, seeds, asked, crew, alone=len(tasks) == 1))
    except KeyboardInterrupt:
        return done, True
    return done, False


def _played(task: Any, seeds: Sequence[int], asked: Asked, crew: Any, *, alone: bool) -> Any:
    """Play a file under all seeds and tell of it; what cannot be played is told of it alone."""
    from simulator.gate.played import DEFECT, INVALID, Played
    from simulator.gate.replicated import named, played_by_all

    if task.loaded is None:
        failed = replace(task.unread, seed=seeds[0], seeds=named(seeds))
    else:
        try:
            return played_by_all(task.file, _run_one(task, seeds, asked, crew, alone=alone))
        except SpecError as error:
            failed = Played(task.file, seeds[0], INVALID, problems=error.problems, seeds=named(seeds))
        except DefectError as error:
            failed = Played(task.file, seeds[0], DEFECT, defect=str(error), seeds=named(seeds))
    tell(failed, asked)
    return failed


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


def _run_one(task: Any, seeds: Sequence[int], asked: Asked, crew: Any, *, alone: bool) -> Any:
    from simulator.cli.progress import counted
    from simulator.explore.replicating import replications

    done = [0]

    def count(finished: int, of: int) -> None:
        done[0] = finished
        bar(finished, of)

    try:
        with counted("runs") as bar:
            found = replications(task.loaded, seeds, cache=asked.cache, heard=count, crew=crew)
    except KeyboardInterrupt:
        kept = "; they are kept, and the same command goes on from there" if asked.cache and done[0] else ""
        say(f"interrupted after {done[0]:,} of {len(seeds):,} runs{kept}", err=True)
        raise
    out = asked.out if alone else task.out
    files = "" if out is None else _write(found, out)
    _tell(task.file, found, asked, alone=alone)
    if files:
        say(files, err=True)
    return found


def _tell(file: str, found: Any, asked: Asked, *, alone: bool) -> None:
    from simulator.gate.replicated import line_of_all
    from simulator.report.replications import print_replications

    if asked.format_ == "json" and alone:
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
