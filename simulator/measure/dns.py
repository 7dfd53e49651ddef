"""Names: where answers came from, when they changed, how fast traffic followed."""

from typing import Any

import numpy as np

from simulator.measure.recovery import faulted_regions
from simulator.outcome import Outcome
from simulator.seam import LOOKUP_SOURCES

_LEVELS = (0.5, 0.1, 0.01)


def section(outcome: Outcome) -> dict[str, Any]:
    """The `dns` section."""
    t = outcome.tallies
    return {
        "lookups": dict(zip(LOOKUP_SOURCES, t.lookups.tolist(), strict=True)),
        "failures": t.lookup_failures,
        "empty_answers": t.lookup_empties,
        "detection_time_s": detection_time_s(outcome),
        "false_detections": _false_detections(outcome),
        "health": [_entry(e) for e in outcome.events if e.kind in ("health_unhealthy", "health_healthy")],
        "answers": [_entry(e) | e.detail for e in outcome.events if e.kind == "answer_changed"],
        "cut_over": cut_over(outcome),
    }


def _entry(event: Any) -> dict[str, Any]:
    return {"at_s": event.at_ns / 10**9, "event": event.kind, "target": event.target}


def detection_time_s(outcome: Outcome) -> float | None:
    """From the first fault's start to the first health check that turned unhealthy after it."""
    starts = outcome.plan.data.fault_windows_ns[:, 0]
    found = [
        e.at_ns
        for e in outcome.events
        if e.kind == "health_unhealthy" and len(starts) and e.at_ns >= starts[0]
    ]
    return (found[0] - int(starts[0])) / 10**9 if found else None


def _false_detections(outcome: Outcome) -> int:
    """Times a check turned unhealthy while no fault acted."""
    spans = outcome.plan.data.fault_windows_ns
    unhealthy = [event.at_ns for event in outcome.events if event.kind == "health_unhealthy"]
    return sum(not ((spans[:, 0] <= at_ns) & (at_ns <= spans[:, 1])).any() for at_ns in unhealthy)


def cut_over(outcome: Outcome) -> dict[str, float | None] | None:
    """Seconds from the first change of answers until less than a half, a tenth, a hundredth of attempts went to a faulted region."""
    changed = next((event.at_ns for event in outcome.events if event.kind == "answer_changed"), None)
    regions = faulted_regions(outcome.plan.control.faults)
    if changed is None or not regions:
        return None
    t, width_ns = outcome.tallies, outcome.plan.data.window_ns
    begun = (t.window_fresh + t.window_cached + t.window_pinned)[changed // width_ns :]
    share = begun[:, regions].sum(axis=1) / np.maximum(begun.sum(axis=1), 1)
    return {f"below_{level:.0%}_s": _first_below(share, level, changed, width_ns) for level in _LEVELS}


def _first_below(share: Any, level: float, changed_ns: int, width_ns: int) -> float | None:
    below = np.flatnonzero(share < level)
    if not len(below):
        return None
    return max((changed_ns // width_ns + int(below[0])) * width_ns - changed_ns, 0) / 10**9
