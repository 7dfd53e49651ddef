"""`simulator run`: replay, judge, report."""

import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click

from simulator.cli.asked import Asked
from simulator.cli.failing import cleaning_up, reported_errors
from simulator.cli.options import format_option, seed_option, set_option
from simulator.cli.places import DIRECTORY, check_writable
from simulator.cli.reports import NAMES, REPORT, check_reports, write_reports
from simulator.cli.running import Run
from simulator.cli.saying import columns, say, say_bytes
from simulator.cli.sharing import sharing
from simulator.cli.text import printed_text
from simulator.errors import SpecError
from simulator.explore.cores import cores


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(readable=False))
@seed_option("Seed of every draw; the same seed gives the same result.")
@click.option(
    "--seeds",
    metavar="N|A..B",
    help="Play under so many seeds (1 to N), or under those from A to B, and judge by all runs.",
)
@click.option(
    "--cluster",
    metavar="ADDRESS",
    help="With --seeds: play on the workers of the Dask scheduler there, such as tcp://10.0.0.5:8786.",
)
@click.option(
    "--cache/--no-cache",
    default=True,
    show_default=True,
    help="Take what is kept of the same files and the same program: of several files or seeds what was "
    "played, of one run what its files came to.",
)
@set_option
@click.option(
    "--out",
    type=DIRECTORY,
    help="Write result.json, event log, time series and pictures to this directory, each of several files "
    "into a folder of its own; it is made if need be.",
)
@format_option(
    "What to print: a summary or a line a file; what result.json holds, or of several files their "
    "verdicts; JUnit's XML; annotations of GitHub; a table in Markdown.",
    NAMES,
)
@click.option(
    "--report",
    "reports",
    type=REPORT,
    multiple=True,
    help="Write a report in any of these formats, too, as junit:results.xml. May be repeated.",
)
@click.option("-v", "--verbose", is_flag=True, help="Print all details below the summary.")
@click.option("-q", "--quiet", is_flag=True, help="Print one line a file and nothing else.")
@click.option(
    "--fail-on",
    type=click.Choice(["missed", "inconclusive", "never"]),
    default="inconclusive",
    show_default=True,
    help="Which verdicts end with a code other than 0: missed ones, inconclusive ones too, or none.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1),
    help="Play several files or seeds on so many processes; by itself on all cores, where that saves time.",
)
@click.option(
    "--levers/--no-levers",
    default=None,
    help="Replay with one thing of the design changed at a time, to say what would have shortened the "
    "recovery most: at most seven more runs. By itself up to a million requests, of a single file.",
)
@click.option(
    "--pairs",
    is_flag=True,
    help="Replay without each countermeasure that acted (failover of names, plans, scaling, web ACLs …), to "
    "say what each changed: at most eight more runs.",
)
def run(files: tuple[str, ...], **given: Any) -> None:
    """Replay the experiment in each FILE and judge its expectations.

    Of several files, and of a folder with experiments, each is told in a line, with what is not met below
    it; one that is invalid stops no other.

    \b
    simulator run experiments/milan-goes-dark.yaml
    simulator run experiments/milan-goes-dark.yaml --pairs --out results
    simulator run experiments/ --jobs 4 --report junit:results.xml
    simulator run experiments/milan-goes-dark.yaml --seeds 100

    Exit codes: 0 all expectations met, 1 one or more missed, 2 invalid input, 3 a defect of the simulator,
    4 inconclusive (something was not shown, not exercised or undecided); of several files the worst: 3, 2,
    1, 4, 0. They tell the verdict of a finished run even if its result could not be printed or written, which
    is said on standard error.
    """
    asked = Asked(**given)
    with reported_errors():
        check_reports(asked.reports)
        if asked.seeds is not None or asked.cluster is not None:
            from simulator.cli.replicating import run_seeds

            code = run_seeds(files, asked)
        elif len(files) > 1 or os.path.isdir(files[0]) or asked.format_ not in ("text", "json"):
            from simulator.cli.many import run_many

            code = run_many(files, asked)
        else:
            code = _run_one(files[0], asked)
    sys.exit(code)


