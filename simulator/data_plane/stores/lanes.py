"""Lanes: the versions that one region has written of one item, in order of writing (docs/model.md §6).

A lane is a queue of the versions that are not yet visible everywhere, behind its base: the highest version
that is. Copies keep their order, so in each region a lane is visible up to some point; `unseen` is the
first version beyond it, and delivery moves it on (`simulator.data_plane.stores.delivery`). A version also
knows its top: the highest of the lane up to itself.

Versions mostly rise: each is higher than the one before. Where the origin's clock was set back one falls
below. Between two falls the lower ones come first, so those that lose against a write are found without a
look at the others: the cost of a write or read grows neither with what waits behind a stopped replicator
nor with clocks that are wrong.
"""

from simulator.data_plane.stores.copies import await_no_more
from simulator.data_plane.stores.lineage import forget_initial, loosen, release
from simulator.data_plane.stores.versions import (
    LIVE,
    LOST,
    NONE,
    become_discarded,
    become_visible,
    free_slot,
    is_higher,
    surviving,
)
from simulator.kernels.compiling import kernel

APART = -2  # in place of another lane: a single write of before the run, which no item knows
_ROSE = -2  # the fall of a version that is higher than the one before


@kernel
def lane_of(memory, item, store, origin):
    """The lane of an item and origin, made if there is none."""
    lanes = memory.lanes
    lane = memory.item_lane[item]
    while lane != NONE and lanes.origin[lane] != origin:
        lane = lanes.next[lane]
    if lane == NONE:
        lane = take_lane(memory, item, store, origin)
        lanes.next[lane] = memory.item_lane[item]
        memory.item_lane[item] = lane
    return lane


@kernel
def take_lane(memory, item, store, origin):
    """An empty lane, not yet among the item's."""
    lanes = memory.lanes
    count = lanes.free_count[0] - 1
    lanes.free_count[0] = count
    lane = lanes.free[count]
    lanes.item[lane], lanes.store[lane], lanes.origin[lane] = item, store, origin
    lanes.first[lane], lanes.last[lane], lanes.base[lane] = NONE, NONE, NONE
    lanes.fall[lane], lanes.falls[lane] = NONE, 0
    lanes.unseen[lane], lanes.held[lane] = NONE, NONE
    return lane


@kernel
def higher_of(versions, v, other):
    """The higher of two versions, either of which may be missing."""
    if other == NONE or (v != NONE and is_higher(versions, v, other)):
        return v
    return other


@kernel
def is_above(versions, v, other):
    """Tell whether a version is higher than another one, which may be the initial one."""
    return other == NONE or is_higher(versions, v, other)


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
def highest_in(memory, item, region):
    """The highest version of an item that has been delivered to a region; NONE for the initial one."""
    best, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        best = higher_of(memory.versions, best, seen_top_of(memory, lane, region))
        lane = memory.lanes.next[lane]
    return best


@kernel
def append(memory, lane, v):
    """Put a version that is written now at the end of its lane."""
    lanes, versions = memory.lanes, memory.versions
    last = lanes.last[lane]
    versions.top[v] = higher_of(versions, v, top_of(memory, lane))
    versions.older[v], versions.newer[v] = last, NONE
    versions.fall[v], versions.further[v] = _ROSE, NONE
    lanes.last[lane] = v
    if lanes.held[lane] == NONE:
        lanes.held[lane] = v
    if last == NONE:
        lanes.first[lane] = v
        return
    versions.newer[last] = v
    if is_higher(versions, last, v):
        versions.fall[v] = lanes.fall[lane]
        lanes.fall[lane] = v
        lanes.falls[lane] += 1


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
    """The first version of a lane is visible everywhere: it becomes the base, or a higher one stays it."""
    lanes, versions = memory.lanes, memory.versions
    v, base = lanes.first[lane], lanes.base[lane]
    if versions.state[v] == LIVE:
        become_visible(memory, v)
    await_no_more(plan, memory, v)
    for region in range(plan.region_count):
        if lanes.unseen[lane, region] == v:  # in one that is gone for good, which will see nothing any more
            lanes.unseen[lane, region] = versions.newer[v]
    lanes.falls[lane] -= versions.fall[v] != _ROSE
    if lanes.held[lane] == v:
        lanes.held[lane] = versions.newer[v]
    lanes.first[lane] = versions.newer[v]
    if lanes.first[lane] == NONE:
        lanes.last[lane] = NONE
    else:
        versions.older[lanes.first[lane]] = NONE
    if lanes.next[lane] == APART:
        free_slot(versions, v)
        free_lane(memory, lane)
        return
    lanes.base[lane] = higher_of(versions, v, base)
    dropped = base if lanes.base[lane] == v else v
    if dropped == NONE:
        forget_initial(memory, lanes.item[lane])
    else:
        release(memory, dropped)


