"""Hop: reads and writes of what has replicas that agree in the end: tables, objects, multi-region caches.

Rules: docs/model.md §6; Amazon DynamoDB, "How global tables work". How such a store copies a write is
`send_copies`, what becomes of it `judge`. A kind that copies or judges in another way brings both, and a
`write` of its own.
"""

from simulator.boundary.kinds import DATABASE, DELETE
from simulator.data_plane.meeting import meet_clock, meet_replica
from simulator.data_plane.owners import is_own_session, is_users
from simulator.data_plane.stores.copies import await_delivery, send_copy
from simulator.data_plane.stores.damage import (
    DAMAGED,
    DELETES,
    INCREMENTS,
    STANDS_ALONE,
    UNASKED,
    is_struck,
    note_damage,
    note_read,
)
from simulator.data_plane.stores.delivery import deliver, deliver_from
from simulator.data_plane.stores.forks import write_past_fork
from simulator.data_plane.stores.lags import lag_ns
from simulator.data_plane.stores.lanes import (
    append,
    discard_unseen,
    drop_outdone,
    higher_of,
    highest_in,
    lane_of,
    retire,
    top_of,
    unseen_above,
)
from simulator.data_plane.stores.lineage import build_on, overtaking
from simulator.data_plane.stores.remembering import note_applied, remember_read
from simulator.data_plane.stores.snapshots import keep_before
from simulator.data_plane.stores.versions import LIVE, NONE, VISIBLE, become_discarded, take_slot
from simulator.data_plane.tracing import is_followed
from simulator.kernels.compiling import kernel
from simulator.times import NEVER_NS

INITIAL = -1  # the version of an item that nobody has written
_TAG_BITS = 20


@kernel
def new_version(memory, store, origin, session, tag, t):
    """Take a slot for a version written now."""
    versions = memory.versions
    v = take_slot(versions)
    versions.store[v], versions.origin[v] = store, origin
    memory.replicators.written[store] += 1
    versions.number[v], versions.time_ns[v] = memory.replicators.written[store], t
    versions.stamp_ns[v] = t + memory.world.region_skew_ns[origin]
    versions.writer[v], versions.tag[v] = session, tag
    versions.state[v], versions.at_risk[v], versions.increment[v] = LIVE, 0, 0
    return v


@kernel
def count_write(memory, v, how):
    """A write is acknowledged; one that nobody has asked for is none, and has no fate."""
    versions, counts, store = memory.versions, memory.counts, memory.versions.store[v]
    if how & UNASKED:
        versions.state[v] = VISIBLE
    else:
        counts.writes[store] += 1
    versions.increment[v] = (how & INCREMENTS) != 0
    counts.increments[store] += versions.increment[v]


@kernel
def due_in_log_ns(memory, store, origin, target, due_ns):
    """When a copy of a log is due: not before the one before it."""
    last_due_ns = memory.replicators.last_due_ns
    last_due_ns[store, origin, target] = max(last_due_ns[store, origin, target], due_ns)
    return last_due_ns[store, origin, target]


@kernel
def due_at_ns(plan, memory, v, item, target, attempt, step):
    """Sample when v is due in a replica: not before the version before it in its lane, or in its log.

    What has arrived there was due.
    """
    versions, store = memory.versions, memory.versions.store[v]
    if plan.store_kind[store] == DATABASE:
        first = plan.store_item_first[store]
        lag = lag_ns(plan, memory, v, first, target, attempt, step)
        return due_in_log_ns(memory, store, versions.origin[v], target, versions.time_ns[v] + lag)
    lag = lag_ns(plan, memory, v, item, target, attempt, step)
    due_ns, older = versions.time_ns[v] + lag, versions.older[v]
    return due_ns if older == NONE else max(due_ns, versions.due_ns[older, target])


@kernel
def send_copies(plan, memory, lane, v, attempt, step):
    """Send v, the last of its lane, to every other replica; tell whether one will see it."""
    lanes, seen = memory.lanes, False
    store, origin, item = lanes.store[lane], lanes.origin[lane], lanes.item[lane]
    await_delivery(memory, v)
    for target in range(plan.region_count):
        memory.versions.due_ns[v, target] = NEVER_NS
        if target != origin and plan.store_replica[store, target]:
            send_copy(memory, lane, v, target, due_at_ns(plan, memory, v, item, target, attempt, step))
            seen = seen or not memory.world.replica_lost[store, target]
    return seen


@kernel
def best_seen(plan, memory, store, item, region, t):
    """The highest version of an item that is visible in a region at t; NONE for the initial one."""
    deliver(plan, memory, store, region, t)
    return highest_in(memory, item, region)


@kernel
def judge(plan, memory, item, region, v, alone):
    """The last writer wins: replicas discard what version v has not seen, or v itself if one is higher.

    What v overtakes is missing from then on, unless v stands alone.
    """
    lanes, versions, counts = memory.lanes, memory.versions, memory.counts
    store, t = versions.store[v], versions.time_ns[v]
    discarded = counts.discarded[store]
    overtaken = 0 if alone else overtaking(plan, region, t)
    highest, lane = v, memory.item_lane[item]
    while lane != NONE:
        discard_unseen(memory, lane, region, v, overtaken)
        highest = higher_of(versions, highest, top_of(memory, lane))
        lane = lanes.next[lane]
    if alone:
        versions.worth[v] += counts.discarded[store] - discarded
    if highest != v and versions.state[v] == LIVE:
        become_discarded(memory, v, overtaking(plan, versions.origin[highest], t), highest)
    counts.conflicts[store] += counts.discarded[store] != discarded


