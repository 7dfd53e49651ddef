"""What the steps of failover plans do, by kind. Each says why it came to nothing, in words, or nothing."""

from collections.abc import Callable
from functools import partial

from simulator.boundary.control_planes import ENDPOINTS, QUORUM
from simulator.boundary.outcomes import UP
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.databases.promotions import promote
from simulator.control_plane.failover_plans.data import set_fence
from simulator.control_plane.failover_plans.waiting import wait_for
from simulator.control_plane.fleets import grow_fleet
from simulator.control_plane.functions import grow_function
from simulator.control_plane.replicas import make_replica
from simulator.control_plane.restores import restore_now
from simulator.control_plane.route53.failbacks import fail_back, refuses_failback, request_failback
from simulator.control_plane.route53.hosted_zones import hosted_zones
from simulator.control_plane.route53.record_changes import (
    put_change,
    refuses_change,
    request_change,
    switch_routing_controls,
)
from simulator.control_plane.standbys import enable
from simulator.control_plane.throughputs import raise_throughput
from simulator.control_plane.world import Doing, World
from simulator.plan.failbacks import FailbackPlan
from simulator.plan.failover_plans import PlanRun, StepPlan, Waits
from simulator.plan.fences import FencePlan
from simulator.plan.promotions import PromotionPlan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.replicas import ReplicaPlan
from simulator.plan.restore_steps import RestoreStepPlan
from simulator.plan.standbys import EnablePlan, FleetPlan, FunctionPlan, ThroughputPlan
from simulator.plan.waits import AwaitPlan, FlipPlan
from simulator.randomness.draws import PLAN

TAKES, PROPAGATION = range(2)
"""Words of a step's draws."""


def draw(world: World, run: PlanRun, step: StepPlan, word: int, lane: int = 0) -> float:
    """The uniform number of a step, by its use."""
    return uniform(world.plan.data.seed, PLAN, run.number, step.number + 1, lane, word)


def _change(world: World, run: PlanRun, step: StepPlan, first: bool) -> Doing:
    """What has been accepted propagates, whatever becomes of the plan."""
    assert isinstance(step.does, ChangePlan)
    if first:
        request_change(world, step.does)
    if why := refuses_change(world, step.does):
        return why
    zone = world.one(hosted_zones)[step.does.name]
    u = draw(world, run, step, PROPAGATION)
    yield world.begin(put_change(world, step.does, zone, u))
    return ""


def _promote(world: World, _run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has begun goes on, whatever becomes of the plan."""
    assert isinstance(step.does, PromotionPlan)
    why = yield world.begin(promote(world, step.does))
    return str(why)


def _flip(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """Three of the five endpoints of routing controls are needed, and no control plane."""
    assert isinstance(step.does, FlipPlan)
    regions, modes = world.plan.regions, world.region_mode
    down = [one for one in ENDPOINTS if one in regions and modes[regions.index(one)] != UP]
    if len(ENDPOINTS) - len(down) < QUORUM:
        return f"endpoints of routing controls are down in {', '.join(down)}, and {QUORUM} are needed"
    settles_ns = duration_ns(step.does.settles, draw(world, run, step, PROPAGATION))
    yield world.begin(switch_routing_controls(world, step.does, settles_ns))
    return ""


def _fail_back(world: World, _run: PlanRun, step: StepPlan, first: bool) -> Doing:
    """What has been released answers again, whatever becomes of the plan."""
    assert isinstance(step.does, FailbackPlan)
    if first:
        request_failback(world, step.does)
    if why := refuses_failback(world, step.does):
        return why
    yield world.begin(fail_back(world, step.does))
    return ""


def _fence(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has been set off goes on, whatever becomes of the plan."""
    assert isinstance(step.does, FencePlan)
    yield world.begin(set_fence(world, step.does, draw(world, run, step, PROPAGATION)))
    return ""


def _restore(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has been started goes on, whatever becomes of the plan."""
    assert isinstance(step.does, RestoreStepPlan)
    return (yield from restore_now(world, step.does, (run.number, step.number)))


def _enable(world: World, _run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What is switched on answers at once; load balancers and health checks find it by and by."""
    assert isinstance(step.does, EnablePlan)
    enable(world, step.does.service, step.does.region)
    yield from ()
    return ""


def _grow_fleet(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What is being launched comes up, whatever becomes of the plan."""
    assert isinstance(step.does, FleetPlan)
    return (yield from grow_fleet(world, step.does, partial(_of_node, world, run, step)))


def _of_node(world: World, run: PlanRun, step: StepPlan, node: int, word: int) -> float:
    """The uniform number of a node that a step launches."""
    return draw(world, run, step, word, 1 + node)


def _grow_function(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has been asked for is provided, whatever becomes of the plan."""
    assert isinstance(step.does, FunctionPlan)
    return (yield from grow_function(world, step.does, draw(world, run, step, PROPAGATION)))


def _replica(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What is being made is there when it is made, whatever becomes of the plan."""
    assert isinstance(step.does, ReplicaPlan)
    return (yield from make_replica(world, step.does, lambda use: draw(world, run, step, PROPAGATION, use)))


def _throughput(world: World, run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """What has been asked for is provided, whatever becomes of the plan."""
    assert isinstance(step.does, ThroughputPlan)
    yield world.begin(raise_throughput(world, step.does, draw(world, run, step, PROPAGATION)))
    return ""


def _await(world: World, _run: PlanRun, step: StepPlan, _first: bool) -> Doing:
    """A wait is never refused."""
    assert isinstance(step.does, AwaitPlan)
    yield from wait_for(world, step.does)
    return ""


def _wait(_world: World, _run: PlanRun, _step: StepPlan, _first: bool) -> Doing:
    """Its time has passed already."""
    yield from ()
    return ""


Doer = Callable[[World, PlanRun, StepPlan, bool], Doing]
"""`first`: nothing has been tried yet."""

DOERS: dict[type[object], Doer] = {
    ChangePlan: _change,
    PromotionPlan: _promote,
    FlipPlan: _flip,
    FailbackPlan: _fail_back,
    FencePlan: _fence,
    RestoreStepPlan: _restore,
    EnablePlan: _enable,
    FleetPlan: _grow_fleet,
    FunctionPlan: _grow_function,
    ReplicaPlan: _replica,
    ThroughputPlan: _throughput,
    AwaitPlan: _await,
    Waits: _wait,
}
"""By what lowering makes of a step; child plans are run by the runner."""
