"""The seam between the planes: what the control plane and the measures may ask of a data plane.

Two data planes stand behind it: the compiled one in `simulator.data_plane`, and a plain SimPy one in
`tests/twin` that shares no code with it. Every call happens at a control instant `t`, after
`advance(t)`: the data plane has run all its events with time < t, so at equal times control acts first.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

# modes of a region, a site, an endpoint, a zone
UP, REFUSED, BLACK_HOLE = 0, 1, 2

# modes of a name's authoritative servers
ANSWERING, FAILING, LOSING, EMPTY = 0, 1, 2, 3

# outcomes of an attempt; SUCCEEDED first, UNKNOWN last
OUTCOMES = (
    "succeeded",
    "refused",  # the door refused the connection
    "reset",  # an established connection was broken
    "error",  # answered with a 5xx
    "throttled",  # 429: a gateway's bucket, Lambda's limits, or a table's capacity
    "overloaded",  # 503: a node's queue is full
    "unauthorized",  # 401: the token or its key was not accepted
    "timeout",  # no answer in time and nothing can have been written
    "gateway_timeout",  # 504: the gateway gave up, and nothing can have been written
    "circuit_open",  # the client's own breaker held it back
    "dns_failure",  # the name could not be resolved
    "dns_empty",  # the name resolved to nothing
    "unknown",  # no answer, or an error, after which a write may have been applied
)
(
    SUCCEEDED, REFUSED_OUTCOME, RESET, ERROR, THROTTLED, OVERLOADED, UNAUTHORIZED, TIMEOUT, GATEWAY_TIMEOUT,
    CIRCUIT_OPEN, DNS_FAILURE, DNS_EMPTY, UNKNOWN,
) = range(13)  # fmt: skip

# why a try of a call from an instance to a store failed
CALL_FAILURES = ("dns", "connect", "refused", "timeout", "error", "throttled", "open")
DNS_CALL, CONNECT_CALL, REFUSED_CALL, TIMEOUT_CALL, ERROR_CALL, THROTTLED_CALL, OPEN_CALL = range(7)

TOKEN_KINDS = ("sign_up", "sign_in", "refresh", "forced")
BUCKETS = ("method", "stage", "account")

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
    # gateways and compute. S services (the last is identity)
    gateway_throttled: NDArray[np.int64]  # [3, S, R] by bucket
    lambda_throttled: NDArray[np.int64]  # [S, R]
    cold_starts: NDArray[np.int64]  # [S, R]
    overloaded: NDArray[np.int64]  # [S, R] turned away by a full queue
    unreachable: NDArray[np.int64]  # [S, R] sent to a node that was down
    started: NDArray[np.int64]  # [S, R] requests whose work began
    busy_ns: NDArray[np.int64]  # [S, R] time for which finished work has held an instance
    compute_ns: NDArray[np.int64]  # [S, R] of it, in compute steps
    peak_in_use: NDArray[np.int64]  # [S, R] most requests at work at once
    queued: NDArray[np.int64]  # [S, R] requests that waited and were taken
    queue_wait: NDArray[np.int64]  # histogram of their waits
    queue_wait_ns: NDArray[np.int64]  # [S, R] sum of those waits, and of the lost and still waiting ones
    queue_integral_ns: NDArray[np.int64]  # [S, R] integral of the queue's length: the same, by Little's law
    peak_queue: NDArray[np.int64]  # [S, R]
    window_rejected: NDArray[np.int64]  # [W, R] attempts that ended throttled or overloaded
    # calls from instances to stores
    calls: NDArray[np.int64]  # [T, R]
    call_tries: NDArray[np.int64]  # [T, R]
    call_failures: NDArray[np.int64]  # [7, T, R] failed tries by cause
    calls_failed: NDArray[np.int64]  # [T, R] given up
    connections_opened: NDArray[np.int64]  # [T, R] by instances
    store_throttled: NDArray[np.int64]  # [2, T, R] writes and reads
    copies_delayed: NDArray[np.int64]  # [T, R] replicated writes that waited for the replica's capacity
    cache_hits: NDArray[np.int64]  # [T, R]
    cache_misses: NDArray[np.int64]  # [T, R]
    increments: NDArray[np.int64]  # [T]
    lost_increments: NDArray[np.int64]  # [T] suppressed ones
    deduplicated: int  # second applications that an idempotent step left out
    # clients
    retries_denied: int  # by users' quotas
    call_retries_denied: int  # by services' quotas
    held_back_ns: int  # by adaptive limiters of users
    # content networks
    edge_hits: int
    edge_misses: int
    edge_errors: int  # answered from a cached error
    origin_failovers: int
    # identity
    token_kinds: NDArray[np.int64]  # [4] token requests by kind, first tries only
    forced_logins: int  # actions after whose first 401 the client logged in again
    key_fetches: NDArray[np.int64]  # [R]
    key_fetches_failed: NDArray[np.int64]  # [R]
    tokens_rejected: NDArray[np.int64]  # [R]
    # bots and causes
    bot_actions: NDArray[np.int64]  # [K]
    sessions_by_cause: NDArray[np.int64]
    """[5, K] sessions, ended or alive, by class and by the outcome of their first failed attempt"""
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
    def set_region(self, region: int, mode: int) -> None:
        """A region goes down or comes up: its replicators' backlog, its instances' work and its origins
        follow.

        Leaving UP loses the work of every instance in it. Its sites are set one by one.
        """

    def set_site(
        self,
        service: int,
        region: int,
        mode: int,
        error_share: float,
        factor: float,
        add_ns: int,
        capacity: float,
    ) -> None:
        """Set how a service in a region looks to a caller, and the share of its capacity that is there."""

    def set_zone(self, region: int, zone: int, mode: int) -> None:
        """A zone goes down or comes up. Leaving UP loses the work of its instances."""

    def set_targets(self, service: int, region: int, nodes: NDArray[np.int64]) -> None:
        """The nodes (numbers within the site, in order) that the load balancer believes alive."""

    def set_endpoint(
        self,
        store: int,
        region: int,
        mode: int,
        error_share: float,
        factor: float,
        add_ns: int,
        empty: bool,
        capacity: float,
    ) -> None:
        """Set how a store's endpoint looks to the instances in its region."""

    def flush(self, store: int, region: int) -> None:
        """A cache forgets everything in a region."""

    def set_key(self, region: int, removed: bool) -> None:
        """An issuer's key leaves, or returns to, the published set."""

    def set_surge(self, population: int, factor: float) -> None:
        """Set the factor of a population's load."""

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
