"""The arrays that the kernels work on, in blocks, and how they are made and grown.

The plan is constant. The world is what control processes change; the rest is the data plane's own memory.
Scalars that change live in arrays of length one. Pools (sessions, attempts, versions, lanes) have a stack
of free slots and grow between events.
"""

from dataclasses import fields
from typing import Any

import numpy as np

from simulator.data_plane.blocks import Block
from simulator.plan.lowered import WRITE, DataPlan
from simulator.seam import HISTOGRAM_BINS, LOOKUP_SOURCES, OUTCOMES, SESSION_CLASSES

RECENT_READS = 4  # items a session remembers for monotonic reads
TRACE_WIDTH = 8  # fields of a traced attempt

WORLD = (
    "region_mode",  # [region]
    "region_error_share",
    "region_factor",
    "region_add_ns",
    "region_outages",  # times it stopped being up
    "region_resets",  # times it began to refuse: connections made before are broken
    "region_lost",
    "region_skew_ns",
    "link_cut",  # [location, location]
    "link_loss",
    "link_factor",
    "link_add_ns",
    "answer_weight",  # [name, location, region]
    "answer_every",  # [name, location]
    "authoritative_mode",  # [name]
    "authoritative_share",
    "replicating",  # [table, origin, target] 1 while the replicator runs
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
    "trouble",  # 0 none, 1 an attempt failed, 2 an action failed
    "action_unknown",  # 1 if any try of this action had an unknown outcome
    "last_outcome",
    "applied",  # bit i: the action i before the current one has had a write applied
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
    "resets",  # of the region, when the connection was made
    "outages",  # of the region, when the request was accepted
    "factor",  # of the region's slowness, when the request was accepted
    "reused",  # 1: on a kept-alive connection
    "waiting",  # 1: the client still waits for it
    "sent",  # 1: the request has left the client
    "outcome",
    "own_item",  # the session's draws, kept because it may have moved on
    "action_item",
)

VERSIONS = (
    "table",
    "item",  # global item number
    "time_ns",
    "stamp_ns",  # by the origin's clock
    "number",  # in order of writing, of its table
    "origin",
    "writer",  # session number
    "tag",  # attempt and step of the writer
    "state",  # see simulator.data_plane.versions
    "at_risk",
    "top",  # the highest version of the lane up to this one
    "older",  # neighbours in the lane's queue, -1: none
    "newer",
    "due_ns",  # [version, region]
)

LANES = (
    "item",  # global item number, -1: free slot
    "table",
    "origin",
    "next",  # another lane of the item, -1: none
    "first",  # queue of the versions not visible everywhere, in order of writing, -1: none
    "last",
    "base",  # the highest version that is visible everywhere, -1: none
    "unordered",  # 1: a version was written below an earlier one, because a clock had been changed
    "unseen",  # [lane, region] the first version not visible there, -1: none
    "judged",  # [lane, region] up to this number no version unseen there can lose any more
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
    "visible_unmarked",  # visible writes never marked as at risk
    "oldest_unmarked_ns",  # write time of the oldest of them
    "lag",
    "lag_bucket_count",
    "lag_bucket_sum_ns",
    "lag_bucket_max_ns",
)


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.int64)


def plan_arrays(plan: DataPlan) -> Block:
    """The plan as a block of arrays and plain numbers."""
    values = {field.name: getattr(plan, field.name) for field in fields(DataPlan)}
    return Block("plan", **values, op_first_write=_first_writes(plan))


def _first_writes(plan: DataPlan) -> Any:
    firsts = np.full(len(plan.op_name), -1, np.int64)
    for operation, (first, count) in enumerate(zip(plan.op_step_first, plan.op_step_count, strict=True)):
        writes = np.flatnonzero(plan.step_kind[first : first + count] == WRITE)
        firsts[operation] = writes[0] if len(writes) else -1
    return firsts


def new_world(plan: DataPlan) -> Block:
    """A world in which everything works and no name has an answer yet."""
    regions, places, names = plan.region_count, len(plan.rtt_ns), len(plan.name_ttl_ns)
    pairs = (len(plan.table_items), regions, regions)
    return Block(
        "world",
        region_mode=_zeros(regions),
        region_error_share=np.zeros(regions),
        region_factor=np.ones(regions),
        region_add_ns=_zeros(regions),
        region_outages=_zeros(regions),
        region_resets=_zeros(regions),
        region_lost=_zeros(regions),
        region_skew_ns=_zeros(regions),
        link_cut=_zeros(places, places),
        link_loss=np.zeros((places, places)),
        link_factor=np.ones((places, places)),
        link_add_ns=_zeros(places, places),
        answer_weight=_zeros(names, places, regions),
        answer_every=_zeros(names, places),
        authoritative_mode=_zeros(names),
        authoritative_share=np.zeros(names),
        replicating=np.ones(pairs, np.int64),
        resumed_ns=_zeros(*pairs),
        resumed_clock_ns=_zeros(*pairs),
        caught_up_ns=_zeros(*pairs),
    )


def new_queue(capacity: int) -> Block:
    """An empty event queue."""
    return Block("queue", events=np.empty((capacity, 3), np.int64), size=_zeros(1))


