"""Gateways, Lambda functions, nodes and the account's limits checked."""

from collections.abc import Iterator

from simulator import catalog
from simulator.language.checks.pages import check_target_page
from simulator.language.checks.values import check_fills, check_longer_than_0, check_rate
from simulator.language.models.compute import (
    ComputeKind,
    Gateway,
    Lambda,
    LambdaCompute,
    Limit,
    Nodes,
    NodesCompute,
    TargetCheck,
)
from simulator.language.models.topology import Service, Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration, format_size

_MOST_INSTANCES = 1_000_000

_MINUTE_NS, _WEEK_NS = 60 * 10**9, 7 * 24 * 3600 * 10**9


def check_quotas(topology: Topology, document: Document) -> None:
    """Report an account's limits that are none."""
    for name, region in topology.regions.items():
        _check_limit(region.quotas.gateway, document, ("regions", name, "quotas", "gateway"))
        _check_node_quota(name, region.quotas.nodes, topology, document)


def _check_node_quota(region: str, quota: int | None, topology: Topology, document: Document) -> None:
    """The nodes that are there from the start are within the account's limit."""
    here = (one for one in topology.services.values() if region in one.regions)
    computes = [service.compute_in.get(region, service.compute) for service in here]
    nodes = sum(_instances(one, region, topology) for one in computes if isinstance(one, NodesCompute))
    if quota is not None and nodes > quota:
        complaint = f"the services have {nodes:,} nodes in {region} from the start, which is more"
        document.problem(complaint, ("regions", region, "quotas", "nodes"))


def _check_limit(limit: Limit | None, document: Document, path: Path) -> None:
    if limit is not None and check_rate(limit.rate, document, (*path, "rate")):
        check_fills(limit.rate, limit.burst, document, (*path, "burst"))


def check_gateway(gateway: Gateway, operations: list[str] | None, document: Document, path: Path) -> None:
    """Report what is wrong with a gateway; its methods are operations (None: nobody can tell which)."""
    check_longer_than_0(gateway.timeout, "a timeout", document, (*path, "timeout"))
    _check_limit(gateway.limit, document, (*path, "limit"))
    for operation, limit in gateway.methods.items():
        here = (*path, "methods", operation)
        known(document, here, operation, operations, "operation of the service", at_key=True)
        _check_limit(limit, document, here)


def check_compute(name: str, service: Service, topology: Topology, document: Document, path: Path) -> None:
    """Report what is wrong with what a service runs on, in general and in single regions."""
    for check, here in _target_checks(service, path):
        check_target_page(check, name, service, topology, document, here)
    general = [region for region in service.regions if region not in service.compute_in]
    _check_kind(service.compute, general, topology, document, (*path, "compute"))
    for region, compute in service.compute_in.items():
        here = (*path, "compute_in", region)
        if known(document, here, region, service.regions, "region of the service", at_key=True):
            _check_kind(compute, [region], topology, document, here)


def _target_checks(service: Service, path: Path) -> Iterator[tuple[TargetCheck, Path]]:
    """How targets are checked, in general and in single regions, each with its place."""
    of_regions = ((one, (*path, "compute_in", region)) for region, one in service.compute_in.items())
    for compute, here in ((service.compute, (*path, "compute")), *of_regions):
        if isinstance(compute, NodesCompute):
            yield compute.nodes.check, (*here, "nodes", "check")


def _check_kind(
    compute: ComputeKind, regions: list[str], topology: Topology, document: Document, path: Path
) -> None:
    if isinstance(compute, NodesCompute):
        _check_nodes(compute.nodes, document, (*path, "nodes"))
    elif isinstance(compute, LambdaCompute):
        _check_lambda(compute.lambda_, regions, topology, document, (*path, "lambda"))


def _check_nodes(nodes: Nodes, document: Document, path: Path) -> None:
    check_longer_than_0(nodes.check.interval, "an interval", document, (*path, "check", "interval"))
    check_longer_than_0(nodes.check.timeout, "a timeout", document, (*path, "check", "timeout"))
    _check_target_check(nodes.check, document, (*path, "check"))
    _check_keep_alive(nodes.client_keep_alive, document, (*path, "client_keep_alive"))
    _check_memory(nodes, document, path)


