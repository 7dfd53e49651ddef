"""Operators' record changes: calls to Route 53's control plane.

It can be frozen while answers and checks go on (AWS whitepaper "AWS Fault Isolation Boundaries", control
planes and data planes). Specification: docs/model-control-plane.md §5.
"""

from collections.abc import Iterator

from simulator.boundary.events import (
    CHANGE_ACCEPTED,
    CHANGE_IN_EFFECT,
    CHANGE_REFUSED,
    CHANGE_REQUESTED,
    OfName,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.route53.hosted_zones import HostedZone, hosted_zones
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.names import NamePlan, Route53Plan
from simulator.plan.record_changes import ChangePlan
from simulator.randomness.draws import CHANGE


def change_record(world: World, number: int, zones: list[HostedZone]) -> Process:
    """Wait for the time, ask until the control plane accepts, wait until the change has propagated."""
    control = world.plan.control
    plan, (delays,) = control.of(ChangePlan)[number], control.of(Route53Plan)
    zone, name = zones[plan.name], OfName(control.of(NamePlan)[plan.name].name)
    yield from _wait_for_start(world, plan)
    world.record(CHANGE_REQUESTED, name)
    while world.route53_frozen:
        world.record(CHANGE_REFUSED, name)
        yield world.after(plan.retry_ns)
    world.record(CHANGE_ACCEPTED, name)
    u = uniform(world.plan.data.seed, CHANGE, number, 0)
    delay_ns = duration_ns(delays.change_propagation, u)
    yield world.env.timeout(zone.in_effect_ns(world.now_ns + delay_ns) - world.now_ns)
    world.record(CHANGE_IN_EFFECT, name)
    zone.edit(plan.order, plan.weights, plan.geography)


def _wait_for_start(world: World, plan: ChangePlan) -> Process:
    if plan.at_ns != NEVER_NS:
        yield world.after(plan.at_ns - world.now_ns)
        return
    if not world.first_detection.triggered:
        yield world.first_detection
    yield world.after(plan.after_detection_ns)


def _start(world: World) -> Iterator[Process]:
    zones = world.one(hosted_zones)
    return (change_record(world, number, zones) for number in range(len(world.plan.control.of(ChangePlan))))


SERVICE = Service(
    "record changes", _start, (CHANGE_REQUESTED, CHANGE_REFUSED, CHANGE_ACCEPTED, CHANGE_IN_EFFECT)
)
