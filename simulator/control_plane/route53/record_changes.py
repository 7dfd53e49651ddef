"""Operators' record changes: calls to Route 53's control plane.

It can be frozen while answers and checks go on (AWS whitepaper "AWS Fault Isolation Boundaries", control
planes and data planes). Specification: docs/model-control-plane.md §5.
"""

from collections.abc import Iterator

from simulator.boundary.control_planes import ROUTE53
from simulator.boundary.events import (
    CHANGE_ACCEPTED,
    CHANGE_IN_EFFECT,
    CHANGE_REFUSED,
    CHANGE_REQUESTED,
)
from simulator.boundary.subjects import OfName
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.control_planes import why_refused
from simulator.control_plane.route53.hosted_zones import HostedZone, hosted_zones
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World, wait_for_start
from simulator.plan.names import NamePlan, Route53Plan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.waits import FlipPlan
from simulator.randomness.draws import CHANGE


def change_record(world: World, number: int, zones: list[HostedZone]) -> Process:
    """Wait for the time, ask until the control plane accepts, wait until the change has propagated."""
    plan = world.plan.control.of(ChangePlan)[number]
    yield from wait_for_start(world, plan.at_ns, plan.after_detection_ns)
    request_change(world, plan)
    while refuses_change(world, plan):
        yield world.after(plan.retry_ns)
    yield from put_change(world, plan, zones[plan.name], uniform(world.plan.data.seed, CHANGE, number, 0))


def _name(world: World, plan: ChangePlan) -> OfName:
    return OfName(world.plan.control.of(NamePlan)[plan.name].name)


def request_change(world: World, plan: ChangePlan) -> None:
    """Somebody wants to change a record."""
    world.record(CHANGE_REQUESTED, _name(world, plan))


def refuses_change(world: World, plan: ChangePlan) -> str:
    """Ask the control plane: why it refuses, in words; nothing if it does not."""
    if why := why_refused(world, ROUTE53):
        world.record(CHANGE_REFUSED, _name(world, plan))
    return why


def put_change(world: World, plan: ChangePlan, zone: HostedZone, u: float) -> Process:
    """The control plane accepts: the change is in effect once it has propagated, by a uniform number."""
    (delays,) = world.plan.control.of(Route53Plan)
    world.record(CHANGE_ACCEPTED, _name(world, plan))
    delay_ns = duration_ns(delays.change_propagation, u)
    yield world.env.timeout(zone.in_effect_ns(world.now_ns + delay_ns) - world.now_ns)
    world.record(CHANGE_IN_EFFECT, _name(world, plan))
    zone.edit(plan.order, plan.weights, plan.geography)


def switch_routing_controls(world: World, flip: FlipPlan, settles_ns: int) -> Process:
    """Routing controls of a name are switched by their own endpoints, and settle after a while."""
    zone = world.one(hosted_zones)[flip.name]
    told = OfName(world.plan.control.of(NamePlan)[flip.name].name)
    world.record(CHANGE_REQUESTED, told)
    world.record(CHANGE_ACCEPTED, told)
    yield world.env.timeout(settles_ns)
    world.record(CHANGE_IN_EFFECT, told)
    zone.switch(flip.on, flip.off)


def _start(world: World) -> Iterator[Process]:
    zones = world.one(hosted_zones)
    return (change_record(world, number, zones) for number in range(len(world.plan.control.of(ChangePlan))))


SERVICE = Service(
    "record changes", _start, (CHANGE_REQUESTED, CHANGE_REFUSED, CHANGE_ACCEPTED, CHANGE_IN_EFFECT)
)
