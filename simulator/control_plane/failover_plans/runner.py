"""A run of a failover plan: its steps in order or side by side, each tried until it is done or given up.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Generator
from typing import Any

import simpy

from simulator.boundary.events import (
    PLAN_DONE,
    PLAN_NOT_BEGUN,
    PLAN_STEP_BEGAN,
    PLAN_STEP_DONE,
    PLAN_STEP_REFUSED,
    PLAN_STEP_STRANDED,
    PLAN_STRANDED,
    PLAN_TRIGGERED,
    EventKind,
)
from simulator.boundary.subjects import (
    OfPlan,
    OfPlanStep,
)
from simulator.control_plane.causes import ACTING, Cause
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.failover_plans.doing import DOERS, TAKES, draw
from simulator.control_plane.failover_plans.needs import lacking
from simulator.control_plane.failover_plans.starting import decide, wait_for_trigger
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.failover_plans import ANY_NUMBER, ChildPlan, PlanRun, Stages, StepPlan

Success = Generator[simpy.Event, Any, bool]
"""At its end, whether all is done."""

_S_NS = 10**9


def under_way(_world: World) -> set[str]:
    """The names of the plans that are being carried out; one for all runs."""
    return set()


class Runner:
    """One run of a plan."""

    def __init__(self, world: World, plan: PlanRun) -> None:
        self._world, self._plan = world, plan
        self._ends = {step.name: world.env.event() for step in plan.steps}
        self._lacks: dict[int, tuple[str, int]] = {}
        """Of each step that has been refused: why, and since when."""
        self._prepared: set[int] = set()
        """Steps on which their owners have worked, which are not worked on again."""

    def run(self) -> Process:
        """Wait for the trigger, decide, carry out; a plan that is under way is not begun again."""
        world, plan = self._world, self._plan
        yield from wait_for_trigger(world, plan.trigger)
        told, others = OfPlan(plan.name), world.one(under_way)
        world.record(PLAN_TRIGGERED, told, run=plan.number, by=plan.trigger.says)
        if plan.name in others:
            world.record(PLAN_NOT_BEGUN, told, run=plan.number)
            return
        others.add(plan.name)
        if plan.decision is not None:
            yield from decide(world, plan, plan.decision)
        if (yield from self._stages(plan.stages)):
            world.record(PLAN_DONE, told, run=plan.number)
        else:
            undone = [step.name for step in plan.steps if not self._is_done(step)]
            world.record(PLAN_STRANDED, told, run=plan.number, undone=undone)
        others.discard(plan.name)

    def _is_done(self, step: StepPlan) -> bool:
        end = self._ends[step.name]
        return end.triggered and bool(end.value)

    # the order of steps

    def _stages(self, stages: Stages) -> Success:
        """One after the other; none follows one that is not done."""
        for branches in stages:
            running = [self._world.begin(self._branch(branch)) for branch in branches]
            yield self._world.env.all_of(running)
            if not all(branch.value for branch in running):
                return False
        return True

    def _branch(self, steps: tuple[StepPlan, ...]) -> Success:
        cause = self._world.causes.acting
        for step in steps:
            done = yield from self._step(step, cause)
            self._ends[step.name].succeed(done)
            if not done:
                for other in steps[steps.index(step) + 1 :]:
                    self._ends[other.name].succeed(False)
                return False
        return True

    def _step(self, step: StepPlan, cause: Cause) -> Success:
        """Wait for what must be done before, then try until it is done or given up; `cause`: of the plan."""
        for name in step.after:
            if name in self._ends and not (yield self._ends[name]):  # else it is for the other mode
                return False
        begun = self._record(PLAN_STEP_BEGAN, step, cause)
        if isinstance(step.does, ChildPlan):
            done = yield from self._stages(step.does.stages)
        else:
            done = yield from self._in_time(step)
        if done:
            self._record(PLAN_STEP_DONE, step, begun)
        return bool(done)

    # one step

    def _in_time(self, step: StepPlan) -> Success:
        """Let its owner try until the timeout, which strands it."""
        begun_ns, limit = self._world.now_ns, self._world.behind(step.timeout_ns)
        trying = self._world.begin(self._try(step))
        yield trying | limit
        if trying.is_alive:
            trying.interrupt()
        elif trying.value:
            return True
        why, since_ns = self._lacks.get(step.number, (step.too_slow, begun_ns))
        counts_from_ns = self._world.plan.data.counts_from_ns
        told = {"why": why, "since_s": (since_ns - counts_from_ns) / _S_NS}
        self._record(PLAN_STEP_STRANDED, step, **told)
        return False

    def _try(self, step: StepPlan) -> Success:
        """Try it again and again while it is refused."""
        tries = 0
        try:
            while why := (yield from self._once(step, tries == 0)):
                if self._lacks.get(step.number, ("", 0))[0] != why:
                    self._lacks[step.number] = why, self._world.now_ns
                self._record(PLAN_STEP_REFUSED, step, why=why)
                if tries == step.retries != ANY_NUMBER:
                    return False
                tries += 1
                yield self._world.after(step.retry_ns)
        except simpy.Interrupt:
            return False
        return True

    def _once(self, step: StepPlan, first: bool) -> Doing:
        """Work on it, once in all tries, then let it take effect; at both what it needs must be there."""
        world = self._world
        why = lacking(world, step.needs)
        if not why and step.number not in self._prepared:
            self._prepared.add(step.number)
            takes_ns = duration_ns(step.takes, draw(world, self._plan, step, TAKES))
            yield world.after(takes_ns)
            why = lacking(world, step.needs) if takes_ns else ""
        return why or (yield from DOERS[type(step.does)](world, self._plan, step, first))

    def _record(
        self, kind: EventKind[OfPlanStep], step: StepPlan, because: Cause = ACTING, /, **detail: object
    ) -> int:
        subject, told = OfPlanStep(self._plan.name, step.name), {"run": self._plan.number, **detail}
        return self._world.record(kind, subject, because, step=step.number, **told)
