"""Clocks that are wrong."""

from simulator.language.models.faults import ClockFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import said
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ClockFaultPlan(FaultPlan):
    """The clock of a region."""

    kind = "clock"

    region: int
    skew_ns: int


def lower_clock(fault: ClockFault, context: Context) -> ClockFaultPlan:
    """A clock ahead, or behind."""
    region = context.regions.index(fault.clock)
    return ClockFaultPlan(
        region=region, skew_ns=fault.skew, **said(fault, f"clock of {fault.clock}", fault.clock)
    )
