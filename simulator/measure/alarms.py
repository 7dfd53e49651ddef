"""What alarms told, when, and why some did not (docs/monitoring.md, "Alarms")."""

from collections.abc import Iterator

from simulator.boundary.events import ALARM_ACKNOWLEDGED, ALARM_CHANGED, ALARM_TOLD, FAULT_OFF, FAULT_ON
from simulator.boundary.kinds import NEVER_NS
from simulator.outcome import AlarmSeen, Event, Outcome
from simulator.plan.alarms import LATEST_NS, AlarmPlan, BurnPlan, CompositePlan, ThresholdPlan
from simulator.result.alarms import Alarm, Band

_S_NS = 10**9


def section(outcome: Outcome) -> tuple[Alarm, ...]:
    """The `alarms` section, in file order."""
    return tuple(_alarm(seen, outcome) for seen in outcome.alarms)


def _alarm(seen: AlarmSeen, outcome: Outcome) -> Alarm:
    plan, changes = seen.plan, _events(outcome, ALARM_CHANGED.name, seen.plan)
    spans_ns = faults_ns(outcome)
    raised = [one for one in changes if one.detail["state"] == "ALARM"]
    due = [one for one in raised if _is_due(one.at_ns, spans_ns, looks_back_ns(plan))]
    first_ns = due[0].at_ns if due else None
    returned_ns = _returned_ns(changes)
    missed = bool(spans_ns) and not due
    return Alarm(
        alarm=plan.name,
        region=plan.region,
        state=seen.state,
        alarms=len(raised),
        intervals_s=tuple(_intervals_s(changes, outcome.plan.data.duration_ns)),
        false_alarms=len(raised) - len(due),
        first_s=_s(first_ns),
        time_to_detect_s=_s(first_ns, spans_ns[0][0] if spans_ns else 0),
        told_s=_s(_after(outcome, ALARM_TOLD.name, plan, first_ns)),
        acknowledged_s=_s(_after(outcome, ALARM_ACKNOWLEDGED.name, plan, first_ns)),
        returned_s=_s(returned_ns),
        time_to_return_s=_to_return_s(returned_ns, first_ns, spans_ns),
        missed=missed,
        silent_because=_why(seen, spans_ns, outcome) if missed else "",
        highest_share=_highest_share(seen),
        nearest=seen.extreme,
        band=_band(seen),
    )


def _band(seen: AlarmSeen) -> Band | None:
    if seen.band is None or not isinstance(seen.plan.on, ThresholdPlan):
        return None
    begin_ns, value, lower, expected, upper = seen.band
    return Band(seen.plan.on.period_ns / _S_NS, begin_ns / _S_NS, value, lower, expected, upper)


def _intervals_s(changes: list[Event], end_ns: int) -> Iterator[tuple[float, float]]:
    """When an alarm was in ALARM."""
    ends_ns = [*(one.at_ns for one in changes[1:]), end_ns]
    for one, until_ns in zip(changes, ends_ns, strict=False):
        if one.detail["state"] == "ALARM":
            yield one.at_ns / _S_NS, until_ns / _S_NS


def _s(at_ns: int | None, from_ns: int = 0) -> float | None:
    return None if at_ns is None else (at_ns - from_ns) / _S_NS


def _events(outcome: Outcome, kind: str, plan: AlarmPlan) -> list[Event]:
    return [one for one in outcome.events if one.kind == kind and one.target == plan.name]


def _after(outcome: Outcome, kind: str, plan: AlarmPlan, from_ns: int | None) -> int | None:
    """The first entry of a kind about an alarm from an instant on."""
    if from_ns is None:
        return None
    return next((one.at_ns for one in _events(outcome, kind, plan) if one.at_ns >= from_ns), None)


def faults_ns(outcome: Outcome) -> list[tuple[int, int]]:
    """When faults acted, each from its begin to its end; the end of one that lasts is never."""
    open_ns: dict[str, int] = {}
    spans: list[tuple[int, int]] = []
    for event in outcome.events_of(FAULT_ON, FAULT_OFF):
        if event.kind == FAULT_ON.name:
            open_ns[event.target] = event.at_ns
        elif event.target in open_ns:
            spans.append((open_ns.pop(event.target), event.at_ns))
    return sorted([*spans, *((begun_ns, NEVER_NS) for begun_ns in open_ns.values())])


def looks_back_ns(plan: AlarmPlan) -> int:
    """How long after a fault an alarm may still speak because of it."""
    on = plan.on
    if isinstance(on, CompositePlan):
        return LATEST_NS
    back_ns = on.windows_ns[0] if isinstance(on, BurnPlan) else on.looked_at * on.period_ns
    return back_ns + on.every_ns + LATEST_NS


def _is_due(at_ns: int, spans_ns: list[tuple[int, int]], back_ns: int) -> bool:
    return any(begun_ns <= at_ns <= ended_ns + back_ns for begun_ns, ended_ns in spans_ns)


def _returned_ns(changes: list[Event]) -> int | None:
    """When an alarm last left ALARM, if it is not in it."""
    if not changes or changes[-1].detail["state"] == "ALARM":
        return None
    left = [one.at_ns for one in changes if one.detail["before"] == "ALARM"]
    return left[-1] if left else None


def _to_return_s(
    returned_ns: int | None, first_ns: int | None, spans_ns: list[tuple[int, int]]
) -> float | None:
    if returned_ns is None or first_ns is None or returned_ns < first_ns:
        return None
    last_ns = max(ended_ns for _, ended_ns in spans_ns)
    return None if last_ns >= NEVER_NS else (returned_ns - last_ns) / _S_NS


def _why(seen: AlarmSeen, spans_ns: list[tuple[int, int]], outcome: Outcome) -> str:
    """Why an alarm never spoke although a fault acted."""
    if isinstance(seen.plan.on, CompositePlan):
        return "rule_not_met"
    begun_ns, ended_ns = spans_ns[0][0], min(spans_ns[0][1], outcome.plan.data.duration_ns)
    dark_ns = sum(max(min(to, ended_ns) - max(from_, begun_ns), 0) for from_, to in seen.dark_ns)
    if dark_ns > (ended_ns - begun_ns) / 2:
        return "in_the_lost_region"
    if not seen.points:
        return "no_band" if seen.without_limit else "missing_data"
    if seen.breaching:
        return "too_short"
    return "threshold_not_reached" if seen.band is None else "within_the_band"


def _highest_share(seen: AlarmSeen) -> float | None:
    if isinstance(seen.plan.on, CompositePlan):
        return None
    needed = len(seen.plan.on.windows_ns) if isinstance(seen.plan.on, BurnPlan) else seen.plan.on.points
    return min(seen.breaching / needed, 1.0)
