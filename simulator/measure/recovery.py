"""Recovery time and its waterfall (docs/model.md §8).

The clock and the rule "stays OK" are AWS Resilience Hub's *recovery*; the rule "OK through the whole fault" is its *isolation*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measure.windows import Windows
from simulator.outcome import Event, Outcome
from simulator.plan.timeline import FaultPlan

PHASES = (
    "detect",
    "decide",
    "change_dns",
    "caches_expire",
    "repair",
    "reconnect",
    "capacity_ready",
    "backlog_gone",
)


@dataclass(frozen=True)
class Phase:
    """One bar of the waterfall."""

    phase: str
    start_ns: int
    end_ns: int
    ended_by: str | None = None  # "repair" where the fault's end, not the phase's own course, ended it


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again until the next declared fault, or not."""

    start_ns: int
    horizon_ns: int  # the next declared fault, or the end of the run
    recovered_ns: int | None
    bit: bool  # whether the service was ever not OK
    phases: tuple[Phase, ...]

    @property
    def took_ns(self) -> int | None:
        """The recovery time."""
        return None if self.recovered_ns is None else self.recovered_ns - self.start_ns


def episodes(outcome: Outcome, objective: float) -> list[Episode]:
    """The episodes of a run, in order; a fault that begins before the service has recovered belongs to the earlier one."""
    windows = Windows.of(outcome, objective)
    duration_ns = outcome.plan.data.duration_ns
    starts = sorted({fault.start_ns for fault in outcome.plan.control.faults})
    found: list[Episode] = []
    open_start: int | None = None
    for start, horizon in zip(starts, [*starts[1:], duration_ns], strict=True):
        first = start if open_start is None else open_start
        episode = _episode(outcome, windows, first, horizon, objective)
        open_start = None if episode.recovered_ns is not None else first
        if open_start is None or horizon == duration_ns:
            found.append(episode)
    return found


def _episode(outcome: Outcome, windows: Windows, start_ns: int, horizon_ns: int, objective: float) -> Episode:
    bad = windows.bad_between(start_ns, horizon_ns)
    if not len(bad):
        return Episode(start_ns, horizon_ns, start_ns, False, ())
    recovered_ns = windows.end_of(int(bad[-1]))
    if not windows.any_ok_between(recovered_ns, horizon_ns):
        return Episode(start_ns, horizon_ns, None, True, ())
    return Episode(
        start_ns,
        horizon_ns,
        recovered_ns,
        True,
        tuple(_phases(outcome, windows, start_ns, recovered_ns, objective)),
    )


def is_isolated(outcome: Outcome, objective: float) -> bool | None:
    """Whether the service was OK through every fault; None without a fault or without any data during one."""
    windows = Windows.of(outcome, objective)
    spans = outcome.plan.data.fault_windows_ns
    if not any(windows.any_data_between(int(start), int(end)) for start, end in spans):
        return None
    return not any(len(windows.bad_between(int(start), int(end))) for start, end in spans)


# the waterfall


def _phases(
    outcome: Outcome, windows: Windows, start_ns: int, end_ns: int, objective: float
) -> Iterator[Phase]:
    """What the time went to; consecutive, from the fault's start to the recovery, so that the parts sum to the whole."""
    marks = _marks(outcome, windows, start_ns, end_ns, objective)
    at_ns = start_ns
    for phase, mark_ns, ended_by in marks:
        mark_ns = min(max(mark_ns, at_ns), end_ns)
        if mark_ns > at_ns:
            yield Phase(phase, at_ns, mark_ns, ended_by)
        at_ns = mark_ns


