"""What is single: something of which there is only one, found on a graph of the system and in its parts."""

from collections.abc import Iterator, Mapping

import networkx as nx

from simulator.boundary.control_planes import CONTROL_PLANES, ROUTE53
from simulator.language.models.compute import NodesCompute
from simulator.language.models.data_steps import StepOfFence
from simulator.language.models.databases import Database
from simulator.language.models.plans import AnyStep, ChangeStep, placed_steps
from simulator.language.models.steps import Put
from simulator.language.models.stores import Bucket, Table
from simulator.language.models.things import KINDS
from simulator.language.models.topology import Topology
from simulator.language.models.users import Population
from simulator.lowering.sites import compute_of
from simulator.readiness.afterwards import is_absent
from simulator.readiness.holdings import callers_of_externals, needed_things, plans_promoting
from simulator.readiness.leading import turns_to
from simulator.result.readiness import Single

USERS = "users"

Node = str | tuple[str, str]


def singles_of(topology: Topology, users: Mapping[str, Population]) -> Iterator[Single]:
    """Everything of which there is only one and on which these users depend, in the order of the report."""
    for need, region in single_regions(topology):
        depends = "token requests depend" if need == "tokens" else f"{need} depends"
        yield Single("region", region, f"{depends} on {region} alone")
    yield from _sign_ups(topology, users)
    yield from _stores(topology)
    yield from _writers(topology)
    yield from _backups(topology)
    yield from _nodes(topology)
    yield from _networks(topology)
    yield from _externals(topology)
    yield from _things(topology)
    yield from _health_checks(topology)
    yield from _control_planes(topology)
    yield from _tools(topology)


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


def _sign_ups(topology: Topology, users: Mapping[str, Population]) -> Iterator[Single]:
    """A secondary issuer cannot register users (docs/model-request-path.md §5)."""
    issuers = [] if topology.identity is None else topology.identity.issuer
    if len(issuers) > 1 and any(one.sign_up for one in users.values()):
        yield Single("issuer", issuers[0], f"new users register in {issuers[0]} alone, the first issuer")


def _stores(topology: Topology) -> Iterator[Single]:
    """Tables and buckets in one region; caches that live in one zone."""
    for kind, stores in (("table", topology.tables), ("bucket", topology.buckets)):
        for name, store in stores.items():
            there = [one for one in store.replicas if not is_absent(name, one, topology)]
            if len(there) == 1:
                said = (
                    f"{kind} {name} has one replica, in {there[0]}: if that region is lost, so is the {kind}"
                )
                yield Single(kind, name, said + _but_for(store, there[0]))
    for name, cache in topology.caches.items():
        if cache.failover.replicas == 0:
            said = f"cache {name} has no replicas: while the zone of its primary is down, so is the cache"
            yield Single("cache", name, said)


def _but_for(store: Table | Bucket, region: str) -> str:
    """What is left of a table without its only replica."""
    backups = store.backups.values() if isinstance(store, Table) else ()
    kept = {place for one in backups for place in (one.region, *one.copied_to)} - {region}
    return f", but for its backups in {' and '.join(sorted(kept))}" if kept else ""


def _writers(topology: Topology) -> Iterator[Single]:
    for name, database in topology.databases.items():
        plans = [one for region in database.readers for one in plans_promoting(name, topology, region)]
        yield Single("writer", name, _writer(name, database, list(dict.fromkeys(plans))))


def _writer(name: str, database: Database, plans: list[str]) -> str:
    """Who takes the writes of a database, and what becomes of them without it."""
    alone = f"database {name} takes writes in {database.writer} alone"
    if not database.readers:
        return f"{alone}, and holds no copy elsewhere: if that region is lost, so is the database"
    if database.self_promotion is not None:
        return f"{alone}: while that region is out of reach, nobody can write until a reader is promoted"
    if plans:
        until = " or ".join(f"plan {one}" for one in plans)
        return f"{alone}: while that region is out of reach, nobody can write until {until} promotes a reader"
    remedy = "write 'promote' in a plan or under the experiment's 'operator'"
    unable = "while that region is out of reach, nobody can write, and no reader is promoted by itself"
    return f"{alone}: {unable}; {remedy}"


def _backups(topology: Topology) -> Iterator[Single]:
    """Backups that are kept in one region."""
    for word, stores in (("table", topology.tables), ("database", topology.databases)):
        for name, store in stores.items():
            kept = {region for one in store.backups.values() for region in (one.region, *one.copied_to)}
            if len(kept) == 1:
                (only,) = kept
                yield Single("backup", name, f"the backups of {word} {name} are kept in {only} alone")


