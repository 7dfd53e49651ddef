"""Faults of clocks as a run has them."""

from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ClockFaultPlan(FaultPlan):
    """The clock of a region."""

    kind = "clock"

    region: int
    skew_ns: int