_PER_NAME = (
    "device_answer",
    "device_expiry_ns",
    "connection_region",
    "connection_used_ns",
    "connection_resets",
)
_PER_READ = ("recent_item", "recent_stamp_ns", "recent_origin", "recent_time_ns")
_REAL = ("own_item", "action_item", "factor")


def _pool(kind: str, names: tuple[str, ...], capacity: int, columns: dict[str, int]) -> Block:
    """A pool with every slot free; untouched memory costs nothing until it is used.

    Each field is a column of one array, so that the fields of a slot lie side by side in memory.
    """
    widths = [columns.get(name, 1) for name in names]
    rows = np.empty((capacity, sum(widths)), np.int64)
    fields: dict[str, Any] = {}
    for name, width, first in zip(names, widths, np.cumsum([0, *widths]), strict=False):
        column = rows[:, first : first + width] if name in columns else rows[:, first]
        fields[name] = column.view(np.float64) if name in _REAL else column
    free = np.arange(capacity - 1, -1, -1, dtype=np.int64)
    return Block(kind, **fields, free=free, free_count=np.array([capacity], np.int64))


def new_sessions(plan: DataPlan, capacity: int) -> Block:
    """A pool of free session slots."""
    columns = dict.fromkeys(_PER_NAME, len(plan.name_ttl_ns)) | dict.fromkeys(_PER_READ, RECENT_READS)
    columns |= {"wrote_ns": plan.region_count}
    pool = _pool("sessions", SESSIONS, capacity, columns)
    pool.number[:] = -1
    return pool


def new_attempts(capacity: int) -> Block:
    """A pool of free attempt slots."""
    return _pool("attempts", ATTEMPTS, capacity, {})


def new_versions(plan: DataPlan, capacity: int) -> Block:
    """A pool of free version slots."""
    pool = _pool("versions", VERSIONS, capacity, {"due_ns": plan.region_count})
    pool.state[:] = 0
    return pool


def new_lanes(plan: DataPlan, capacity: int) -> Block:
    """A pool of free lane slots."""
    pool = _pool("lanes", LANES, capacity, dict.fromkeys(("unseen", "judged"), plan.region_count))
    pool.item[:] = -1
    return pool


def grown(pool: Block, fresh: Block) -> Block:
    """Move a pool into a larger empty one; slots keep their numbers."""
    old, new = len(pool.free), len(fresh.free)
    for name in pool.fields[:-2]:
        getattr(fresh, name)[:old] = getattr(pool, name)
    free_count = int(pool.free_count[0])
    fresh.free[: new - old] = np.arange(new - 1, old - 1, -1)
    fresh.free[new - old : new - old + free_count] = pool.free[:free_count]
    fresh.free_count[0] = new - old + free_count
    return fresh


def grown_queue(queue: Block) -> Block:
    """Move a queue into one of twice the capacity."""
    fresh = new_queue(2 * len(queue.events))
    fresh.events[: len(queue.events)] = queue.events
    fresh.size[:] = queue.size
    return fresh


def new_resolvers(plan: DataPlan) -> Block:
    """Resolvers with empty caches."""
    shape = (len(plan.resolver_extend_ns), len(plan.name_ttl_ns))
    return Block("resolvers", answer=_zeros(*shape), expiry_ns=np.full(shape, -(2**62), np.int64))


def new_counts(plan: DataPlan) -> Block:
    """All counters at zero; shapes as in `simulator.seam.Tallies`."""
    regions, tables, outcomes = plan.region_count, len(plan.table_items), len(OUTCOMES)
    windows = -(-plan.duration_ns // plan.window_ns)
    buckets = plan.duration_ns // plan.bucket_ns + 1
    per_table: tuple[str, ...] = (
        "reads",
        "stale_reads",
        "ryw_violations",
        "monotonic_violations",
        "writes",
        "visible",
        "suppressed",
        "lost",
    )
    per_table += ("risk_late", "risk_suppressed", "risk_lost", "visible_unmarked", "oldest_unmarked_ns")
    shapes: dict[str, tuple[int, ...]] = {name: (1,) for name in COUNTS}
    shapes |= dict.fromkeys(per_table, (tables,))
    shapes |= {name: (windows, regions) for name in COUNTS if name.startswith("window_")}
    shapes |= {"window_succeeded": (windows,), "window_failed": (windows,)}
    shapes |= dict.fromkeys(("attempts", "token_attempts", "actions"), (outcomes,))
    shapes |= {"attempts_by_region": (regions, outcomes), "lookups": (len(LOOKUP_SOURCES),)}
    shapes |= dict.fromkeys(("sessions_ended", "sessions_during_fault"), (len(SESSION_CLASSES),))
    shapes |= dict.fromkeys(("action_latency", "attempt_latency"), (HISTOGRAM_BINS,))
    shapes |= {"lag": (tables, regions, regions, HISTOGRAM_BINS)}
    shapes |= {name: (tables, regions, regions, buckets) for name in COUNTS if name.startswith("lag_bucket")}
    return Block("counts", **{name: _zeros(*shape) for name, shape in shapes.items()})


def new_trace(session: int, capacity: int) -> Block:
    """A buffer for traced attempts; `session` is -2 for none, -1 for all, else one session's number."""
    rows = np.empty((capacity if session != -2 else 1, TRACE_WIDTH), np.int64)
    return Block("trace", rows=rows, count=_zeros(1), session=_zeros(1) + session)
