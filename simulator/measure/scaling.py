"""What scalers did, and what was there because of them (docs/scaling.md §7)."""

from collections.abc import Iterator, Sequence

from simulator.boundary.events import (
    CONCURRENCY_RAISED,
    LAUNCH_FAILED,
    NODE_LAUNCHED,
    NODE_LEFT,
    SCALED,
    SCALING_REFUSED,
    THROUGHPUT_LOWERED,
    THROUGHPUT_RAISED,
)
from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_scaling import NO_SCALER
from simulator.measure.alarms import faults_ns
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Event, Outcome
from simulator.plan.scaling import FunctionScaled, NodesScaled, ScalingPlan, TableScaled
from simulator.result.scaling import Scaler, ScalingAction, ScalingRefused, There
from simulator.result.whole import Sections

_S_NS = 10**9
_CLOCK = "schedule"


def section(outcome: Outcome) -> tuple[Scaler, ...] | None:
    """The `scaling` section; None without a scaler."""
    plans = outcome.plan.control.of(ScalingPlan)
    return tuple(_scaler(plan, outcome) for plan in plans) or None


def _scaler(plan: ScalingPlan, outcome: Outcome) -> Scaler:
    actions, there = tuple(_actions(plan, outcome)), tuple(_there(plan, outcome))
    less = [one for one in actions if one.to < one.before]
    trapped = [one for one in less if one.during_fault and one.policy != _CLOCK]
    amounts = [one.capacity for one in there]
    return Scaler(
        scaler=plan.name,
        of=plan.subject,
        unit=plan.unit,
        at_first=plan.at_first,
        least=min(amounts),
        most=max(amounts),
        at_end=amounts[-1],
        scaled_out=len(actions) - len(less),
        scaled_in=len(less),
        scaled_in_during_fault=len(trapped),
        launches_failed=sum(_is_of(event, plan) for event in outcome.events_of(LAUNCH_FAILED)),
        actions=actions,
        refused=tuple(_refused(plan, outcome)),
        capacity=there,
    )


def _actions(plan: ScalingPlan, outcome: Outcome) -> Iterator[ScalingAction]:
    spans_ns = faults_ns(outcome)
    for event in outcome.events_of(SCALED):
        if event.target == plan.name:
            acts = any(begun_ns <= event.at_ns < ended_ns for begun_ns, ended_ns in spans_ns)
            found = event.detail
            yield ScalingAction(event.at_ns / _S_NS, found["before"], found["to"], found["policy"], acts)


def _refused(plan: ScalingPlan, outcome: Outcome) -> Iterator[ScalingRefused]:
    for event in outcome.events_of(SCALING_REFUSED):
        if event.target == plan.name:
            yield ScalingRefused(event.at_ns / _S_NS, event.detail["to"], event.detail["why"])


# what was there


def _is_of(event: Event, plan: ScalingPlan) -> bool:
    """Whether an entry is about what is scaled, or a node of it."""
    return event.target == plan.subject or event.target.startswith(f"{plan.subject} node ")


def _there(plan: ScalingPlan, outcome: Outcome) -> Iterator[There]:
    """From when on there was how much; of several changes at one instant the last."""
    found = {0.0: plan.at_first}
    for event in outcome.events:
        changed = _changed(event, plan)
        if changed is not None:
            found[event.at_ns / _S_NS] = changed
    yield from (There(from_s, capacity) for from_s, capacity in found.items())


def _changed(event: Event, plan: ScalingPlan) -> float | None:
    """How much there is after an entry; None if it says nothing of that."""
    if event.kind == SCALED.name:  # fewer environments are there at once
        less = event.target == plan.name and event.detail["to"] < event.detail["before"]
        return float(event.detail["to"]) if less and isinstance(plan.of, FunctionScaled) else None
    if isinstance(plan.of, TableScaled):
        return _throughput(event, plan, plan.of)
    if not _is_of(event, plan):
        return None
    if isinstance(plan.of, NodesScaled):
        return float(event.detail["nodes"]) if event.kind in (NODE_LAUNCHED.name, NODE_LEFT.name) else None
    return float(event.detail["provisioned"]) if event.kind == CONCURRENCY_RAISED.name else None


def _throughput(event: Event, plan: ScalingPlan, of: TableScaled) -> float | None:
    """Units a second: to write, of the whole table, whoever has changed them."""
    if event.kind not in (THROUGHPUT_RAISED.name, THROUGHPUT_LOWERED.name):
        return None
    is_whole = of.way == 0 and event.target.partition("@")[0] == plan.subject.partition("@")[0]
    if not is_whole and event.target != plan.subject:
        return None
    return float(event.detail["write" if of.way == 0 else "read"]) or None


# what expectations ask for


def _scalers(run: Sections, asked: Asked) -> Sequence[Scaler]:
    """One scaler, or all."""
    return [one for one in run.scaling or () if asked.scaler in (None, one.scaler)]


READERS: Readers = {
    "scaling_actions": lambda run, asked: float(sum(len(one.actions) for one in _scalers(run, asked))),
    "scaled_in_during_fault": lambda run, asked: float(
        sum(one.scaled_in_during_fault for one in _scalers(run, asked))
    ),
    "least_capacity": lambda run, asked: min((one.least for one in _scalers(run, asked)), default=None),
    "most_capacity": lambda run, asked: max((one.most for one in _scalers(run, asked)), default=None),
}

REASONS: Reasons = {NO_SCALER: lambda run, _: run.scaling is None}
