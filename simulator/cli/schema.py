"""`simulator schema`: JSON Schema of the files, so that editors complete and check them."""

from pathlib import Path

import click

KINDS = ("topology", "experiment")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option(
    "--write", type=click.Path(file_okay=False), help="Write both schemas into this directory instead."
)
def schema(kind: str | None, write: str | None) -> None:
    """Print the JSON Schema of a topology or an experiment file."""
    from simulator.cli.failing import fail
    from simulator.spec.schema import schema_text

    if write is not None:
        directory = Path(write)
        directory.mkdir(parents=True, exist_ok=True)
        for one in KINDS:
            (directory / f"{one}.schema.json").write_text(schema_text(one), encoding="utf-8")
    elif kind is None:
        fail("say which: simulator schema topology, simulator schema experiment, or --write DIR for both")
    else:
        click.echo(schema_text(kind), nl=False)
