"""Recovery: when the service was OK again, what the time went to, whether each fault was felt."""

from dataclasses import dataclass, field

from simulator.result.plain import ONLY_IF_SAID, UNWRITTEN


@dataclass(frozen=True)
class Phase:
    """One bar of the waterfall. Phases follow each other without a gap."""

    phase: str
    """detect, decide, change_dns, caches_expire, repair, capacity_ready or reconnect."""
    start_s: float
    """When it began, in seconds of the run."""
    end_s: float
    """When it ended, in seconds of the run."""
    ended_by: str | None = field(default=None, metadata=ONLY_IF_SAID)
    """`repair` where the fault's end, not the phase's own course, ended it."""


@dataclass(frozen=True)
class Episode:
    """From the start of a fault to the service being OK again until the next declared fault, or not."""

    start_s: float
    """The start of the fault, in seconds of the run."""
    horizon_s: float
    """The next declared fault, or the end of the run, in seconds of the run."""
    recovered_s: float | None
    """When the service was OK again, in seconds of the run; null if it was not."""
    recovery_time_s: float | None
    """From the start to that, in seconds; null if it never recovered."""
    service_was_not_ok: bool
    """Whether the service was ever not OK in the episode."""


@dataclass(frozen=True)
class Fault:
    """One declared fault."""

    fault: str
    """What it strikes, and how."""
    start_s: float
    """When it began to act, in seconds of the run."""
    end_s: float
    """When it ended, at the latest with the run, in seconds of the run."""
    requests: int | None
    """Attempts begun towards the regions in which it acts, in the windows that it overlaps; null for a fault
    that is in no region, and where content networks have an origin."""
    intervals_s: tuple[tuple[float, float], ...] = field(default=(), metadata=UNWRITTEN)
    """The times in which it acts, flapping apart, as pairs of start and end in seconds of the run."""


@dataclass(frozen=True)
class Objective:
    """When the service counts as OK."""

    success: float
    """In a window at least this share of the user actions that ended succeeds."""
    window_s: float
    """The length of a window in seconds."""


@dataclass(frozen=True)
class Recovery:
    """Recovery time, isolation, and whether each fault was felt."""

    recovery_time_s: float | None
    """The worst episode's time from the start of its fault to the service being OK again, in seconds; 0 if it
    stayed OK; null if it never recovered, or there is nothing to tell it by."""
    recovered: bool | None
    """Whether that episode ended in recovery; null without a fault, or without data after it."""
    isolation: bool | None
    """Whether the service was OK through every fault; null without data during one."""
    phases: tuple[Phase, ...]
    """The waterfall of that episode: the phases sum to its recovery time."""
    episodes: tuple[Episode, ...]
    """Every episode, in order."""
    faults: tuple[Fault, ...]
    """Every declared fault, in the file's order."""
    objective: Objective
    """When the service counted as OK."""
