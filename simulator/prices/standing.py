"""What is charged by the hour, whatever users do: nodes, capacity, data, checks (docs/cost.md)."""

from collections.abc import Iterator, Sequence

from simulator.boundary.events import NODE_LAUNCHED, NODE_LEFT
from simulator.boundary.subjects import OfNode
from simulator.language.models.alarms import Banded, BurnRateAlarm, metrics_of
from simulator.language.models.compute import LambdaCompute, NodesCompute
from simulator.language.models.health_checks import EndpointCheck
from simulator.language.models.protection import Backup, PointInTimeRecovery
from simulator.language.models.stores import ProvisionedCapacity, Table
from simulator.language.models.topology import Topology
from simulator.lowering.sites import compute_of
from simulator.outcome import Event, Outcome
from simulator.plan.alarms import AlarmPlan
from simulator.prices.amounts import GB, HOURS_A_MONTH, THOUSAND, Amount

_H_NS = 3600 * 10**9
_GLOBAL = "us-east-1"
"""Where what belongs to no region is charged: Route 53."""
_METRICS_OF_BAND = 3
"""An anomaly band is charged as three metrics."""


def standing(outcome: Outcome, topology: Topology) -> Iterator[Amount]:
    """What is charged for being there, for the time of a run."""
    hours = outcome.plan.data.duration_ns / _H_NS
    months = hours / HOURS_A_MONTH
    yield from _nodes(outcome, topology, hours)
    yield from _functions(topology, hours)
    yield from _tables(topology, hours)
    yield from _others(topology, hours)
    yield from _checks(topology, months)
    yield from _alarms(outcome, topology, months)
    yield from _web_acls(topology, months)


def _still(price: str, region: str, of: str, quantity: float) -> Amount:
    return Amount(price, region, of, quantity, follows_load=False)


def _nodes(outcome: Outcome, topology: Topology, hours: float) -> Iterator[Amount]:
    """Hours of nodes: those there from the start, and those that joined or left meanwhile."""
    changes: dict[tuple[str, str], list[Event]] = {}
    for event in outcome.events_of(NODE_LAUNCHED, NODE_LEFT):
        assert isinstance(event.subject, OfNode)
        changes.setdefault((event.subject.service, event.subject.region), []).append(event)
    for name, service in topology.services.items():
        for region in service.regions:
            compute = compute_of(service, region)
            if service.cdn is None and isinstance(compute, NodesCompute):
                there = compute.nodes.per_zone * topology.regions[region].zones
                there_h = node_hours(there, changes.get((name, region), []), hours)
                yield _still("nodes.hour", region, name, there_h)
                yield _still("load_balancer.hour", region, name, hours)


def node_hours(there: int, changes: Sequence[Event], hours: float) -> float:
    """Hours of so many nodes, of which the log tells how many there are after each change."""
    found, since_h = 0.0, 0.0
    for event in changes:
        at_h, after = event.at_ns / _H_NS, int(event.detail["nodes"])
        before = after - 1 if event.kind == NODE_LAUNCHED.name else after + 1
        found += before * (at_h - since_h)
        there, since_h = after, at_h
    return found + there * (hours - since_h)


def _functions(topology: Topology, hours: float) -> Iterator[Amount]:
    """Environments that are kept warm."""
    for name, service in topology.services.items():
        for region in service.regions:
            compute = compute_of(service, region)
            if isinstance(compute, LambdaCompute) and compute.lambda_.provisioned:
                gb = compute.lambda_.provisioned * compute.lambda_.memory / GB
                yield _still("lambda.provisioned", region, name, gb * hours / THOUSAND)


def _tables(topology: Topology, hours: float) -> Iterator[Amount]:
    for name, table in topology.tables.items():
        there = [region for region in table.replicas if region not in table.absent_in]
        for region in there:
            gb_months = table.items * table.item_size / GB * hours / HOURS_A_MONTH
            yield _still("dynamodb.storage", region, name, gb_months)
            yield from _provisioned(name, table, region, hours)
            if _has_history(table.point_in_time_recovery, region):
                yield _still("dynamodb.point_in_time_recovery", region, name, gb_months)
        for backup in table.backups.values():
            yield from _backups(name, backup, table.items * table.item_size / GB, hours)


def _provisioned(name: str, table: Table, region: str, hours: float) -> Iterator[Amount]:
    capacity = table.capacity_in.get(region, table.capacity)
    if isinstance(capacity, ProvisionedCapacity):
        for way, rate in (("write", capacity.provisioned.write), ("read", capacity.provisioned.read)):
            yield _still(f"dynamodb.{way}_capacity", region, name, rate * hours / THOUSAND)


def _has_history(recovery: PointInTimeRecovery | None, region: str) -> bool:
    return recovery is not None and (recovery.regions is None or region in recovery.regions)


def _backups(name: str, backup: Backup, gb: float, hours: float) -> Iterator[Amount]:
    """As many as are kept once the schedule has run for long enough."""
    kept = max(backup.kept_for // backup.every, 1)
    for region in (backup.region, *backup.copied_to):
        yield _still("dynamodb.backup", region, name, kept * gb * hours / HOURS_A_MONTH)


def _others(topology: Topology, hours: float) -> Iterator[Amount]:
    for name, cache in topology.caches.items():
        for region in cache.regions:
            yield _still("memorydb.node", region, name, (1 + cache.failover.replicas) * hours)
    for name, database in topology.databases.items():
        for region in (database.writer, *database.readers):
            yield _still("database.node", region, name, hours)
    for name, bucket in topology.buckets.items():
        if bucket.object_size is not None:
            for region in bucket.replicas:
                gb = bucket.items * bucket.object_size / GB
                yield _still("s3.storage", region, name, gb * hours / HOURS_A_MONTH)


def _checks(topology: Topology, months: float) -> Iterator[Amount]:
    """One health check for each region of the records that name it, with the options that cost more."""
    for name, check in topology.health_checks.items():
        regions = {
            region
            for record in topology.dns.values()
            if record.health_check == name
            for region in topology.services[record.service].regions
        }
        made = max(len(regions), 1)
        yield _still("route53.health_check", _GLOBAL, name, made * months)
        if isinstance(check, EndpointCheck):
            options = (check.protocol == "https") + (check.interval == "10 s")
            if options:
                yield _still("route53.check_option", _GLOBAL, name, options * made * months)


def _alarms(outcome: Outcome, topology: Topology, months: float) -> Iterator[Amount]:
    """The metrics that alarms watch; a burn rate has an alarm for each of its windows."""
    for plan in outcome.plan.control.of(AlarmPlan):
        alarm = topology.alarms.get(plan.name)
        counted = 0 if alarm is None else len(metrics_of(alarm))
        counted *= 2 if isinstance(alarm, BurnRateAlarm) else 1
        counted += _METRICS_OF_BAND - 1 if isinstance(alarm, Banded) else 0
        if counted:
            yield _still("cloudwatch.alarm", plan.region, plan.name, counted * months)


def _web_acls(topology: Topology, months: float) -> Iterator[Amount]:
    for name, acl in topology.waf.items():
        regional = acl.scope == "regional"
        where = {region for one in acl.protects for region in topology.services[one].regions}
        for region in sorted(where) if regional else [_GLOBAL]:
            yield _still("waf.web_acl", region, name, months)
            yield _still("waf.rule", region, name, len(acl.rules) * months)
