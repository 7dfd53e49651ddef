"""How the kernels' arrays are made and grown; what they are is in `simulator.data_plane.layout`."""

from dataclasses import fields
from typing import Any

import numpy as np

from simulator.boundary.kinds import CACHE
from simulator.boundary.outcomes import (
    CALL_FAILURES,
    GATEWAY_LIMITS,
    HISTOGRAM_BINS,
    LOOKUP_SOURCES,
    OUTCOMES,
    SESSION_CLASSES,
    TOKEN_KINDS,
)
from simulator.data_plane.layout import (
    ATTEMPTS,
    CLIENTS,
    COUNTS,
    LANES,
    RECENT_READS,
    SESSIONS,
    TRACE_WIDTH,
    VERSIONS,
)
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan

_LONG_AGO_NS = -(2**62)
_MOST_ZONES = 8


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.int64)


def plan_arrays(plan: DataPlan) -> Block:
    """The plan as a block of arrays and plain numbers, and where each cache's items begin among those of
    caches.
    """
    values = {field.name: getattr(plan, field.name) for field in fields(DataPlan)}
    cached = np.where(plan.store_kind == CACHE, plan.store_items, 0)
    first = np.concatenate([[0], np.cumsum(cached)[:-1]]).astype(np.int64)[: len(cached)]
    return Block("plan", **values, cache_first=first)


def _sites(plan: DataPlan) -> tuple[int, int]:
    return len(plan.site_compute), plan.region_count


def _stores(plan: DataPlan) -> tuple[int, int]:
    return len(plan.store_items), plan.region_count


