"""Faults of keys as a run has them."""

from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class KeysFaultPlan(FaultPlan):
    """The keys of the issuers in some regions."""

    kind = "keys"

    regions: tuple[int, ...]
