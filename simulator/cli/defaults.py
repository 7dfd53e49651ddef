"""`simulator defaults`: the catalog with its sources."""

import json
import textwrap
from typing import Any

import click

from simulator.cli.options import format_option

_WIDEST = 120


@click.command()
@click.argument("pattern", required=False)
@format_option()
def defaults(pattern: str | None, format_: str) -> None:
    """Show the built-in defaults whose name contains PATTERN or matches it as a shell pattern.

    Round-trip times are rtt.FROM.TO, regions region.CODE and list prices price.NAME, shown only if PATTERN
    asks for them, as 'rtt.eu-south-1.*' does.

    \b
    simulator defaults dns
    simulator defaults 'rtt.eu-south-1.*' --format json
    """
    from simulator import catalog
    from simulator.cli.failing import fail, printed
    from simulator.cli.saying import columns, say

    found = catalog.entries(pattern)
    if not found:
        close = catalog.nearest_names(str(pattern))
        hint = f"; the nearest: {', '.join(close)}" if close else "; without a pattern all are shown"
        fail(f"no default matches '{pattern}'{hint}")
    if format_ == "json":
        text = json.dumps([vars(one) for one in found], indent=2, ensure_ascii=False)
    else:
        text = "\n".join(_lines(found, min(columns(), _WIDEST)))
    printed(say(text))


def _lines(found: list[Any], width: int) -> list[str]:
    """Each default in a line of name, value and label, with its source (and a list) indented below."""
    names, values = (max(len(text) for text in texts) for texts in zip(*map(_cells, found), strict=True))
    names = min(names, width - values - len("  documented  "))
    lines = []
    for one in found:
        name, value = _cells(one)
        head = f"{name:<{names}}  {value:<{values}}  {one.label}"
        lines.append(head if len(head) <= width else f"{name}  {value}  {one.label}")
        for text in ([one.text] if isinstance(one.value, list) else []) + [one.source]:
            lines += textwrap.wrap(
                text, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
            )
    return lines


def _cells(one: Any) -> tuple[str, str]:
    return one.name, f"{len(one.value)} values" if isinstance(one.value, list) else one.text
