"""Nodes that break, checked against the topology."""

from simulator.language.models.compute import NodesCompute
from simulator.language.models.faults import NodeFault
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path


def check_node(fault: NodeFault, topology: Topology, document: Document, path: Path) -> None:
    """Report a service or region that is not there, or has no such node."""
    (name, region), here = fault.site, (*path, "node")
    service = topology.services.get(name)
    if service is None:
        known(document, here, name, topology.services, "service")
        return
    if region not in service.regions or service.cdn is not None:
        has = ", ".join(service.regions) or "none"
        document.problem(f"service '{name}' does not run in '{region}'; its regions are: {has}", here)
        return
    compute = service.compute_in.get(region, service.compute)
    if not isinstance(compute, NodesCompute):
        complaint = f"service '{name}' does not run on nodes there; give it 'nodes', or break the service"
        document.problem(complaint, here)
        return
    zones = topology.regions[region].zones if region in topology.regions else 1
    count = compute.nodes.per_zone * zones
    if fault.number >= count:
        numbers = f"{count} nodes there, numbered 0 to {count - 1}" if count else "no node there at first"
        document.problem(f"service '{name}' has {numbers}", here)
