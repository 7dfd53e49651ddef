"""What is single in a topology, found on a graph of the system: notes for its owner, not errors."""

from collections.abc import Iterator

import networkx as nx

from simulator.language.models.compute import NodesCompute
from simulator.language.models.databases import Database
from simulator.language.models.plans import PromoteStep, placed_steps
from simulator.language.models.steps import Put
from simulator.language.models.stores import Capacity, Table
from simulator.language.models.topology import DnsRecord, Topology
from simulator.plan.fallbacks import fallback_notes
from simulator.plan.sites import compute_of, is_balanced
from simulator.plan.slow_steps import slow_step_notes
from simulator.plan.sources import Sources
from simulator.plan.throughput import write_and_read_rates

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
    found += [*_store_notes(topology), *_node_notes(topology), *slow_step_notes(topology)]
    for name, record in topology.dns.items():
        found += [*_record_notes(name, record, topology), *_network_notes(name, record, topology)]
        found += fallback_notes(name, record, topology)
    return found


def _store_notes(topology: Topology) -> Iterator[str]:
    """Tables and buckets in one region; caches that live in one zone."""
    for kind, stores in (("table", topology.tables), ("bucket", topology.buckets)):
        for name, store in stores.items():
            if len(store.replicas) == 1:
                (only,) = store.replicas
                yield f"{kind} {name} has one replica, in {only}: if that region is lost, so is the {kind}"
    for name, database in topology.databases.items():
        yield _writer_note(name, database, topology)
    for name, table in topology.tables.items():
        yield from _capacity_notes(name, table)
    for name, cache in topology.caches.items():
        if cache.failover.replicas == 0:
            yield f"cache {name} has no replicas: while the zone of its primary is down, so is the cache"


def _writer_note(name: str, database: Database, topology: Topology) -> str:
    """Who takes the writes of a database, and what becomes of them without it."""
    alone = f"database {name} takes writes in {database.writer} alone"
    if not database.readers:
        return f"{alone}, and holds no copy elsewhere: if that region is lost, so is the database"
    if database.self_promotion is not None:
        return f"{alone}: while that region is out of reach, nobody can write until a reader is promoted"
    if plans := [*_promoting(name, topology)]:
        until = " or ".join(f"plan {one}" for one in plans)
        return f"{alone}: while that region is out of reach, nobody can write until {until} promotes a reader"
    remedy = "write 'promote' under the experiment's 'operator'"
    unable = "while that region is out of reach, nobody can write, and no reader is promoted by itself"
    return f"{alone}: {unable}; {remedy}"


def _promoting(database: str, topology: Topology) -> Iterator[str]:
    """The plans that promote a reader of a database."""
    for name, plan in topology.plans.items():
        steps = (step for _, step in placed_steps(plan))
        if any(isinstance(step, PromoteStep) and step.promote == database for step in steps):
            yield name


def _capacity_notes(name: str, table: Table) -> Iterator[str]:
    """A global table whose replicas do not have the same write capacity."""
    written = {
        region: _write_rate(table.capacity_in.get(region, table.capacity)) for region in table.replicas
    }
    if len({*written.values()}) > 1:
        rates = ", ".join(f"{rate:g}/s in {region}" for region, rate in written.items())
        yield (
            f"table {name} has different write capacity in its replicas ({rates}): "
            "DynamoDB keeps that of all replicas the same, and only read capacity may differ"
        )


def _write_rate(capacity: Capacity) -> float:
    """Write units a second from the start, by the catalog where a file does not say it."""
    return write_and_read_rates(capacity, Sources())[0]


def _node_notes(topology: Topology) -> Iterator[str]:
    """Services whose nodes in a region are one, or in one zone."""
    for name, service in topology.services.items():
        for region in service.regions:
            compute, zones = compute_of(service, region), topology.regions[region].zones
            if isinstance(compute, NodesCompute) and zones == 1:
                nodes = "a single node" if compute.nodes.per_zone == 1 else "all its nodes in one zone"
                yield f"{name} has {nodes} in {region}"


def _network_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[str]:
    """Writes through a content network, which has no second origin for them."""
    service = topology.services[record.service]
    steps = [step for steps in service.operations.values() for step in steps]
    if service.cdn is not None and any(isinstance(step, Put) for step in steps):
        yield f"{name} writes to {service.cdn.origins[0]} alone: only reads go to another origin"


def _sees_its_targets(record: DnsRecord, topology: Topology) -> bool:
    """Whether an alias record follows load balancers, which check the application, in all regions."""
    service = topology.services[record.service]
    computes = [compute_of(service, region) for region in service.regions]
    return service.gateway is None and all(
        is_balanced(record.service, compute, topology) for compute in computes
    )


def _health_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[str]:
    """What keeps a name of several regions from leaving out one that is not well."""
    if record.policy == "simple":
        yield f"{name} has policy simple: its answers never leave out an unhealthy region"
    elif record.health_check is None and record.evaluate_target_health:
        if not _sees_its_targets(record, topology):
            unseen = "what is wrong behind a gateway or in a function goes unnoticed"
            yield f"{name} looks at targets alone: {unseen}"
    elif record.health_check is None:
        yield f"{name} has no health check: every region counts as healthy for ever"


def _record_notes(name: str, record: DnsRecord, topology: Topology) -> Iterator[str]:
    """Settings of one name that keep it from failing over as meant."""
    regions = topology.services[record.service].regions
    if len(regions) > 1 and topology.services[record.service].cdn is None:
        yield from _health_notes(name, record, topology)
    first = (record.order or regions)[0]
    if record.policy == "failover" and topology.regions[first].role == "standby":
        yield f"{name} prefers {first}, which is a standby"
