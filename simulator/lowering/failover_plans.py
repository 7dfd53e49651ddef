"""Failover plans lowered: each run of a plan, with its trigger, its decision and its steps.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

from simulator.boundary.control_planes import EVERYWHERE
from simulator.boundary.kinds import NEVER_NS
from simulator.language.models import plans as written
from simulator.language.models.data_steps import FenceStep, RestoreStep, UnfenceStep
from simulator.language.models.operator import AtSomeTime
from simulator.language.models.operator import PlanRun as OperatorsRun
from simulator.language.models.plan_steps import Mode, Needs, TriedStep
from simulator.language.models.running import starts_by_itself
from simulator.language.models.scaling import ReplicaStep, StepOfStandby
from simulator.language.models.waits import DrainStep, WaitStep
from simulator.lowering.context import Context
from simulator.lowering.failbacks import lower_failback
from simulator.lowering.fences import lower_fence, needs_of_fence
from simulator.lowering.parts import Part
from simulator.lowering.promotions import lower_promotion
from simulator.lowering.record_changes import lower_change
from simulator.lowering.sources import lower_distribution
from simulator.lowering.standbys import lower_standby, planes_of_standby
from simulator.lowering.waits import draining, lower_wait
from simulator.plan.failover_plans import (
    ANY_NUMBER,
    ChildPlan,
    DecisionPlan,
    Deed,
    NeedsPlan,
    OfficeHours,
    PlanRun,
    Stages,
    StepPlan,
    TriggerPlan,
    Waits,
)
from simulator.plan.restore_steps import RestoreStepPlan
from simulator.plan.sources import AT_ONCE, Lowered
from simulator.plan.waits import FlipPlan
from simulator.records import dataclass
from simulator.units import format_duration


def lower_plans(context: Context) -> tuple[PlanRun, ...]:
    """The runs of plans that start by themselves, then those that operators start, in file order."""
    topology, experiment = context.topology, context.experiment
    own = [
        (name, plan.mode, lower_trigger(plan.trigger, context))
        for name, plan in topology.plans.items()
        if plan.trigger is not None and starts_by_itself(plan, experiment)
    ]
    calls = [
        (call.run, call.mode or topology.plans[call.run].mode, _at_some_time(call, "an operator"))
        for call in experiment.operator
        if isinstance(call, OperatorsRun)
    ]
    return tuple(_run(number, *one, context) for number, one in enumerate([*own, *calls]))


def _run(number: int, name: str, mode: Mode, trigger: TriggerPlan, context: Context) -> PlanRun:
    plan = context.topology.plans[name]
    stages = _stages(plan, "", _Run(context, mode, count()))
    return PlanRun(number, name, mode, trigger, _decision(plan, context), stages)


def lower_trigger(trigger: written.Trigger, context: Context) -> TriggerPlan:
    """What starts something, by number."""
    state, check = trigger.looks_for
    held = f" for {format_duration(trigger.for_)}" if trigger.for_ else ""
    if trigger.alarm is not None:
        return TriggerPlan(f"alarm {trigger.alarm}{held}", alarm=trigger.alarm, for_ns=trigger.for_ or 0)
    if check is None:
        says = "its time" if trigger.at is not None else "detection"
        return TriggerPlan(says, _or_never(trigger.at), _or_never(trigger.after_detection))
    assert trigger.region is not None
    return TriggerPlan(
        says=f"health check {check} {state} in {trigger.region}{held}",
        check=check,
        healthy=state == "healthy",
        region=context.regions.index(trigger.region),
        for_ns=trigger.for_ or 0,
    )


def _at_some_time(call: AtSomeTime, says: str) -> TriggerPlan:
    return TriggerPlan(says, _or_never(call.at), _or_never(call.after_detection))


def _or_never(time_ns: int | None) -> int:
    return NEVER_NS if time_ns is None else time_ns


def _decision(plan: written.FailoverPlan, context: Context) -> DecisionPlan | None:
    decision, sources = plan.decision, context.sources
    if not isinstance(decision, written.Decision):
        return None
    hours = decision.office_hours
    return DecisionPlan(
        owner=decision.owner or "",
        acknowledge=sources.distribution("people.acknowledge", decision.acknowledge),
        takes=sources.distribution("people.decide", decision.takes),
        office_hours=None if hours is None else _office_hours(hours, context),
    )


def _office_hours(hours: written.OfficeHours, context: Context) -> OfficeHours:
    waits = hours.outside == "waits"
    factor = 1.0 if waits else context.sources.number("people.outside_office_hours")
    return OfficeHours(hours.from_, hours.to, waits, factor)


# steps


@dataclass(frozen=True)
class _Run:
    """What the steps of one run are lowered with."""

    context: Context
    mode: Mode
    numbers: Iterator[int]


def _stages(plan: written.FailoverPlan, within: str, run: _Run) -> Stages:
    """The stages of a plan, without what another mode is for; `within` is before a child plan's names.

    What is left out has a name and a number all the same, so that the others' draws are those of any mode.
    """
    names = iter(written.names_of(plan))
    whole = [
        [_branch([(next(names), step) for step in branch], within, run) for branch in stage]
        for stage in written.stages_of(plan)
    ]
    stages = (tuple(branch for branch in stage if branch) for stage in whole)
    return tuple(stage for stage in stages if stage)


def _branch(steps: list[tuple[str, written.AnyStep]], within: str, run: _Run) -> tuple[StepPlan, ...]:
    lowered = [(step, _step(step, within, name, run)) for name, step in steps]
    return tuple(plan for step, plan in lowered if step.only in (None, run.mode))


def _step(step: written.AnyStep, within: str, name: str, run: _Run) -> StepPlan:
    needed = (step.needs.step or []) if step.needs is not None else []
    context, whole_name, number = run.context, within + name, next(run.numbers)
    plan = StepPlan(
        number=number,
        name=whole_name,
        kind=written.kind_of_step(step),
        owner=step.owner or "",
        does=_deed(step, whole_name, run),
        after=tuple(within + one for one in needed),
        needs=_needs(step, context),
    )
    if isinstance(step, WaitStep):
        timeout_ns = context.sources.duration_ns("plan.step_timeout", step.timeout)
        too_slow = f"still waiting for {step.wait_for.says}"
        return replace(plan, timeout_ns=timeout_ns, too_slow=too_slow)
    return _tried(plan, step, context) if isinstance(step, TriedStep) else plan


def _needs(step: written.AnyStep, context: Context) -> NeedsPlan:
    """What a step says that it needs, and what its kind does."""
    needs = step.needs or Needs()
    planes = [_control_plane(one, context) for one in needs.control_plane or []]
    regions = [*context.region_numbers(needs.region or [])]
    if isinstance(step, written.PromoteStep):
        planes += _of_store(step.promote, step.to, context)
    if isinstance(step, RestoreStep):
        planes += _of_store(step.restore, step.region, context)
    if isinstance(step, FenceStep | UnfenceStep):
        more_planes, more_regions = needs_of_fence(step, context)
        planes, regions = planes + more_planes, regions + more_regions
    if isinstance(step, StepOfStandby):
        planes += planes_of_standby(step, context)
    return NeedsPlan(
        tuple(dict.fromkeys(planes)),
        tuple(dict.fromkeys(regions)),
        tuple(_service(one, context) for one in needs.service or []),
        tuple([*context.topology.dns].index(one) for one in needs.name or []),
        tuple(map(context.store_number, needs.external or [])),
    )


def _service(name: str, context: Context) -> tuple[int, tuple[int, ...]]:
    regions = context.topology.services[name].regions
    return context.services.index(name), context.region_numbers(regions)


def _control_plane(one: str, context: Context) -> tuple[str, int]:
    name, _, region = one.partition("@")
    return name, context.regions.index(region) if region else EVERYWHERE


_ENGINES = {"aurora_global": "rds", "rds": "rds", "global_datastore": "elasticache"}
"""Whose control plane promotes and restores; one's own needs none."""


