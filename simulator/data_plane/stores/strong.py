"""Hop: strong tables, in which a write waits for one other member (docs/model-stores.md §3).

Amazon DynamoDB developer guide, "How DynamoDB global tables work", multi-Region strong consistency. Versions
are ordered as they were acknowledged, and each builds on the latest one anywhere: none is discarded or
overtaken, so none is in a line whose fate is open.
"""

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import CONFLICT_CALL
from simulator.data_plane.layout import CALL_TRIES
from simulator.data_plane.meeting import meet_replica
from simulator.data_plane.network import jitter_of, one_way_ns, retransmission_ns
from simulator.data_plane.owners import is_own_session
from simulator.data_plane.stores.copies import await_delivery, oldest_waiting, send_copy
from simulator.data_plane.stores.damage import DAMAGED, DELETES, is_struck, note_damage
from simulator.data_plane.stores.delivery import deliver, deliver_from
from simulator.data_plane.stores.lags import lag_ns
from simulator.data_plane.stores.lanes import (
    append,
    drop_outdone,
    higher_of,
    highest_in,
    lane_of,
    retire,
    top_of,
)
from simulator.data_plane.stores.lineage import stand_apart
from simulator.data_plane.stores.remembering import note_applied
from simulator.data_plane.stores.replicas import count_write, new_version, return_version
from simulator.data_plane.stores.snapshots import keep_before
from simulator.data_plane.stores.throughput import WRITES, use_units
from simulator.data_plane.stores.versions import ARRIVED_NS, LIVE, NONE
from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import QUORUM, uniform_of, words

FINE = -1
_NO_MEMBER = -1
_LOSS_LANES = 16 * CALL_TRIES  # those of the tries of an operation's steps come before


@kernel
def member_at(plan, store, number):
    """The place of a member: regions by their number, the witness after them; _NO_MEMBER if it is none."""
    if number == plan.region_count:
        return plan.store_witness[store]
    return number if plan.store_replica[store, number] else _NO_MEMBER


@kernel
def retransmitted_ns(plan, world, a, b, session, attempt, lane, word):
    """What a lossy link adds to one way between members."""
    loss = world.link_loss[a, b]
    if loss == 0.0:
        return 0
    return retransmission_ns(plan, loss, uniform_of(plan.seed, QUORUM, session, attempt, lane, word))


@kernel
def round_trip_ns(plan, world, region, place, jitter, session, attempt, lane):
    """From a region to another member and back, as the links are now."""
    there_ns = one_way_ns(plan, world, region, place, 0, jitter)
    there_ns += retransmitted_ns(plan, world, region, place, session, attempt, lane, 0)
    back_ns = one_way_ns(plan, world, place, region, 0, jitter)
    back_ns += retransmitted_ns(plan, world, place, region, session, attempt, lane, 1)
    return there_ns + back_ns


@kernel
def nearest_member(plan, world, store, region, session, attempt, lane):
    """The place of the member that answers first, and when; _NO_MEMBER and 0 without a quorum."""
    jitter = jitter_of(plan, words(plan.seed, QUORUM, session, attempt, lane)[0])
    nearest, nearest_ns, others = _NO_MEMBER, NEVER_NS, 0
    for number in range(plan.region_count + 1):
        place = member_at(plan, store, number)
        if place in (_NO_MEMBER, region):
            continue
        if world.reaches[store, region, place]:
            lane_of_loss = _LOSS_LANES + 2 * lane + others
            took_ns = round_trip_ns(plan, world, region, place, jitter, session, attempt, lane_of_loss)
            if took_ns < nearest_ns:
                nearest, nearest_ns = place, took_ns
        others += 1
    return nearest, 0 if nearest == _NO_MEMBER else nearest_ns


@kernel
def answering_member(plan, memory, a, store):
    """The member that answers a call's try first, and how long that takes."""
    attempts = memory.attempts
    lane = CALL_TRIES * attempts.step[a] + attempts.call_try[a]
    return nearest_member(
        plan, memory.world, store, attempts.region[a], attempts.number[a], attempts.attempt[a], lane
    )


@kernel
def quorum_ns(plan, memory, a, store):
    """How long a call waits for another member of its table."""
    meet_replica(plan, memory, a, store, memory.attempts.region[a])
    return answering_member(plan, memory, a, store)[1]


@kernel
def has_quorum(plan, world, store, region):
    """Tell whether a member reaches another one."""
    for number in range(plan.region_count + 1):
        place = member_at(plan, store, number)
        if place != _NO_MEMBER and world.reaches[store, region, place]:
            return True
    return False


@entry("plan", "memory", int, int, int)
def is_caught_up(plan, memory, store, region, t):
    """Tell whether a member that had no quorum has all that had been acknowledged when it had one again."""
    replicators, versions = memory.replicators, memory.versions
    until = replicators.catching_up[store, region]
    if until == NONE:
        return True
    deliver(plan, memory, store, region, t)
    for origin in range(plan.region_count):
        if origin != region and plan.store_replica[store, origin]:
            v = oldest_waiting(memory, store, origin, region)
            if v != NONE and versions.number[v] <= until:
                return False
    replicators.catching_up[store, region] = NONE
    return True


@kernel
def serves(plan, memory, a, store, t):
    """Tell whether a call's member can write and read strongly: it has a quorum, and has caught up."""
    region = memory.attempts.region[a]
    meet_replica(plan, memory, a, store, region)
    return has_quorum(plan, memory.world, store, region) and is_caught_up(plan, memory, store, region, t)


@kernel
def latest_of(memory, item):
    """The version of an item that was acknowledged last, wherever that was; NONE for the initial one."""
    best, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        best = higher_of(memory.versions, best, top_of(memory, lane))
        lane = memory.lanes.next[lane]
    return best


