"""Nodes that break."""

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import NodeFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said
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


def lower_node(fault: NodeFault, context: Context) -> NodeFaultPlan:
    """A node of a service in a region."""
    service, region = fault.site
    return NodeFaultPlan(
        service=context.services.index(service),
        region=context.regions.index(region),
        node=fault.number,
        look=look_of(fault),
        **said(fault, f"node {fault.number} of {service} in {region}", region),
    )
