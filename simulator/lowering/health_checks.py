"""Route 53 health checks lowered."""

from simulator import catalog
from simulator.language.models.checked import Made, checks_made, children_of, label_of
from simulator.language.models.health_checks import (
    AlarmCheck,
    AnyHealthCheck,
    CalculatedCheck,
    EndpointCheck,
    with_children,
)
from simulator.language.models.topology import is_called, operations_of
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.places import CHECKERS_PER_REGION
from simulator.plan.health_checks import (
    AlarmCheckPlan,
    AnyCheckPlan,
    CalculatedCheckPlan,
    CheckPlan,
    DisabledCheckPlan,
    Key,
    MadeCheckPlan,
)
from simulator.units import parse_duration


def _lowered(name: str, check: AnyHealthCheck, context: Context) -> AnyCheckPlan:
    if check.disabled:
        return DisabledCheckPlan(name, check.inverted)
    if isinstance(check, AlarmCheck):
        return _of_alarms(name, check, context)
    if isinstance(check, CalculatedCheck):
        at_least = len(check.children) if check.at_least is None else check.at_least
        return CalculatedCheckPlan(name, at_least, check.inverted)
    assert isinstance(check, EndpointCheck)
    return _of_endpoints(name, check, context)


def _of_endpoints(name: str, check: EndpointCheck, context: Context) -> CheckPlan:
    """One health check of endpoints; its checkers are two in each of its regions."""
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
        inverted=check.inverted,
    )


def _pages(operation: str | None, context: Context) -> dict[int, int]:
    """The number of an operation of that name, by service that has one."""
    found = enumerate(operations_of(context.topology))
    services = [*context.topology.services]
    return {services.index(one[0]): number for number, one in found if is_called(operation, *one)}


def _of_alarms(name: str, check: AlarmCheck, context: Context) -> AlarmCheckPlan:
    return AlarmCheckPlan(
        name,
        {context.regions.index(region): alarm for region, alarm in check.alarm.items()},
        check.insufficient_data,
        context.sources.duration_ns("route53.health_check.alarm_interval"),
        check.inverted,
    )


def _made(context: Context) -> list[MadeCheckPlan]:
    """Where each may be made, and what it counts there."""
    topology, services = context.topology, [*context.topology.services]

    def key(one: Made) -> Key:
        return one.check, services.index(one.service), context.regions.index(one.region)

    made = checks_made(topology)
    return [
        MadeCheckPlan(key(one), label_of(one, made), tuple(map(key, children_of(one, topology))))
        for one in made
    ]


def lower_checks(context: Context) -> tuple[AnyCheckPlan | MadeCheckPlan, ...]:
    """The health checks that a name uses, and those that they count."""
    topology = context.topology
    used = (record.health_check for record in topology.dns.values() if record.health_check is not None)
    asked = {*with_children(used, topology.health_checks)}
    checks = [item for item in topology.health_checks.items() if item[0] in asked]
    return *(_lowered(name, check, context) for name, check in checks), *_made(context)


PART = Part("health checks", lower_checks)
