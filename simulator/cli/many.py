"""`simulator run` of several files, or of folders: a line for each, and one verdict."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simulator.cli.asked import Asked
from simulator.cli.failing import cleaning_up
from simulator.cli.interrupts import EXIT_INTERRUPTED
from simulator.cli.places import check_writable
from simulator.cli.reports import report_text, write_reports
from simulator.cli.running import say_if_long
from simulator.cli.saying import columns, say
from simulator.cli.sharing import sharing
from simulator.explore.cores import cores


def run_many(names: Sequence[str], asked: Asked) -> int:
    """Play the experiments of each file and folder, tell of each as soon as it is done; the exit code.

    Raises UsageError if a folder has no experiment.
    """
    from simulator.language.folders import experiments_named

    files = experiments_named(names)
    with sharing(min(asked.jobs or cores(), len(files)), surely=asked.jobs is not None):
        return _run_all(files, asked)


def _run_all(files: Sequence[str], asked: Asked) -> int:
    from simulator.gate.line import total
    from simulator.gate.played import exit_code_of
    from simulator.gate.playing import jobs_worth, read_all, seconds_of

    if asked.out is not None:
        check_writable(Path(asked.out))
    tasks = read_all(files, how(asked))
    jobs = jobs_worth(tasks, asked.jobs)
    say_if_long(f"{len(tasks)} experiments", seconds_of(tasks) / jobs)
    done, interrupted = _play(tasks, asked, jobs)
    write_reports(asked.reports, done, asked.fail_on)
    if asked.format_ != "text":
        say(report_text(asked.format_, done, asked.fail_on).rstrip("\n"))
    elif not asked.quiet:
        say(total(done, len(files)))
    if interrupted:
        say("interrupted", err=True)
        return EXIT_INTERRUPTED
    return exit_code_of(done, asked.fail_on)


def how(asked: Asked) -> Any:
    """How each of many files is played."""
    from simulator.gate import playing
    from simulator.language.settings import parse_settings

    return playing.Asked(
        seed=asked.seed,
        out=asked.out,
        settings=parse_settings(asked.settings),
        levers=bool(asked.levers),
        pairs=asked.pairs,
        cache=asked.cache,
    )


def _play(tasks: Sequence[Any], asked: Asked, jobs: int) -> tuple[list[Any], bool]:
    """What became of the files, and whether somebody interrupted it: then, of those that were done."""
    from simulator.cli.progress import told
    from simulator.gate.playing import play_all

    done: list[Any] = []

    def heard(one: Any) -> None:
        done.append(one)
        tell(one, asked)

    try:
        with cleaning_up(), told():
            play_all(tasks, how(asked), jobs=jobs, heard=heard)
    except KeyboardInterrupt:
        return done, True
    return done, False


def tell(one: Any, asked: Asked) -> None:
    """A line about a file, below it what is not met, and on standard error what is wrong."""
    from simulator.gate.line import failures, line

    for problem in one.problems:
        say(str(problem), err=True)
    if one.defect:
        say(one.defect, err=True)
    if asked.format_ != "text":
        return
    say(line(one, columns()))
    if not asked.quiet:
        for text in failures(one, columns()):
            say(text)
