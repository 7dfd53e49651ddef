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
    AlarmCheckPlan,
    AnyCheckPlan,
    CalculatedCheckPlan,
    CheckPlan,
    DisabledCheckPlan,
    Key,
    MadeCheckPlan,
)
from simulator.plan.names import NamePlan


def _start(world: World) -> Iterator[Process]:
    """What counts others begins behind them, so that it finds them as they are."""
    control = world.plan.control
    some: list[AnyCheckPlan] = [*control.of(CheckPlan), *control.of(AlarmCheckPlan)]
    some += [*control.of(CalculatedCheckPlan), *control.of(DisabledCheckPlan)]
    plans = {plan.name: plan for plan in some}
    made = [*enumerate(_made(world))]
    made.sort(key=lambda one: isinstance(plans[one[1][0].key[0]], CalculatedCheckPlan))
    for number, (one, zones) in made:
        yield from _begin(world, number, plans[one.key[0]], one, zones)


def _made(world: World) -> list[tuple[MadeCheckPlan, list[HostedZone]]]:
    """Each that a record names, now or after a change, with the names that follow it.

    Then the children of calculated ones, which none need follow.
    """
    control, following = world.plan.control, dict[Key, list[HostedZone]]()
    possible = {plan.key: plan for plan in control.of(MadeCheckPlan)}
    names = control.of(NamePlan)
    for number, (zone, name) in enumerate(zip(world.one(hosted_zones), names, strict=True)):
        if name.health_check is not None and name.routing != "simple":
            keys = ((name.health_check, name.service, one) for one in regions_with_record(control, number))
            for key in (one for one in keys if one in possible):
                following.setdefault(key, []).extend([zone] if name.heeds_health else [])
    for key in [*following]:
        for child in possible[key].children:
            following.setdefault(child, [])
    return [(possible[key], zones) for key, zones in following.items()]


def _begin(
    world: World, number: int, plan: AnyCheckPlan, made: MadeCheckPlan, zones: list[HostedZone]
) -> Iterator[Process]:
    """Make one; what is disabled has no process."""
    check, service, region = made.key
    if isinstance(plan, CheckPlan):
        labelled = replace(plan, name=made.label)
        yield HealthCheck(world, number, check, labelled, (service, region), zones).run()
        return
    status = Status(world, check, made.label, (service, region), zones, inverted=plan.inverted)
    if isinstance(plan, AlarmCheckPlan):
        yield AlarmCheck(world, number, plan, plan.alarms[region], status).run()
    elif isinstance(plan, CalculatedCheckPlan):
        children = [(name, where, of) for name, of, where in made.children]
        calculated = CalculatedCheck(world, children, plan.at_least, status)
        world.healthy_children[check, region, service] = calculated.healthy_children
        yield calculated.run()
    else:
        status.begin(True)


SERVICE = Service(
    "health checks",
    _start,
    (HEALTH_UNHEALTHY, HEALTH_HEALTHY, HEALTH_DATA_MISSING, HEALTH_DATA_BACK),
)
