"""What metrics are of: everything in a topology that has a metric, by the names that users write."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from simulator.boundary.metric_terms import (
    ACCOUNT,
    BALANCER,
    BUCKET_PAIR,
    CACHE,
    CACHE_NODE,
    CACHE_PAIR,
    CALCULATED_CHECK,
    CANARY,
    CDN,
    CHECK,
    ENDPOINT_CHECK,
    FLEET,
    FUNCTION,
    GATEWAY,
    TABLE,
    TABLE_OPERATION,
    TABLE_PAIR,
    WEB_ACL,
    Metric,
    SubjectKind,
)
from simulator.boundary.metrics import BY_NAME, METRICS
from simulator.boundary.zones import zone_names
from simulator.language.models.alarms import AlarmedMetric
from simulator.language.models.checked import checks_made, label_of
from simulator.language.models.compute import ComputeKind, LambdaCompute, NodesCompute
from simulator.language.models.fenced import places_of
from simulator.language.models.guarded import CLOUDFRONT, places_of_acl
from simulator.language.models.health_checks import AnyHealthCheck, CalculatedCheck, EndpointCheck
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.sound import Names, is_whole
from simulator.records import dataclass

ARROW = "→"
US_EAST_1 = "us-east-1"
_OPERATIONS = ("write", "read")
_DECLARE = ("regions", "tables", "caches", "buckets", "services", "dns", "health_checks")
_ARROWS = re.compile(r"\s*(?:→|->)\s*")


@dataclass(frozen=True)
class Subject:
    """One thing that has metrics: its text, its name alone, and its parts along the axes of its kind."""

    text: str
    name: str
    parts: tuple[str, ...]
    region: str
    """Where it is; of a pair, its origin."""
    target: str = ""
    """Of a pair, where copies arrive."""

    def home(self, metric: Metric) -> str:
        """The region in which a metric of it lives."""
        if metric.home == "us-east-1":
            return US_EAST_1
        return self.target if metric.home == "the destination" else self.region


def as_written(text: str) -> str:
    """A subject's text with the arrow that is used here; people type `->`."""
    return _ARROWS.sub(ARROW, text.strip())


def subjects_of(kind: SubjectKind, topology: Topology) -> list[Subject]:
    """Everything of a kind in a topology, in file order."""
    return [*_FINDERS[kind](topology)]


def are_whole(topology: Topology, names: Names) -> bool:
    """Whether everything is sound that can have metrics: else some of it may seem to be missing."""
    return all(is_whole(getattr(topology, one), getattr(names, one)) for one in _DECLARE)


def home_of(one: AlarmedMetric, topology: Topology) -> str | None:
    """The region in which an alarm sees a metric; None if that, or what it is of, is not there."""
    if one.in_ is not None or one.metric not in BY_NAME:
        return one.in_
    metric = BY_NAME[one.metric]
    found = chosen(one.of, subjects_of(metric.of, topology))
    return found[0].home(metric) if found else None


def chosen(of: str | None, found: Iterable[Subject]) -> list[Subject]:
    """Those that are meant by their text, or by their names alone; all if nothing is said."""
    text = None if of is None else as_written(of)
    return [one for one in found if text in (None, one.text, one.name)]


def metrics_named(name: str) -> list[Metric]:
    """The metrics of a name, or those that begin as a name ending in `.*` does."""
    if name.endswith(".*"):
        return [metric for metric in METRICS if metric.name.startswith(name[:-1])]
    return [metric for metric in METRICS if metric.name == name]


def _at(name: str, region: str, *parts: str) -> Subject:
    return Subject(f"{name}@{region}", name, (name, region, *parts), region)


def _sites(runs: Callable[[Service, ComputeKind], bool]) -> Callable[[Topology], Iterator[Subject]]:
    def find(topology: Topology) -> Iterator[Subject]:
        for name, service in topology.services.items():
            for region in service.regions if service.cdn is None else ():
                if runs(service, service.compute_in.get(region, service.compute)):
                    yield _at(name, region)

    return find


def _runs_on_nodes(_: Service, compute: ComputeKind) -> bool:
    return isinstance(compute, NodesCompute)


