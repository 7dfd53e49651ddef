"""Faults as actions of AWS Fault Injection Service.

Source: AWS FIS user guide, *AWS FIS Actions reference* and *Experiment templates*. Each function here is
about one kind of fault, and gives actions by region, or `Unlike` with the reason why there is none.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace

from simulator.boundary.zones import place_of, zone_names
from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.faults import (
    AnyFault,
    ControlPlaneFault,
    LinkFault,
    NodeFault,
    RegionFault,
    ReplicationFault,
    ReplicationScope,
    ServiceFault,
    ZoneFault,
)
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.records import dataclass

TAG = "simulator"
"""The tag by which templates find resources: its value is the name in the topology."""


@dataclass(frozen=True)
class Action:
    """One action in one region, on the resources that carry a tag."""

    region: str
    action: str
    resource: str
    """The resource type of its target; empty: it has none."""
    target_key: str = ""
    """The key of its target in the action."""
    tagged: str = ""
    """The value of the tag of its resources."""
    selection: str = "ALL"
    zone: str = ""
    """The zone of its resources; empty: all."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    differs: tuple[str, ...] = ()
    """How it differs from the fault, in words; none: not in what matters."""


class Unlike(Exception):
    """A fault that has no counterpart: why."""


def actions_of(fault: AnyFault, topology: Topology) -> list[Action]:
    """What does to real resources what a fault does in a run. Raises Unlike."""
    of_kind = _KINDS.get(type(fault))
    if of_kind is None:
        raise Unlike(_NONE.get(fault.target, "AWS FIS has no action for it"))
    if getattr(fault, "is_limited", False):
        raise Unlike("AWS FIS does not tell requests apart by population or operation")
    found = [*of_kind(fault, topology)]
    if not found:
        raise Unlike("it touches nothing that is in a region of the topology")
    return found


_NONE = {
    "dns": "AWS FIS does not touch the answers of Route 53",
    "issuer": "AWS FIS has no action for an issuer of tokens",
    "keys": "AWS FIS has no action for published keys",
    "clock": "AWS FIS does not set clocks",
    "surge": "load is made by a load test, not by AWS FIS",
    "bots": "load is made by a load test, not by AWS FIS",
    "table": "AWS FIS pauses the replication of a table, and touches neither its endpoint nor its items",
    "bucket": "AWS FIS pauses the replication of a bucket, and touches neither its endpoint nor its objects",
    "cache": "AWS FIS pauses the replication of a multi-Region cache, and touches neither endpoint nor items",
    "database": "AWS FIS fails a cluster over within its region (aws:rds:failover-db-cluster), no more",
    "external": "it is run by others",
}

_SUBNET, _SUBNETS = "aws:ec2:subnet", "Subnets"
_TRANSIT = (
    "where a transit gateway leads there, add aws:network:transit-gateway-disrupt-cross-region-connectivity"
)
_LATE = "it takes up to 5 min until replication stands still (takes_hold: {from: 0 s, to: 5 min})"
_IN_NO_SUBNET = "what is in no subnet goes on: API Gateway, functions outside a VPC, Route 53, control planes"


def _link(fault: LinkFault, topology: Topology) -> Iterator[Action]:
    """Outbound only, so that a link that is cut both ways needs an action on either side."""
    if fault.mode != "cut":
        raise Unlike("AWS FIS cuts the way between regions; it makes it neither slow nor lossy")
    ends = fault.link
    both = ends.between or [str(ends.from_), str(ends.to)]
    ways = [both] if ends.between is None else [both, both[::-1]]
    named = {*both}
    if strange := sorted(named - {*topology.regions}):
        raise Unlike(f"it cuts the way to {strange[0]}, which is no region of the topology")
    for origin, target in ways:
        yield Action(
            region=origin,
            action="aws:network:route-table-disrupt-cross-region-connectivity",
            tagged="all",
            parameters={"region": target},
            differs=(_TRANSIT,),
            resource=_SUBNET,
            target_key=_SUBNETS,
        )


