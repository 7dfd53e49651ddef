"""Recovery time, isolation, and whether each fault was felt (docs/measures.md, "Recovery").

The clock and the rule "stays OK" are AWS Resilience Hub's *recovery*; "OK through the whole fault" is its
*isolation*.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from simulator.boundary.events import CHANGE_REFUSED
from simulator.boundary.measures import NO_FAULT, NOT_MET, Asked
from simulator.measure import service
from simulator.measure.reading import NotShown, Readers, Reasons
from simulator.measure.service import Block, State
from simulator.measure.waterfall import Phase, phases
from simulator.measure.windows import Windows
from simulator.outcome import Outcome
from simulator.plan.faults.control_planes import ControlPlaneFaultPlan
from simulator.plan.timeline import FaultPlan
from simulator.result import recovery as result
from simulator.result.whole import Sections
from simulator.units import format_duration

LEVELS = (0.5, 0.9, 0.95, 0.99, 0.999)
"""The shares of the ladder."""

Objective = result.Objective


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again and staying OK, or to the end of the run."""

    horizon_ns: int  # the next declared fault, or the end of the run
    found: service.Recovery
    phases: tuple[Phase, ...] = ()


def service_windows(outcome: Outcome) -> service.Windows:
    """Actions of people by the window in which they began."""
    t, data = outcome.tallies, outcome.plan.data
    carried = np.cumsum(t.window_waits_from - t.window_waits_until)
    return service.Windows(
        data.window_first_ns, data.window_ns, data.duration_ns, t.window_begun, t.window_bad, carried
    )


def _starts(outcome: Outcome) -> list[int]:
    return sorted({fault.start_ns for fault in outcome.plan.control.faults})


def _blocks(outcome: Outcome, failures: float) -> list[Block]:
    return service.blocks(service_windows(outcome), failures, _starts(outcome))


def episodes(outcome: Outcome, objective: Objective) -> list[Episode]:
    """The episodes of a run, in order.

    A fault that begins before the service is known to have recovered belongs to the earlier fault's
    episode.
    """
    failures, hold_ns = _failures(objective.success), round(objective.hold_s * 10**9)
    blocks, duration_ns = _blocks(outcome, failures), outcome.plan.data.duration_ns
    found: list[Episode] = []
    first: int | None = None
    for start, horizon in pairwise([*_starts(outcome), duration_ns]):
        first = start if first is None else first
        one = service.recovery(blocks, first, horizon, hold_ns, failures)
        if one.is_shown or horizon == duration_ns:
            found.append(Episode(horizon, one, _phases(outcome, one, objective)))
            first = None
    return found


def _failures(success: float) -> float:
    """The share of bad actions that is allowed; 99 % leave 1 %, to the last digit that people write."""
    return round(1 - success, 12)


def _phases(outcome: Outcome, found: service.Recovery, objective: Objective) -> tuple[Phase, ...]:
    if not found.was_not_ok:
        return ()
    windows = Windows.of(outcome)
    return tuple(phases(outcome, windows, found.start_ns, found.recovered_ns, objective.success))


def is_isolated(outcome: Outcome, success: float) -> bool | None:
    """Whether the service was OK through every fault; None without a fault, or if that is open."""
    spans = [(int(start), int(end)) for start, end in outcome.plan.data.fault_windows_ns]
    return service.is_isolated(_blocks(outcome, _failures(success)), spans)


def section(outcome: Outcome, objective: Objective, shares: Iterable[float] = ()) -> result.Recovery:
    """The `recovery` section: the worst episode's time and waterfall, all episodes, and the faults."""
    found = episodes(outcome, objective) if outcome.tallies.window_begun.any() else []
    worst = max(found, key=_badness) if found else None
    complaint = "" if worst is None else _why_not_shown(outcome, worst, objective)
    return result.Recovery(
        recovery_time_s=None if worst is None else worst.found.took_ns / 10**9,
        shown=None if worst is None else not complaint,
        not_shown=complaint,
        isolation=is_isolated(outcome, objective.success),
        ladder=() if worst is None else _ladder(outcome, worst, objective, {*LEVELS, *shares}),
        user_minutes_lost=outcome.tallies.lost_user_ms / 60_000,
        phases=() if worst is None else tuple(_phase(phase) for phase in worst.phases),
        episodes=tuple(_episode_section(episode) for episode in found),
        faults=tuple(_faults(outcome)),
        objective=objective,
    )


def _badness(episode: Episode) -> tuple[bool, int]:
    """What is not shown, though the service was not OK, is worse than the longest recovery."""
    return episode.found.was_not_ok and not episode.found.is_shown, episode.found.took_ns


def _ladder(
    outcome: Outcome, worst: Episode, objective: Objective, shares: set[float]
) -> tuple[result.Rung, ...]:
    """When each share of the actions was good again, counted from the start of the worst episode.

    What is not good enough for the objective is not good enough for a larger share.
    """
    hold_ns, rungs = round(objective.hold_s * 10**9), []
    for share in sorted(shares | {objective.success}):
        failures, not_before_ns = _failures(share), 0
        if share > objective.success:
            not_before_ns = worst.found.recovered_ns
        blocks, span_ns = _blocks(outcome, failures), (worst.found.start_ns, worst.horizon_ns)
        one = service.recovery(blocks, *span_ns, hold_ns, failures, not_before_ns)
        rungs.append(result.Rung(share, one.took_ns / 10**9, one.is_shown))
    return tuple(rungs)


