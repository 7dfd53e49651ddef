"""Nodes that may run out of memory lowered: those whose memory does not hold all that may come to them.

Specification: docs/model-control-plane.md §7.
"""

from simulator.language.models.compute import ComputeKind, NodesCompute
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sites import computes_of
from simulator.plan.node_memory import NodeMemoryPlan


def lower_node_memory(context: Context) -> tuple[NodeMemoryPlan, ...]:
    """The sites whose nodes may run out of memory."""
    found = (
        _plan(compute, service, region, context)
        for service, row in enumerate(computes_of(context))
        for region, (_, compute) in enumerate(row)
    )
    return tuple(one for one in found if one is not None)


def _plan(compute: ComputeKind | None, service: int, region: int, context: Context) -> NodeMemoryPlan | None:
    if not isinstance(compute, NodesCompute) or compute.nodes.room is None:
        return None
    restart = context.sources.distribution("node.restart", compute.nodes.restart)
    return NodeMemoryPlan(service, region, compute.nodes.room, restart)


PART = Part("out of memory", lower_node_memory)