def _replicas(stores: str) -> Callable[[Topology], Iterator[Subject]]:
    def find(topology: Topology) -> Iterator[Subject]:
        for name, store in getattr(topology, stores).items():
            for region in places_of(store):
                yield _at(name, region)

    return find


def _pairs(stores: str) -> Callable[[Topology], Iterator[Subject]]:
    def find(topology: Topology) -> Iterator[Subject]:
        for name, store in getattr(topology, stores).items():
            regions = places_of(store) if getattr(store, "multi_region", True) else []
            for origin, target in ((one, other) for one in regions for other in regions if one != other):
                text = f"{name}@{origin}{ARROW}{target}"
                yield Subject(text, name, (name, origin, target), origin, target)

    return find


def _table_operations(topology: Topology) -> Iterator[Subject]:
    for name, table in topology.tables.items():
        for region in table.replicas:
            for operation in _OPERATIONS:
                whole = f"{name}.{operation}"
                yield Subject(f"{whole}@{region}", whole, (name, region, operation), region)


def _accounts(topology: Topology) -> Iterator[Subject]:
    return (Subject(f"account@{region}", "account", (region,), region) for region in topology.regions)


def _cache_nodes(topology: Topology) -> Iterator[Subject]:
    for name, cache in topology.caches.items():
        for region in cache.regions:
            zones = topology.regions[region].zones if region in topology.regions else 0
            for number, zone in enumerate(zone_names(region, min(cache.failover.replicas + 1, zones))):
                yield Subject(f"{name}@{zone}", name, (name, region, str(number)), region)


def _networks(topology: Topology) -> Iterator[Subject]:
    names = (name for name, service in topology.services.items() if service.cdn is not None)
    return (Subject(name, name, (name,), US_EAST_1) for name in names)


def _canaries(topology: Topology) -> Iterator[Subject]:
    return (Subject(name, name, (name, name), canary.near) for name, canary in topology.canaries.items())


def _web_acls(topology: Topology) -> Iterator[Subject]:
    """Each in its places, in the order of their numbers; that of CloudFront is in us-east-1."""
    for name, acl in topology.waf.items():
        for place in places_of_acl(acl, topology):
            is_global = place == CLOUDFRONT
            text = name if is_global else f"{name}@{place}"
            yield Subject(text, name, (text,), US_EAST_1 if is_global else place)


def _checks(*kinds: type[AnyHealthCheck]) -> Callable[[Topology], Iterator[Subject]]:
    """The health checks of some kinds that check anything, as Route 53 has one for each region."""

    def find(topology: Topology) -> Iterator[Subject]:
        made = checks_made(topology)
        for one in sorted(made, key=lambda one: [*topology.health_checks].index(one.check)):
            if isinstance(topology.health_checks[one.check], kinds):
                name = label_of(one, made)
                parts = (one.check, one.region, one.service)
                yield Subject(f"{name}@{one.region}", name, parts, one.region)

    return find


def _asking(topology: Topology) -> Iterator[Subject]:
    """Those that ask endpoints; a disabled one asks nobody."""
    checks = topology.health_checks
    return (one for one in _checks(EndpointCheck)(topology) if not checks[one.parts[0]].disabled)


_FINDERS: Mapping[SubjectKind, Callable[[Topology], Iterator[Subject]]] = {
    FUNCTION: _sites(lambda _, compute: isinstance(compute, LambdaCompute)),
    GATEWAY: _sites(lambda service, _: service.gateway is not None),
    BALANCER: _sites(_runs_on_nodes),
    FLEET: _sites(_runs_on_nodes),
    TABLE: _replicas("tables"),
    TABLE_OPERATION: _table_operations,
    TABLE_PAIR: _pairs("tables"),
    ACCOUNT: _accounts,
    CACHE: _replicas("caches"),
    CACHE_NODE: _cache_nodes,
    CACHE_PAIR: _pairs("caches"),
    BUCKET_PAIR: _pairs("buckets"),
    CDN: _networks,
    CANARY: _canaries,
    WEB_ACL: _web_acls,
    CHECK: _checks(AnyHealthCheck),
    ENDPOINT_CHECK: _asking,
    CALCULATED_CHECK: _checks(CalculatedCheck),
}