def _run_one(file: str, asked: Asked) -> int:
    """Replay one experiment and tell all of it; its exit code."""
    from simulator.gate.codes import kept_code

    try:
        # before anything slow: a mistake in the file is told at once
        one = Run(file, asked.settings, asked.seed, cache=asked.cache)
    except SpecError as error:
        _report_invalid(file, error, asked)
        raise
    if asked.out is not None:
        check_writable(Path(asked.out))
    with nullcontext() if asked.out is None else _drawer() as drawer:
        result = _result(one, asked, drawer)
        told = _told(file, one, result, asked)
        # on disk before anything is printed
        written = "" if asked.out is None else _write(result, asked.out, drawer)
    if asked.reports:
        _report(file, one, result, asked)
    say_bytes(told) if isinstance(told, bytes) else say(told)
    if written:
        say(written, err=True)
    return kept_code(result.exit_code, asked.fail_on)


def _drawer() -> Any:
    """What draws beside this process, and starts now."""
    from simulator.report.drawing import Drawer

    return Drawer(cores())


def _told(file: str, one: Run, result: Any, asked: Asked) -> str | bytes:
    """What is printed: of JSON the very bytes of result.json."""
    if asked.format_ == "json":
        return bytes(result.to_json().encode())
    return _line(file, one, result) if asked.quiet else _text(result, verbose=asked.verbose)


def _result(one: Run, asked: Asked, drawer: Any) -> Any:
    """The result, with what else was asked for; its pictures are begun as soon as they can be.

    Levers that nobody would see are not pulled by themselves.
    """
    from simulator.explore.levers import Pulling

    unseen = asked.quiet and asked.levers is None and asked.out is None and asked.format_ == "text"
    processes = cores()
    with sharing(processes, surely=False):
        with Pulling(False if unseen else asked.levers, processes=processes) as levers:
            result = one.play(sampled=asked.out is not None, begins=levers.begin)
            if drawer is not None:
                drawer.begin(result)  # no picture shows what other replays tell
            result = levers.with_levers(result)
        return _with_pairs(result, one, processes) if asked.pairs else result


def _report(file: str, one: Run, result: Any, asked: Asked) -> None:
    write_reports(asked.reports, [_played(file, one, result)], asked.fail_on)


def _report_invalid(file: str, error: SpecError, asked: Asked) -> None:
    """A file that is invalid stands in the reports, too."""
    from simulator.gate.played import INVALID, Played

    invalid = Played(file, asked.seed, INVALID, problems=error.problems)
    write_reports(asked.reports, [invalid], asked.fail_on)


def _line(file: str, one: Run, result: Any) -> str:
    """What `--quiet` leaves of a summary."""
    from simulator.gate.line import line

    return line(_played(file, one, result), columns())


def _played(file: str, one: Run, result: Any) -> Any:
    """What a gate keeps of a result."""
    from simulator.explore.cells import record_of
    from simulator.gate.played import played_of

    return played_of(file, one.loaded, record_of(result, one.loaded))


def _with_pairs(result: Any, one: Run, processes: int) -> Any:
    """The result with what its countermeasures changed."""
    from simulator.explore.pairs.comparing import with_pairs

    return with_pairs(result, one.loaded, processes=processes)


def _text(result: Any, *, verbose: bool) -> str:
    """The summary."""
    from simulator.report.terminal import print_result

    return printed_text(lambda console: print_result(result, console, verbose=verbose))


def _write(result: Any, out: str, drawer: Any) -> str:
    """Write the files of a finished run, and tell which; that it cannot be done changes no verdict."""
    from simulator.report.files import write_report

    try:
        with cleaning_up():
            paths = write_report(result, out, drawer)
    except OSError as error:
        say(f"cannot write to {out}: {error.strerror or error}; the verdict stands", err=True)
        return ""
    return f"Written to {out}: {_kinds(paths)}"


_LOGS = {".jsonl": "event log", ".md": "countermeasures"}


def _kinds(paths: Sequence[Path]) -> str:
    """What was written, in a line."""
    counts = {
        kind: sum(path.suffix == suffix for path in paths)
        for kind, suffix in (("time series", ".csv"), ("picture", ".png"))
    }
    logs = [what for suffix, what in _LOGS.items() if any(path.suffix == suffix for path in paths)]
    said = [
        f"{count} {kind}{'s' if kind == 'picture' and count > 1 else ''}"
        for kind, count in counts.items()
        if count
    ]
    return ", ".join(["result.json", *logs, *said])
