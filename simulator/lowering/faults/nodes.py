"""Nodes that break."""

from simulator.language.models.faults import NodeFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said
from simulator.plan.faults.nodes import NodeFaultPlan


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
