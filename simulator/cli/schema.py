"""`simulator schema`: JSON Schema of the files, so that editors complete and check them."""

from pathlib import Path

import click

KINDS = ("topology", "experiment")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--write", type=click.Path(file_okay=False), help="Write both schemas into this directory.")
def schema(kind: str | None, write: str | None) -> None:
    """Print the JSON Schema of topology or experiment files, or write both.

    An editor with a YAML language server completes and checks a file whose first line is, for example,

    \b
    # yaml-language-server: $schema=../docs/schema/experiment.schema.json
    """
    from simulator.cli.failing import fail
    from simulator.language.schema import schema_text

    if (kind is None) == (write is None):
        fail("say either 'topology' or 'experiment', or '--write DIRECTORY' for both")
    if write is None:
        click.echo(schema_text(str(kind)).encode(), nl=False)
        return
    try:
        _write(Path(write), {f"{one}.schema.json": schema_text(one) for one in KINDS})
    except OSError as error:
        fail(f"cannot write to {write}: {error.strerror or error}")


def _write(directory: Path, texts: dict[str, str]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
        click.echo(str(directory / name))
