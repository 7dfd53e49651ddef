"""DNS names lowered: what Route 53 needs."""

from simulator import catalog
from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.operator import RecordChange
from simulator.language.models.plans import ChangeStep
from simulator.language.models.running import steps_that_may_run
from simulator.language.models.topology import DnsRecord, HoldDown, Topology
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sources import Sources
from simulator.plan.names import NamePlan, Route53Plan


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
        heeds_health=record.heeds_health,
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


def lower_names(context: Context) -> tuple[NamePlan, ...]:
    """Every name."""
    names = context.topology.dns.items()
    return tuple(_name(name, record, context.topology, context.places) for name, record in names)


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


NAMES = Part("hosted zones", lower_names)
DELAYS = Part("hosted zones", lower_route53)
