"""Lanes: the versions that one region has written of one item, in order of writing (docs/model.md §6).

A lane is a queue of the versions that are not yet visible everywhere, behind its base: the highest version
that is. Copies keep their order, so in each region a lane is visible up to some point; `unseen` is the
first version beyond it. Each version is passed once by each region, so the cost of a write or read does not
grow with what waits behind a stopped replicator. A version also knows its top: the highest of the lane up
to itself.
"""

from simulator.data_plane.stores.replication import replication_clock_ns, visible_at_ns
from simulator.data_plane.stores.versions import (
    LIVE,
    LOST,
    NONE,
    become_suppressed,
    become_visible,
    is_higher,
    release,
    surviving,
)
from simulator.data_plane.tallies import bin_of
from simulator.kernels.compiling import entry, kernel


@kernel
def lane_of(memory, item, store, origin):
    """The lane of an item and origin, made if there is none."""
    lanes = memory.lanes
    lane = memory.item_lane[item]
    while lane != NONE and lanes.origin[lane] != origin:
        lane = lanes.next[lane]
    if lane != NONE:
        return lane
    count = lanes.free_count[0] - 1
    lanes.free_count[0] = count
    lane = lanes.free[count]
    lanes.item[lane], lanes.store[lane], lanes.origin[lane] = item, store, origin
    lanes.first[lane], lanes.last[lane], lanes.base[lane] = NONE, NONE, NONE
    lanes.unordered[lane] = 0
    lanes.unseen[lane] = NONE
    lanes.judged[lane] = 0
    lanes.next[lane] = memory.item_lane[item]
    memory.item_lane[item] = lane
    return lane


@kernel
def higher_of(versions, v, other):
    """The higher of two versions, either of which may be missing."""
    if other == NONE or (v != NONE and is_higher(versions, v, other)):
        return v
    return other


@kernel
def top_of(memory, lane):
    """The highest version of a lane."""
    last = memory.lanes.last[lane]
    return memory.lanes.base[lane] if last == NONE else memory.versions.top[last]


@kernel
def seen_top_of(memory, lane, region):
    """The highest version of a lane that is visible in a region; the lane has been advanced there."""
    lanes, versions = memory.lanes, memory.versions
    unseen = lanes.unseen[lane, region]
    if unseen == NONE:
        return top_of(memory, lane)
    if unseen == lanes.first[lane]:
        return lanes.base[lane]
    return versions.top[versions.older[unseen]]


@kernel
def append(plan, memory, lane, v):
    """Put a version that is written now at the end of its lane."""
    lanes, versions = memory.lanes, memory.versions
    last, top = lanes.last[lane], top_of(memory, lane)
    versions.top[v] = higher_of(versions, v, top)
    if versions.top[v] != v:
        lanes.unordered[lane] = 1
    versions.older[v], versions.newer[v] = last, NONE
    if last == NONE:
        lanes.first[lane] = v
    else:
        versions.newer[last] = v
    lanes.last[lane] = v
    for region in range(plan.region_count):
        is_target = region != lanes.origin[lane] and plan.store_replica[lanes.store[lane], region]
        if is_target and lanes.unseen[lane, region] == NONE:
            lanes.unseen[lane, region] = v


@kernel
def count_lag(plan, counts, store, origin, target, written_ns, visible_ns):
    """A copy has become visible: count its true lag."""
    lag_ns = visible_ns - written_ns
    bucket = visible_ns // plan.lag_step_ns
    counts.lag[store, origin, target, bin_of(lag_ns)] += 1
    counts.lag_step_count[store, origin, target, bucket] += 1
    counts.lag_step_sum_ns[store, origin, target, bucket] += lag_ns
    if lag_ns > counts.lag_step_max_ns[store, origin, target, bucket]:
        counts.lag_step_max_ns[store, origin, target, bucket] = lag_ns


@kernel
def advance_in(plan, memory, lane, region, t):
    """Let a region see what has become visible there by t, and count the lags."""
    lanes, versions = memory.lanes, memory.versions
    v = lanes.unseen[lane, region]
    if v == NONE:
        return
    store, origin = lanes.store[lane], lanes.origin[lane]
    clock_ns = replication_clock_ns(plan, memory.world, store, origin, region, t)
    while v != NONE and versions.due_ns[v, region] <= clock_ns:
        visible_ns = visible_at_ns(plan, memory.world, store, origin, region, versions.due_ns[v, region])
        count_lag(plan, memory.counts, store, origin, region, versions.time_ns[v], visible_ns)
        v = versions.newer[v]
    lanes.unseen[lane, region] = v


@kernel
def is_first_unseen(plan, memory, lane):
    """Tell whether the first version of a lane is still unseen in a surviving replica."""
    lanes = memory.lanes
    for region in range(plan.region_count):
        unseen = lanes.unseen[lane, region] == lanes.first[lane]
        if unseen and surviving(plan, memory.world, lanes.store[lane], region):
            return True
    return False


