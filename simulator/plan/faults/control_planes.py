"""Control planes that refuse."""

from dataclasses import dataclass

from simulator.boundary.control_planes import CONTROL_PLANES, EVERYWHERE, ROUTE53
from simulator.language.models.faults import ControlPlaneFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import said, within
from simulator.plan.timeline import FaultPlan


@dataclass(frozen=True, kw_only=True)
class ControlPlaneFaultPlan(FaultPlan):
    """A control plane by name; a regional one's region, or `EVERYWHERE`."""

    kind = "control_plane"

    control_plane: str = ROUTE53
    region: int = EVERYWHERE


def lower_control_plane(fault: ControlPlaneFault, context: Context) -> ControlPlaneFaultPlan:
    """It is frozen."""
    told = said(fault, CONTROL_PLANES[fault.control_plane].said + within(fault.region), fault.region)
    region = EVERYWHERE if fault.region is None else context.regions.index(fault.region)
    return ControlPlaneFaultPlan(control_plane=fault.control_plane, region=region, **told)
