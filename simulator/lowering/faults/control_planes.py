"""Control planes that refuse."""

from simulator.boundary.control_planes import CONTROL_PLANES, EVERYWHERE
from simulator.language.models.faults import ControlPlaneFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said, within
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan


def lower_control_plane(fault: ControlPlaneFault, context: Context) -> ControlPlaneFaultPlan:
    """It is frozen, or what it launches does not come up."""
    told = said(fault, CONTROL_PLANES[fault.control_plane].said + within(fault.region), fault.region)
    region = EVERYWHERE if fault.region is None else context.regions.index(fault.region)
    failing = look_of(fault).error_share
    return ControlPlaneFaultPlan(
        control_plane=fault.control_plane, region=region, failing_launches=failing, **told
    )
