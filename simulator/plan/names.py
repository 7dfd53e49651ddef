"""DNS names and health checks lowered: what Route 53 needs."""

from dataclasses import dataclass, field

from simulator import catalog
from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.operator import RecordChange
from simulator.language.models.plans import ChangeStep
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.topology import (
    DnsRecord,
    HealthCheck,
    HoldDown,
    Topology,
    is_called,
    operations_of,
)
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.plan.places import CHECKERS_PER_REGION
from simulator.plan.sources import Sources
from simulator.units import parse_duration


@dataclass(frozen=True)
class NamePlan:
    """One DNS name as Route 53 sees it."""

    name: str
    routing: str  # policy, as users write it
    regions: tuple[int, ...]  # regions with a record
    order: tuple[int, ...]  # failover order
    weights: dict[int, int]
    geography: dict[str, int]
    standby: frozenset[int]
    health_check: str | None
    service: int = 0
    target_health: bool = False
    """Whether a region counts as unhealthy while its gateway or load balancer is down."""
    hold_down_ns: int = 0
    """How long a region that was left out must be healthy to answer again; NEVER_NS: until it is told to."""


@dataclass(frozen=True)
class CheckPlan:
    """One health check definition."""

    name: str
    protocol: str  # http, https, tcp
    interval_ns: int
    threshold: int
    checker_locations: tuple[int, ...]  # one per checker, 16 by default
    connect_timeout_ns: int
    answer_timeout_ns: int  # after connecting; HTTP and HTTPS only
    healthy_share: float  # healthy while more than this share of checkers agree (0.18)
    deep: bool = False
    """Whether the page that is asked for calls the service's stores."""
    operations: dict[int, int] = field(default_factory=dict)
    """By service, the operation whose page is asked for; a page of its own for those that are not there."""


@dataclass(frozen=True)
class Route53Plan:
    """How long Route 53 takes, and where places are to its geography."""

    status_to_answer: tuple[int, float, float]  # distribution: kind, a, b
    change_propagation: tuple[int, float, float]
    location_country: tuple[str, ...]
    location_continent: tuple[str, ...]


def _name(name: str, record: DnsRecord, topology: Topology, regions: tuple[str, ...]) -> NamePlan:
    """One record set as Route 53 sees it, regions as numbers."""
    served = topology.services[record.service].regions
    standby = frozenset(
        regions.index(r) for r, region in topology.regions.items() if region.role == "standby"
    )
    return NamePlan(
        name=name,
        routing=record.policy,
        regions=tuple(sorted(regions.index(region) for region in record_regions(record, served))),
        order=tuple(regions.index(region) for region in record.order or served),
        weights={regions.index(region): weight for region, weight in (record.weights or {}).items()},
        geography={place: regions.index(region) for place, region in (record.geography or {}).items()},
        standby=standby,
        health_check=record.health_check,
        service=[*topology.services].index(record.service),
        target_health=record.evaluate_target_health,
        hold_down_ns=_hold_down_ns(record),
    )


def _hold_down_ns(record: DnsRecord) -> int:
    if isinstance(record.failback, HoldDown):
        return record.failback.hold_down
    return NEVER_NS if record.failback == "manual" else 0


def record_regions(record: DnsRecord, served: list[str]) -> set[str]:
    """The regions that have a record: those the policy lists, else all of the service."""
    if record.policy == "failover":
        return set(record.order or served)
    if record.policy == "weighted":
        return set(record.weights or served)
    if record.policy == "geolocation":
        return set((record.geography or {}).values())
    return set(served)


def _check(name: str, check: HealthCheck, context: Context) -> CheckPlan:
    """One health check; its checkers are two in each of its regions."""
    places, sources = context.places, context.sources
    per_region = int(sources.number("route53.health_check.checkers_per_region"))
    assert per_region == CHECKERS_PER_REGION
    where = check.checker_regions or catalog.checker_regions()
    kind = "tcp" if check.protocol == "tcp" else "http"
    return CheckPlan(
        name=name,
        protocol=check.protocol,
        interval_ns=parse_duration(check.interval),
        threshold=check.failure_threshold,
        checker_locations=tuple(places.index(region) for region in where for _ in range(per_region)),
        connect_timeout_ns=sources.duration_ns(f"route53.health_check.{kind}_connect_timeout"),
        answer_timeout_ns=sources.duration_ns("route53.health_check.http_answer_timeout"),
        healthy_share=sources.share("route53.health_check.healthy_share"),
        deep=check.depth == "deep",
        operations=_pages(check.operation, context),
    )


def _pages(operation: str | None, context: Context) -> dict[int, int]:
    """The number of an operation of that name, by service that has one."""
    found = enumerate(operations_of(context.topology))
    services = [*context.topology.services]
    return {services.index(one[0]): number for number, one in found if is_called(operation, *one)}


def lower_names(context: Context) -> tuple[NamePlan, ...]:
    """Every name."""
    names = context.topology.dns.items()
    return tuple(_name(name, record, context.topology, context.places) for name, record in names)


def lower_checks(context: Context) -> tuple[CheckPlan, ...]:
    """The health checks that a name uses."""
    topology = context.topology
    used = {record.health_check for record in topology.dns.values()}
    checks = [item for item in topology.health_checks.items() if item[0] in used]
    return tuple(_check(name, check, context) for name, check in checks)


def lower_route53(context: Context) -> tuple[Route53Plan]:
    """What is the same for every name; defaults count as used only if anything can change."""
    experiment, defaults = context.experiment, context.topology.defaults
    delayed = context.sources if experiment.faults else Sources()  # without faults no status changes
    changes = any(isinstance(call, RecordChange) for call in experiment.operator)
    changes = changes or any(steps_that_may_run(experiment, context.topology, ChangeStep))
    changed = context.sources if changes else Sources()
    where = [catalog.regions()[place] for place in context.places]
    plan = Route53Plan(
        delayed.distribution("route53.status_to_answer", defaults.status_to_answer),
        changed.distribution("route53.change_propagation", defaults.change_propagation),
        tuple(region.country for region in where),
        tuple(region.continent for region in where),
    )
    return (plan,)


PARTS = (
    Part("hosted zones", lower_names),
    Part("health checks", lower_checks),
    Part("hosted zones", lower_route53),
)
