"""Operators' record changes: calls to Route 53's control plane.

It can be frozen while answers and checks go on (AWS whitepaper "AWS Fault Isolation Boundaries", control
planes and data planes). Specification: docs/model-control-plane.md §5.
"""

from simulator.boundary.events import (
    CHANGE_ACCEPTED,
    CHANGE_IN_EFFECT,
    CHANGE_REFUSED,
    CHANGE_REQUESTED,
    OfName,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.route53 import HostedZone
from simulator.control_plane.world import Process, World
from simulator.plan.timeline import ChangePlan
from simulator.randomness.draws import CHANGE


def change_record(world: World, number: int, zones: list[HostedZone]) -> Process:
    """Wait for the time, ask until the control plane accepts, wait until the change has propagated."""
    plan = world.plan.control.changes[number]
    zone, name = zones[plan.name], OfName(world.plan.control.names[plan.name].name)
    yield from _wait_for_start(world, plan)
    world.record(CHANGE_REQUESTED, name)
    while world.route53_frozen:
        world.record(CHANGE_REFUSED, name)
        yield world.after(plan.retry_ns)
    world.record(CHANGE_ACCEPTED, name)
    u = uniform(world.plan.data.seed, CHANGE, number, 0)
    delay_ns = duration_ns(world.plan.control.change_propagation, u)
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
