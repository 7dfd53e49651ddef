"""What the steps of failover plans do, by kind. Each says why it came to nothing, in words, or nothing."""

from collections.abc import Callable, Generator
from typing import Any

import simpy

from simulator.control_plane.chance import uniform
from simulator.control_plane.databases.promotions import promote
from simulator.control_plane.route53.hosted_zones import hosted_zones
from simulator.control_plane.route53.record_changes import put_change, refuses_change, request_change
from simulator.control_plane.world import World
from simulator.plan.failover_plans import PlanRun, StepPlan, Waits
from simulator.plan.promotions import PromotionPlan
from simulator.plan.record_changes import ChangePlan
from simulator.randomness.draws import PLAN

Doing = Generator[simpy.Event, Any, str]

TAKES, PROPAGATION = range(2)
"""Words of a step's draws."""


def draw(world: World, run: PlanRun, step: StepPlan, word: int) -> float:
    """The uniform number of a step, by its use."""
    return uniform(world.plan.data.seed, PLAN, run.number, step.number + 1, 0, word)


def _change(world: World, run: PlanRun, step: StepPlan, first: bool) -> Doing:
    """What has been accepted propagates, whatever becomes of the plan."""
    assert isinstance(step.does, ChangePlan)
    if first:
        request_change(world, step.does)
    if why := refuses_change(world, step.does):
        return why
    zone = world.one(hosted_zones)[step.does.name]
    u = draw(world, run, step, PROPAGATION)
    yield world.env.process(put_change(world, step.does, zone, u))
    return ""


def _promote(world: World, _run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has begun goes on, whatever becomes of the plan."""
    assert isinstance(step.does, PromotionPlan)
    why = yield world.env.process(promote(world, step.does))
    return str(why)


def _wait(_world: World, _run: PlanRun, _step: StepPlan, _first: bool) -> Doing:
    """Its time has passed already."""
    yield from ()
    return ""


Doer = Callable[[World, PlanRun, StepPlan, bool], Doing]
"""`first`: nothing has been tried yet."""

DOERS: dict[type[object], Doer] = {ChangePlan: _change, PromotionPlan: _promote, Waits: _wait}
"""By what lowering makes of a step; child plans are run by the runner."""
