"""The seam between the planes: what the control plane and the measures may ask of a data plane.

Two data planes stand behind it: the compiled one in `simulator.data_plane`, and a plain SimPy one in
`tests/twin` that shares no code with it. Every call happens at a control instant `t`, after
`advance(t)`: the data plane has run all its events with time < t, so at equal times control acts first.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# modes of a region
UP, REFUSED, BLACK_HOLE = 0, 1, 2

# modes of a name's authoritative servers
ANSWERING, FAILING, LOSING, EMPTY = 0, 1, 2, 3

# outcomes of an attempt; SUCCEEDED first, UNKNOWN last
OUTCOMES = (
    "succeeded",
    "refused",  # the region refused the connection
    "reset",  # an established connection was broken
    "error",  # answered with a 5xx
    "timeout",  # no answer in time and nothing can have been written
    "dns_failure",  # the name could not be resolved
    "dns_empty",  # the name resolved to nothing
    "unknown",  # no answer in time, a write may have been applied
)
SUCCEEDED, REFUSED_OUTCOME, RESET, ERROR, TIMEOUT, DNS_FAILURE, DNS_EMPTY, UNKNOWN = range(8)

SESSION_CLASSES = ("undisturbed", "recovered", "interrupted", "logged_out", "abandoned")
HISTOGRAM_BINS = 128 * 57 + 256
"""Bins of a log-bucket histogram; see `simulator.measure.histogram`."""
LOOKUP_SOURCES = ("device", "resolver", "authoritative")


@dataclass(frozen=True)
class AtRisk:
    """Acknowledged writes of one table visible nowhere but in a region whose data has just become
    unreachable.
    """

    table: int
    region: int
    at_ns: int
    writes: int
    oldest_ns: int  # time of the oldest one; meaningless when writes is 0


@dataclass(frozen=True)
class Tallies:
    """Everything a data plane counted. R regions, T tables, W windows, B lag buckets, K outcomes."""

    # attempts (user operations) and token requests
    attempts_started: int
    attempts: NDArray[np.int64]  # [K] by outcome
    attempts_in_flight: int
    attempts_by_region: NDArray[np.int64]  # [R, K] those that had a region
    token_started: int
    token_attempts: NDArray[np.int64]  # [K]
    token_in_flight: int
    # user actions
    actions_started: int
    actions: NDArray[np.int64]  # [K] by the outcome of the last attempt; unknown if any attempt was
    actions_in_flight: int
    gave_up: int  # of the actions that did not succeed: ended by the user's patience
    # windows by time of completion (actions) or of the attempt's begin (sends)
    window_succeeded: NDArray[np.int64]  # [W]
    window_failed: NDArray[np.int64]  # [W] failed or unknown
    window_served: NDArray[np.int64]  # [W, R] successful attempts by region
    window_failed_region: NDArray[np.int64]  # [W, R] attempts that ended unsuccessfully, by region
    window_fresh: NDArray[
        np.int64
    ]  # [W, R] attempts begun after a lookup that reached the authoritative server
    window_cached: NDArray[np.int64]  # [W, R] attempts begun on an answer from a cache
    window_pinned: NDArray[np.int64]  # [W, R] attempts begun on a kept-alive connection
    # histograms (simulator.measure.histogram)
    action_latency: NDArray[np.int64]
    attempt_latency: NDArray[np.int64]
    # sessions
    sessions_started: int
    sessions_ended: NDArray[np.int64]  # [5]
    sessions_alive: NDArray[np.int64]  # [5] class so far, at the end of the run
    sessions_during_fault: NDArray[np.int64]  # [5] of the sessions alive in any fault window
    # names
    lookups: NDArray[np.int64]  # [3] by source
    lookup_failures: int
    lookup_empties: int
    # tables
    reads: NDArray[np.int64]  # [T]
    stale_reads: NDArray[np.int64]
    ryw_violations: NDArray[np.int64]
    monotonic_violations: NDArray[np.int64]
    writes: NDArray[np.int64]  # [T] acknowledged by the table
    visible: NDArray[np.int64]  # [T] visible in every surviving replica
    pending: NDArray[np.int64]  # [T]
    suppressed: NDArray[np.int64]  # [T]
    lost: NDArray[np.int64]  # [T]
    risk_late: NDArray[np.int64]  # [T] fates of the writes that were at risk
    risk_suppressed: NDArray[np.int64]
    risk_lost: NDArray[np.int64]
    risk_pending: NDArray[np.int64]
    double_applied: int
    # replication lag of copies that became visible
    lag: NDArray[np.int64]  # [T, R, R, histogram bins]
    lag_bucket_count: NDArray[np.int64]  # [T, R, R, B] by bucket of the time of becoming visible
    lag_bucket_sum_ns: NDArray[np.int64]  # float-free: integer nanoseconds
    lag_bucket_max_ns: NDArray[np.int64]


class DataPlane(Protocol):
    """Advance, look, change."""

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`."""

    # look
    def pending(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Acknowledged writes of an origin not yet visible in a target: how many, and the write time of the
        oldest.

        Both [T, R, R] by table, origin and target; -1 for the time if there is none. There is none towards
        or from a region that is gone for good.
        """

    def sessions_in_progress(self) -> int:
        """Sessions started and not ended."""

    # change
    def set_region(self, region: int, mode: int, error_share: float, factor: float, add_ns: int) -> None:
        """Set how a region looks to a caller; leaving UP kills its work in progress."""

    def mark_at_risk(self, region: int) -> list[AtRisk]:
        """A region's data has become unreachable: mark and count the writes visible nowhere else, per
        table.
        """

    def lose_region(self, region: int) -> None:
        """The region is gone for good: its undelivered writes are lost."""

    def set_link(self, origin: int, target: int, cut: bool, loss: float, factor: float, add_ns: int) -> None:
        """Set one directed link between locations."""

    def set_replication(self, table: int, origin: int, target: int, running: bool) -> None:
        """Stop or resume one directed replicator."""

    def set_clock(self, region: int, skew_ns: int) -> None:
        """Set the error of a region's clock."""

    def set_answer(self, name: int, location: int, weights: NDArray[np.int64], every: bool) -> None:
        """Set what Route 53 answers at a location: one region drawn by weight [R], or every region of
        weight > 0.
        """

    def set_authoritative(self, name: int, mode: int, share: float) -> None:
        """Set how a name's authoritative servers behave."""

    def finish(self) -> Tallies:
        """After `advance(duration)`: settle what is visible at the end and return the tallies."""


@dataclass(frozen=True)
class TracedAttempt:
    """One finished attempt, for traces and for the comparison of the two data planes."""

    session: int
    attempt: int
    begin_ns: int
    end_ns: int
    operation: int
    region: int  # -1: none was reached for lack of an address
    outcome: int
    version: int
    """Last one read: writer's session << 20 | (attempt << 4 | step) & (2**20 - 1); -1 initial, -2 none."""
