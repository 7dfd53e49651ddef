"""What a data plane leaves behind: counts, writes at risk, traced attempts."""

from simulator.boundary.fields import (
    CALL_FAILURE,
    CALLEE,
    EXTERNAL,
    FAULT,
    FRONT,
    GATEWAY_LIMIT,
    HELD_BY,
    HISTOGRAM_BIN,
    ITEM,
    LAG_STEP,
    LOOKUP_SOURCE,
    MINUTE,
    MIX,
    NUMBER,
    OPERATION,
    OUTCOME,
    POPULATION,
    PRESENCE,
    REGION,
    RULE,
    SAMPLE,
    SERVICE,
    SESSION_CLASS,
    STATUS,
    STORE,
    TIME_PART,
    TOKEN_KIND,
    UNIT_KIND,
    WEB_ACL,
    WINDOW,
    Ints,
    by,
    table,
)
from simulator.records import dataclass


@dataclass(frozen=True)
class AtRisk:
    """Acknowledged writes of a table visible nowhere but in a region that has just become unreachable."""

    store: int
    region: int
    at_ns: int
    writes: int
    oldest_ns: int  # time of the oldest one; meaningless when writes is 0


@dataclass(frozen=True)
class Restored:
    """What the swap of a restore did to the writes of its store (docs/model-stores.md §2)."""

    snapshot: int
    at_ns: int
    lost: int
    """Acknowledged writes that are missing because of it."""
    brought_back: int
    """Missing writes that it brought back."""
    oldest_ns: int
    """Time of the oldest one that is lost; meaningless when none is."""
    items: int
    """Items that became what the snapshot holds."""
    alone: bool = False
    """No replica was left: all writes had been lost before, and the oldest is the oldest not brought back."""


