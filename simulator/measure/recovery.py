"""Recovery time, isolation, and whether each fault was felt (docs/measures.md, "Recovery").

The clock and the rule "stays OK" are AWS Resilience Hub's *recovery*; "OK through the whole fault" is its
*isolation*.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from simulator.boundary.measures import NO_FAULT, NOT_REACHED, STAYED_OK
from simulator.measure.reading import Readers, Reasons
from simulator.measure.waterfall import Phase, begun, phases
from simulator.measure.windows import Windows
from simulator.outcome import Outcome
from simulator.plan.timeline import FaultPlan
from simulator.result import recovery as result
from simulator.result.whole import Sections


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again until the next declared fault, or not."""

    start_ns: int
    horizon_ns: int  # the next declared fault, or the end of the run
    recovered_ns: int | None
    bit: bool  # whether the service was ever not OK
    phases: tuple[Phase, ...] = ()

    @property
    def took_ns(self) -> int | None:
        """The recovery time."""
        return None if self.recovered_ns is None else self.recovered_ns - self.start_ns


def episodes(outcome: Outcome, objective: float) -> list[Episode]:
    """The episodes of a run, in order.

    A fault that begins before the service is known to have recovered belongs to the earlier fault's
    episode.
    """
    windows = Windows.of(outcome, objective)
    duration_ns = outcome.plan.data.duration_ns
    starts = sorted({fault.start_ns for fault in outcome.plan.control.faults})
    found: list[Episode] = []
    first: int | None = None
    for start, horizon in pairwise([*starts, duration_ns]):
        first = start if first is None else first
        episode = _episode(outcome, windows, first, horizon, objective)
        if episode.recovered_ns is not None or horizon == duration_ns:
            found.append(episode)
            first = None
    return found


def _episode(outcome: Outcome, windows: Windows, start_ns: int, horizon_ns: int, objective: float) -> Episode:
    """One episode. A window that the next fault cuts is the next episode's: it may be that fault's doing."""
    until_ns = horizon_ns
    if horizon_ns < windows.duration_ns:
        until_ns = horizon_ns // windows.width_ns * windows.width_ns
    bad = windows.bad_between(start_ns, until_ns)
    recovered_ns = windows.end_of(int(bad[-1])) if len(bad) else start_ns
    if not windows.any_ok_between(recovered_ns, until_ns):
        return Episode(start_ns, horizon_ns, None, bool(len(bad)))
    if not len(bad):
        return Episode(start_ns, horizon_ns, start_ns, False)
    found = phases(outcome, windows, start_ns, recovered_ns, objective)
    return Episode(start_ns, horizon_ns, recovered_ns, True, tuple(found))


def is_isolated(outcome: Outcome, objective: float) -> bool | None:
    """Whether the service was OK through every fault; None without a fault or without any data during one."""
    windows = Windows.of(outcome, objective)
    spans = outcome.plan.data.fault_windows_ns
    if not any(windows.any_data_between(int(start), int(end)) for start, end in spans):
        return None
    return not any(len(windows.bad_between(int(start), int(end))) for start, end in spans)


def section(outcome: Outcome, objective: float) -> result.Recovery:
    """The `recovery` section: the worst episode's time and waterfall, all episodes, and the faults."""
    found = episodes(outcome, objective)
    worst = max(found, key=_badness) if found else None
    return result.Recovery(
        recovery_time_s=None if worst is None else _seconds(worst.took_ns),
        recovered=None if worst is None or not _has_data(worst) else worst.recovered_ns is not None,
        isolation=is_isolated(outcome, objective),
        phases=() if worst is None else tuple(_phase(phase) for phase in worst.phases),
        episodes=tuple(_episode_section(episode) for episode in found),
        faults=tuple(_faults(outcome)),
        objective=result.Objective(objective, outcome.plan.data.window_ns / 10**9),
    )


def _has_data(episode: Episode) -> bool:
    return episode.bit or episode.recovered_ns is not None


def _badness(episode: Episode) -> tuple[bool, bool, int]:
    """Never recovered is worst; no data at all is worse than the longest recovery."""
    never = episode.recovered_ns is None
    return never and episode.bit, never, episode.took_ns or 0


def _seconds(time_ns: int | None) -> float | None:
    return None if time_ns is None else time_ns / 10**9


def _phase(phase: Phase) -> result.Phase:
    return result.Phase(phase.phase, phase.start_ns / 10**9, phase.end_ns / 10**9, phase.ended_by)


def _episode_section(episode: Episode) -> result.Episode:
    return result.Episode(
        start_s=episode.start_ns / 10**9,
        horizon_s=episode.horizon_ns / 10**9,
        recovered_s=_seconds(episode.recovered_ns),
        recovery_time_s=_seconds(episode.took_ns),
        service_was_not_ok=episode.bit,
    )


def _faults(outcome: Outcome) -> Iterator[result.Fault]:
    duration_ns = outcome.plan.data.duration_ns
    for fault in outcome.plan.control.faults:
        yield result.Fault(
            fault=fault.label,
            start_s=fault.start_ns / 10**9,
            end_s=min(fault.end_ns, duration_ns) / 10**9,
            requests=_requests_during(outcome, fault),
            intervals_s=tuple(
                (start_ns / 10**9, end_ns / 10**9) for start_ns, end_ns in fault.intervals(duration_ns)
            ),
        )


def _requests_during(outcome: Outcome, fault: FaultPlan) -> int | None:
    """Requests begun towards the regions in which a fault acts, in the windows that it overlaps.

    None for a fault that is in no region, or where content networks have an origin: what they ask is not
    counted by region.
    """
    regions, data = fault.places, outcome.plan.data
    if not regions or {*regions} & {*data.origin_region.tolist()}:
        return None
    first, last = fault.start_ns // data.window_ns, -(-min(fault.end_ns, data.duration_ns) // data.window_ns)
    return int(begun(outcome)[first:last, list(regions)].sum())


# what expectations ask for


def _nothing_reached(run: Sections) -> bool:
    """Faults of regions to which no request was sent while they acted tell nothing about who noticed."""
    return not any(fault.requests is None or fault.requests > 0 for fault in run.recovery.faults)


def _stayed_ok(run: Sections) -> bool:
    """A fault that no caller noticed tells nothing about recovery."""
    return not any(episode.service_was_not_ok for episode in run.recovery.episodes)


def _isolation(run: Sections) -> float | None:
    return None if run.recovery.isolation is None else float(run.recovery.isolation)


READERS: Readers = {
    "recovery_time": lambda run, _: run.recovery.recovery_time_s,
    "isolation": lambda run, _: _isolation(run),
}

REASONS: Reasons = {
    NO_FAULT: lambda run, _: not run.recovery.episodes,
    NOT_REACHED: lambda run, _: _nothing_reached(run),
    STAYED_OK: lambda run, _: _stayed_ok(run),
}
