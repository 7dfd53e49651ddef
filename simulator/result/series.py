"""Time series: part of a result, but not of `result.json`, for their length grows with the run."""

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass

Counts = NDArray[np.int64]
Seconds = NDArray[np.float64]


@dataclass(frozen=True)
class Actions:
    """Actions by window and slice: W windows, S slices."""

    begun: Counts
    """[W, S] user actions begun in it."""
    good: Counts
    """[W, S] of these, the ones that succeeded in time."""
    waiting: Counts
    """[W, S] actions begun earlier that were not good and had not ended when it starts."""


@dataclass(frozen=True)
class Windows:
    """Counts by window. W windows, R regions, P populations of users and O operations in their order here."""

    regions: tuple[str, ...]
    """The regions of an axis."""
    populations: tuple[str, ...]
    """The populations of an axis: those of users, not of bots."""
    operations: tuple[str, ...]
    """The operations of an axis: those that people ask for, as `service.operation`."""
    width_s: float
    """The length of a window in seconds; the last may be cut short by the end of the run."""
    end_s: float
    """The end of the last, and of the run, in seconds."""
    start_s: Seconds
    """[W] the start of each in seconds of the run."""
    begun_actions: Counts
    """[W] user actions begun in it."""
    good: Counts
    """[W] of these, the ones that succeeded in time."""
    waiting: Counts
    """[W] actions begun earlier that were not good and had not ended when it starts."""
    by_population: Actions
    """The same by population."""
    by_operation: Actions
    """The same by operation."""
    sent: Counts
    """[W, P, R] requests that users' clients began to send to a region."""
    succeeded: Counts
    """[W] user actions that ended in it and succeeded."""
    failed: Counts
    """[W] user actions that ended in it and did not."""
    fresh: Counts
    """[W, R] attempts begun after a lookup that reached the authoritative server."""
    cached: Counts
    """[W, R] attempts begun on an answer from a cache."""
    pinned: Counts
    """[W, R] attempts begun on a kept-alive connection."""
    served: Counts
    """[W, R] attempts that ended in it and succeeded."""
    failed_by_region: Counts
    """[W, R] attempts that ended in it and did not."""
    rejected: Counts
    """[W, R] of these, the ones throttled or turned away by a full queue."""

    @property
    def begun(self) -> Counts:
        """[W, R] attempts begun, however their address was found."""
        begun: Counts = self.fresh + self.cached + self.pinned
        return begun

    @property
    def traffic(self) -> Seconds:
        """[W, R] the share of people's requests that went to each region; NaN where none went anywhere."""
        sent = self.sent.sum(axis=1).astype(np.float64)
        total = np.broadcast_to(sent.sum(axis=1, keepdims=True), sent.shape)
        share: Seconds = np.divide(sent, total, out=np.full_like(sent, np.nan), where=total > 0)
        return share

    @property
    def success(self) -> Seconds:
        """[W] the share of good actions among those begun and those still waiting; NaN where none is."""
        good, wanted = self.good.astype(np.float64), self.begun_actions + self.waiting
        share: Seconds = np.divide(good, wanted, out=np.full_like(good, np.nan), where=wanted > 0)
        return share


@dataclass(frozen=True)
class Gauges:
    """What an observer saw at equal steps. Those of a pair are with the pair (`replication[].gauges`)."""

    at_s: Seconds
    """[sample] when, in seconds of the run."""
    sessions: Counts
    """[sample] sessions in progress."""


@dataclass(frozen=True)
class Series:
    """Every series of a run but those of pairs."""

    windows: Windows
    """Counts by window."""
    fault_spans_s: Seconds
    """[span, 2] start and end of the times in which any fault acted, in seconds of the run."""
    gauges: Gauges | None = None
    """None if gauges were not sampled."""