def _nodes(topology: Topology) -> Iterator[Single]:
    """Services whose nodes in a region are one, or in one zone."""
    for name, service in topology.services.items():
        for region in service.regions:
            compute, zones = compute_of(service, region), topology.regions[region].zones
            if isinstance(compute, NodesCompute) and zones == 1:
                nodes = "a single node" if compute.nodes.per_zone == 1 else "all its nodes in one zone"
                yield Single("zone", name, f"{name} has {nodes} in {region}")


def _networks(topology: Topology) -> Iterator[Single]:
    """Content networks with one origin, or one for writes, which go to no other."""
    for name, record in topology.dns.items():
        service = topology.services[record.service]
        if service.cdn is None:
            continue
        first = service.cdn.origins[0]
        steps = [step for steps in service.operations.values() for step in steps]
        if any(isinstance(step, Put) for step in steps):
            said = f"{name} writes to {first} alone: only reads go to another origin"
            yield Single("origin", name, said)
        if len(service.cdn.origins) == 1 and len(service.regions) > 1:
            yield Single("origin", name, f"{name} has one origin, in {first}")


def _fail(callers: list[str]) -> str:
    return f"{' and '.join(callers)} fail{'s' * (len(callers) == 1)}"


def _externals(topology: Topology) -> Iterator[Single]:
    """What others run, in one place."""
    for name, callers in callers_of_externals(topology).items():
        home = topology.external[name].home
        where = f"lives in {home} alone" if home is not None else "is one, wherever it lives"
        yield Single("external", name, f"external {name} {where}: without it {_fail(callers)}")


def _things(topology: Topology) -> Iterator[Single]:
    """Secrets, images and certificates that one region has, of several in which they are needed."""
    for kind, word in KINDS.items():
        for thing, services in needed_things(topology, kind).items():
            there = [name for name, region in topology.regions.items() if thing in getattr(region.has, kind)]
            needed = {region for name in services for region in topology.services[name].regions}
            if len(there) == 1 and len(needed) > 1:
                yield Single(word, thing, f"{word} {thing} is in {there[0]} alone")


def _health_checks(topology: Topology) -> Iterator[Single]:
    """A health check by which alone names turn to another region."""
    for check in topology.health_checks:
        names = [
            name
            for name, record in topology.dns.items()
            if record.health_check == check
            and not record.evaluate_target_health
            and topology.services[record.service].cdn is None
            and turns_to(record, topology)
        ]
        if names:
            turns = f"{' and '.join(names)} turn{'s' * (len(names) == 1)} to another region"
            said = f"{turns} by health check {check} alone: what it does not see moves nobody"
            yield Single("health check", check, said)


def _control_planes(topology: Topology) -> Iterator[Single]:
    """Control planes with one home that plans need."""
    for plane, plans in _planes(topology).items():
        one = CONTROL_PLANES[plane]
        if one.home is not None:
            need = f"plan{'s' * (len(plans) > 1)} {' and '.join(plans)} need{'s' * (len(plans) == 1)}"
            yield Single("control plane", plane, f"{need} {one.said}, whose only home is {one.home}")


def _planes(topology: Topology) -> dict[str, list[str]]:
    """Each control plane that the steps of plans need, and these plans."""
    found: dict[str, dict[str, None]] = {}
    for plan, one in topology.plans.items():
        for _, step in placed_steps(one):
            for plane in _planes_of(step):
                found.setdefault(plane, {})[plan] = None
    return {plane: [*plans] for plane, plans in found.items()}


def _planes_of(step: AnyStep) -> Iterator[str]:
    if isinstance(step, ChangeStep):
        yield ROUTE53
    if isinstance(step, StepOfFence) and step.by == "policy":
        yield "iam"
    if step.needs is not None:
        yield from (one.partition("@")[0] for one in step.needs.control_plane or [])


def _tools(topology: Topology) -> Iterator[Single]:
    """Services in one region that the steps of a plan need."""
    for plan, one in topology.plans.items():
        needed = [each for _, step in placed_steps(one) if step.needs for each in step.needs.service or []]
        for name in dict.fromkeys(needed):
            regions = topology.services[name].regions
            if len(regions) == 1:
                yield Single("tool", name, f"plan {plan} needs {name}, which runs in {regions[0]} alone")
