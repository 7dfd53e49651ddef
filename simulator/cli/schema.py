"""`simulator schema`: JSON Schema of the files, so that editors and programs complete and check them."""

from pathlib import Path

import click

from simulator.cli.places import DIRECTORY

KINDS = ("topology", "experiment", "result", "comparison", "replications", "sweep")


@click.command()
@click.argument("kind", type=click.Choice(KINDS), required=False)
@click.option("--write", type=DIRECTORY, help="Write all schemas into this directory.")
def schema(kind: str | None, write: str | None) -> None:
    """Print the JSON Schema of topologies, of experiments, or of what is written, or write all.

    An editor with a YAML language server completes and checks a file whose first line is, for example,

    \b
    # yaml-language-server: $schema=../docs/schema/experiment.schema.json

    \b
    simulator schema experiment > experiment.schema.json
    simulator schema --write docs/schema
    """
    from simulator.cli.failing import fail, printed
    from simulator.cli.saying import say_bytes

    if (kind is None) == (write is None):
        fail(f"say {', '.join(map(repr, KINDS[:-1]))} or {KINDS[-1]!r}, or '--write DIRECTORY' for all")
    if write is None:
        printed(say_bytes(_text(str(kind)).encode()))
        return
    try:
        _write(Path(write), {f"{one}.schema.json": _text(one) for one in KINDS})
    except OSError as error:
        fail(f"cannot write to {write}: {error.strerror or error}")


def _text(kind: str) -> str:
    if kind in ("result", "comparison", "replications", "sweep"):
        from simulator.result.schema import schema_text

        return schema_text(kind)
    from simulator.language.schema import schema_text as text_of_files

    return text_of_files(kind)


def _write(directory: Path, texts: dict[str, str]) -> None:
    from simulator.cli.saying import say

    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
        say(str(directory / name))
