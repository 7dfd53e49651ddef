"""`simulator drill`: the disaster-recovery test."""

import sys
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import cleaning_up, fail, reported_errors
from simulator.cli.options import seed_option, set_option
from simulator.cli.places import DIRECTORY, check_writable
from simulator.cli.saying import columns, say
from simulator.cli.sharing import sharing
from simulator.explore.cores import cores


@click.command()
@click.argument("topology", type=click.Path(readable=False))
@click.option(
    "--out",
    type=DIRECTORY,
    help="Write drill.json and drill.md to this directory, and keep there what is finished: "
    "a killed drill resumes.",
)
@click.option(
    "--history",
    type=click.Path(dir_okay=False),
    help="Append one line to this file (JSON Lines), and tell what changed since the last drill.",
)
@click.option(
    "--date",
    help="The date of the drill, as 2026-11-26; nothing else in the report depends on when it is made.",
)
@seed_option()
@click.option(
    "--with",
    "experiments",
    multiple=True,
    type=click.Path(readable=False),
    help="An experiment on TOPOLOGY, or a folder of them, played after the default set. May be repeated.",
)
@set_option
@click.option("-v", "--verbose", is_flag=True, help="Print every function in every scenario.")
def drill(
    topology: str,
    out: str | None,
    history: str | None,
    date: str | None,
    seed: int,
    experiments: tuple[str, ...],
    settings: tuple[str, ...],
    verbose: bool,
) -> None:
    """Test the recovery of a system: a set of scenarios against the objectives of its functions.

    TOPOLOGY says its usual load (users) and what its critical functions have to hold (objectives). Every
    region, zone, table and issuer breaks in turn, side by side on all cores.

    \b
    simulator drill topologies/aworld.yaml --out results/drill
    simulator drill topologies/aworld.yaml --with experiments/aworld-annual-drill

    Exit codes: 0 all objectives met, 1 one or more missed, 2 invalid input, 3 a defect of the simulator,
    4 inconclusive (something was not shown).
    """
    with reported_errors(), sharing(cores()):
        from simulator.explore.drill.history import read_history
        from simulator.explore.drill.whole import added_to, read_for_drill
        from simulator.language.settings import parse_settings

        parsed = parse_settings(settings)
        read = read_for_drill(topology, parsed)  # before anything slow: a mistake in a file is told at once
        added_to(read, topology, experiments, parsed)
        when = _date(date)
        if out is not None:
            check_writable(Path(out))
        if history is not None:
            check_writable(Path(history).parent, of=history)
            read_history(history)
        found = _played(topology, seed, out, experiments, parsed)
        written = _write(found, out, history, when)
        from simulator.report.drill.table import table

        say(table(found, columns(), verbose=verbose))
        for line in written:
            say(line, err=True)
    sys.exit(found.exit_code)


def _date(text: str | None) -> Any:
    """The date, if it is one."""
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"--date: '{text}' is no date; write it as 2026-11-26")


def _played(topology: str, seed: int, out: str | None, experiments: tuple[str, ...], settings: Any) -> Any:
    from simulator.cli.progress import counted
    from simulator.explore.drill.running import KEPT
    from simulator.explore.drill.whole import drill as make

    kept_in = None if out is None else Path(out) / KEPT
    with cleaning_up(), counted("scenarios") as heard:
        return make(
            topology,
            seed=seed,
            processes=cores(),
            kept_in=kept_in,
            heard=heard,
            experiments=experiments,
            settings=settings,
        )


def _write(found: Any, out: str | None, history: str | None, when: Any) -> list[str]:
    """Write report and history, and tell of it; that it cannot be done changes no verdict."""
    from simulator.explore.drill.history import append_line, compared, read_history
    from simulator.report.drill.files import write_drill

    said = []
    try:
        with cleaning_up():
            earlier = read_history(history) if history is not None else []
            beside = compared(found, when, earlier)
            if out is not None:
                write_drill(found, out, when, beside)
                said.append(f"Written to {out}: drill.json, drill.md")
            if history is not None:
                append_line(history, beside.lines[-1])
                said.append(f"Added to {history}: line {len(earlier) + 1}")
    except OSError as error:
        said.append(
            f"cannot write: {error.filename or out or history}: {error.strerror or error}; the verdict stands"
        )
    return said
