"""`simulator check`: read files and tell what is wrong, without running anything."""

import sys

import click

from simulator.errors import EXIT_INVALID, SpecError


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(readable=False))
def check(files: tuple[str, ...]) -> None:
    """Check topologies and experiments without running them.

    Every problem of every FILE is shown as file:line:col: message. An experiment's topology is checked with
    it. Single points of failure are noted; they are no problems. Exit code: 0 if all is well, 2 if not.
    """
    problems = sum(_check_one(file) for file in files)
    if problems:
        click.echo(f"{problems} problem{'s' if problems > 1 else ''}", err=True)
        sys.exit(EXIT_INVALID)


def _check_one(file: str) -> int:
    """Check one file; the number of problems."""
    from simulator.language.files import Loaded, read
    from simulator.plan.checks import notes

    try:
        found = read(file)
    except SpecError as error:
        click.echo(str(error), err=True)
        return len(error.problems)
    click.echo(f"{file}: ok")
    for note in notes(found.topology if isinstance(found, Loaded) else found):
        click.echo(f"  note: {note}")
    return 0
