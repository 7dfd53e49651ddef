"""The names of the arrays that the kernels work on, block by block; `simulator.data_plane.pools` makes them.

The plan is constant. The world is what control processes change; the rest is the data plane's own memory.
Scalars that change live in arrays of length one. Pools (sessions, attempts, versions, lanes) have a stack
of free slots and grow between events.
"""

RECENT_READS = 4  # items a session remembers for monotonic reads
TRACE_WIDTH = 8  # fields of a traced attempt

WORLD = (
    "region_mode",  # [region]
    "region_lost",
    "region_skew_ns",
    "key_removed",  # [region] 1: an issuer's key is missing from the published set
    "site_mode",  # [service, region]
    "site_error_share",
    "site_factor",
    "site_add_ns",
    "site_capacity",  # share that is left
    "site_resets",  # times it began to refuse: connections made before are broken
    "targets",  # [instance] of each site of nodes, first those that the load balancer believes alive
    "target_count",  # [service, region]
    "zone_mode",  # [region, zone]
    "endpoint_mode",  # [store, region]
    "endpoint_error_share",
    "endpoint_factor",
    "endpoint_add_ns",
    "endpoint_empty",  # 1: its name leads nowhere
    "endpoint_capacity",
    "endpoint_resets",
    "flush_ns",  # [store, region] when a cache was last emptied
    "surge",  # [population] factor of the load
    "link_cut",  # [location, location]
    "link_loss",
    "link_factor",
    "link_add_ns",
    "answer_weight",  # [name, location, region]
    "answer_every",  # [name, location]
    "authoritative_mode",  # [name]
    "authoritative_share",
    "replicating",  # [store, origin, target] 1 while the replicator runs
    "resumed_ns",  # when it last resumed (or stopped, while it stands still)
    "resumed_clock_ns",  # its replication clock at that time
    "caught_up_ns",  # when its clock is the time again
)

SESSIONS = (
    "number",  # -1: free slot
    "start_ns",
    "due_end_ns",
    "last_mile_ns",
    "resolver",
    "own_item",  # uniform number that picks the session's own item
    "actions",  # begun so far
    "attempts",  # finished so far
    "tries",  # unsuccessful so far, of this action or token request
    "action_start_ns",
    "action_item",  # uniform number that picks the action's item
    "operation",
    "seeking_token",
    "token_expiry_ns",
    "token_issuer",  # region; -1: not bound to one
    "token_kind",
    "first_issuer",  # number in the list of issuers that is asked first
    "renewed",  # 1: this action has had its token renewed after a 401
    "granted",  # 1: the limiter and the breaker have let the coming try through
    "retry_cost",  # of the last retry of this run of tries, -1: none yet
    "breaker_epoch",  # in which the try was let through
    "resets",  # of the site, when the connection of the try in progress was made
    "cause",  # outcome of the first failed attempt, 0: none
    "trouble",  # 0 none, 1 an attempt failed, 2 an action failed
    "action_unknown",  # 1 if any try of this action had an unknown outcome
    "last_outcome",
    "applied",  # bit 16 i + k: step k of the action i before the current one has been applied
    "begin_ns",  # of the attempt in progress
    "deadline_ns",
    "region",
    "version",  # last version read, for traces
    "device_answer",  # [session, name] bits of regions; 0 empty, -1 failure
    "device_expiry_ns",
    "connection_region",  # [session, name] -1: none
    "connection_used_ns",
    "connection_resets",
    "recent_item",  # [session, RECENT_READS] most recent first, -1: none
    "recent_stamp_ns",
    "recent_origin",
    "recent_time_ns",
    "wrote_ns",  # [session, region] when it last wrote there
)