@table
class Counters:
    """What kernels count, from the start of the run on. The last service is identity."""

    begun_before: int = by(NUMBER, says="attempts and token requests begun in the warm-up")

    # attempts (user operations) and token requests
    attempts_started: int = by(NUMBER, says="attempts begun")
    attempts: Ints = by(OUTCOME, says="attempts ended")
    attempts_by_region: Ints = by(REGION, OUTCOME, says="attempts ended that had a region")
    token_started: int = by(NUMBER, says="token requests begun")
    token_attempts: Ints = by(OUTCOME, says="token requests ended")

    # user actions
    actions_started: int = by(NUMBER, says="actions begun")
    actions: Ints = by(
        OUTCOME, says="actions by the outcome of their last attempt; unknown if any attempt was"
    )
    gave_up: int = by(NUMBER, says="actions that did not succeed: ended by the user's patience")
    bot_actions: Ints = by(OUTCOME, says="actions of bots, in no other counter")

    # windows by time of completion (actions, attempts that ended) or of the attempt's begin
    window_succeeded: Ints = by(WINDOW, says="actions that succeeded")
    window_failed: Ints = by(WINDOW, says="actions that failed, or whose outcome is unknown")
    window_served: Ints = by(WINDOW, REGION, says="successful attempts")
    window_failed_region: Ints = by(WINDOW, REGION, says="attempts that ended unsuccessfully")
    window_rejected: Ints = by(WINDOW, REGION, says="attempts that a limit or a full queue turned away")
    window_fresh: Ints = by(WINDOW, REGION, says="attempts begun after asking an authoritative server")
    window_cached: Ints = by(WINDOW, REGION, says="attempts begun on an answer from a cache")
    window_pinned: Ints = by(WINDOW, REGION, says="attempts begun on a kept-alive connection")

    window_sent: Ints = by(WINDOW, POPULATION, REGION, says="attempts begun towards a region, bots' too")
    window_cold: Ints = by(
        WINDOW, says="environments started, and looks into caches of data and at edges that missed"
    )

    # actions of people by the window in which they began, once they have ended
    population_begun: Ints = by(WINDOW, POPULATION, says="actions begun")
    population_bad: Ints = by(WINDOW, POPULATION, says="of them those that did not succeed, or not in time")
    population_waits_from: Ints = by(
        WINDOW, POPULATION, says="of those not good: the first window in which they still wait"
    )
    population_waits_until: Ints = by(
        WINDOW, POPULATION, says="of those not good: the first window in which they do no more"
    )
    operation_begun: Ints = by(WINDOW, OPERATION, says="actions begun")
    operation_bad: Ints = by(WINDOW, OPERATION, says="of them those that did not succeed, or not in time")
    operation_waits_from: Ints = by(
        WINDOW, OPERATION, says="of those not good: the first window in which they still wait"
    )
    operation_waits_until: Ints = by(
        WINDOW, OPERATION, says="of those not good: the first window in which they do no more"
    )
    begun_by_mix: Ints = by(MIX, says="actions begun, of all windows")
    bad_by_mix: Ints = by(MIX, says="of them those that did not succeed, or not in time")
    wrong_by_mix: Ints = by(MIX, says="of those begun, the ones that succeeded with a wrong answer")
    actions_by_mix: Ints = by(MIX, OUTCOME, says="actions as in `actions`; of bots as in `bot_actions`")

    # what held those that were not good, from the window in which they began
    window_held_from: Ints = by(WINDOW, HELD_BY, says="actions that were not good: the window of their begin")
    window_held_until: Ints = by(
        WINDOW, HELD_BY, says="actions that were not good: the first window that starts when they have ended"
    )

    window_called_from: Ints = by(
        WINDOW, CALLEE, says="of them, those that a called service held: the window of their begin"
    )
    window_called_until: Ints = by(
        WINDOW, CALLEE, says="of them, those: the first window that starts when they have ended"
    )

    lost_ms_by_population: Ints = by(
        POPULATION,
        says="from a user's bad action to the next good answer, or to when the session was due to end",
    )

    # histograms; their bins are those of simulator.measure.histogram
    latency_by_mix: Ints = by(
        MIX, HISTOGRAM_BIN, says="from an action's start to its end, by operation and population"
    )
    attempt_latency: Ints = by(HISTOGRAM_BIN, says="from an attempt's begin to its end")

    # faults, in file order
    fault_met: Ints = by(FAULT, says="requests that met it")

    # sessions
    sessions_started: int = by(NUMBER, says="sessions started, or in progress when the run began")
    sessions_ended: Ints = by(SESSION_CLASS, says="sessions ended")
    sessions_by_presence: Ints = by(
        POPULATION,
        PRESENCE,
        SESSION_CLASS,
        says="sessions alive while a fault acted",
    )
    sessions_by_cause: Ints = by(
        SESSION_CLASS, OUTCOME, says="sessions by the outcome of their first failed attempt"
    )

    # names
    lookups: Ints = by(LOOKUP_SOURCE, says="look-ups by who answered")
    next_addresses: int = by(NUMBER, says="times that a client went on to the next address of an answer")
    repeated: int = by(NUMBER, says="requests that clients repeated by themselves after a reset")
    lookup_failures: int = by(NUMBER, says="look-ups that failed")
    lookup_empties: int = by(NUMBER, says="look-ups answered with no address")

    # web ACLs
    acl_allowed: Ints = by(WEB_ACL, says="requests that it let in")
    acl_blocked: Ints = by(WEB_ACL, says="requests that it blocked")
    acl_counted: Ints = by(WEB_ACL, says="requests that a rule counted, whatever became of them")
    rule_matched: Ints = by(RULE, POPULATION, says="requests on which the rule took its action")
    users_blocked: Ints = by(
        POPULATION, says="sessions of users that heard once or more that they are blocked"
    )
    blocked_ms: Ints = by(
        POPULATION,
        says="from a user's first blocked action to the next good answer, or to the due end of the session",
    )

    # gateways and compute
    gateway_throttled: Ints = by(GATEWAY_LIMIT, SERVICE, REGION, says="requests for which a bucket was empty")
    lambda_throttled: Ints = by(SERVICE, REGION, says="requests that Lambda throttled, and did not start")
    cold_starts: Ints = by(SERVICE, REGION, says="environments started")
    shed: Ints = by(
        FRONT,
        SERVICE,
        REGION,
        POPULATION,
        says="requests that load shedding turned away at the door, or edge",
    )
    overloaded: Ints = by(
        SERVICE, REGION, says="requests turned away by a full queue, or where there was no node"
    )
    unreachable: Ints = by(SERVICE, REGION, says="requests sent to a target that was down")
    started: Ints = by(SERVICE, REGION, says="requests whose work began")
    busy_time: Ints = by(SERVICE, REGION, TIME_PART, says="time for which finished work has held an instance")
    compute_time: Ints = by(SERVICE, REGION, TIME_PART, says="of it, in compute steps")
    peak_in_use: Ints = by(SERVICE, REGION, says="most requests at work at once")
    queued: Ints = by(SERVICE, REGION, says="requests that waited and were taken")
    queue_wait: Ints = by(HISTOGRAM_BIN, says="their waits")
    queue_wait_time: Ints = by(
        SERVICE, REGION, TIME_PART, says="sum of those waits, and of the lost and still waiting ones"
    )
    queue_integral_time: Ints = by(
        SERVICE, REGION, TIME_PART, says="integral of the queue's length: the same, by Little's law"
    )
    peak_queue: Ints = by(SERVICE, REGION, says="longest queue")

    # for metrics, only where they are kept (docs/monitoring.md §3)
    answers: Ints = by(STATUS, SERVICE, REGION, says="answers that left a front, by status; of edges, once")
    door_errors: Ints = by(SERVICE, REGION, says="errors of the application that requests met at the door")
    work_errors: Ints = by(SERVICE, REGION, MINUTE, says="work that ended with a 5xx, by when it was started")
    store_errors: Ints = by(UNIT_KIND, STORE, REGION, says="tries that the store answered with an error")

    # calls from services to operations of others
    asked: Ints = by(OPERATION, says="requests for it that services have begun")
    answered: Ints = by(OPERATION, OUTCOME, says="of them, those whose caller has heard, or waits no more")

    # calls from instances to stores, and to services
    calls: Ints = by(STORE, REGION, says="calls begun")
    call_tries: Ints = by(STORE, REGION, says="tries of calls")
    call_failures: Ints = by(CALL_FAILURE, STORE, REGION, says="tries that failed")
    calls_failed: Ints = by(STORE, REGION, says="calls given up")
    connections_opened: Ints = by(STORE, REGION, says="connections opened by instances")
    store_throttled: Ints = by(UNIT_KIND, STORE, REGION, says="tries for which there was no capacity")
    units_milli: Ints = by(
        UNIT_KIND, STORE, REGION, lazy=True, says="thousandths of a unit used, replicated writes too"
    )
    copies_delayed: Ints = by(
        STORE, REGION, lazy=True, says="replicated writes that waited for the replica's capacity"
    )
    cache_hits: Ints = by(STORE, REGION, says="looks into a cache that found the item")
    cache_misses: Ints = by(STORE, REGION, says="looks into a cache that did not")

    # stores
    reads: Ints = by(STORE, says="reads")
    stale_reads: Ints = by(STORE, says="reads that missed an acknowledged write")
    ryw_violations: Ints = by(STORE, says="reads that missed a write of the same session")
    monotonic_violations: Ints = by(STORE, says="reads that returned less than the session had read before")
    damaged_reads: Ints = by(STORE, REGION, says="reads that returned what is damaged: wrong answers")
    first_damaged_ns: Ints = by(STORE, REGION, says="when the first of them was made, plus 1; 0: none was")
    last_damaged_ns: Ints = by(STORE, REGION, says="when the last of them was made, plus 1; 0: none was")
    window_damaged_reads: Ints = by(WINDOW, REGION, says="the same by when they were made")
    damaged_copies: Ints = by(
        STORE, REGION, lazy=True, says="copies of damaged writes that became visible there"
    )
    absent_reads: Ints = by(STORE, says="reads of an item that was not there: deleted, by time to live too")
    expired_reads: Ints = by(STORE, says="reads of an item that had expired and was still there")
    writes: Ints = by(STORE, says="writes acknowledged")
    corrupted_writes: Ints = by(STORE, REGION, says="writes that a fault made wrong")
    damaged_writes: Ints = by(
        STORE, REGION, says="writes that are damaged: those, and what builds on what is damaged"
    )
    struck_items: Ints = by(STORE, REGION, says="items that faults made wrong or deleted at once")
    deletes: Ints = by(STORE, says="writes that deleted the item")
    under_way: Ints = by(STORE, says="writes acknowledged before time zero, not yet visible everywhere then")
    visible: Ints = by(STORE, lazy=True, says="writes visible in every surviving replica")
    discarded: Ints = by(
        STORE, lazy=True, says="writes that a replica threw away for a higher one made without them in view"
    )
    conflicts: Ints = by(STORE, says="writes at which others, or they themselves, were discarded")
    lost: Ints = by(STORE, lazy=True, says="writes whose only copy is gone")
    lost_after_point: Ints = by(
        STORE, says="of the lost: made after the point of a restore that dropped them"
    )
    lost_in_merge: Ints = by(STORE, says="of the lost: of items that a restore did not merge")
    brought_back: Ints = by(STORE, says="missing writes that a restore brought back")
    lost_unshipped: Ints = by(STORE, says="of the lost: a new writer of the database had not seen them")
    lost_past_promotion: Ints = by(
        STORE, says="of the lost: an old writer of the database took them when a new one was coming"
    )
    lost_by_fork: Ints = by(STORE, says="of the lost: they were in a replica alone when it was forked")
    fork_writes: Ints = by(STORE, says="of the lost: written to a replica that was forked")
    fork_reads: Ints = by(STORE, says="of the reads: of a replica that was forked")
    split_writes: Ints = by(STORE, REGION, says="writes while two regions took those of the database")
    risk_late: Ints = by(STORE, lazy=True, says="of the writes that were at risk: visible")
    risk_discarded: Ints = by(STORE, lazy=True, says="of the writes that were at risk: discarded")
    risk_lost: Ints = by(STORE, lazy=True, says="of the writes that were at risk: lost")
    held_conditions: Ints = by(STORE, REGION, says="writes made because their condition held there")
    refused_conditions: Ints = by(STORE, REGION, says="tries of writes whose condition did not hold")
    refused_by_own: Ints = by(
        STORE, REGION, says="of them, those whose action had applied the same step before"
    )
    broken_conditions: Ints = by(
        STORE, REGION, says="of those that held, the ones that did not for the highest version anywhere"
    )
    double_applied: int = by(NUMBER, says="steps that took effect twice")
    deduplicated: int = by(NUMBER, says="second applications that an idempotent step left out")
    increments: Ints = by(STORE, says="increments acknowledged")

    # external dependencies
    effects: Ints = by(EXTERNAL, says="effects of calls")
    effects_again: Ints = by(EXTERNAL, says="of them, those that a retry brought about once more")
    effects_left_out: Ints = by(EXTERNAL, says="effects that an idempotent call left out")
    window_external_failures: Ints = by(WINDOW, EXTERNAL, says="tries of calls that failed")

    # clients
    retries_denied: int = by(NUMBER, says="retries refused by users' quotas")
    call_retries_denied: int = by(NUMBER, says="retries refused by services' quotas")
    held_back_time: Ints = by(TIME_PART, says="waits that users' adaptive limiters added")

    # content networks
    edge_hits: int = by(NUMBER, says="requests answered from a cached object")
    edge_misses: int = by(NUMBER, says="requests that went to an origin")
    edge_wrong: int = by(NUMBER, says="of those, the ones whose object is damaged")
    edge_errors: int = by(NUMBER, says="requests answered from a cached error")
    origin_failovers: int = by(NUMBER, says="requests that a later origin answered")

    # identity
    token_kinds: Ints = by(TOKEN_KIND, says="token requests, first tries only")
    forced_logins: int = by(NUMBER, says="actions after whose first 401 the client logged in again")
    key_fetches: Ints = by(REGION, says="fetches of keys")
    key_fetches_failed: Ints = by(REGION, says="fetches of keys that failed")
    tokens_rejected: Ints = by(REGION, says="tokens that a verifier did not accept")

    # replication: copies that became visible
    lag: Ints = by(STORE, REGION, REGION, HISTOGRAM_BIN, lazy=True, says="true lag, by origin and target")
    lag_step_count: Ints = by(
        STORE, REGION, REGION, LAG_STEP, lazy=True, says="copies by when they became visible"
    )
    lag_step_sum: Ints = by(STORE, REGION, REGION, LAG_STEP, TIME_PART, lazy=True, says="sum of their lags")
    lag_step_max_ns: Ints = by(STORE, REGION, REGION, LAG_STEP, lazy=True, says="longest of their lags")
    lag_step_late: Ints = by(
        STORE, REGION, REGION, LAG_STEP, lazy=True, says="those whose lag is not their pair's usual one"
    )


