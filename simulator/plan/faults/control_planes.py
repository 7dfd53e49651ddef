"""Control planes that refuse."""

from dataclasses import dataclass

from simulator.language.models.faults import ControlPlaneFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import said
from simulator.plan.timeline import FaultPlan


@dataclass(frozen=True, kw_only=True)
class ControlPlaneFaultPlan(FaultPlan):
    """The control plane of Route 53."""

    kind = "control_plane"


def lower_control_plane(fault: ControlPlaneFault, _context: Context) -> ControlPlaneFaultPlan:
    """It is frozen."""
    return ControlPlaneFaultPlan(**said(fault, "Route 53's control plane"))
