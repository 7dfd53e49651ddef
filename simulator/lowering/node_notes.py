"""Nodes that can be killed by what they may take on: notes for `simulator check`."""

from collections.abc import Iterator

from simulator.language.models.compute import NodesCompute
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.rules.table import Note


def node_notes(topology: Topology) -> Iterator[Note]:
    """Of which requests at once nodes run out of memory, and what would turn these away instead."""
    found: dict[tuple[str, int, int], list[str]] = {}
    for name, service in topology.services.items():
        for region in service.regions:
            compute = compute_of(service, region)
            if isinstance(compute, NodesCompute) and compute.nodes.room is not None:
                nodes = compute.nodes
                found.setdefault((name, nodes.room or 0, nodes.workers + nodes.queue), []).append(region)
    for (name, room, most), regions in found.items():
        yield Note(
            "nodes-run-out-of-memory",
            f"a node of {name} in {', '.join(regions)} has memory for {room:,} requests and takes up to "
            f"{most:,}, at work and waiting: more than {room:,} kill it; with 'workers' and 'queue' of "
            f"{room:,} together it turns them away instead",
            ("services", name, "compute"),
        )
