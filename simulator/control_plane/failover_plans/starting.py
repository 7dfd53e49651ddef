"""What starts a failover plan, and the decision that follows.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Callable

import simpy

from simulator.boundary.alarm_states import ALARM
from simulator.boundary.events import (
    PLAN_ACKNOWLEDGED,
    PLAN_DECIDED,
)
from simulator.boundary.subjects import OfPlan
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.alarms import Alarms
from simulator.control_plane.world import Process, World, wait_for_start
from simulator.plan.failover_plans import DecisionPlan, OfficeHours, PlanRun, TriggerPlan
from simulator.randomness.draws import PLAN

_DAY_NS = 86_400 * 10**9
DECISION = 0
"""The counter of a decision's draws; those of a step are its number and 1."""


def wait_for_trigger(world: World, trigger: TriggerPlan) -> Process:
    """Wait for a time, for detection, or until a check or an alarm has been so for long enough."""
    if trigger.check:
        yield from _wait_for_check(world, trigger)
    elif trigger.alarm:
        alarms = world.one(Alarms)
        yield from _wait_until_held(
            world, lambda: alarms.state_of(trigger.alarm) == ALARM, alarms.next_change, trigger.for_ns
        )
        world.causes.act_on(alarms.changed_by(trigger.alarm))
    else:
        yield from wait_for_start(world, trigger.at_ns, trigger.after_detection_ns)


def _wait_for_check(world: World, trigger: TriggerPlan) -> Process:
    """A check that must be healthy has been unhealthy before."""

    def is_unhealthy() -> bool:
        return world.is_unhealthy(trigger.check, trigger.region)

    while not is_unhealthy():
        yield world.next_vote()
    yield from _wait_until_held(
        world, lambda: is_unhealthy() != trigger.healthy, world.next_vote, trigger.for_ns
    )
    world.causes.act_on(world.turned_by(trigger.check, trigger.region))


def _wait_until_held(
    world: World, is_so: Callable[[], bool], next_change: Callable[[], simpy.Event], for_ns: int
) -> Process:
    """Until something has been so without a break for so long; it costs nothing while nothing changes."""
    while True:
        while not is_so():
            yield next_change()
        held = world.after(for_ns)
        while is_so():
            if held.processed:
                return
            yield held | next_change()


def decide(world: World, run: PlanRun, decision: DecisionPlan) -> Process:
    """Reach whoever decides, and wait for the decision."""
    waits_ns, factor = _outside(world, decision.office_hours)
    told, words = OfPlan(run.name), (decision.acknowledge, decision.takes)
    took = [_sample(world, run, distribution, word, factor) for word, distribution in enumerate(words)]
    yield world.after(waits_ns + took[0])
    world.record(PLAN_ACKNOWLEDGED, told, run=run.number, owner=decision.owner)
    yield world.after(took[1])
    world.record(PLAN_DECIDED, told, run=run.number, owner=decision.owner)


def _sample(
    world: World, run: PlanRun, distribution: tuple[int, float, float], word: int, factor: float
) -> int:
    u = uniform(world.plan.data.seed, PLAN, run.number, DECISION, 0, word)
    return round(duration_ns(distribution, u) * factor)


def _outside(world: World, hours: OfficeHours | None) -> tuple[int, float]:
    """How long until the office opens, where nobody is reached before, and by what all takes longer."""
    if hours is None:
        return 0, 1.0
    now_ns = (world.now_ns + world.plan.data.day_offset_ns) % _DAY_NS
    open_for_ns = (hours.closes_ns - hours.opens_ns) % _DAY_NS
    if (now_ns - hours.opens_ns) % _DAY_NS < open_for_ns:
        return 0, 1.0
    return ((hours.opens_ns - now_ns) % _DAY_NS if hours.waits else 0), hours.factor
