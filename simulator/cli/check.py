"""`simulator check`: read files and tell what is wrong, without running anything."""

import os
import sys
from dataclasses import replace
from typing import Any

import click

from simulator.cli.failing import reported_errors
from simulator.cli.running import set_option
from simulator.cli.saying import columns, say
from simulator.errors import EXIT_INVALID, Problem, SpecError
from simulator.units import printable


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(readable=False))
@set_option
def check(files: tuple[str, ...], settings: tuple[str, ...]) -> None:
    """Check topologies and experiments without running them.

    Every problem of every FILE is shown as file:line:col: message. An experiment's topology is checked with
    it. Settings that defeat their purpose, what is single, and what each standby has and lacks are told, and
    are no problems. Exit code: 0 if all is well, 2 if not.
    """
    told: set[Problem] = set()  # a topology's problems are those of each experiment that names it, too
    with reported_errors():
        from simulator.language.settings import parse_settings

        parsed = parse_settings(settings)
        for file in files:
            _check_one(file, parsed, told)
    if told:
        say(f"{len(told)} problem{'s' if len(told) > 1 else ''}", err=True)
        sys.exit(EXIT_INVALID)


def _check_one(file: str, settings: Any, told: set[Problem]) -> None:
    """Check one file, and tell those of its problems that have not been told."""
    from simulator.language.checks.memory import check_memory
    from simulator.language.files import Loaded, read
    from simulator.language.models.drawn import earliest
    from simulator.plan.checks import notes
    from simulator.plan.guard_notes import load_notes
    from simulator.plan.struck_zones import fault_notes
    from simulator.readiness.whole import readiness_of
    from simulator.report.readiness import readiness_lines

    try:
        found = read(file, settings)
        if isinstance(found, Loaded):
            check_memory(found.costs)
    except SpecError as error:
        for problem in error.problems:
            by_place = replace(problem, file=os.path.realpath(problem.file))
            if by_place not in told:
                say(str(problem), err=True)
                told.add(by_place)
        return
    topology, experiment = (found.topology, found.experiment) if isinstance(found, Loaded) else (found, None)
    say(printable(f"{file}: ok"))
    said = notes(topology)
    if experiment is not None:
        experiment = earliest(experiment)
        said += fault_notes(experiment, topology)
        said += load_notes(experiment, topology)
    for note in said:
        say(printable(f"  note: {note}"))
    for line in readiness_lines(readiness_of(topology, experiment), columns()):
        say(printable(line))