def _replication(fault: ReplicationFault, topology: Topology) -> Iterator[Action]:
    scope = fault.replication
    if scope.from_ is not None or scope.to is not None:
        raise Unlike("AWS FIS pauses the replication of a replica with all others, not in one direction")
    left = _left(scope, topology)
    if scope.table is not None and left:
        raise Unlike("AWS FIS does not pause the replication of a database")
    for number, action in enumerate(_pauses(scope, topology)):
        yield action if number else replace(action, differs=(*action.differs, *left))


def _left(scope: ReplicationScope, topology: Topology) -> tuple[str, ...]:
    """That databases are copied on, if some are between the regions that are meant."""
    meant = [one for name, one in topology.databases.items() if scope.table in (None, name)]
    copied = any(one.readers and scope.region in (None, one.writer, *one.readers) for one in meant)
    return ("the replication of databases goes on: AWS FIS does not pause it",) if copied else ()


def _pauses(scope: ReplicationScope, topology: Topology) -> Iterator[Action]:
    """The pauses of tables, buckets and caches."""

    def is_meant(name: str) -> bool:
        return scope.table in (None, name)

    for name, table in topology.tables.items():
        if is_meant(name) and table.consistency == "eventual":
            for region in _paused_at(table.replicas, scope.region):
                action = "aws:dynamodb:global-table-pause-replication"
                yield _paused(action, "aws:dynamodb:global-table", region, name, _LATE)
    for name, bucket in topology.buckets.items():
        if is_meant(name):
            yield from _paused_bucket(name, bucket.replicas, scope.region)
    for name, cache in topology.caches.items():
        if is_meant(name) and cache.multi_region:
            for region in _paused_at(cache.regions, scope.region):
                action = "aws:memorydb:multi-region-cluster-pause-replication"
                yield _paused(action, "aws:memorydb:multi-region-cluster", region, name)


def _paused_at(replicas: list[str], only: str | None) -> list[str]:
    """Where a pause, which is of a replica with all others, is needed: of all but one, or of one alone."""
    if len(replicas) < 2:
        return []
    return replicas[:-1] if only is None else [one for one in replicas if one == only]


_PAUSED = {
    "aws:dynamodb:global-table": "Tables",
    "aws:s3:bucket": "Buckets",
    "aws:memorydb:multi-region-cluster": "MultiRegionClusters",
}


def _paused(action: str, resource: str, region: str, name: str, *differs: str) -> Action:
    key = _PAUSED[resource]
    return Action(region, action, resource, key, tagged=name, differs=differs)


def _paused_bucket(name: str, replicas: list[str], only: str | None) -> Iterator[Action]:
    for origin in replicas:
        for target in replicas:
            if origin != target and only in (None, origin, target):
                yield Action(
                    origin, "aws:s3:bucket-pause-replication", "aws:s3:bucket", "Buckets", tagged=name,
                    parameters={"region": target},
                    differs=("objects that are there already may be copied for up to 1 h",),
                )  # fmt: skip


def _zone(fault: ZoneFault, topology: Topology) -> Iterator[Action]:
    if fault.mode not in ("black_hole", "refused"):
        raise Unlike("AWS FIS makes no zone slow, or err in part")
    yield Action(
        region=place_of(fault.zone)[0], action="aws:network:disrupt-connectivity", tagged="all",
        zone=fault.zone, parameters={"scope": "all"}, differs=_dropped(fault.mode),
        resource=_SUBNET, target_key=_SUBNETS,
    )  # fmt: skip


def _region(fault: RegionFault, topology: Topology) -> Iterator[Action]:
    """What is in subnets is cut off, and nothing is copied."""
    if fault.mode not in ("black_hole", "refused"):
        why = "AWS FIS takes nothing away for good" if fault.mode == "lost" else "AWS FIS has no such action"
        raise Unlike(why)
    everything = ReplicationScope(region=fault.region)
    yield Action(
        region=fault.region, action="aws:network:disrupt-connectivity", tagged="all",
        parameters={"scope": "all"},
        differs=(_IN_NO_SUBNET, *_dropped(fault.mode), *_left(everything, topology)),
        resource=_SUBNET, target_key=_SUBNETS,
    )  # fmt: skip
    yield from _pauses(everything, topology)