@kernel
def take_first(plan, memory, lane):
    """The first version of a lane is visible everywhere: it becomes the base, or is dropped for a higher
    one.
    """
    lanes, versions = memory.lanes, memory.versions
    v, base = lanes.first[lane], lanes.base[lane]
    if versions.state[v] == LIVE:
        become_visible(memory, v)
    for region in range(
        plan.region_count
    ):  # of a region that is gone for good, which will see nothing any more
        if lanes.unseen[lane, region] == v:
            lanes.unseen[lane, region] = versions.newer[v]
    lanes.first[lane] = versions.newer[v]
    if lanes.first[lane] == NONE:
        lanes.last[lane] = NONE
    else:
        versions.older[lanes.first[lane]] = NONE
    lanes.base[lane] = higher_of(versions, v, base)
    dropped = base if lanes.base[lane] == v else v
    if dropped != NONE:
        release(versions, dropped)


@kernel
def settle(plan, memory, lane, t):
    """Bring a lane up to time t in every region."""
    lanes = memory.lanes
    for region in range(plan.region_count):
        advance_in(plan, memory, lane, region, t)
    while lanes.first[lane] != NONE and not is_first_unseen(plan, memory, lane):
        take_first(plan, memory, lane)


@kernel
def highest_base(memory, item):
    """The highest version of an item that is visible everywhere."""
    lanes = memory.lanes
    best, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        best = higher_of(memory.versions, best, lanes.base[lane])
        lane = lanes.next[lane]
    return best


@kernel
def drop_outdone(memory, item):
    """Drop the lanes of an item that hold nothing but a base lower than another lane's: it is never read
    again.
    """
    lanes, versions = memory.lanes, memory.versions
    best = highest_base(memory, item)
    before, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        following = lanes.next[lane]
        if lanes.first[lane] != NONE or lanes.base[lane] == best:
            before = lane
        else:
            if before == NONE:
                memory.item_lane[item] = following
            else:
                lanes.next[before] = following
            drop(lanes, versions, lane)
        lane = following


@kernel
def drop(lanes, versions, lane):
    """Give the slots of a lane and its base back."""
    release(versions, lanes.base[lane])
    lanes.item[lane] = NONE
    count = lanes.free_count[0]
    lanes.free[count] = lane
    lanes.free_count[0] = count + 1


@kernel
def settle_item(plan, memory, item, t):
    """Bring all lanes of an item up to time t, and drop what can never be read again."""
    lane = memory.item_lane[item]
    several = lane != NONE and memory.lanes.next[lane] != NONE
    while lane != NONE:
        settle(plan, memory, lane, t)
        lane = memory.lanes.next[lane]
    if several:
        drop_outdone(memory, item)


@entry("plan", "memory", int)
def settle_all(plan, memory, t):
    """Settle every lane; needed before a replicator's clock changes its pace, and at the end."""
    for lane in range(len(memory.lanes.item)):
        if memory.lanes.item[lane] != NONE:
            settle(plan, memory, lane, t)


@entry("plan", "memory", int)
def compact(plan, memory, t):
    """Drop all that can never be read again: memory follows the writes that still matter, not history."""
    lanes = memory.lanes
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and memory.item_lane[lanes.item[lane]] == lane:
            settle_item(plan, memory, lanes.item[lane], t)


@kernel
def suppress_unseen(memory, lane, region, v):
    """Version v is written in a region: what the region has not seen of another lane, and is lower, has
    lost.
    """
    lanes, versions = memory.lanes, memory.versions
    unseen = lanes.unseen[lane, region]
    if unseen == NONE:
        return
    from_number = max(versions.number[unseen], lanes.judged[lane, region] + 1)
    all_judged = True
    other = lanes.last[lane]
    while other != NONE and versions.number[other] >= from_number:
        if versions.state[other] == LIVE:
            if is_higher(versions, other, v):
                all_judged = False
            else:
                become_suppressed(memory, other)
        other = versions.older[other]
    if all_judged:
        lanes.judged[lane, region] = versions.number[lanes.last[lane]]


@kernel
def unseen_above(memory, lane, region, best, session, wrote_ns):
    """Of the versions of a lane higher than `best` that a region has not seen: is one not lost, is one
    the session's?

    `wrote_ns` is when the session last wrote in the lane's region.
    """
    lanes, versions = memory.lanes, memory.versions
    unseen, v = lanes.unseen[lane, region], lanes.last[lane]
    stale, own = False, False
    if unseen == NONE:
        return stale, own
    may_own = wrote_ns >= versions.time_ns[unseen]
    while (
        v != NONE and versions.number[v] >= versions.number[unseen] and not (stale and (own or not may_own))
    ):
        if best == NONE or is_higher(versions, v, best):
            stale = stale or versions.state[v] != LOST
            own = own or versions.writer[v] == session
        elif not lanes.unordered[lane]:
            break
        v = versions.older[v]
    return stale, own
