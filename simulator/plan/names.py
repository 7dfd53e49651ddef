"""DNS names and health checks lowered."""

from simulator import catalog
from simulator.language.models.topology import DnsRecord, HealthCheck, Topology
from simulator.plan.lowered import CheckPlan, NamePlan
from simulator.plan.places import CHECKERS_PER_REGION
from simulator.plan.sources import Sources
from simulator.units import parse_duration


def lower_name(name: str, record: DnsRecord, topology: Topology, regions: tuple[str, ...]) -> NamePlan:
    """One record set as Route 53 sees it, regions as numbers."""
    served = topology.services[record.service].regions
    standby = frozenset(
        regions.index(r) for r, region in topology.regions.items() if region.role == "standby"
    )
    return NamePlan(
        name=name,
        routing=record.policy,
        regions=tuple(sorted(regions.index(region) for region in _regions_of(record, served))),
        order=tuple(regions.index(region) for region in record.order or served),
        weights={regions.index(region): weight for region, weight in (record.weights or {}).items()},
        geography={place: regions.index(region) for place, region in (record.geography or {}).items()},
        standby=standby,
        health_check=record.health_check,
        service=[*topology.services].index(record.service),
        target_health=record.evaluate_target_health,
    )


def _regions_of(record: DnsRecord, served: list[str]) -> set[str]:
    """The regions that have a record: those the policy lists, else all of the service."""
    if record.policy == "failover":
        return set(record.order or served)
    if record.policy == "weighted":
        return set(record.weights or served)
    if record.policy == "geolocation":
        return set((record.geography or {}).values())
    return set(served)


def lower_check(name: str, check: HealthCheck, places: tuple[str, ...], sources: Sources) -> CheckPlan:
    """One health check; its checkers are two in each of its regions."""
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
    )
