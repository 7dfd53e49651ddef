"""Which failover plans of a topology may run in an experiment, and what their steps do."""

from collections.abc import Iterator
from typing import TypeVar

from simulator.language.models.experiment import Experiment
from simulator.language.models.operator import PlanRun
from simulator.language.models.plan_steps import Mode
from simulator.language.models.plans import ChildPlanStep, FailoverPlan, steps_in_mode
from simulator.language.models.topology import Topology

S = TypeVar("S")


def starts_by_itself(plan: FailoverPlan, experiment: Experiment) -> bool:
    """Whether a plan's trigger may come in an experiment; without a fault no check fails."""
    return plan.trigger is not None and (bool(experiment.faults) or plan.trigger.at is not None)


def modes_of_runs(experiment: Experiment, topology: Topology) -> dict[str, set[Mode]]:
    """The plans that may run, by themselves, started, or as steps of these, and in which modes they may."""
    found: dict[str, set[Mode]] = {}
    for name, mode in _begun(experiment, topology):
        found.setdefault(name, set()).add(mode)
        for _, step in steps_in_mode(topology.plans[name], mode):
            if isinstance(step, ChildPlanStep) and step.plan in topology.plans:
                found.setdefault(step.plan, set()).add(mode)
    return found


def _begun(experiment: Experiment, topology: Topology) -> Iterator[tuple[str, Mode]]:
    for name, plan in topology.plans.items():
        if starts_by_itself(plan, experiment):
            yield name, plan.mode
    for call in experiment.operator:
        if isinstance(call, PlanRun) and call.run in topology.plans:
            yield call.run, call.mode or topology.plans[call.run].mode


def steps_that_may_run(experiment: Experiment, topology: Topology, kind: type[S]) -> Iterator[S]:
    """The steps of a kind of the plans that may run."""
    return (step for step, _ in steps_by_mode(experiment, topology, kind))


def steps_by_mode(experiment: Experiment, topology: Topology, kind: type[S]) -> Iterator[tuple[S, Mode]]:
    """The same, each with the modes in which it may be done, one after the other."""
    for name, modes in modes_of_runs(experiment, topology).items():
        for mode in sorted(modes):
            for _, step in steps_in_mode(topology.plans[name], mode):
                if isinstance(step, kind):
                    yield step, mode
