"""`simulator export`: an experiment in the format of another tool."""

import json
from pathlib import Path
from typing import Any

import click

from simulator.cli.failing import fail, printed, reported_errors
from simulator.cli.options import set_option
from simulator.cli.places import DIRECTORY, check_writable
from simulator.cli.running import read
from simulator.cli.saying import columns, say


@click.command()
@click.argument("format_", metavar="FORMAT", type=click.Choice(["fis"]))
@click.argument("file", type=click.Path(readable=False))
@set_option
@click.option(
    "--out", type=DIRECTORY, required=True, help="Write a template for each region into this directory."
)
@click.option(
    "--role", metavar="ARN", help="The IAM role of the experiment; by default a placeholder to be replaced."
)
@click.option(
    "--stop-alarm", metavar="ARN", help="An alarm of CloudWatch that ends the experiment; by default none."
)
def export(
    format_: str, file: str, out: str, settings: tuple[str, ...], role: str | None, stop_alarm: str | None
) -> None:
    """Write the faults of the experiment in FILE as templates of AWS Fault Injection Service (FORMAT fis).

    \b
    simulator export fis experiments/dublin-dark-payments.yaml --out fis

    One template a region, since each acts in its own. Resources are found by the tag `simulator`, whose value
    is their name in the topology (`all` for subnets, groups and roles). What became of each fault is printed,
    also where it has no counterpart. Exit codes: 0 written, 1 no fault has a counterpart, 2 invalid input.
    """
    from simulator.exchange.fis import templates_of
    from simulator.report.fis import lines_of
    from simulator.result.fis import ROLE

    with reported_errors():
        loaded = read(file, settings)
        check_writable(Path(out))
        exported = templates_of(loaded, role=ROLE if role is None else role, stop_alarm=stop_alarm)
        written = _write(Path(out), Path(file).stem, exported.templates)
        printed(say("\n".join(lines_of(exported, written, columns()))))
    if not exported.templates:
        raise SystemExit(1)


def _write(directory: Path, stem: str, templates: Any) -> list[str]:
    texts = {
        directory / f"{stem}.fis-{region}.json": json.dumps(template, indent=2, ensure_ascii=False) + "\n"
        for region, template in templates.items()
    }
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"cannot write to {directory}: {error.strerror or error}")
    return [*map(str, texts)]
