"""Faults of nodes as a run has them."""

from simulator.boundary.looks import WELL, Look
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class NodeFaultPlan(FaultPlan):
    """A node of a site, by its number there."""

    kind = "node"

    service: int
    region: int
    node: int
    look: Look = WELL

    @property
    def places(self) -> tuple[int, ...]:
        """The region of the node."""
        return (self.region,)
