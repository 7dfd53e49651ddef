"""What is single in a topology, found on a graph of the system: notes for its owner, not errors."""

from collections.abc import Iterator

import networkx as nx

from simulator.spec.topology import DnsRecord, Topology

USERS = "users"

Node = str | tuple[str, str]


def graph(topology: Topology) -> "nx.DiGraph[Node]":
    """The system as a directed graph: who needs what. Nodes: `users`, `region R`, and (need, region) pairs.

    Users reach a name's service in each of its regions; a service in a region needs that region (where its
    tables have their replicas); tokens need an issuer's region.
    """
    system: nx.DiGraph[Node] = nx.DiGraph()
    for name, record in topology.dns.items():
        for region in topology.services[record.service].regions:
            system.add_edge(USERS, (name, region), needs=name)
            system.add_edge((name, region), f"region {region}")
    if topology.identity is not None:
        for region in topology.identity.issuer:
            system.add_edge(USERS, ("tokens", region), needs="tokens")
            system.add_edge(("tokens", region), f"region {region}")
    return system


def single_regions(topology: Topology) -> Iterator[tuple[str, str]]:
    """What users can reach through one region only: (need, region), found by taking each region away."""
    system = graph(topology)
    needs = sorted({data["needs"] for *_, data in system.out_edges(USERS, data=True)})
    for region in topology.regions:
        node = f"region {region}"
        alone = system.copy()
        if node in alone:
            alone.remove_nodes_from([*alone.predecessors(node), node])
        left = {data["needs"] for *_, data in alone.out_edges(USERS, data=True)} if USERS in alone else set()
        yield from ((need, region) for need in needs if need not in left)


def notes(topology: Topology) -> list[str]:
    """Sentences that name each single point of failure and each setting that defeats its own purpose."""
    found = [
        f"{'token requests depend' if need == 'tokens' else f'{need} depends'} on {region} alone"
        for need, region in single_regions(topology)
    ]
    for name, table in topology.tables.items():
        if len(table.replicas) == 1:
            (only,) = table.replicas
            found.append(f"table {name} has one replica, in {only}: if that region is lost, so is the table")
    for name, record in topology.dns.items():
        found += _record_notes(name, record, topology)
    return found


def _record_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[str]:
    """Settings of one name that keep it from failing over as meant."""
    regions = topology.services[record.service].regions
    if len(regions) > 1 and record.policy == "simple":
        yield f"{name} has policy simple: its answers never leave out an unhealthy region"
    elif len(regions) > 1 and record.health_check is None:
        yield f"{name} has no health check: every region counts as healthy for ever"
    first = (record.order or regions)[0]
    if record.policy == "failover" and topology.regions[first].role == "standby":
        yield f"{name} prefers {first}, which is a standby"