def new_world(plan: DataPlan) -> Block:
    """A world in which everything works and no name has an answer yet."""
    regions, places, names = plan.region_count, len(plan.rtt_ns), len(plan.name_ttl_ns)
    sites, stores, pairs = _sites(plan), _stores(plan), (len(plan.store_items), regions, regions)
    return Block(
        "world",
        region_mode=_zeros(regions),
        region_lost=_zeros(regions),
        region_skew_ns=_zeros(regions),
        key_removed=_zeros(regions),
        site_mode=_zeros(*sites),
        site_error_share=np.zeros(sites),
        site_factor=np.ones(sites),
        site_add_ns=_zeros(*sites),
        site_capacity=np.ones(sites),
        site_resets=_zeros(*sites),
        targets=np.arange(len(plan.instance_region), dtype=np.int64),
        target_count=plan.site_count.copy(),
        zone_mode=_zeros(regions, _MOST_ZONES),
        endpoint_mode=_zeros(*stores),
        endpoint_error_share=np.zeros(stores),
        endpoint_factor=np.ones(stores),
        endpoint_add_ns=_zeros(*stores),
        endpoint_empty=_zeros(*stores),
        endpoint_capacity=np.ones(stores),
        endpoint_resets=_zeros(*stores),
        flush_ns=_zeros(*stores) - 1,
        surge=plan.pop_surge_base.astype(np.float64),
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


def new_instances(plan: DataPlan) -> Block:
    """Instances with nothing to do, nothing open and nothing cached."""
    count, stores = len(plan.instance_region), len(plan.store_items)
    return Block(
        "instances",
        generation=_zeros(count),
        loss=_zeros(count),  # how it was last lost: REFUSED if its zone refused
        busy=_zeros(count),
        keys_expiry_ns=_zeros(count),
        keys_held=_zeros(count),
        released_ns=_zeros(count),
        released_generation=_zeros(count),
        head=_zeros(count) - 1,  # queue of waiting attempts
        tail=_zeros(count) - 1,
        length=_zeros(count),
        connection_limit_ns=_zeros(count, stores),  # 0: closed
        connection_used_ns=_zeros(count, stores),
        connection_resets=_zeros(count, stores),
        name_expiry_ns=_zeros(count, stores),
        name_empty=_zeros(count, stores),
    )


def new_sites(plan: DataPlan) -> Block:
    """Sites at rest: provisioned environments idle, all other environments not yet born."""
    sites, count = _sites(plan), len(plan.instance_region)
    fresh = Block(
        "sites",
        in_use=_zeros(*sites),
        region_in_use=_zeros(plan.region_count),  # of Lambda
        idle=_zeros(count),  # stacks, each site's in its own segment
        idle_count=_zeros(*sites),
        unborn=_zeros(count),
        unborn_count=_zeros(*sites),
        next_target=_zeros(*sites),
        queue_length=_zeros(*sites),
        queue_since_ns=_zeros(*sites),
    )
    for service, region in np.argwhere(plan.site_count > 0):
        first, all_, warm = (int(array[service, region]) for array in
                             (plan.site_first, plan.site_count, plan.lambda_provisioned))  # fmt: skip
        fresh.idle[first : first + warm] = first + np.arange(warm - 1, -1, -1)
        fresh.idle_count[service, region] = warm
        fresh.unborn[first : first + all_ - warm] = first + np.arange(all_ - 1, warm - 1, -1)
        fresh.unborn_count[service, region] = all_ - warm
    return fresh


def new_token_buckets(plan: DataPlan) -> Block:
    """Token buckets, all full, and the peaks of tables on demand, all zero."""
    sites, stores = _sites(plan), (*_stores(plan), 2)
    partitions = (int(plan.store_partitions.sum()), plan.region_count, 2)
    return Block(
        "token_buckets",
        account=np.full((1, plan.region_count), _LONG_AGO_NS, np.int64),
        stage=np.full(sites, _LONG_AGO_NS, np.int64),
        method=np.full(plan.method_gap_ns.shape, _LONG_AGO_NS, np.int64),
        invocation=np.full(sites, _LONG_AGO_NS, np.int64),
        scaling=np.full(sites, _LONG_AGO_NS, np.int64),
        store=np.full(stores, _LONG_AGO_NS, np.int64),
        partition=np.full(partitions, _LONG_AGO_NS, np.int64),
        minute=_zeros(*stores),  # number of the present minute
        minute_milli=_zeros(*stores),  # charged in it
        best_milli=_zeros(*stores),  # highest complete minute of the present half hour
        peak_milli=_zeros(*stores),  # highest minute of the earlier ones
    )


def new_verifiers(plan: DataPlan) -> Block:
    """Gateways' verifiers that fetched their keys some time before the run."""
    shape = (plan.region_count, plan.verifier_count)
    return Block("verifiers", expiry_ns=_zeros(*shape), held=np.ones(shape, np.int64))


def new_caches(plan: DataPlan) -> Block:
    """Single-region caches, all empty: when an item was filled, plus 1; 0 for never."""
    items = int(plan.store_items[plan.store_kind == CACHE].sum())
    return Block("caches", filled_ns=_zeros(max(items, 1), plan.region_count))


def new_edges(plan: DataPlan) -> Block:
    """Empty caches of content networks at every place."""
    served = np.flatnonzero(plan.op_cdn >= 0)
    buckets = plan.step_store[plan.op_step_first[served]]
    ends = plan.cdn_entry_first[plan.op_cdn[served]] + plan.store_items[buckets]
    shape = (int(ends.max(initial=1)), len(plan.rtt_ns))
    return Block("edges", expiry_ns=_zeros(*shape), failed=_zeros(*shape))


def new_clients(rows: int) -> Block:
    """The state of clients: full quotas, closed breakers, limiters at rest. All zeros, so a row is reset
    by zeroing it.
    """
    pool = _pool("clients", CLIENTS, max(rows, 2), {})
    for name in CLIENTS:
        getattr(pool, name)[:] = 0
    return pool


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
_REAL = (
    *("own_item", "action_item", "factor"),
    *("fill", "capacity", "current", "stamp", "measured", "bucket", "w_max", "k", "last_fail"),
)


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
    pool = _pool("attempts", ATTEMPTS, capacity, {})
    pool.state[:] = 0
    return pool


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


def with_rows_of(fresh: Block, clients: Block) -> Block:
    """Clients with the state of others, row by row; further rows are as new."""
    for name in CLIENTS:
        getattr(fresh, name)[: len(clients.spent)] = getattr(clients, name)
    return fresh


_PER_SITE = (
    *("lambda_throttled", "cold_starts", "overloaded", "unreachable", "started", "busy_ns", "compute_ns"),
    *("peak_in_use", "queued", "queue_wait_ns", "queue_integral_ns", "peak_queue"),
)
_PER_STORE = (
    *("calls", "call_tries", "calls_failed", "connections_opened", "copies_delayed"),
    *("cache_hits", "cache_misses"),
)


def _request_path_shapes(plan: DataPlan) -> dict[str, tuple[int, ...]]:
    sites, stores, regions, outcomes = _sites(plan), _stores(plan), plan.region_count, len(OUTCOMES)
    shapes: dict[str, tuple[int, ...]] = {name: sites for name in _PER_SITE}
    shapes |= dict.fromkeys(_PER_STORE, stores)
    shapes |= {
        "gateway_throttled": (len(GATEWAY_LIMITS), *sites),
        "call_failures": (len(CALL_FAILURES), *stores),
    }
    shapes |= {
        "store_throttled": (2, *stores),
        "queue_wait": (HISTOGRAM_BINS,),
        "token_kinds": (len(TOKEN_KINDS),),
    }
    shapes |= dict.fromkeys(("increments", "lost_increments"), stores[:1])
    shapes |= dict.fromkeys(("key_fetches", "key_fetches_failed", "tokens_rejected"), (regions,))
    return shapes | {"bot_actions": (outcomes,), "sessions_by_cause": (len(SESSION_CLASSES), outcomes)}


def new_counts(plan: DataPlan) -> Block:
    """All counters at zero; shapes as in `simulator.boundary.tallies.Tallies`."""
    regions, stores, outcomes = plan.region_count, len(plan.store_items), len(OUTCOMES)
    windows = -(-plan.duration_ns // plan.window_ns)
    steps = plan.duration_ns // plan.lag_step_ns + 1
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
    shapes: dict[str, tuple[int, ...]] = {name: (1,) for name in COUNTS} | _request_path_shapes(plan)
    shapes |= dict.fromkeys(per_table, (stores,))
    shapes |= {name: (windows, regions) for name in COUNTS if name.startswith("window_")}
    shapes |= {"window_succeeded": (windows,), "window_failed": (windows,)}
    shapes |= dict.fromkeys(("attempts", "token_attempts", "actions"), (outcomes,))
    shapes |= {"attempts_by_region": (regions, outcomes), "lookups": (len(LOOKUP_SOURCES),)}
    shapes |= dict.fromkeys(("sessions_ended", "sessions_during_fault"), (len(SESSION_CLASSES),))
    shapes |= dict.fromkeys(("action_latency", "attempt_latency"), (HISTOGRAM_BINS,))
    shapes |= {"lag": (stores, regions, regions, HISTOGRAM_BINS)}
    shapes |= {name: (stores, regions, regions, steps) for name in COUNTS if name.startswith("lag_step")}
    return Block("counts", **{name: _zeros(*shape) for name, shape in shapes.items()})


def new_trace(session: int, capacity: int) -> Block:
    """A buffer for traced attempts; `session` is -2 for none, -1 for all, else one session's number."""
    rows = np.empty((capacity if session != -2 else 1, TRACE_WIDTH), np.int64)
    return Block("trace", rows=rows, count=_zeros(1), session=_zeros(1) + session)
