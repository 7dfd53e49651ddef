"""Nodes that ran out of memory: how many, when, and after what (docs/measures.md, "Capacity")."""

from simulator.boundary.events import FAULT_ON, NODE_KILLED
from simulator.boundary.measures_of_nodes import NO_LITTLE_MEMORY
from simulator.boundary.subjects import OfNode
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Event, Outcome
from simulator.plan.node_memory import NodeMemoryPlan
from simulator.result.out_of_memory import KilledNodes

_S_NS = 10**9


def section(outcome: Outcome) -> tuple[KilledNodes, ...] | None:
    """The `out_of_memory` section; None where no node may run out of memory."""
    return tuple(_site(plan, outcome) for plan in outcome.plan.control.of(NodeMemoryPlan)) or None


def _site(plan: NodeMemoryPlan, outcome: Outcome) -> KilledNodes:
    service, region = outcome.plan.services[plan.service], outcome.plan.regions[plan.region]
    deaths = [one for one in outcome.events_of(NODE_KILLED) if _is_of(one, service, region)]
    begun = _beginning(deaths[0], outcome) if deaths else None
    return KilledNodes(
        service=service,
        region=region,
        room=plan.room,
        killed=len(deaths),
        nodes=len({one.target for one in deaths}),
        none_left=sum(one.detail["left"] == 0 for one in deaths),
        first_s=deaths[0].at_ns / _S_NS if deaths else None,
        fault=None if begun is None else begun.target,
        after_s=None if begun is None else (deaths[0].at_ns - begun.at_ns) / _S_NS,
    )


def _is_of(death: Event, service: str, region: str) -> bool:
    node = death.subject
    return isinstance(node, OfNode) and (node.service, node.region) == (service, region)


def _beginning(death: Event, outcome: Outcome) -> Event | None:
    """The beginning of the fault from which a death follows."""
    found = death
    while found.cause is not None:
        found = outcome.events[found.cause]
    return found if found.kind == FAULT_ON.name else None


READERS: Readers = {
    "nodes_killed": lambda run, asked: float(
        sum(one.killed for one in run.out_of_memory or () if asked.region in (None, one.region))
    ),
}

REASONS: Reasons = {NO_LITTLE_MEMORY: lambda run, _: run.out_of_memory is None}
