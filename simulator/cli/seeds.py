"""What verbs that play many runs have in common: which seeds, on how many processes, kept or not."""

import re
from typing import Any

import click

_MOST = 100_000
_RANGE = re.compile(r"([0-9]+)\.\.([0-9]+)\Z")


class _Seeds(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`10`: seeds 1 to 10; `5..8`: those four."""

    name = "seeds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        found = _RANGE.match(value)
        if found is None and not value.isdecimal():
            self.fail(
                f"'{value}' are no seeds; write how many, such as 10, or a range, such as 1..10", param, ctx
            )
        first, last = (1, int(value)) if found is None else (int(found[1]), int(found[2]))
        if last < first or last >= 2**63:
            self.fail(f"'{value}' has no seed in it; seeds go from 0 to 2^63 - 1", param, ctx)
        if last - first >= _MOST:
            self.fail(f"'{value}' are more than {_MOST:,} seeds", param, ctx)
        return range(first, last + 1)


SEEDS = _Seeds()

jobs_option = click.option(
    "--jobs", type=click.IntRange(1), help="How many processes share the work; by default all cores."
)
cache_option = click.option("--no-cache", is_flag=True, help="Play everything anew, and keep nothing.")
