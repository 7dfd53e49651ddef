"""`simulator run`: replay, judge, report."""

import sys
from contextlib import nullcontext
from typing import Any

import click

from simulator.cli.failing import fail, reported_errors


@click.command()
@click.argument("file", type=click.Path())
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Seed of every draw; the same seed gives the same result.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False),
    help="Write result.json, time series and pictures to this directory.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
def run(file: str, seed: int, out: str | None, format_: str) -> None:
    """Replay the experiment in FILE and judge its expectations."""
    with reported_errors():
        result = _simulate(file, seed, sampled=out is not None)
    if format_ == "json":
        click.echo(result.to_json(), nl=False)
    else:
        _print_text(result)
    if out is not None:
        _write(result, out)
    sys.exit(result.exit_code)


def _simulate(file: str, seed: int, *, sampled: bool) -> Any:
    from simulator.spec.reading import read_experiment

    loaded = read_experiment(file)  # before anything slow: a mistake in the file is told at once
    _announce_compilation()
    from simulator.running import run as simulate

    with _progress(loaded.experiment.duration) as progress:
        return simulate(loaded, seed=seed, metrics=sampled, progress=progress)


def _announce_compilation() -> None:
    from simulator.data_plane.compiling import is_cold

    if is_cold():
        click.echo("First run here: compiling the simulator, once, for some 20 seconds …", err=True)


def _progress(duration_ns: int) -> Any:
    """A progress bar over simulated time on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext()
    from simulator.cli.progress import progress_bar

    return progress_bar(duration_ns)


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
