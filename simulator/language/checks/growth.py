"""Capacity that failover plans add, checked: that it is more than there is, and no more than there can be."""

from simulator import catalog
from simulator.language.checks.values import check_rate
from simulator.language.models.compute import ComputeKind, Lambda, LambdaCompute, NodesCompute
from simulator.language.models.scaling import ScaleStep, ThroughputStep
from simulator.language.models.stores import (
    Capacity,
    OnDemand,
    OnDemandCapacity,
    ProvisionedCapacity,
    Table,
)
from simulator.language.models.topology import Region, Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path

_OF_NODES, _OF_LAMBDA = ("per_zone",), ("provisioned", "reserved")
_WAYS = ("write", "read")


# services


def check_scale(step: ScaleStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a service that does not grow there."""
    service, region = topology.services.get(step.scale), topology.regions.get(step.in_)
    if service is None or region is None:
        return
    if service.cdn is not None:
        complaint = f"service '{step.scale}' is a content network, which has no capacity to raise"
        document.problem(complaint, (*path, "scale"))
    elif known(document, (*path, "in"), step.in_, service.regions, "region of the service"):
        compute = service.compute_in.get(step.in_, service.compute)
        if _check_keys(step, compute, document, path):
            _check_grown(step, compute, region, document, path)


def _check_keys(step: ScaleStep, compute: ComputeKind, document: Document, path: Path) -> bool:
    """What grows is what the service runs on."""
    if compute == "unlimited":
        complaint = (
            f"service '{step.scale}' has no limits in {step.in_}, so nothing can grow; give it 'compute', or "
            "leave the step out"
        )
        document.problem(complaint, (*path, "scale"))
        return False
    runs_on, mine = ("nodes", _OF_NODES) if isinstance(compute, NodesCompute) else ("Lambda", _OF_LAMBDA)
    written = [key for key in (*_OF_NODES, *_OF_LAMBDA) if getattr(step.to, key) is not None]
    for key in written:
        if key not in mine:
            complaint = f"'{step.scale}' runs on {runs_on} in {step.in_}, which grow by {' and '.join(mine)}"
            document.problem(complaint, (*path, "to", key), at_key=True)
    if not written:
        document.problem(f"say how much is to be there: {' or '.join(mine)}", (*path, "to"))
    return bool(written) and {*written} <= {*mine}


def _check_grown(
    step: ScaleStep, compute: ComputeKind, region: Region, document: Document, path: Path
) -> None:
    if isinstance(compute, LambdaCompute):
        _check_function(step, compute.lambda_, region, document, (*path, "to"))
        return
    assert isinstance(compute, NodesCompute)
    here, wanted = (*path, "to", "per_zone"), step.to.per_zone or 0
    _check_more(wanted, compute.nodes.per_zone, f"nodes in each zone of {step.in_}", document, here)
    if region.quotas.nodes is not None and wanted * region.zones > region.quotas.nodes:
        complaint = (
            f"{wanted * region.zones:,} nodes in {region.zones} zones are above the quota of "
            f"{region.quotas.nodes:,}; write less, or a greater 'nodes' in the region's 'quotas'"
        )
        document.problem(complaint, here)


def _check_function(
    step: ScaleStep, function: Lambda, region: Region, document: Document, path: Path
) -> None:
    """Reserved concurrency is raised where there is some, and both leave the account's least."""
    to, there = step.to, {"provisioned": function.provisioned, "reserved": function.reserved or 0}
    if to.reserved is not None and function.reserved is None:
        complaint = (
            f"the function reserves nothing in {step.in_}, so it may use all that the account has; leave "
            "this out, or write 'reserved' at the service"
        )
        document.problem(complaint, (*path, "reserved"))
        return
    for key, what in (("provisioned", "environments kept warm"), ("reserved", "executions reserved")):
        if (wanted := getattr(to, key)) is not None:
            _check_more(wanted, there[key], f"{what} in {step.in_}", document, (*path, key))
            check_account(wanted, step.in_, region, document, (*path, key))
    most = to.reserved or function.reserved
    if to.provisioned is not None and most is not None and to.provisioned > most:
        complaint = f"more than the {most:,} that are reserved, which is the most that run at once"
        document.problem(complaint, (*path, "provisioned"))


def check_account(wanted: int, name: str, region: Region, document: Document, path: Path) -> None:
    """Report more executions than may be reserved or provisioned of the account's in a region."""
    if name not in catalog.region_names():
        return
    account = region.quotas.lambda_concurrency or catalog.lambda_concurrency(name)
    least = int(catalog.entry("lambda.unreserved_least").value)
    if wanted > account - least:
        complaint = (
            f"{least} of the {account:,} concurrent executions in {name} stay unreserved: write at most "
            f"{max(account - least, 0):,}, or a greater 'lambda_concurrency' in 'quotas'"
        )
        document.problem(complaint, path)


def _check_more(wanted: float, there: float, what: str, document: Document, path: Path) -> None:
    """A step adds: what is taken away is no part of a failover."""
    if wanted <= there:
        complaint = f"there are {there:,g} {what} from the start; a step raises that, so write more"
        document.problem(complaint, path)


# tables


def check_throughput(step: ThroughputStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a table whose throughput is not raised there."""
    table = topology.tables.get(step.throughput)
    if table is None or step.in_ not in topology.regions:
        return
    if not known(document, (*path, "in"), step.in_, table.replicas, "region of the table's replicas"):
        return
    capacity = table.capacity_in.get(step.in_, table.capacity)
    if capacity == "unlimited":
        complaint = f"table '{step.throughput}' has no limits; give it a 'capacity', or leave the step out"
        document.problem(complaint, (*path, "throughput"))
        return
    if step.to.write is None and step.to.read is None:
        document.problem("say how much is to be there: write or read", (*path, "to"))
    there = dict(zip(_WAYS, _units(capacity), strict=True))
    for way in _WAYS:
        wanted, here = getattr(step.to, way), (*path, "to", way)
        if wanted is not None and check_rate(wanted, document, here):
            _check_more(wanted, there[way], f"{way} units a second in {step.in_}", document, here)
    _check_quota(step, table, topology, document, (*path, "to", "write"))


def _units(capacity: Capacity) -> tuple[float, float]:
    """Write and read units a second from the start."""
    if isinstance(capacity, ProvisionedCapacity):
        return capacity.provisioned.write, capacity.provisioned.read
    warm = capacity.on_demand if isinstance(capacity, OnDemandCapacity) else OnDemand()
    write, read = (catalog.rate(f"dynamodb.on_demand.{way}") for way in _WAYS)
    return (
        write if warm.warm_write is None else warm.warm_write,
        read if warm.warm_read is None else warm.warm_read,
    )


def _check_quota(
    step: ThroughputStep, table: Table, topology: Topology, document: Document, path: Path
) -> None:
    """What a table may write is that of all its replicas, so each of their regions must allow it."""
    for name in table.replicas:
        region = topology.regions.get(name)
        if region is None or step.to.write is None:
            continue
        quota = region.quotas.table_write or catalog.rate("dynamodb.table_quota.write")
        if step.to.write > quota:
            complaint = (
                f"a table writes at most {quota:,g} units a second in {name}, where it has a replica; write "
                "less, or a greater 'table_write' in the region's 'quotas'"
            )
            document.problem(complaint, path)
            return
