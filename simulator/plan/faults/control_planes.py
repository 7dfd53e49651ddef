"""Control planes that refuse."""

from simulator.boundary.control_planes import CONTROL_PLANES, EVERYWHERE, ROUTE53
from simulator.language.models.faults import ControlPlaneFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said, within
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ControlPlaneFaultPlan(FaultPlan):
    """A control plane by name; a regional one's region, or `EVERYWHERE`."""

    kind = "control_plane"

    control_plane: str = ROUTE53
    region: int = EVERYWHERE
    failing_launches: float = 0.0
    """The share of launches that fail; 0: it takes no changes at all."""


def lower_control_plane(fault: ControlPlaneFault, context: Context) -> ControlPlaneFaultPlan:
    """It is frozen, or what it launches does not come up."""
    told = said(fault, CONTROL_PLANES[fault.control_plane].said + within(fault.region), fault.region)
    region = EVERYWHERE if fault.region is None else context.regions.index(fault.region)
    failing = look_of(fault).error_share
    return ControlPlaneFaultPlan(
        control_plane=fault.control_plane, region=region, failing_launches=failing, **told
    )