def _marks(
    outcome: Outcome, windows: Windows, start_ns: int, end_ns: int, objective: float
) -> list[tuple[str, int, str | None]]:
    """The end of each phase that happened, in order."""
    events = [event for event in outcome.events if start_ns <= event.at_ns <= end_ns]
    detected, changed = _first(events, "health_unhealthy"), _first(events, "answer_changed")
    repaired_ns = _repaired_ns(outcome, start_ns, end_ns)
    marks: list[tuple[str, int, str | None]] = []
    if detected is not None:
        marks.append(("detect", detected.at_ns, None))
    if changed is None or (repaired_ns is not None and repaired_ns < changed.at_ns):
        marks += [] if repaired_ns is None else [("repair", repaired_ns, None)]
        return [*marks, ("reconnect", end_ns, None)]
    requested = _first(events, "change_requested")
    if changed.detail["cause"] == "operator" and requested is not None:
        marks.append(("decide", requested.at_ns, None))
    marks.append(("change_dns", changed.at_ns, None))
    stale_ns = _last_stale_ns(outcome, windows, changed.at_ns, end_ns, objective)
    if repaired_ns is not None and stale_ns >= repaired_ns:
        marks.append(("caches_expire", repaired_ns, "repair"))
    else:
        marks.append(("caches_expire", stale_ns, None))
    return [*marks, ("reconnect", end_ns, None)]


def _first(events: list[Event], kind: str) -> Event | None:
    return next((event for event in events if event.kind == kind), None)


def _repaired_ns(outcome: Outcome, start_ns: int, end_ns: int) -> int | None:
    """When the last of the faults that began in the episode ended, if that was before its end."""
    ends = [fault.end_ns for fault in outcome.plan.control.faults if start_ns <= fault.start_ns <= end_ns]
    return max(ends) if ends and max(ends) <= end_ns else None


def faulted_regions(faults: tuple[FaultPlan, ...]) -> list[int]:
    """The regions that a fault names, as a place or as an end of a link."""
    named = {fault.region for fault in faults if fault.kind == "region"}
    return sorted(named)


def _last_stale_ns(outcome: Outcome, windows: Windows, from_ns: int, end_ns: int, objective: float) -> int:
    """End of the last window in which more attempts than the objective lets fail went to a faulted region on a cached answer."""
    regions = faulted_regions(outcome.plan.control.faults)
    begun = _begun(outcome).sum(axis=1)
    stale = outcome.tallies.window_cached[:, regions].sum(axis=1)
    share = stale / np.maximum(begun, 1)
    numbers = windows.numbers_between(from_ns, end_ns)
    late = numbers[share[numbers] > 1 - objective]
    return windows.end_of(int(late[-1])) if len(late) else from_ns


def _begun(outcome: Outcome) -> NDArray[np.int64]:
    t = outcome.tallies
    return t.window_fresh + t.window_cached + t.window_pinned


# the result's section


def section(outcome: Outcome, objective: float) -> dict[str, Any]:
    """The `recovery` section: the worst episode's time and waterfall, and all episodes."""
    found = episodes(outcome, objective)
    worst = max(found, key=_badness) if found else None
    return {
        "recovery_time_s": None if worst is None or worst.took_ns is None else worst.took_ns / 10**9,
        "recovered": None if worst is None else worst.recovered_ns is not None,
        "isolation": is_isolated(outcome, objective),
        "phases": [] if worst is None else [_phase(phase) for phase in worst.phases],
        "episodes": [_episode_section(episode) for episode in found],
        "objective": {"success": objective, "window_s": outcome.plan.data.window_ns / 10**9},
    }


def _badness(episode: Episode) -> float:
    return float("inf") if episode.took_ns is None else float(episode.took_ns)


def _phase(phase: Phase) -> dict[str, Any]:
    times = {"phase": phase.phase, "start_s": phase.start_ns / 10**9, "end_s": phase.end_ns / 10**9}
    return times | ({} if phase.ended_by is None else {"ended_by": phase.ended_by})


def _episode_section(episode: Episode) -> dict[str, Any]:
    recovered_ns, took_ns = episode.recovered_ns, episode.took_ns
    return {
        "start_s": episode.start_ns / 10**9,
        "horizon_s": episode.horizon_ns / 10**9,
        "recovered_s": None if recovered_ns is None else recovered_ns / 10**9,
        "recovery_time_s": None if took_ns is None else took_ns / 10**9,
        "service_was_not_ok": episode.bit,
    }
