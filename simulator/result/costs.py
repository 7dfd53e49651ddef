"""What a system costs: a month in peace, and an hour of an outage."""

import json

from simulator.records import dataclass
from simulator.result.plain import plain
from simulator.result.whole import Recipe

WRITTEN = "this topology"
"""Whose price it is that a topology gives."""


@dataclass(frozen=True)
class Cost:
    """One thing that is charged for, in a month."""

    price: str
    """The name of its price, as `prices:` of a topology names it."""
    region: str
    """Where it is charged."""
    of: str
    """What it is charged for: a table, a service …"""
    per: str
    """The unit of its price."""
    quantity: float
    """How much of it, in that unit."""
    usd_each: float | None
    """US dollars for one; null if there is no price."""
    price_of: str
    """Whose price that is: a region whose list price it is, `*` for a price that is the same everywhere, or
    `this topology`; empty if there is none."""
    usd: float | None
    """US dollars; null if there is no price."""


@dataclass(frozen=True)
class Money:
    """What a design costs, in US dollars, as far as there are prices."""

    usd_month: float
    """A month in peace."""
    usd_hour_in_peace: float
    """An hour of the run without its faults."""
    usd_hour_of_outage: float
    """An hour of the run as it was."""
    unpriced: tuple[str, ...]
    """The prices that are missing."""


@dataclass(frozen=True)
class Costs:
    """What a system costs, as far as there are prices."""

    recipe: Recipe
    """What makes the runs repeatable."""
    month: tuple[Cost, ...]
    """A month in peace: each thing by region, the dearest first, and those without a price last."""
    usd_month: float
    """The sum of those that have a price, in US dollars."""
    usd_hour_in_peace: float
    """An hour of the run as it would have been without its faults, in US dollars."""
    usd_hour_of_outage: float
    """An hour of the run as it was, in US dollars."""
    load: float
    """How many times as much users do in an hour of a month as in an hour of the run, on the average."""
    unpriced: tuple[str, ...]
    """The prices that are missing, of what is charged for."""

    def to_json(self) -> str:
        """The costs as JSON text, ending with a newline."""
        return json.dumps(plain(self), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