def _why_not_shown(outcome: Outcome, worst: Episode, objective: Objective) -> str:
    """Why the recovery is not shown, and what would show it; empty if it is."""
    found, failures = worst.found, _failures(objective.success)
    if not _held_before(_blocks(outcome, failures), _starts(outcome)[0]):
        return "the service was not OK before the first fault"
    if found.is_shown:
        return ""
    if found.recovered_ns == worst.horizon_ns:
        return "it was not OK when the run ended"
    if found.missing_ns:
        held, hold = found.held_until_ns - found.recovered_ns, round(objective.hold_s * 10**9)
        short = f"held for {format_duration(held)} of {format_duration(hold)}"
        more = f"; {found.missing_actions:,} more actions without a failure would decide"
        return short + (more if found.missing_actions else "")
    return "the last actions of the run speak against it"


def _held_before(blocks: Sequence[Block], first_start_ns: int) -> bool:
    """Whether the last block before the first fault that is decided is OK, if there is one."""
    before = [one for one in blocks if one.end_ns <= first_start_ns and one.state is not State.OPEN]
    return not before or before[-1].state is State.OK


def _phase(phase: Phase) -> result.Phase:
    return result.Phase(phase.phase, phase.start_ns / 10**9, phase.end_ns / 10**9, phase.ended_by)


def _episode_section(episode: Episode) -> result.Episode:
    found = episode.found
    return result.Episode(
        start_s=found.start_ns / 10**9,
        horizon_s=episode.horizon_ns / 10**9,
        recovered_s=found.recovered_ns / 10**9,
        recovery_time_s=found.took_ns / 10**9,
        held_until_s=found.held_until_ns / 10**9,
        shown=found.is_shown,
        missing_s=found.missing_ns / 10**9,
        missing_actions=found.missing_actions,
        service_was_not_ok=found.was_not_ok,
    )


def _faults(outcome: Outcome) -> Iterator[result.Fault]:
    duration_ns = outcome.plan.data.duration_ns
    for fault in outcome.plan.control.faults:
        yield result.Fault(
            fault=fault.label,
            start_s=fault.start_ns / 10**9,
            end_s=min(fault.end_ns, duration_ns) / 10**9,
            requests=_requests_that_met(outcome, fault),
            intervals_s=tuple(
                (start_ns / 10**9, end_ns / 10**9) for start_ns, end_ns in fault.intervals(duration_ns)
            ),
        )


def _requests_that_met(outcome: Outcome, fault: FaultPlan) -> int:
    """Requests that met a fault: users', and operators' calls that Route 53's control plane refused."""
    met = int(outcome.tallies.fault_met[fault.number])
    if not isinstance(fault, ControlPlaneFaultPlan):
        return met
    spans = fault.intervals(outcome.plan.data.duration_ns)
    refused = (event.at_ns for event in outcome.events_of(CHANGE_REFUSED))
    return met + sum(any(start <= at < end for start, end in spans) for at in refused)


# what expectations ask for


def _none_met(run: Sections) -> bool:
    """Faults that no request met tell nothing about who noticed."""
    return not any(fault.requests for fault in run.recovery.faults)


def _isolation(run: Sections) -> float | None:
    return None if run.recovery.isolation is None else float(run.recovery.isolation)


def _rung(run: Sections, asked: Asked) -> result.Rung | None:
    """The step of the ladder that an expectation asks for."""
    return next((one for one in run.recovery.ladder if one.share == asked.share), None)


def _recovery_time(run: Sections, asked: Asked) -> float | None:
    if asked.share is None:
        return run.recovery.recovery_time_s
    rung = _rung(run, asked)
    return None if rung is None else rung.recovery_time_s


def _recovery_not_shown(run: Sections, asked: Asked) -> str:
    """Why a recovery time is not shown; empty if it is."""
    rung = _rung(run, asked)
    if rung is None or run.recovery.not_shown.startswith("the service was not OK before"):
        return run.recovery.not_shown
    return "" if rung.shown else "it did not hold for long enough, or too few actions tell"


def _open_isolation(run: Sections, _: Asked) -> str:
    return "too few actions during the fault to tell" if run.recovery.isolation is None else ""


READERS: Readers = {
    "recovery_time": _recovery_time,
    "isolation": lambda run, _: _isolation(run),
    "user_minutes_lost": lambda run, _: run.recovery.user_minutes_lost,
}

NOT_SHOWN: NotShown = {"recovery_time": _recovery_not_shown, "isolation": _open_isolation}

REASONS: Reasons = {
    NO_FAULT: lambda run, _: not run.recovery.episodes,
    NOT_MET: lambda run, _: _none_met(run),
}
