"""Names: where answers came from, when they changed, how fast traffic followed."""

import numpy as np

from simulator.boundary.events import (
    ANSWER_CHANGED,
    HEALTH_DATA_BACK,
    HEALTH_DATA_MISSING,
    HEALTH_HEALTHY,
    HEALTH_UNHEALTHY,
)
from simulator.boundary.outcomes import LOOKUP_SOURCES
from simulator.boundary.subjects import (
    OfCheck,
    OfRecord,
)
from simulator.measure.reading import Readers, Reasons
from simulator.measure.waterfall import begun, faulted_regions
from simulator.outcome import Event, Outcome
from simulator.plan.alarms import LATEST_NS, AlarmPlan, ThresholdPlan
from simulator.plan.health_checks import AlarmCheckPlan, CheckPlan
from simulator.plan.lowered import ControlPlan
from simulator.result.dns import AnswerChange, CutOver, Dns, HealthChange

_HEALTH = (HEALTH_UNHEALTHY, HEALTH_HEALTHY, HEALTH_DATA_MISSING, HEALTH_DATA_BACK)
_LEVELS = (0.5, 0.1, 0.01)


def section(outcome: Outcome) -> Dns:
    """The `dns` section."""
    t = outcome.tallies
    return Dns(
        next_addresses=t.next_addresses,
        repeated=t.repeated,
        lookups=dict(zip(LOOKUP_SOURCES, t.lookups.tolist(), strict=True)),
        failures=t.lookup_failures,
        empty_answers=t.lookup_empties,
        detection_time_s=detection_time_s(outcome),
        false_detections=_false_detections(outcome),
        health=tuple(map(_health, outcome.events_of(*_HEALTH))),
        answers=tuple(map(_answer, outcome.events_of(ANSWER_CHANGED))),
        cut_over=cut_over(outcome),
    )


def _health(event: Event) -> HealthChange:
    assert isinstance(event.subject, OfCheck | OfRecord)
    return HealthChange(event.at_ns / 10**9, event.kind, event.target, event.subject.region)


def _answer(event: Event) -> AnswerChange:
    return AnswerChange(event.at_ns / 10**9, event.kind, event.target, **event.detail)


def detection_time_s(outcome: Outcome) -> float | None:
    """From the first fault's start to the first health check that turned unhealthy after it."""
    starts = outcome.plan.data.fault_windows_ns[:, 0]
    found = [
        event.at_ns
        for event in outcome.events_of(HEALTH_UNHEALTHY)
        if len(starts) and event.at_ns >= starts[0]
    ]
    return (found[0] - int(starts[0])) / 10**9 if found else None


def _false_detections(outcome: Outcome) -> int:
    """Times a check turned unhealthy while no fault acted, and nothing that it had seen of one was left."""
    spans, late_ns = outcome.plan.data.fault_windows_ns, _latest_ns(outcome.plan.control)
    unhealthy = [event.at_ns for event in outcome.events_of(HEALTH_UNHEALTHY)]
    return sum(not ((spans[:, 0] <= at_ns) & (at_ns <= spans[:, 1] + late_ns)).any() for at_ns in unhealthy)


def _latest_ns(control: ControlPlan) -> int:
    """How long after its end a fault may still turn a check.

    A probe sent during it may be under way; and the data of alarms that checks follow are those of some
    periods, each published late, and looked at now and then.
    """
    probes = (check.connect_timeout_ns + check.answer_timeout_ns for check in control.of(CheckPlan))
    alarms = {alarm.name: alarm.on for alarm in control.of(AlarmPlan)}
    followed = (
        (alarms[name], check.every_ns)
        for check in control.of(AlarmCheckPlan)
        for name in check.alarms.values()
    )
    seen = (
        on.looked_at * on.period_ns + LATEST_NS + every_ns
        for on, every_ns in followed
        if isinstance(on, ThresholdPlan)
    )
    return max((*probes, *seen), default=0)


def cut_over(outcome: Outcome) -> CutOver | None:
    """Seconds from the first change of answers until few attempts went to a region that a fault strikes then.

    Few are less than a half, a tenth, a hundredth, by window, from the one in which the answers change.
    """
    changed = next((event.at_ns for event in outcome.events_of(ANSWER_CHANGED)), None)
    if changed is None:
        return None
    data = outcome.plan.data
    acting = [fault for fault in outcome.plan.control.faults if fault.start_ns <= changed < fault.end_ns]
    regions = faulted_regions(acting, data.region_count)
    if not regions:
        return None
    first = (changed - data.window_first_ns) // data.window_ns
    sent = begun(outcome)[first:]
    total = sent.sum(axis=1)
    share = np.where(total > 0, sent[:, regions].sum(axis=1) / np.maximum(total, 1), 1.0)
    windows = (np.flatnonzero(share < level) for level in _LEVELS)
    return CutOver(
        *(
            max(data.window_first_ns + (first + int(below[0])) * data.window_ns - changed, 0) / 10**9
            if len(below)
            else None
            for below in windows
        )
    )


READERS: Readers = {"detection_time": lambda run, _: run.dns.detection_time_s}

REASONS: Reasons = {}
