"""Auto-scaling checked: that each scaler has something that grows, limits that make sense, and a policy."""

from collections.abc import Iterator

from simulator import catalog
from simulator.boundary.metric_terms import BALANCER, FLEET, Level
from simulator.boundary.metrics import BY_NAME, METRICS
from simulator.boundary.thresholds import BadThreshold
from simulator.language.checks.growth import check_account
from simulator.language.checks.scaling_steps import check_steps
from simulator.language.models.autoscaling import (
    AnyScaling,
    ScaledService,
    ScaledTable,
    ScheduledNodes,
    ScheduledUnits,
    Tracking,
    schedule_of,
    steps_of,
)
from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.scaled import (
    Kind,
    at_first,
    compute_of_scaled,
    kind_of,
    most_of,
    target_of,
    tracked_by,
)
from simulator.language.models.stores import ProvisionedCapacity
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path

_UNITS = {"nodes": "nodes", "lambda": "environments kept warm", "table": "units a second"}
_SHARED = [one.name for one in METRICS if isinstance(one.value, Level) and one.value.among == "nodes"]
_NODES_A_ZONE = 1000


def check_scaling(topology: Topology, document: Document) -> None:
    """Report every scaler that scales nothing, beyond what there can be, or by no policy."""
    seen: dict[tuple[str, ...], str] = {}
    for name, scaling in topology.scaling.items():
        path: Path = ("scaling", name)
        if not _is_there(scaling, topology, document, path):
            continue
        kind = kind_of(scaling, topology)
        _check_alone(name, scaling, seen, document, path)
        _check_limits(scaling, kind, topology, document, path)
        _check_most(scaling, topology, document, path)
        _check_keys(scaling, kind, document, path)
        for number, tracking in enumerate(scaling.track):
            _check_tracking(scaling, tracking, topology, document, _tracked_at(path, number, document))
        _check_schedule(scaling, document, path)
        if isinstance(scaling, ScaledService):
            check_steps(scaling, topology, document, path)


def _tracked_at(path: Path, number: int, document: Document) -> Path:
    """Where a policy stands: alone, or in a list."""
    written = document.data["scaling"][path[1]].get("track")
    return (*path, "track", number) if isinstance(written, list) else (*path, "track")


# what is scaled


def _is_there(scaling: AnyScaling, topology: Topology, document: Document, path: Path) -> bool:
    """Report what is not there in the region, or cannot grow; whether it is and can."""
    if scaling.in_ not in topology.regions:
        return False
    if isinstance(scaling, ScaledTable):
        return _is_provisioned(scaling, topology, document, path)
    service = topology.services.get(scaling.service)
    if service is None:
        return False
    if service.cdn is not None:
        complaint = f"service '{scaling.service}' is a content network, which has no capacity to scale"
        document.problem(complaint, (*path, "service"))
        return False
    if not known(document, (*path, "in"), scaling.in_, service.regions, "region of the service"):
        return False
    if compute_of_scaled(scaling, topology) == "unlimited":
        complaint = (
            f"service '{scaling.service}' has no limits in {scaling.in_}, so nothing can be scaled; give it "
            "'compute', or leave this out"
        )
        document.problem(complaint, (*path, "service"))
        return False
    return True


def _is_provisioned(scaling: ScaledTable, topology: Topology, document: Document, path: Path) -> bool:
    table = topology.tables.get(scaling.table)
    if table is None or not known(
        document, (*path, "in"), scaling.in_, table.replicas, "region with a replica of the table"
    ):
        return False
    if isinstance(table.capacity, ProvisionedCapacity):
        return True
    complaint = (
        f"table '{scaling.table}' is not provisioned, so it grows on demand or has no limits; write "
        "'capacity: {provisioned: {write: …, read: …}}' at the table, or leave this out"
    )
    document.problem(complaint, (*path, "table"))
    return False