ATTEMPTS = (
    "slot",  # of the session
    "number",  # of the session: the slot may have passed to another
    "attempt",
    "action",
    "operation",
    "region",
    "step",  # the next to take effect
    "forward_ns",
    "backward_ns",
    "resets",  # of the site, when the connection was made
    "instance",
    "generation",  # of the instance, when the work began
    "factor",  # of the site's slowness, when the work began
    "started_ns",
    "compute_ns",  # spent in compute steps
    "gateway_deadline_ns",
    "token_issuer",  # -2: no token
    "state",  # QUEUED while it waits for a worker
    "queue_next",  # the request behind it, -1: none
    "queued_ns",
    "call_try",
    "call_begin_ns",
    "call_flags",  # see simulator.data_plane.work.calls
    "call_failure",  # cause of a failure that the caller has not learned yet
    "retry_cost",
    "breaker_epoch",
    "ambiguous",  # 1: a write of it may have been applied
    "origin",  # of a content network, the one asked now
    "reused",  # 1: on a kept-alive connection
    "waiting",  # 1: the client still waits for it
    "sent",  # 1: the request has left the client
    "outcome",
    "own_item",  # the session's draws, kept because it may have moved on
    "action_item",
)

VERSIONS = (
    "store",
    "item",  # global item number
    "time_ns",
    "stamp_ns",  # by the origin's clock
    "number",  # in order of writing, of its table
    "origin",
    "writer",  # session number
    "increment",  # 1: of a counter
    "tag",  # attempt and step of the writer
    "state",  # see simulator.data_plane.stores.versions
    "at_risk",
    "top",  # the highest version of the lane up to this one
    "older",  # neighbours in the lane's queue, -1: none
    "newer",
    "due_ns",  # [version, region]
)

LANES = (
    "item",  # global item number, -1: free slot
    "store",
    "origin",
    "next",  # another lane of the item, -1: none
    "first",  # queue of the versions not visible everywhere, in order of writing, -1: none
    "last",
    "base",  # the highest version that is visible everywhere, -1: none
    "unordered",  # 1: a version was written below an earlier one, because a clock had been changed
    "unseen",  # [lane, region] the first version not visible there, -1: none
    "judged",  # [lane, region] up to this number no version unseen there can lose any more
)

CLIENTS = (
    "spent",  # of the retry quota
    "breaker_state",
    "breaker_epoch",  # grows with each change of state
    "breaker_until_ns",
    "remembered",
    "position",
    "failures",
    "results_0",  # bits of the remembered results: 60 in each word
    "results_1",
    "probes_sent",
    "probes_back",
    "probes_failed",
    "limiter_used",  # 1: its clock has started
    "limiter_enabled",
    "fill",  # requests a second
    "capacity",
    "current",
    "stamped",  # 1: `stamp` counts
    "stamp",
    "measured",
    "bucket",
    "count",
    "w_max",
    "k",
    "last_fail",
)

COUNTS = (
    "attempts_started",
    "attempts",
    "attempts_by_region",
    "token_started",
    "token_attempts",
    "actions_started",
    "actions",
    "gave_up",
    "window_succeeded",
    "window_failed",
    "window_served",
    "window_failed_region",
    "window_fresh",
    "window_cached",
    "window_pinned",
    "action_latency",
    "attempt_latency",
    "sessions_started",
    "sessions_ended",
    "sessions_during_fault",
    "lookups",
    "lookup_failures",
    "lookup_empties",
    "reads",
    "stale_reads",
    "ryw_violations",
    "monotonic_violations",
    "writes",
    "visible",
    "suppressed",
    "lost",
    "risk_late",
    "risk_suppressed",
    "risk_lost",
    "double_applied",
    "gateway_throttled",
    "lambda_throttled",
    "cold_starts",
    "overloaded",
    "unreachable",
    "started",
    "busy_ns",
    "compute_ns",
    "peak_in_use",
    "queued",
    "queue_wait",
    "queue_wait_ns",
    "queue_integral_ns",
    "peak_queue",
    "window_rejected",
    "calls",
    "call_tries",
    "call_failures",
    "calls_failed",
    "connections_opened",
    "store_throttled",
    "copies_delayed",
    "cache_hits",
    "cache_misses",
    "increments",
    "lost_increments",
    "deduplicated",
    "retries_denied",
    "call_retries_denied",
    "held_back_ns",
    "edge_hits",
    "edge_misses",
    "edge_errors",
    "origin_failovers",
    "token_kinds",
    "forced_logins",
    "key_fetches",
    "key_fetches_failed",
    "tokens_rejected",
    "bot_actions",
    "sessions_by_cause",
    "visible_unmarked",  # visible writes never marked as at risk
    "oldest_unmarked_ns",  # write time of the oldest of them
    "lag",
    "lag_step_count",
    "lag_step_sum_ns",
    "lag_step_max_ns",
)