@kernel
def retire(plan, memory, lane):
    """Take from a lane what every surviving replica has seen."""
    lanes = memory.lanes
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
    """Drop the lanes of an item that hold but a base lower than another lane's: it is never read again."""
    lanes = memory.lanes
    before, lane = NONE, memory.item_lane[item]
    if lanes.next[lane] == NONE:
        return
    best = highest_base(memory, item)
    while lane != NONE:
        following = lanes.next[lane]
        if lanes.first[lane] != NONE or lanes.base[lane] == best:
            before = lane
            loosen_outdone(memory, lane, best)
        else:
            if before == NONE:
                memory.item_lane[item] = following
            else:
                lanes.next[before] = following
            drop(memory, lane)
        lane = following


@kernel
def loosen_outdone(memory, lane, best):
    """Versions of a lane that are lower than one that is visible everywhere will never be built on again."""
    lanes, versions = memory.lanes, memory.versions
    if best == NONE:
        return
    if lanes.base[lane] != NONE and lanes.base[lane] != best:
        loosen(memory, lanes.base[lane])
    v = lanes.held[lane]
    while v != NONE and not is_higher(versions, v, best):
        loosen(memory, v)
        v = versions.newer[v]
    lanes.held[lane] = v


@kernel
def drop(memory, lane):
    """Give the slots of a lane and its base back; one that was swept (`stores.forks`) may have no base."""
    if memory.lanes.base[lane] != NONE:
        release(memory, memory.lanes.base[lane])
    free_lane(memory, lane)


@kernel
def free_lane(memory, lane):
    """Give the slot of a lane back."""
    lanes = memory.lanes
    lanes.item[lane] = NONE
    count = lanes.free_count[0]
    lanes.free[count] = lane
    lanes.free_count[0] = count + 1


@kernel
def after(versions, v):
    """A later version of the lane, all between have lost; NONE if v is the last that is known."""
    return versions.newer[v] if versions.further[v] == NONE else versions.further[v]


@kernel
def live_from(versions, v):
    """The first version of a lane from v on that can still lose.

    What has lost is passed together: each pass halves the way for the next (path halving; Tarjan, van
    Leeuwen, J. ACM 31, 1984).
    """
    while v != NONE and versions.state[v] != LIVE:
        following = after(versions, v)
        if following != NONE and versions.state[following] != LIVE:
            beyond = after(versions, following)
            if beyond != NONE:
                versions.further[v] = beyond
                following = beyond
        v = following
    return v


@kernel
def discard_rising(memory, first, v, overtaken):
    """Those of a lane from `first` on that are lower than v are discarded.

    From there on its versions are higher one by one, at least up to its next fall.
    """
    versions = memory.versions
    other = live_from(versions, first)
    while other != NONE and is_higher(versions, v, other):
        become_discarded(memory, other, overtaken, v)
        other = live_from(versions, other)


@kernel
def discard_unseen(memory, lane, region, v, overtaken):
    """Version v is written in a region: what it has not seen of a lane, and is lower, is discarded."""
    lanes, versions = memory.lanes, memory.versions
    unseen = lanes.unseen[lane, region]
    if unseen == NONE:
        return
    fall, falls = lanes.fall[lane], lanes.falls[lane]
    while falls > 0 and versions.number[fall] > versions.number[unseen]:
        discard_rising(memory, fall, v, overtaken)
        fall = versions.fall[fall]
        falls -= 1
    discard_rising(memory, unseen, v, overtaken)


@kernel
def unseen_above(memory, lane, region, best, session, wrote_ns):
    """Tell whether a region has not seen a version that is not lost, and one of the session's.

    Only those of the lane that are higher than `best` count, and `best` is the highest that the region sees
    of any lane; `wrote_ns` is when the session last wrote in the lane's region. The lane's top tells
    whether there is one; only the session's own are searched for, and those of a region that is gone for
    good.
    """
    lanes, versions = memory.lanes, memory.versions
    unseen, v = lanes.unseen[lane, region], lanes.last[lane]
    if unseen == NONE or not is_above(versions, versions.top[v], best):
        return False, False
    stale, own = versions.state[versions.top[v]] != LOST, False
    may_own = wrote_ns >= versions.time_ns[unseen]
    while not (stale and (own or not may_own)) and v != NONE:
        if versions.number[v] < versions.number[unseen] or not is_above(versions, versions.top[v], best):
            break
        if is_above(versions, v, best):
            stale = stale or versions.state[v] != LOST
            own = own or versions.writer[v] == session
        v = versions.older[v]
    return stale, own