def _check_alone(
    name: str, scaling: AnyScaling, seen: dict[tuple[str, ...], str], document: Document, path: Path
) -> None:
    """Two scalers of one thing would undo what the other does."""
    if isinstance(scaling, ScaledTable):
        where = "" if scaling.units == "write" else scaling.in_
        thing: tuple[str, ...] = ("table", scaling.table, scaling.units, where)
    else:
        thing = ("service", scaling.service, scaling.in_)
    if thing not in seen:
        seen[thing] = name
        return
    alike = ", as writes have one throughput in all replicas" if thing[-1] == "" else ""
    complaint = f"'{seen[thing]}' scales the same{alike}; put both into one entry, with a list of policies"
    document.problem(complaint, path, at_key=True)


# limits


def _check_limits(
    scaling: AnyScaling, kind: Kind, topology: Topology, document: Document, path: Path
) -> None:
    there, unit = at_first(scaling, topology), _UNITS[kind]
    if scaling.min > scaling.max:
        complaint = f"the least, {scaling.min:,g} {unit}, is more than the most, {scaling.max:,g}"
        document.problem(complaint, (*path, "min"))
    elif there < scaling.min:
        complaint = f"there are {there:,g} {unit} from the start; write at most that, or raise what there is"
        document.problem(complaint, (*path, "min"))
    elif there > scaling.max:
        complaint = f"there are {there:,g} {unit} from the start; write at least that, or lower what there is"
        document.problem(complaint, (*path, "max"))


def _maxima(scaling: AnyScaling, path: Path) -> Iterator[tuple[float, Path]]:
    """Each upper limit, with its place."""
    yield scaling.max, (*path, "max")
    for number, one in enumerate(schedule_of(scaling)):
        if one.max is not None:
            yield one.max, (*path, "schedule", number, "max")


def _check_most(scaling: AnyScaling, topology: Topology, document: Document, path: Path) -> None:
    """Report limits above what the account has in the region."""
    region = topology.regions[scaling.in_]
    for most, here in _maxima(scaling, path):
        if isinstance(scaling, ScaledTable):
            _check_table_quota(most, scaling, topology, document, here)
            continue
        compute = compute_of_scaled(scaling, topology)
        if isinstance(compute, LambdaCompute):
            reserved = compute.lambda_.reserved
            if reserved is None:
                check_account(int(most), scaling.in_, region, document, here)
            elif most > reserved:
                complaint = (
                    f"more than the {reserved:,} that are reserved, which is the most that run at once"
                )
                document.problem(complaint, here)
        elif isinstance(compute, NodesCompute):
            quota = region.quotas.nodes or _NODES_A_ZONE * region.zones
            if most > quota:
                complaint = (
                    f"the most nodes in {scaling.in_} are {quota:,}; write less, or a greater 'nodes' in the "
                    "region's 'quotas'"
                    if region.quotas.nodes
                    else f"at most {_NODES_A_ZONE:,} nodes in each of {region.zones} zones, {quota:,} in all"
                )
                document.problem(complaint, here)


def _check_table_quota(
    most: float, scaling: ScaledTable, topology: Topology, document: Document, path: Path
) -> None:
    """What a table may write is that of all its replicas."""
    for name in topology.tables[scaling.table].replicas if scaling.units == "write" else ():
        region = topology.regions.get(name)
        if region is None:
            continue
        quota = region.quotas.table_write or catalog.rate("dynamodb.table_quota.write")
        if most > quota:
            complaint = (
                f"a table writes at most {quota:,g} units a second in {name}, where it has a replica; write "
                "less, or a greater 'table_write' in the region's 'quotas'"
            )
            document.problem(complaint, path)
            return


# policies


