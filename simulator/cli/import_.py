"""`simulator import`: a draft of a topology from plans of Terraform and templates of CloudFormation."""

import os
from pathlib import Path

import click

from simulator.cli.failing import fail, printed, reported_errors
from simulator.cli.places import DIRECTORY, check_writable
from simulator.cli.saying import columns, say

_NAME = "topology.yaml"


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(readable=False))
@click.option("--out", type=DIRECTORY, help=f"Write the draft as {_NAME} into this directory.")
@click.option(
    "--write", "file", metavar="FILE", type=click.Path(dir_okay=False), help="Write the draft to this file."
)
@click.option(
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    help="The value of a template's parameter, in place of its default. May be repeated.",
)
def import_(files: tuple[str, ...], out: str | None, file: str | None, parameters: tuple[str, ...]) -> None:
    """Draft a topology from plans or states of Terraform and templates of CloudFormation.

    \b
    terraform show -json tf.plan > plan.json
    simulator import plan.json --write topology.yaml
    simulator import eu-west-1=api.yaml us-east-1=api.yaml

    Several FILEs make one topology; REGION=FILE says where a template, or a provider without a region, is.
    Every line has its origin; what is to be filled in is marked TODO at its place. What could not be read and
    what was assumed is told here and at the end of the draft. Without --write or --out the draft itself is
    printed. Exit codes: 0 drafted, 2 invalid input.
    """
    from simulator.exchange.reading import imported
    from simulator.report.imported import lines_of

    if out is not None and file is not None:
        raise click.UsageError("give --out or --write, not both")
    with reported_errors():
        place = _place(out, file)
        draft = imported(files, dict(map(_parameter, parameters)))
        if place is None:
            printed(say(draft.text.rstrip("\n")))
            return
        _write(place, draft.text)
        printed(say("\n".join(lines_of(draft, str(place), columns()))))


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        fail(f"'{text}' is no parameter; write NAME=VALUE")
    return name, value


def _place(out: str | None, file: str | None) -> Path | None:
    """Where the draft goes; leave if it would take the place of a file, which somebody may have filled in."""
    if out is None and file is None:
        return None
    place = Path(file) if file is not None else Path(str(out)) / _NAME
    check_writable(place.parent, of=str(place))
    if os.path.lexists(place):
        fail(f"{place} is there already; write to another file, or remove it")
    return place


def _write(place: Path, text: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"cannot write to {place}: {error.strerror or error}")
