"""Faults of control planes as a run has them."""

from simulator.boundary.control_planes import EVERYWHERE, ROUTE53
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