def _dropped(mode: str) -> tuple[str, ...]:
    return ("packets are dropped; nothing is refused",) if mode == "refused" else ()


def _node(fault: NodeFault, topology: Topology) -> Iterator[Action]:
    if fault.mode not in ("black_hole", "refused"):
        raise Unlike("AWS FIS makes no instance slow, or err in part, without an SSM document of yours")
    service, region = fault.site
    yield Action(
        region, "aws:ec2:stop-instances", "aws:ec2:instance", "Instances", tagged=service,
        selection="COUNT(1)", differs=("any one of its nodes is stopped",),
    )  # fmt: skip


def _service(fault: ServiceFault, topology: Topology) -> Iterator[Action]:
    service = topology.services[fault.service]
    for region in service.regions if fault.region is None else [fault.region]:
        compute = compute_of(service, region)
        if isinstance(compute, LambdaCompute):
            yield _function(fault, region)
        elif isinstance(compute, NodesCompute) and fault.mode == "capacity":
            percent, rounded = _percent(1 - (fault.share or 0.0))
            yield Action(
                region, "aws:ec2:stop-instances", "aws:ec2:instance", "Instances", tagged=fault.service,
                selection=f"PERCENT({percent})", differs=rounded,
            )  # fmt: skip
        else:
            raise Unlike("AWS FIS has no action for the door of a service; break what it stands on")


def _percent(share: float) -> tuple[int, tuple[str, ...]]:
    """A share in whole percents, one at least; and that it is not the same, if so."""
    percent = max(round(100 * share), 1)
    return percent, () if abs(percent / 100 - share) < 1e-9 else (f"in whole percents: {percent} %",)


def _function(fault: ServiceFault, region: str) -> Action:
    """Functions are slowed or failed by the FIS extension, which they must have."""
    if fault.mode == "error":
        kind, parameters = "error", {}
        share = 1.0 if fault.share is None else fault.share
    elif fault.mode == "slow" and fault.factor is None and fault.add is not None:
        kind, parameters = "add-delay", {"startupDelayMilliseconds": str(round(fault.add / 10**6))}
        share = 1.0
    else:
        raise Unlike("AWS FIS fails invocations of a function, or delays them by an 'add' without a 'factor'")
    percent, rounded = _percent(share)
    return Action(
        region, f"aws:lambda:invocation-{kind}", "aws:lambda:function", "Functions", tagged=fault.service,
        parameters=parameters | {"invocationPercentage": str(percent)},
        differs=("the functions need the AWS FIS extension for Lambda", *rounded),
    )  # fmt: skip


def _control_plane(fault: ControlPlaneFault, topology: Topology) -> Iterator[Action]:
    for region in [*topology.regions] if fault.region is None else [fault.region]:
        if fault.mode == "launches_fail" and fault.share in (None, 1.0):
            everywhere = ",".join(zone_names(region, topology.regions[region].zones))
            yield Action(
                region, "aws:ec2:asg-insufficient-instance-capacity-error", "aws:ec2:autoscaling-group",
                "AutoScalingGroups", tagged="all",
                parameters={"availabilityZoneIdentifiers": everywhere, "percentage": "100"},
            )  # fmt: skip
        elif fault.mode == "frozen" and fault.control_plane == "ec2":
            calls = {"service": "ec2", "operations": "RunInstances,StartInstances", "percentage": "100"}
            yield Action(
                region, "aws:fis:inject-api-unavailable-error", "aws:iam:role", "Roles", tagged="all",
                parameters=calls, differs=("only callers with the tagged roles are refused",),
            )  # fmt: skip
        else:
            raise Unlike("AWS FIS makes only the APIs of EC2 and Kinesis fail, for all calls")


_KINDS: Mapping[type, Callable[..., Iterator[Action]]] = {
    LinkFault: _link,
    ReplicationFault: _replication,
    ZoneFault: _zone,
    RegionFault: _region,
    NodeFault: _node,
    ServiceFault: _service,
    ControlPlaneFault: _control_plane,
}
