"""Faults of names as a run has them."""

from simulator.boundary.looks import WELL, Look
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class NameFaultPlan(FaultPlan):
    """The authoritative servers of a name."""

    kind = "dns"

    name: int
    look: Look = WELL
