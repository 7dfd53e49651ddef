"""`simulator check`: read files and tell what is wrong, without running anything."""

import sys

import click

from simulator.errors import EXIT_INVALID, SpecError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path())
def check(files: tuple[str, ...]) -> None:
    """Check topologies and experiments (FILES); every problem is shown as file:line:col: message."""
    problems = sum(_check_one(file) for file in files)
    if problems:
        click.echo(f"{problems} problem{'s' if problems > 1 else ''}", err=True)
        sys.exit(EXIT_INVALID)


def _check_one(file: str) -> int:
    """Check one file; the number of problems."""
    from simulator.plan.checks import notes
    from simulator.spec.reading import is_experiment, read_experiment, read_topology

    try:
        topology = read_experiment(file).topology if is_experiment(file) else read_topology(file)
    except SpecError as error:
        click.echo(str(error), err=True)
        return len(error.problems)
    click.echo(f"{file}: ok")
    for note in notes(topology):
        click.echo(f"  note: {note}")
    return 0
