"""The waterfall of a recovery: what the time went to (docs/measures.md, "Waterfall")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import ANSWER_CHANGED, CHANGE_REQUESTED, HEALTH_UNHEALTHY, EventKind
from simulator.measure.windows import Windows
from simulator.outcome import Event, Outcome
from simulator.plan.timeline import FaultPlan

PHASES = (
    "detect",
    "decide",
    "change_dns",
    "caches_expire",
    "repair",
    "capacity_ready",
    "reconnect",
)
"""Every phase, in the order in which they happen."""


@dataclass(frozen=True)
class Phase:
    """One bar of the waterfall."""

    phase: str
    start_ns: int
    end_ns: int
    ended_by: str | None = None  # "repair" where the fault's end, not the phase's own course, ended it


@dataclass(frozen=True)
class _Mark:
    """The end of a phase."""

    phase: str
    at_ns: int
    ended_by: str | None = None


def phases(outcome: Outcome, windows: Windows, start_ns: int, end_ns: int, objective: float) -> list[Phase]:
    """The phases from a fault's start to the recovery: consecutive, so that they sum to the recovery time."""
    found, at_ns = [], start_ns
    for mark in _marks(outcome, windows, start_ns, end_ns, objective):
        until_ns = min(max(mark.at_ns, at_ns), end_ns)
        if until_ns > at_ns:
            found.append(Phase(mark.phase, at_ns, until_ns, mark.ended_by))
        at_ns = until_ns
    return found


def _marks(
    outcome: Outcome, windows: Windows, start_ns: int, end_ns: int, objective: float
) -> Iterator[_Mark]:
    """The end of each phase that happened, in order; `reconnect` takes what is left."""
    repaired_ns = _repaired_ns(outcome, start_ns, end_ns)
    until_ns = end_ns if repaired_ns is None else repaired_ns
    events = [event for event in outcome.events if start_ns <= event.at_ns <= until_ns]
    changed = _first(events, ANSWER_CHANGED)
    yield from _until_change(events, changed)
    from_ns = changed.at_ns if changed is not None else start_ns if repaired_ns is None else repaired_ns
    if changed is not None:
        regions = faulted_regions(_begun_between(outcome, start_ns, end_ns), outcome.plan.data.region_count)
        stale_ns = _last_stale_ns(outcome, windows, changed.at_ns, end_ns, objective, regions)
        by_repair = repaired_ns is not None and stale_ns >= repaired_ns
        yield _Mark("caches_expire", *((until_ns, "repair") if by_repair else (stale_ns, None)))
    elif repaired_ns is not None:
        yield _Mark("repair", repaired_ns)
    yield _Mark("capacity_ready", _last_rejecting_ns(outcome, windows, from_ns, end_ns, objective))
    yield _Mark("reconnect", end_ns)


def _until_change(events: list[Event], changed: Event | None) -> Iterator[_Mark]:
    """Detection, an operator's decision, the change of the answers, as far as they happened in this order."""
    detected = _first(events, HEALTH_UNHEALTHY)
    requested = None
    if changed is not None and changed.detail["cause"] == "operator":
        requested = _first([event for event in events if event.subject == changed.subject], CHANGE_REQUESTED)
    followed_by = requested or changed
    if detected is not None and (followed_by is None or detected.at_ns <= followed_by.at_ns):
        yield _Mark("detect", detected.at_ns)
    if requested is not None:
        yield _Mark("decide", requested.at_ns)
    if changed is not None:
        yield _Mark("change_dns", changed.at_ns)


def _first(events: list[Event], kind: EventKind[Any]) -> Event | None:
    return next((event for event in events if event.kind == kind.name), None)


def _repaired_ns(outcome: Outcome, start_ns: int, end_ns: int) -> int | None:
    """When the last of the faults that began in the episode ended, if that was before the recovery."""
    ends = [fault.end_ns for fault in _begun_between(outcome, start_ns, end_ns)]
    return max(ends) if ends and max(ends) <= end_ns else None


def _begun_between(outcome: Outcome, start_ns: int, end_ns: int) -> list[FaultPlan]:
    """The faults of the episode."""
    return [fault for fault in outcome.plan.control.faults if start_ns <= fault.start_ns < end_ns]


def faulted_regions(faults: Iterable[FaultPlan], region_count: int) -> list[int]:
    """The regions that faults strike, so that users may be led elsewhere."""
    return sorted(set[int]().union(*(fault.shunned(region_count) for fault in faults)))


def begun(outcome: Outcome) -> NDArray[np.int64]:
    """Attempts begun by window and region, however their address was found."""
    t = outcome.tallies
    return t.window_fresh + t.window_cached + t.window_pinned


def _last_stale_ns(
    outcome: Outcome, windows: Windows, from_ns: int, end_ns: int, objective: float, regions: list[int]
) -> int:
    """End of the last window in which cached answers led more attempts to struck regions than may fail."""
    stale = outcome.tallies.window_cached[:, regions].sum(axis=1)
    share = stale / np.maximum(begun(outcome).sum(axis=1), 1)
    numbers = windows.numbers_between(from_ns, end_ns)
    late = numbers[share[numbers] > 1 - objective]
    return windows.end_of(int(late[-1])) if len(late) else from_ns


def _last_rejecting_ns(
    outcome: Outcome, windows: Windows, from_ns: int, end_ns: int, objective: float
) -> int:
    """End of the last window in which more attempts than may fail were throttled or found a full queue."""
    t = outcome.tallies
    ended = (t.window_served + t.window_failed_region).sum(axis=1)
    share = t.window_rejected.sum(axis=1) / np.maximum(ended, 1)
    numbers = windows.numbers_between(from_ns, end_ns)
    late = numbers[share[numbers] > 1 - objective]
    return windows.end_of(int(late[-1])) if len(late) else from_ns