@table
class Tallies(Counters):
    """Everything a data plane counted, and what it finds at the end of the run."""

    attempts_in_flight: int = by(NUMBER, says="attempts begun and not ended")
    token_in_flight: int = by(NUMBER, says="token requests begun and not ended")
    actions_in_flight: int = by(NUMBER, says="actions begun and not ended")
    action_latency: Ints = by(
        HISTOGRAM_BIN, says="from an action's start to its end: the sum of latency_by_mix"
    )
    window_begun: Ints = by(WINDOW, says="the sum of population_begun, and of operation_begun")
    window_bad: Ints = by(WINDOW, says="the sum of population_bad, and of operation_bad")
    window_waits_from: Ints = by(WINDOW, says="the sum of population_waits_from, and of operation_waits_from")
    window_waits_until: Ints = by(
        WINDOW, says="the sum of population_waits_until, and of operation_waits_until"
    )
    lost_user_ms: int = by(NUMBER, says="the sum of lost_ms_by_population")
    sessions_during_fault: Ints = by(
        SESSION_CLASS, says="sessions alive while a fault acted: the sum of sessions_by_presence"
    )
    sessions_alive: Ints = by(SESSION_CLASS, says="sessions not ended, by class so far")
    pending: Ints = by(STORE, says="acknowledged writes not yet visible everywhere, nor discarded, nor lost")
    risk_pending: Ints = by(STORE, says="of them, those that are at risk")
    lost_updates: Ints = by(
        STORE,
        REGION,
        REGION,
        WINDOW,
        says="writes that are not lost, and on which nothing that survives builds: by origin, and by region "
        "and time of the write that overtook them",
    )
    lost_updates_of_item: Ints = by(ITEM, says="the same by item")
    gone_item: Ints = by(
        STORE,
        SAMPLE,
        says="of the first writes that are gone, in order of writing: its item",
    )
    gone_origin: Ints = by(STORE, SAMPLE, says="region in which it was written")
    gone_ns: Ints = by(STORE, SAMPLE, says="when it was written, from time zero on")
    gone_cause: Ints = by(STORE, SAMPLE, says="why: see simulator.boundary.causes; 0: none is gone")
    gone_for: Ints = by(STORE, SAMPLE, says="region whose write overtook it, plus 1; 0: none did")
    gone_for_ns: Ints = by(STORE, SAMPLE, says="when that was written, from time zero on")
    lost_with_table: Ints = by(
        STORE, says="of those lost, the ones of a table that is deleted and not restored"
    )
    missing: Ints = by(STORE, says="writes that are lost, or lost updates; all, where no replica is left")
    lost_increments: Ints = by(STORE, says="increments that the counters' final values lack")


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
