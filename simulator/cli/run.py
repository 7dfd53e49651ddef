"""`simulator run`: replay, judge, report."""

import os
import sys
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import fail, reported_errors


@click.command()
@click.argument("file", type=click.Path(readable=False))
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    show_default=True,
    help="Seed of every draw; the same seed gives the same result.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    help="Write result.json, time series and pictures to this directory; it is made if need be.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print: a summary, or what result.json holds.",
)
def run(file: str, seed: int, out: str | None, format_: str) -> None:
    """Replay the experiment in FILE and judge its expectations.

    Exit codes: 0 all expectations met, 1 one or more missed, 2 invalid input, 3 a defect of the simulator,
    4 inconclusive (something was not exercised).
    """
    with reported_errors():
        loaded = _read(file)  # before anything slow: a mistake in the file is told at once
        if out is not None:
            _check_writable(Path(out))
        result = _simulate(loaded, seed, sampled=out is not None)
        if format_ == "json":
            click.echo(result.to_json().encode(), nl=False)  # the very bytes of result.json
        else:
            _print_text(result)
        if out is not None:
            _write(result, out)
    sys.exit(result.exit_code)


def _read(file: str) -> Any:
    from simulator.language.files import read_experiment

    return read_experiment(file)


def _check_writable(out: Path) -> None:
    """Leave before the simulation if its result could not be written; make nothing yet."""
    place = out.absolute()
    while not os.path.lexists(place):
        place = place.parent
    if not place.is_dir():
        fail(f"cannot write to {out}: {place} is not a directory")
    if not os.access(place, os.W_OK | os.X_OK):
        fail(f"cannot write to {out}: no permission to write in {place}")


def _simulate(loaded: Any, seed: int, *, sampled: bool) -> Any:
    from simulator.cli.progress import shown
    from simulator.pipeline import run as simulate

    with shown(loaded.experiment.duration) as progress:
        return simulate(loaded, seed=seed, metrics=sampled, progress=progress)


def _print_text(result: Any) -> None:
    from rich.console import Console

    from simulator.report.terminal import print_result

    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    print_result(result, console)


def _write(result: Any, out: str) -> None:
    from simulator.report.files import write_report

    try:
        paths = write_report(result, out)
    except OSError as error:
        fail(f"cannot write to {out}: {error.strerror or error}")
    click.echo(f"\nWritten to {out}: {', '.join(path.name for path in paths)}", err=True)
