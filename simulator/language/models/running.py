"""Which failover plans of a topology may run in an experiment, and what their steps do."""

from collections.abc import Iterator
from typing import TypeVar

from simulator.language.models.experiment import Experiment
from simulator.language.models.operator import PlanRun
from simulator.language.models.plans import ChildPlanStep, FailoverPlan, placed_steps
from simulator.language.models.topology import Topology

S = TypeVar("S")


def starts_by_itself(plan: FailoverPlan, experiment: Experiment) -> bool:
    """Whether a plan's trigger may come in an experiment; without a fault no check fails."""
    return plan.trigger is not None and (bool(experiment.faults) or plan.trigger.at is not None)


def plans_that_may_run(experiment: Experiment, topology: Topology) -> dict[str, FailoverPlan]:
    """The plans that start by themselves or are started, and those of which their steps consist."""
    started = {call.run for call in experiment.operator if isinstance(call, PlanRun)}
    started |= {name for name, plan in topology.plans.items() if starts_by_itself(plan, experiment)}
    steps = (
        step for name in started & topology.plans.keys() for _, step in placed_steps(topology.plans[name])
    )
    children = {step.plan for step in steps if isinstance(step, ChildPlanStep)}
    return {name: plan for name, plan in topology.plans.items() if name in started | children}


def steps_that_may_run(experiment: Experiment, topology: Topology, kind: type[S]) -> Iterator[S]:
    """The steps of a kind of those plans."""
    for plan in plans_that_may_run(experiment, topology).values():
        yield from (step for _, step in placed_steps(plan) if isinstance(step, kind))
