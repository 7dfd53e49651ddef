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
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.subjects import (
    OfPlan,
    OfPlanStep,
)
from simulator.outcome import Event, Outcome
from simulator.plan import failover_plans as lowered
from simulator.plan.names import NamePlan
from simulator.plan.promotions import PromotionPlan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.waits import FlipPlan
from simulator.records import dataclass
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
        mode=plan.mode,
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


# what the waterfall asks for


@dataclass(frozen=True)
class Stage:
    """What people waited for: a phase of the waterfall, its step if it is one, begin and end."""

    phase: str
    begun_ns: int
    ended_ns: int
    step: str = ""


def stages_before_change(outcome: Outcome, name: str, requested_ns: int) -> list[Stage]:
    """What a plan did until it asked for a record change; nothing if no plan did."""
    names = outcome.plan.control.of(NamePlan)
    for plan in outcome.plan.control.of(lowered.PlanRun):
        for step in plan.steps:
            if isinstance(step.does, ChangePlan | FlipPlan) and names[step.does.name].name == name:
                log = _Log(outcome, plan)
                begun_ns, ended_ns = _span_ns(log, step)
                if begun_ns is not None and begun_ns <= requested_ns <= ended_ns:
                    last = Stage("plan_step", begun_ns, requested_ns, step.name)
                    return [*_until(plan, log, begun_ns), last]
    return []


def stages_before_answer(outcome: Outcome, answered: Event) -> list[Stage]:
    """What a plan did until the step from which other answers by health follow; nothing if none did."""
    begun = _step_behind(outcome, answered)
    if begun is None:
        return []
    plan = next(one for one in outcome.plan.control.of(lowered.PlanRun) if one.number == begun.detail["run"])
    step = next(one for one in plan.steps if one.number == begun.detail["step"])
    log = _Log(outcome, plan)
    _, ended_ns = _span_ns(log, step)
    last = Stage("plan_step", begun.at_ns, min(ended_ns, answered.at_ns), step.name)
    return [*_until(plan, log, begun.at_ns), last]


def _step_behind(outcome: Outcome, event: Event) -> Event | None:
    """The begin of the plan's step that an entry follows from, over any number of others."""
    by_number = {one.number: one for one in outcome.events}
    while event.kind != PLAN_STEP_BEGAN.name:
        if event.cause is None:
            return None
        event = by_number[event.cause]
    return event


def stages_of_promotion(outcome: Outcome) -> list[Stage]:
    """What the first plan that promotes a database did, until that was done or given up."""
    for plan in outcome.plan.control.of(lowered.PlanRun):
        log = _Log(outcome, plan)
        for step in plan.steps:
            begun_ns, ended_ns = _span_ns(log, step)
            if isinstance(step.does, PromotionPlan) and begun_ns is not None:
                ended_ns = min(ended_ns, outcome.plan.data.duration_ns)
                return [*_until(plan, log, begun_ns), Stage("plan_step", begun_ns, ended_ns, step.name)]
    return []


def _span_ns(log: _Log, step: lowered.StepPlan) -> tuple[int | None, int]:
    """When a step began, and when it was done or given up."""
    begun = log.of_step(step.number, PLAN_STEP_BEGAN)
    ended = [*log.of_step(step.number, PLAN_STEP_DONE), *log.of_step(step.number, PLAN_STEP_STRANDED)]
    return (begun[0].at_ns if begun else None), (ended[0].at_ns if ended else NEVER_NS)


def _until(plan: lowered.PlanRun, log: _Log, until_ns: int) -> list[Stage]:
    """What a step waited for: the trigger, the decision, and of the steps before it the last to end."""
    triggered = log.last(PLAN_TRIGGERED)
    assert triggered is not None
    spans = [(*_span_ns(log, step), step) for step in plan.steps if step.kind != "plan"]
    done = [(ended, begun, step) for begun, ended, step in spans if begun is not None and begun < ended]
    found: list[Stage] = []
    while steps := [one for one in done if one[0] == until_ns]:
        ended_ns, begun_ns, step = min(steps, key=lambda one: one[1])
        phase = "approve" if step.kind == "approve" else "plan_step"
        found.insert(0, Stage(phase, begun_ns, ended_ns, step.name))
        until_ns = begun_ns
    before, at_ns = [Stage("await_trigger", 0, triggered.at_ns)], triggered.at_ns
    for phase, kind in (("reach_people", PLAN_ACKNOWLEDGED), ("decide", PLAN_DECIDED)):
        if (event := log.last(kind)) is not None:
            before.append(Stage(phase, at_ns, event.at_ns))
            at_ns = event.at_ns
    return [*before, *found]
