"""Faults checked against their experiment and topology."""

from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import (
    AnyFault,
    BotFault,
    BucketFault,
    CacheFault,
    ClockFault,
    DnsFault,
    IssuerFault,
    LinkEnds,
    LinkFault,
    RegionFault,
    ReplicationFault,
    ReplicationScope,
    ServiceFault,
    SurgeFault,
    TableFault,
)
from simulator.language.models.stores import Table
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

_TAKE_SHARE = (
    (RegionFault, "error"),
    (ServiceFault, "error"),
    (TableFault, "error"),
    (CacheFault, "error"),
    (BucketFault, "error"),
    (IssuerFault, "error"),
    (ServiceFault, "capacity"),
    (TableFault, "capacity"),
    (LinkFault, "lossy"),
    (DnsFault, "black_hole"),
)
_NEED_SHARE = ("lossy", "capacity")
_SHORTEST_PERIOD_NS = 10**6


def check_fault(
    fault: AnyFault, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    """Report what is wrong with one fault, but for unknown names."""
    _check_times(fault, experiment.duration, document, path)
    _check_mode(fault, document, path)
    if isinstance(fault, LinkFault):
        _check_link(fault.link, document, (*path, "link"))
    elif isinstance(fault, ReplicationFault):
        _check_scope(fault.replication, topology, document, (*path, "replication"))
    elif isinstance(fault, SurgeFault) and fault.factor == 1:
        document.problem("a factor of 1 changes nothing", (*path, "factor"))
    elif isinstance(fault, ServiceFault | TableFault | CacheFault | BucketFault):
        _check_part(fault, topology, document, path)


def _check_times(fault: AnyFault, duration_ns: int, document: Document, path: Path) -> None:
    if fault.at >= duration_ns > 0:
        start, end = format_duration(fault.at), format_duration(duration_ns)
        document.problem(f"starts at {start}, but the run ends at {end}", (*path, "at"))
    if fault.for_ is not None and fault.until is not None:
        document.problem("give either 'for' or 'until'", (*path, "until"), at_key=True)
    if fault.for_ == 0:
        document.problem(
            "lasts 0 s; write a longer time, or leave 'for' out: to the end of the run", (*path, "for")
        )
    if fault.until is not None and fault.until <= fault.at:
        until, start = format_duration(fault.until), format_duration(fault.at)
        document.problem(f"ends at {until}, but starts only at {start}", (*path, "until"))
    if fault.flapping is not None:
        _check_flapping(fault, document, (*path, "flapping"))


def _check_flapping(fault: AnyFault, document: Document, path: Path) -> None:
    assert fault.flapping is not None
    if fault.flapping.period < _SHORTEST_PERIOD_NS:
        document.problem("a period is at least 1 ms", (*path, "period"))
    if not 0 < fault.flapping.duty < 1:
        document.problem("a duty is above 0 % and below 100 %", (*path, "duty"))


def _check_mode(fault: AnyFault, document: Document, path: Path) -> None:
    if isinstance(fault, SurgeFault | BotFault):
        return
    mode = fault.mode if not isinstance(fault, ClockFault) else "skew"
    factor, add = getattr(fault, "factor", None), getattr(fault, "add", None)
    _check_share(fault, mode, document, path)
    if mode == "slow":
        _check_slow(factor, add, document, path)
    else:
        for key, value in (("factor", factor), ("add", add)):
            if value is not None:
                document.problem(f"'{key}' does not go with mode {mode}", (*path, key), at_key=True)
    if mode == "lost":
        _check_endless(fault, "a lost region never returns", document, path)
    if mode == "flushed":
        _check_endless(fault, "a cache is flushed at one instant", document, path)


def _check_share(fault: AnyFault, mode: str, document: Document, path: Path) -> None:
    share = getattr(fault, "share", None)
    takes_share = any(isinstance(fault, kind) and mode == one for kind, one in _TAKE_SHARE)
    if share is not None and not takes_share:
        document.problem(f"'share' does not go with mode {mode}", (*path, "share"), at_key=True)
    if share is None and mode in _NEED_SHARE:
        document.problem(f"mode {mode} needs a 'share'", path, at_key=True)
    if share == 0 and takes_share and mode != "capacity":
        document.problem("a share of 0 % breaks nothing", (*path, "share"))
    if share == 1 and mode == "lossy":
        document.problem("a link that loses everything is mode cut", (*path, "share"))
    if share == 1 and mode == "capacity":
        document.problem("a share of 100 % takes nothing away; it says what is left", (*path, "share"))


def _check_slow(factor: float | None, add: int | None, document: Document, path: Path) -> None:
    if factor is None and add is None:
        document.problem("mode slow needs a 'factor' or an 'add'", path, at_key=True)
    elif factor in (None, 1) and not add:
        document.problem("a factor of 1 and 0 s more slow nothing down", path, at_key=True)


def _check_endless(fault: AnyFault, why: str, document: Document, path: Path) -> None:
    for key, value in (("for", fault.for_), ("until", fault.until), ("flapping", fault.flapping)):
        if value is not None:
            document.problem(f"{why}; leave '{key}' out", (*path, key), at_key=True)


def _check_link(ends: LinkEnds, document: Document, path: Path) -> None:
    both, one_way = ends.between, (ends.from_, ends.to)
    if (both is None) == (one_way == (None, None)) or (both is None and None in one_way):
        document.problem("give either 'between: [a, b]' or 'from' and 'to'", path, at_key=True)
        return
    first, second = both or one_way
    if first == second:
        document.problem(f"a link has two different ends, and these are both '{first}'", path, at_key=True)


def _check_part(
    fault: ServiceFault | TableFault | CacheFault | BucketFault,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """What breaks must be in the region where it breaks, and have what it loses."""
    if fault.region is not None and fault.region not in topology.regions:
        return
    if isinstance(fault, ServiceFault):
        _check_service(fault, topology, document, path)
    elif isinstance(fault, TableFault):
        _check_table(fault, topology, document, path)
    elif isinstance(fault, BucketFault):
        if (bucket := topology.buckets.get(fault.bucket)) is not None:
            _check_place(fault.region, bucket.replicas, f"bucket '{fault.bucket}'", document, path)
    elif (cache := topology.caches.get(fault.cache)) is not None:
        _check_place(fault.region, cache.regions, f"cache '{fault.cache}'", document, path)


def _check_service(fault: ServiceFault, topology: Topology, document: Document, path: Path) -> None:
    service = topology.services.get(fault.service)
    if service is None:
        return
    if service.cdn is not None:
        complaint = (
            f"'{fault.service}' is behind a content network, which does not fail; break a bucket or region"
        )
        document.problem(complaint, (*path, "service"))
    elif fault.region is not None and fault.region not in service.regions:
        has = ", ".join(service.regions)
        complaint = f"service '{fault.service}' does not run in {fault.region}; its regions are: {has}"
        document.problem(complaint, (*path, "region"))
    elif fault.mode == "capacity" and _is_unlimited(service, fault.region):
        complaint = f"service '{fault.service}' has unlimited compute there; give it 'lambda' or 'nodes'"
        document.problem(complaint, (*path, "mode"))


def _is_unlimited(service: Service, region: str | None) -> bool:
    regions = service.regions if region is None else [region]
    return all(service.compute_in.get(one, service.compute) == "unlimited" for one in regions)


def _check_table(fault: TableFault, topology: Topology, document: Document, path: Path) -> None:
    table = topology.tables.get(fault.table)
    check_replica(fault.region, fault.table, table, document, (*path, "region"))
    if fault.mode == "capacity" and table is not None and table.capacity == "unlimited":
        complaint = f"the capacity of table '{fault.table}' is unlimited, so no share of it can be lost"
        document.problem(complaint, (*path, "mode"))


def _check_place(region: str | None, regions: list[str], what: str, document: Document, path: Path) -> None:
    if region is not None and region not in regions:
        complaint = f"{what} is not in {region}; it is in: {', '.join(regions)}"
        document.problem(complaint, (*path, "region"))


def _check_scope(scope: ReplicationScope, topology: Topology, document: Document, path: Path) -> None:
    table = topology.tables.get(scope.table or "")
    for key, name in (("region", scope.region), ("from", scope.from_), ("to", scope.to)):
        check_replica(name, scope.table, table, document, (*path, key))
    if (scope.from_ is None) != (scope.to is None) or (scope.region and scope.from_):
        document.problem("give either 'region', or 'from' and 'to', or neither for all", path, at_key=True)
    elif scope.from_ is not None and scope.from_ == scope.to:
        document.problem("a replicator has two different ends", path, at_key=True)


def check_replica(
    region: str | None, name: str | None, table: Table | None, document: Document, path: Path
) -> None:
    """Report a region in which a table has no replica, so that none of its replicators is there."""
    if table is not None and region is not None and region not in table.replicas:
        has = ", ".join(table.replicas)
        document.problem(f"table '{name}' has no replica in {region}; its replicas are: {has}", path)
