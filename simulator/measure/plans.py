"""What failover plans took, step by step, and where they stranded (docs/measures.md, "Failover plans")."""

from simulator.boundary.events import (
    PLAN_ACKNOWLEDGED,
    PLAN_DECIDED,
    PLAN_DONE,
    PLAN_NOT_BEGUN,
    PLAN_STEP_BEGAN,
    PLAN_STEP_DONE,
    PLAN_STEP_REFUSED,
    PLAN_STEP_STRANDED,
    PLAN_STRANDED,
    PLAN_TRIGGERED,
    EventKind,
    OfPlan,
    OfPlanStep,
)
from simulator.outcome import Event, Outcome
from simulator.plan import failover_plans as lowered
from simulator.result.plans import PlanRun, PlanStep

_S_NS = 10**9


def section(outcome: Outcome) -> tuple[PlanRun, ...]:
    """The `plans` section: the runs that were triggered, in the order in which they were."""
    runs = (_run(plan, _Log(outcome, plan)) for plan in outcome.plan.control.of(lowered.PlanRun))
    return tuple(sorted((run for run in runs if run is not None), key=lambda run: run.triggered_s))


class _Log:
    """What one run has logged."""

    def __init__(self, outcome: Outcome, plan: lowered.PlanRun) -> None:
        kinds = (OfPlan, OfPlanStep)
        of_plans = (event for event in outcome.events if isinstance(event.subject, kinds))
        self._events = [event for event in of_plans if event.detail["run"] == plan.number]

    def last(self, *kinds: EventKind[OfPlan]) -> Event | None:
        """The last entry of some kinds about the plan."""
        names = {kind.name for kind in kinds}
        return next((one for one in reversed(self._events) if one.kind in names), None)

    def of_step(self, step: int, kind: EventKind[OfPlanStep]) -> list[Event]:
        """The entries of a kind about a step."""
        return [one for one in self._events if one.kind == kind.name and one.detail["step"] == step]


def _at_s(event: Event | None) -> float | None:
    return None if event is None else event.at_ns / _S_NS


_STATES = {PLAN_DONE.name: "done", PLAN_STRANDED.name: "stranded", PLAN_NOT_BEGUN.name: "not_begun"}


def _run(plan: lowered.PlanRun, log: _Log) -> PlanRun | None:
    """None if it has not been triggered."""
    triggered, ended = log.last(PLAN_TRIGGERED), log.last(PLAN_DONE, PLAN_STRANDED)
    if triggered is None:
        return None
    last = ended or log.last(PLAN_NOT_BEGUN)
    steps = tuple(_step(step, log) for step in plan.steps)
    state = "open" if last is None else _STATES[last.kind]
    return PlanRun(
        plan=plan.name,
        triggered_s=triggered.at_ns / _S_NS,
        by=str(triggered.detail["by"]),
        owner="" if plan.decision is None else plan.decision.owner,
        acknowledged_s=_at_s(log.last(PLAN_ACKNOWLEDGED)),
        decided_s=_at_s(log.last(PLAN_DECIDED)),
        ended_s=_at_s(ended),
        took_s=None if ended is None or state != "done" else (ended.at_ns - triggered.at_ns) / _S_NS,
        state=state,
        stranded_at=tuple(one.step for one in steps if one.state == "stranded"),
        undone=tuple(one.step for one in steps if one.state != "done"),
        steps=steps,
    )


def _step(step: lowered.StepPlan, log: _Log) -> PlanStep:
    begun = next(iter(log.of_step(step.number, PLAN_STEP_BEGAN)), None)
    done = next(iter(log.of_step(step.number, PLAN_STEP_DONE)), None)
    stranded = next(iter(log.of_step(step.number, PLAN_STEP_STRANDED)), None)
    refused = log.of_step(step.number, PLAN_STEP_REFUSED)
    why, since_s = _lacked(stranded, refused)
    state = "done" if done is not None else "stranded" if stranded is not None else "open"
    return PlanStep(
        step=step.name,
        kind=step.kind,
        owner=step.owner,
        begun_s=_at_s(begun),
        ended_s=_at_s(done or stranded),
        state="not_begun" if begun is None else state,
        refused=len(refused),
        lacked=why,
        lacked_since_s=since_s,
    )


def _lacked(stranded: Event | None, refused: list[Event]) -> tuple[str, float | None]:
    """Why a step could not be done the last time, and since when."""
    if stranded is not None:
        return str(stranded.detail["why"]), float(stranded.detail["since_s"])
    if not refused:
        return "", None
    why = str(refused[-1].detail["why"])
    since = next(event.at_ns for event in refused if event.detail["why"] == why)
    return why, since / _S_NS