def _of_store(store: str, region: str, context: Context) -> list[tuple[str, int]]:
    database = context.topology.databases.get(store)
    name = "dynamodb" if database is None else _ENGINES.get(database.engine)
    return [] if name is None else [(name, context.regions.index(region))]


def _tried(plan: StepPlan, step: TriedStep, context: Context) -> StepPlan:
    """A step with its times."""
    sources = context.sources
    return replace(
        plan,
        takes=_takes(step, context),
        timeout_ns=sources.duration_ns("plan.step_timeout", step.timeout),
        retries=ANY_NUMBER if step.retries is None else step.retries,
        retry_ns=sources.duration_ns("plan.retry_every", step.retry_every),
    )


def _takes(step: TriedStep, context: Context) -> Lowered:
    if isinstance(step, written.ApproveStep):
        return context.sources.distribution("people.acknowledge", step.takes)
    if isinstance(step, RestoreStep | ReplicaStep):  # their `takes` is that of what they begin
        return AT_ONCE
    return AT_ONCE if step.takes is None else lower_distribution(step.takes)


def _deed(step: written.AnyStep, name: str, run: _Run) -> Deed:
    context = run.context
    if isinstance(step, written.ChangeStep):
        return lower_change(step, context.topology)
    if isinstance(step, written.PromoteStep):
        return lower_promotion(step, written.is_planned(step, run.mode), context)
    if isinstance(step, written.ChildPlanStep):
        return ChildPlan(_stages(context.topology.plans[step.plan], f"{name} › ", run))
    if isinstance(step, written.FailBackStep):
        return lower_failback(step, context.topology)
    if isinstance(step, FenceStep | UnfenceStep):
        return lower_fence(step, context)
    if isinstance(step, RestoreStep):
        return RestoreStepPlan(step, context.experiment, context.topology)
    if isinstance(step, written.RoutingControlStep):
        settles = context.sources.distribution("routing_control.settles")
        number = [*context.topology.dns].index(step.routing_control)
        on = context.region_numbers(step.on)
        off = tuple(one for one in range(len(context.regions)) if one not in on)
        return FlipPlan(number, on, off, settles)
    if isinstance(step, StepOfStandby):
        return lower_standby(step, context)
    if isinstance(step, DrainStep):
        return _drain(step, name, run)
    return lower_wait(step.wait_for, context) if isinstance(step, WaitStep) else Waits()


def _drain(step: DrainStep, name: str, run: _Run) -> ChildPlan:
    """Routing controls side by side, then the wait: a child plan of its own."""
    context, planned = run.context, list[StepPlan]()
    for number in draining(step, context):
        settles = context.sources.distribution("routing_control.settles")
        off = context.region_numbers([step.drain])
        says = f"routing controls of {[*context.topology.dns][number]}"
        flip = StepPlan(
            next(run.numbers), f"{name} › {says}", "routing_control", "", FlipPlan(number, (), off, settles)
        )
        planned.append(_tried(flip, TriedStep(), context))
    wait = _step(step.wait, f"{name} › ", step.wait.says, run)
    return ChildPlan((tuple((one,) for one in planned), ((wait,),)))


PART = Part("failover plans", lower_plans)
