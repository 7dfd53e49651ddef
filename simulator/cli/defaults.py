"""`simulator defaults`: the catalog with its sources."""

import json
import sys
from typing import Any

import click


@click.command()
@click.argument("pattern", required=False)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print.",
)
def defaults(pattern: str | None, format_: str) -> None:
    """Show the built-in defaults whose name contains PATTERN or matches it as a shell pattern.

    Round-trip times are rtt.FROM.TO and regions region.CODE: try `rtt.eu-south-1.*`.
    """
    from simulator import catalog
    from simulator.cli.failing import fail

    found = catalog.entries(pattern)
    if not found:
        close = catalog.nearest_names(str(pattern))
        hint = f"; nearest: {', '.join(close)}" if close else ""
        fail(f"no default matches '{pattern}'{hint}")
    if format_ == "json":
        click.echo(json.dumps([vars(one) for one in found], indent=2, ensure_ascii=False))
    else:
        _print_table(found)


def _print_table(found: list[Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("name", "value", "label", "source"):
        table.add_column(column, overflow="fold", no_wrap=column in ("name", "label"))
    for one in found:
        table.add_row(one.name, one.text, one.label, one.source)
    Console(highlight=False, width=None if sys.stdout.isatty() else 160).print(table)
