"""The worst outage that a search has found."""

import json
from collections.abc import Mapping
from typing import Any

from simulator.boundary.measure_terms import Unit
from simulator.records import dataclass
from simulator.result.plain import plain


@dataclass(frozen=True)
class Hurt:
    """What an outage does to the figure that the search is about."""

    value: float | None
    """The figure, in its unit; null if it never ends well, or is not shown."""
    state: str
    """shown, not_shown, never or no_data."""
    user_minutes_lost: float
    """User-minutes without service, which tell apart what is never over."""
    missed: tuple[str, ...]
    """The expectations that are missed."""


@dataclass(frozen=True)
class Worst:
    """The outage that hurts most, of those that were tried."""

    file: str
    """The experiment's file."""
    seed: int
    """The seed under which all of them were played."""
    measure: str
    """The figure, as expectations name it."""
    unit: Unit
    """Its unit."""
    tried: int
    """How many outages were played, those to make it smaller included."""
    as_written: Hurt
    """What the file's own faults do."""
    found: Hurt
    """What the worst outage does, before it was made smaller."""
    kept: Hurt
    """What the smaller one does that still does the same."""
    faults: tuple[Mapping[str, Any], ...]
    """The smaller one, as a file writes it."""
    dominated_by: str
    """What the recovery took longest for; empty if there is none."""

    def to_json(self) -> str:
        """The finding as JSON text, ending with a newline."""
        return json.dumps(plain(self), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
