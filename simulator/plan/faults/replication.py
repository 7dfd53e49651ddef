"""Faults of replication as a run has them."""

from simulator.plan.sources import AT_ONCE, Lowered
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ReplicationFaultPlan(FaultPlan):
    """Directed replicators: of some stores, between pairs of regions."""

    kind = "replication"

    stores: tuple[int, ...]
    pairs: tuple[tuple[int, int], ...]
    takes_hold: Lowered = AT_ONCE
    """How long after each of its beginnings."""
