"""What verbs that play many runs have in common: which seeds, on how many processes, kept or not."""

from typing import Any

import click

from simulator.units import parse_seeds


class _Seeds(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """`10`: seeds 1 to 10; `5..8`: those four."""

    name = "seeds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return parse_seeds(value)
        except ValueError as error:
            self.fail(f"'{value}': {error}", param, ctx)


SEEDS = _Seeds()

jobs_option = click.option(
    "--jobs", type=click.IntRange(1), help="How many processes share the work; by default all cores."
)
cache_option = click.option("--no-cache", is_flag=True, help="Play everything anew, and keep nothing.")
