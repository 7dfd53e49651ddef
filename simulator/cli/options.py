"""Options that several verbs have: values set for a call, seeds, processes, what is kept, what is printed."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from simulator.explore.cores import cores
from simulator.units import parse_seeds

F = TypeVar("F", bound=Callable[..., Any])


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

set_option = click.option(
    "--set",
    "settings",
    metavar="PATH=VALUE",
    multiple=True,
    help="Set a value of the experiment or of its topology before anything is checked, such as "
    "--set 'dns.shop.example.ttl=5 min'; null leaves a key out. May be repeated.",
)
jobs_option = click.option(
    "--jobs",
    type=click.IntRange(1),
    callback=lambda _ctx, _param, given: given or cores(),
    help="How many processes share the work; by default all cores.",
)
cache_option = click.option("--no-cache", is_flag=True, help="Play everything anew, and keep nothing.")


def seed_option(help_: str = "Seed of every draw.") -> Callable[[F], F]:
    """`--seed`, by default 1."""
    return click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True, help=help_)


def format_option(help_: str = "What to print.", names: Sequence[str] = ("text", "json")) -> Callable[[F], F]:
    """`--format`, by default the first of its names; the verb takes it as `format_`."""
    return click.option(
        "--format", "format_", type=click.Choice(names), default=names[0], show_default=True, help=help_
    )