def _check_keys(scaling: AnyScaling, kind: Kind, document: Document, path: Path) -> None:
    """Report keys that what is scaled does not have, and a scaler without a policy."""
    if kind == "nodes" and scaling.in_cooldown is not None:
        complaint = (
            "nodes have no cooldown: what leaves counts until it has left; write 'deregistration' at the "
            "nodes, or leave this out"
        )
        document.problem(complaint, (*path, "in_cooldown"), at_key=True)
    if isinstance(scaling, ScaledService) and kind == "lambda":
        if scaling.warm_up is not None:
            document.problem("only nodes warm up; leave this out", (*path, "warm_up"), at_key=True)
        if scaling.steps:
            complaint = "AWS has no step policies for Lambda's concurrency; write 'track' or 'schedule'"
            document.problem(complaint, (*path, "steps"), at_key=True)
    if not (scaling.track or scaling.schedule or steps_of(scaling)):
        document.problem("it has no policy; write 'track' or 'schedule'", path, at_key=True)


def _check_tracking(
    scaling: AnyScaling, tracking: Tracking, topology: Topology, document: Document, path: Path
) -> None:
    if tracking.metric is not None and not _is_tracked(scaling, tracking.metric, topology, document, path):
        return
    tracked = tracked_by(scaling, tracking, topology)
    try:
        target = target_of(tracked, tracking)
    except (BadThreshold, ValueError) as bad:
        complaint = str(bad).replace("> ", "").replace("write a comparison and a value", "write a value")
        document.problem(complaint, (*path, "target"))
        return
    most = 1.0 if isinstance(scaling, ScaledTable) else 100.0
    is_share = isinstance(scaling, ScaledTable) or BY_NAME[tracked.metric].unit == "Percent"
    if target <= 0 or (is_share and target > most):
        limits = "between 0 % and 100 %" if is_share else "above 0"
        document.problem(f"a target is {limits}", (*path, "target"))


def _is_tracked(scaling: AnyScaling, metric: str, topology: Topology, document: Document, path: Path) -> bool:
    """Report a metric that is given, does not exist, or does not fall when capacity grows."""
    here = (*path, "metric")
    if kind_of(scaling, topology) != "nodes":
        given = tracked_by(scaling, scaling.track[0], topology).metric
        document.problem(f"what is tracked is {given} here; leave this out", here, at_key=True)
    elif metric not in BY_NAME:
        document.problem(f"no metric is called '{metric}'{nearest(metric, _SHARED)}", here)
    elif metric not in _SHARED or BY_NAME[metric].of not in (FLEET, BALANCER):
        complaint = (
            f"{metric} of the service does not fall in proportion as nodes are added; track one of "
            f"{', '.join(_SHARED)}, or let 'steps' follow an alarm"
        )
        document.problem(complaint, here)
    else:
        return True
    return False


def _check_schedule(scaling: AnyScaling, document: Document, path: Path) -> None:
    seen = set[int]()
    for number, one in enumerate(schedule_of(scaling)):
        here = (*path, "schedule", number)
        if one.min is None and one.max is None and one.desired is None:
            document.problem("say what changes: min, max or desired", here)
        if one.at in seen:
            document.problem("another entry is for that time; put both into one", (*here, "at"))
        seen.add(one.at)
        _check_desired(scaling, one, document, (*here, "desired"))
        least = scaling.min if one.min is None else one.min
        most = scaling.max if one.max is None else one.max
        if one.min is not None and one.max is not None and least > most:
            document.problem(f"the least, {least:,g}, is more than the most, {most:,g}", (*here, "min"))
        elif one.min is not None and one.max is None and one.min > most_of(scaling):
            complaint = f"more than the most that there may be, {most_of(scaling):,g}"
            document.problem(complaint, (*here, "min"))


def _check_desired(
    scaling: AnyScaling, one: ScheduledNodes | ScheduledUnits, document: Document, path: Path
) -> None:
    """What there is to be lies within the entry's own limits, or else the widest that there ever are."""
    mins = [scaling.min, *(other.min for other in schedule_of(scaling) if other.min is not None)]
    least = min(mins) if one.min is None else one.min
    most = most_of(scaling) if one.max is None else one.max
    if one.desired is not None and not least <= one.desired <= most:
        document.problem(f"there are {least:,g} to {most:,g} then; write one of these", path)
