"""Failing back by hand: regions that a name holds back answer again.

Specification: docs/model-control-plane.md §3, "Failback".
"""

from collections.abc import Iterator

from simulator.boundary.events import (
    FAILBACK_REFUSED,
    FAILBACK_REQUESTED,
)
from simulator.boundary.subjects import OfName
from simulator.control_plane.route53.hosted_zones import hosted_zones
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World, wait_for_start
from simulator.plan.failbacks import FailbackPlan
from simulator.plan.names import NamePlan


def _name(world: World, plan: FailbackPlan) -> OfName:
    return OfName(world.plan.control.of(NamePlan)[plan.name].name)


def request_failback(world: World, plan: FailbackPlan) -> None:
    """Somebody wants to fail back."""
    world.record(FAILBACK_REQUESTED, _name(world, plan))


def refuses_failback(world: World, plan: FailbackPlan) -> str:
    """Why nobody fails back now, in words; nothing if all that is held back is healthy."""
    unhealthy = world.one(hosted_zones)[plan.name].held_unhealthy()
    regions = [world.plan.regions[region] for region in unhealthy]
    if regions:
        world.record(FAILBACK_REFUSED, _name(world, plan), regions=regions)
        return f"{', '.join(regions)} {'is' if len(regions) == 1 else 'are'} unhealthy"
    return ""


def fail_back(world: World, plan: FailbackPlan) -> Process:
    """What is held back answers again, once answers know it."""
    yield from world.one(hosted_zones)[plan.name].fail_back()


def _fail_back_when_due(world: World, plan: FailbackPlan) -> Process:
    """Wait for the time, and try until all that is held back is healthy."""
    yield from wait_for_start(world, plan.at_ns, plan.after_detection_ns)
    request_failback(world, plan)
    while refuses_failback(world, plan):
        yield world.after(plan.retry_ns)
    yield from fail_back(world, plan)


def _start(world: World) -> Iterator[Process]:
    return (_fail_back_when_due(world, plan) for plan in world.plan.control.of(FailbackPlan))


SERVICE = Service("failbacks", _start, (FAILBACK_REQUESTED, FAILBACK_REFUSED))