@kernel
def write_item(  # noqa: PLR0913 - what is written, how, by whom, where and when
    plan, memory, store, item, region, session, attempt, step, how, t
):
    """Write an item in a region at t: acknowledged at once, copied later.

    An increment is a write of the counter's new value (Amazon MemoryDB guide, *multi-Region*). Returns the
    version, whose slot may have been given back.
    """
    deliver_from(plan, memory, store, region, t)
    seen = best_seen(plan, memory, store, item, region, t)
    v = new_version(memory, store, region, session, (attempt << 4) | step, t)
    is_log = plan.store_kind[store] == DATABASE
    if is_log:
        memory.versions.stamp_ns[v] = memory.world.epoch[store, region]
        memory.counts.split_writes[store, region] += memory.world.two_writers[store]
    count_write(memory, v, how)
    note_damage(plan, memory, item, seen, v, how)
    keep_before(plan, memory, store, region, item, v, seen)
    build_on(memory, item, seen, v)
    lane = lane_of(memory, item, store, region)
    if not is_log:
        judge(plan, memory, item, region, v, (how & STANDS_ALONE) != 0)
    append(memory, lane, v)
    if is_log and memory.world.forked[store, region]:
        await_delivery(memory, v)
        write_past_fork(plan, memory, lane, v)
    elif not send_copies(plan, memory, lane, v, attempt, step):
        retire(plan, memory, lane)
    drop_outdone(memory, item)
    return v


@kernel
def read_item(plan, memory, store, item, region, a, t):
    """An attempt reads an item in a region at t: the highest version visible there, or NONE (initial)."""
    counts, lanes, attempts = memory.counts, memory.lanes, memory.attempts
    s, session = attempts.slot[a], attempts.number[a]
    lives = memory.sessions.number[s] == session
    best = best_seen(plan, memory, store, item, region, t)
    stale, own = False, False
    lane = memory.item_lane[item]
    while lane != NONE:
        wrote_ns = memory.sessions.wrote_ns[s, lanes.origin[lane]] if lives else t
        found = unseen_above(memory, lane, region, best, session, wrote_ns)
        stale, own = stale or found[0], own or found[1]
        lane = lanes.next[lane]
    counts.reads[store] += 1
    counts.stale_reads[store] += stale
    counts.ryw_violations[store] += own
    return best


@kernel
def take_read(plan, memory, a, store, item, t):
    """A read of the highest version that the caller's region reads."""
    region = memory.world.read_place[store, memory.attempts.region[a]]
    meet_replica(plan, memory, a, store, region)
    return_version(plan, memory, a, store, item, read_item(plan, memory, store, item, region, a, t), t)


@kernel
def return_version(plan, memory, a, store, item, v, t):
    """A read has found a version (NONE: the initial one): its session remembers it, and is told."""
    sessions, versions, s = memory.sessions, memory.versions, memory.attempts.slot[a]
    note_read(plan, memory, a, store, item, v, t)
    if is_own_session(memory, a):
        memory.counts.monotonic_violations[store] += remember_read(plan, memory, s, item, v)
    if is_users(memory, a):
        sessions.version[s] = INITIAL
        if v != NONE and is_followed(memory.trace, sessions.number[s]):
            sessions.version[s] = (versions.writer[v] << _TAG_BITS) | (
                versions.tag[v] & ((1 << _TAG_BITS) - 1)
            )


@kernel
def kind_of_write(plan, row):
    """Of which kind a step's write is."""
    how = STANDS_ALONE if plan.step_stands_alone[row] else 0
    return how | DELETES if plan.step_kind[row] == DELETE else how


@kernel
def take_write(plan, memory, a, store, item, how, t):
    """A write of an item takes effect, of the kind `how` (`simulator.data_plane.stores.damage`)."""
    attempts, region = memory.attempts, memory.world.write_place[store, memory.attempts.region[a]]
    v = put_item(plan, memory, a, store, item, how, t)
    note_applied(plan, memory, a, v)
    if is_own_session(memory, a):
        memory.sessions.wrote_ns[attempts.slot[a], region] = t


@kernel
def put_item(plan, memory, a, store, item, how, t):
    """Write an item on behalf of an attempt; the version."""
    attempts, region = memory.attempts, memory.world.write_place[store, memory.attempts.region[a]]
    meet_replica(plan, memory, a, store, region)
    if plan.store_kind[store] != DATABASE:
        meet_clock(plan, memory, a, region)
    if not how & DELETES and is_struck(plan, memory, a, store, region):
        how |= DAMAGED
    return write_item(
        plan, memory, store, item, region, attempts.number[a], attempts.attempt[a], attempts.step[a], how, t
    )
