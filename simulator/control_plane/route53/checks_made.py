"""Every health check that is made, each for a region of a service, and its process."""

from collections.abc import Iterator
from dataclasses import replace

from simulator.boundary.events import (
    HEALTH_DATA_BACK,
    HEALTH_DATA_MISSING,
    HEALTH_HEALTHY,
    HEALTH_UNHEALTHY,
)
from simulator.control_plane.route53.alarm_checks import AlarmCheck
from simulator.control_plane.route53.calculated_checks import CalculatedCheck
from simulator.control_plane.route53.health_checks import HealthCheck
from simulator.control_plane.route53.hosted_zones import HostedZone, hosted_zones, regions_with_record
from simulator.control_plane.route53.statuses import Status
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.health_checks import (
    OWN,
    AlarmCheckPlan,
    AnyCheckPlan,
    CalculatedCheckPlan,
    CheckPlan,
    DisabledCheckPlan,
)
from simulator.plan.names import NamePlan

Key = tuple[str, int, int]
"""Check, service, region."""


def _start(world: World) -> Iterator[Process]:
    """What counts others begins behind them, so that it finds them as they are."""
    control = world.plan.control
    some: list[AnyCheckPlan] = [*control.of(CheckPlan), *control.of(AlarmCheckPlan)]
    some += [*control.of(CalculatedCheckPlan), *control.of(DisabledCheckPlan)]
    plans = {plan.name: plan for plan in some}
    made = [*enumerate(_made(world, plans).items())]
    made.sort(key=lambda one: isinstance(plans[one[1][0][0]], CalculatedCheckPlan))
    services = {key[:2] for _, (key, _) in made}
    for number, (key, zones) in made:
        several = sum(check == key[0] for check, _ in services) > 1
        label = f"{key[0]} ({world.plan.services[key[1]]})" if several else key[0]
        yield from _begin(world, number, plans[key[0]], key, label, zones)


def _made(world: World, plans: dict[str, AnyCheckPlan]) -> dict[Key, list[HostedZone]]:
    """One for each check, service and region with a record that names it, now or after a change.

    Each with the names that follow it; then the children of calculated ones, which none need follow.
    """
    control, made = world.plan.control, dict[Key, list[HostedZone]]()
    names = control.of(NamePlan)
    for number, (zone, name) in enumerate(zip(world.one(hosted_zones), names, strict=True)):
        if name.health_check is not None and name.routing != "simple":
            for region in regions_with_record(control, number):
                following = made.setdefault((name.health_check, name.service, region), [])
                following += [zone] if name.heeds_health else []
    for key in [*made]:
        for child in _children(plans[key[0]], key):
            made.setdefault(child, [])
    return {key: zones for key, zones in made.items() if _is_made(plans[key[0]], key)}


def _children(plan: AnyCheckPlan, key: Key) -> list[Key]:
    _, service, own = key
    if not isinstance(plan, CalculatedCheckPlan):
        return []
    return [(child, service, own if region == OWN else region) for child, region in plan.children]


def _is_made(plan: AnyCheckPlan, key: Key) -> bool:
    if isinstance(plan, DisabledCheckPlan):
        return key[2] in plan.regions
    return not isinstance(plan, AlarmCheckPlan) or key[2] in plan.alarms


def _begin(
    world: World, number: int, plan: AnyCheckPlan, key: Key, label: str, zones: list[HostedZone]
) -> Iterator[Process]:
    """Make one; what is disabled has no process."""
    check, site = key[0], key[1:]
    if isinstance(plan, CheckPlan):
        yield HealthCheck(world, number, check, replace(plan, name=label), site, zones).run()
        return
    status = Status(world, check, label, site, zones, inverted=plan.inverted)
    if isinstance(plan, AlarmCheckPlan):
        yield AlarmCheck(world, number, plan, plan.alarms[key[2]], status).run()
    elif isinstance(plan, CalculatedCheckPlan):
        children = [(name, region, service) for name, service, region in _children(plan, key)]
        calculated = CalculatedCheck(world, children, plan.at_least, status)
        world.healthy_children[check, site[1], site[0]] = calculated.healthy_children
        yield calculated.run()
    else:
        status.begin(True)


SERVICE = Service(
    "health checks",
    _start,
    (HEALTH_UNHEALTHY, HEALTH_HEALTHY, HEALTH_DATA_MISSING, HEALTH_DATA_BACK),
)