@kernel
def conflicts(memory, a, item):
    """Tell whether another region's write was acknowledged last, and after this one began."""
    versions, v = memory.versions, latest_of(memory, item)
    if v == NONE or versions.origin[v] == memory.attempts.region[a]:
        return False
    return versions.time_ns[v] > memory.attempts.call_begin_ns[a]


@kernel
def verdict_of_write(plan, memory, a, store, item, t):
    """FINE, or why a write that has a quorum and capacity is not made; it costs its units all the same."""
    if not conflicts(memory, a, item):
        return FINE
    region = memory.attempts.region[a]
    deliver(plan, memory, store, region, t)
    use_units(plan, memory, store, region, item, WRITES, t)
    return CONFLICT_CALL


@kernel
def last_not_held(memory, lane, target):
    """The last version of a lane that waits for a target behind others; NONE: none does."""
    lanes, versions = memory.lanes, memory.versions
    first = lanes.unseen[lane, target]
    if first == NONE:
        return NONE
    v = lanes.last[lane]
    while v != first and versions.due_ns[v, target] == ARRIVED_NS:
        v = versions.older[v]
    return v


@kernel
def send_by_lag(plan, memory, lane, v, target, attempt, step):
    """Send v, which is not in its lane yet, to a replica that has not acknowledged it."""
    lanes, versions = memory.lanes, memory.versions
    due_ns = versions.time_ns[v] + lag_ns(plan, memory, v, lanes.item[lane], target, attempt, step)
    before = last_not_held(memory, lane, target)
    return due_ns if before == NONE else max(due_ns, versions.due_ns[before, target])


@kernel
def sort_members(plan, memory, lane, v, member, attempt, step):
    """Where v, which is not in its lane yet, is held at once, and when it is due elsewhere."""
    lanes, versions = memory.lanes, memory.versions
    store, origin, item = lanes.store[lane], lanes.origin[lane], lanes.item[lane]
    for target in range(plan.region_count):
        versions.due_ns[v, target] = NEVER_NS
        if target == origin or not plan.store_replica[store, target]:
            continue
        if target == member:
            versions.due_ns[v, target] = ARRIVED_NS
            use_units(plan, memory, store, target, item, WRITES, versions.time_ns[v])
        else:
            versions.due_ns[v, target] = send_by_lag(plan, memory, lane, v, target, attempt, step)


@kernel
def send_to_members(plan, memory, lane, v, member, attempt, step):
    """Put v at the end of its lane: one member holds it, the others wait; tell whether there are any."""
    store, origin, waits = memory.lanes.store[lane], memory.lanes.origin[lane], False
    sort_members(plan, memory, lane, v, member, attempt, step)
    append(memory, lane, v)
    await_delivery(memory, v)
    for target in range(plan.region_count):
        if target not in (origin, member) and plan.store_replica[store, target]:
            send_copy(memory, lane, v, target, memory.versions.due_ns[v, target])
            waits = waits or not memory.world.region_lost[target]
    return waits


@kernel
def keep_before_commit(plan, memory, lane, v, region, t):
    """Version v, which is not in its lane yet, is about to be held in a region: its snapshot keeps what was.

    It becomes visible there at once if all of the lane is.
    """
    store, item = memory.lanes.store[lane], memory.lanes.item[lane]
    if region >= plan.region_count or memory.snapshots.newest[store, region] == NONE:
        return
    deliver(plan, memory, store, region, t)
    if memory.lanes.unseen[lane, region] == NONE:
        keep_before(plan, memory, store, region, item, v, highest_in(memory, item, region))


@kernel
def build_on_latest(plan, memory, item, v, how):
    """Version v, written now, builds on the latest one: it is in no line whose fate is open."""
    versions, latest = memory.versions, latest_of(memory, item)
    note_damage(plan, memory, item, latest, v, how)
    stand_apart(versions, v)
    versions.worth[v] = (0 if latest == NONE else versions.worth[latest]) + (versions.state[v] == LIVE)


@kernel
def commit(plan, memory, store, item, region, member, session, attempt, step, how, t):  # noqa: PLR0913
    """A write is acknowledged: the version of which its region and another member have the first copies."""
    deliver_from(plan, memory, store, region, t)
    v = new_version(memory, store, region, session, (attempt << 4) | step, t)
    count_write(memory, v, how)
    memory.versions.stamp_ns[v], memory.versions.item[v] = t, item
    build_on_latest(plan, memory, item, v, how)
    lane = lane_of(memory, item, store, region)
    keep_before_commit(plan, memory, lane, v, region, t)
    keep_before_commit(plan, memory, lane, v, member, t)
    if not send_to_members(plan, memory, lane, v, member, attempt, step):
        retire(plan, memory, lane)
    drop_outdone(memory, item)
    return v


@kernel
def write_strongly(plan, memory, a, store, item, how, t):
    """A write takes effect, of the kind `how`, acknowledged by the nearest member."""
    attempts, region = memory.attempts, memory.attempts.region[a]
    if not how & DELETES and is_struck(plan, memory, a, store, region):
        how |= DAMAGED
    member = answering_member(plan, memory, a, store)[0]
    session, attempt, step = attempts.number[a], attempts.attempt[a], attempts.step[a]
    v = commit(plan, memory, store, item, region, member, session, attempt, step, how, t)
    note_applied(plan, memory, a, v)
    if is_own_session(memory, a):
        memory.sessions.wrote_ns[attempts.slot[a], region] = t


@kernel
def read_latest(plan, memory, a, store, item, t):
    """A read of the latest version anywhere."""
    memory.counts.reads[store] += 1
    return_version(plan, memory, a, store, item, latest_of(memory, item), t)