def _check_memory(nodes: Nodes, document: Document, path: Path) -> None:
    """A request fits beside what a node holds at rest; in a memory that nobody wrote, all workers' do."""
    at_rest, at_work = nodes.held_at_rest, nodes.workers * nodes.request_memory
    there, rest = format_size(nodes.memory_there), f"{format_size(at_rest)} at rest and " if at_rest else ""
    if at_rest + nodes.request_memory > nodes.memory_there:
        complaint = (
            f"a node holds {rest}{format_size(nodes.request_memory)} for each request, and has {there}: its "
            f"first request would kill it; write a greater 'memory'"
        )
        document.problem(complaint, (*path, _written(nodes, "memory", "request_memory", "idle_memory")))
    elif nodes.memory is None and at_rest + at_work > nodes.memory_there:
        complaint = (
            f"{nodes.workers} workers at work need {rest}{format_size(at_work)}, and a node has {there} by "
            f"default; write its 'memory', or fewer 'workers'"
        )
        document.problem(complaint, (*path, _written(nodes, "workers", "request_memory", "idle_memory")))
    if nodes.memory is None and nodes.restart is not None:
        complaint = "a node whose 'memory' is not written is never killed; write 'memory', or leave this out"
        document.problem(complaint, (*path, "restart"), at_key=True)


def _written(nodes: Nodes, *keys: str) -> str:
    """The first of some keys that the file has."""
    return next(key for key in keys if key in nodes.model_fields_set)


def _check_keep_alive(written: int | None, document: Document, path: Path) -> None:
    """Elastic Load Balancing takes nothing else for `client_keep_alive.seconds`."""
    if written is not None and not _MINUTE_NS <= written <= _WEEK_NS:
        document.problem("a load balancer keeps connections for 60 s to 7 d; write a duration of these", path)


def _check_target_check(check: TargetCheck, document: Document, path: Path) -> None:
    """A check ends before the next one begins."""
    defaults = [catalog.duration_ns(f"load_balancer.check.{key}") for key in ("interval", "timeout")]
    written = [check.interval, check.timeout]
    interval, timeout = (d if w is None else w for w, d in zip(written, defaults, strict=True))
    if timeout >= interval > 0:
        key = "timeout" if check.timeout is not None else "interval"
        complaint = (
            f"a check's timeout ({format_duration(timeout)}) must be shorter than its interval "
            f"({format_duration(interval)})"
        )
        document.problem(complaint, (*path, key))


def _check_lambda(
    function: Lambda, regions: list[str], topology: Topology, document: Document, path: Path
) -> None:
    if function.reserved is not None and function.provisioned > function.reserved:
        complaint = (
            f"more than the {function.reserved:,} that are reserved, which is the most that run at once"
        )
        document.problem(complaint, (*path, "provisioned"))
        return
    key = "provisioned" if function.reserved is None else "reserved"
    for region in regions:
        limit = _account_limit(region, topology)
        if limit is not None and getattr(function, key) > limit:
            complaint = (
                f"more than the account's {limit:,} concurrent executions in {region}; write less, or a "
                f"greater 'lambda_concurrency' in the region's 'quotas'"
            )
            document.problem(complaint, (*path, key))


def _account_limit(region: str, topology: Topology) -> int | None:
    """Concurrent executions of a region's functions together; None if the region is unknown or faulty."""
    if region not in topology.regions or region not in catalog.region_names():
        return None
    return topology.regions[region].quotas.lambda_concurrency or catalog.lambda_concurrency(region)


def check_instances(topology: Topology, document: Document) -> None:
    """Report a system of more environments and nodes than a run can hold."""
    count = sum(
        _instances(service.compute_in.get(region, service.compute), region, topology)
        for service in topology.services.values()
        for region in service.regions
        if region in topology.regions
    )
    if count > _MOST_INSTANCES:
        complaint = (
            f"the services have {count:,} Lambda environments and nodes together; at most "
            f"{_MOST_INSTANCES:,}: write 'reserved', a lower 'lambda_concurrency', or a smaller 'per_zone'"
        )
        document.problem(complaint, ("services",), at_key=True)


def _instances(compute: ComputeKind, region: str, topology: Topology) -> int:
    if isinstance(compute, NodesCompute):
        return compute.nodes.per_zone * topology.regions[region].zones
    if isinstance(compute, LambdaCompute):
        return compute.lambda_.reserved or _account_limit(region, topology) or 0
    return 0
