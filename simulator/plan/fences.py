"""Fences as a run has them."""

from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class FencePlan:
    """Writes to stores are refused in a region, or no longer so."""

    stores: tuple[int, ...]
    region: int
    by: str  # application or policy
    is_fenced: bool
    settles: Lowered
