"""What a data plane leaves behind: counts, writes at risk, traced attempts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class AtRisk:
    """Acknowledged writes of one table visible nowhere but in a region whose data has just become
    unreachable.
    """

    store: int
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
    lag_step_count: NDArray[np.int64]  # [T, R, R, B] by bucket of the time of becoming visible
    lag_step_sum_ns: NDArray[np.int64]  # float-free: integer nanoseconds
    lag_step_max_ns: NDArray[np.int64]


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
