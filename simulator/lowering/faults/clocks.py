"""Clocks that are wrong."""

from simulator.language.models.faults import ClockFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import said
from simulator.plan.faults.clocks import ClockFaultPlan


def lower_clock(fault: ClockFault, context: Context) -> ClockFaultPlan:
    """A clock ahead, or behind."""
    region = context.regions.index(fault.clock)
    return ClockFaultPlan(
        region=region, skew_ns=fault.skew, **said(fault, f"clock of {fault.clock}", fault.clock)
    )
