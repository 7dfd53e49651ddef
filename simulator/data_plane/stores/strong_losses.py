"""What strong tables lose when members are gone for good (docs/model-stores.md §3).

Each version was held by two members when it was acknowledged, and each builds on all before it: what is left
with one replica is all up to the highest that it holds.
"""

from simulator.boundary.causes import WITH_REGION
from simulator.data_plane.stores.lanes import higher_of, is_above
from simulator.data_plane.stores.versions import (
    LIVE,
    NONE,
    become_lost,
    is_visible,
    only_survivor,
    surviving,
)
from simulator.kernels.compiling import entry, kernel


@kernel
def is_gone(plan, world, place):
    """Tell whether a member's region is gone for good; one that is none of the system's never is."""
    return place < plan.region_count and world.region_lost[place] == 1


@kernel
def last_member_without(plan, world, store, region):
    """The replica that would be all that is left of a table without a region; NONE: more would be."""
    left, last, witness = 0, NONE, plan.store_witness[store]
    for other in range(plan.region_count):
        if other != region and surviving(plan, world, store, other):
            left += 1
            last = other
    if witness not in (NONE, region) and not is_gone(plan, world, witness):
        left += 1
    return last if left == 1 else NONE


@kernel
def highest_held(memory, item, region):
    """The highest version of an item that a replica holds, visible or not; NONE: the initial one."""
    lanes, versions = memory.lanes, memory.versions
    best, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        v = lanes.last[lane]
        while v != NONE and not is_visible(versions, v, region):
            v = versions.older[v]
        best = higher_of(versions, best, lanes.base[lane] if v == NONE else v)
        lane = lanes.next[lane]
    return best


@kernel
def is_first_lane(memory, lane, store):
    """Tell whether a lane is the first one of an item of a store."""
    item = memory.lanes.item[lane]
    return item != NONE and memory.lanes.store[lane] == store and memory.item_lane[item] == lane


@kernel
def lose_above(memory, item, held):
    """The versions of an item above the one that is held are lost."""
    lanes, versions = memory.lanes, memory.versions
    lane = memory.item_lane[item]
    while lane != NONE:
        v = lanes.last[lane]
        while v != NONE and is_above(versions, v, held):
            if versions.state[v] == LIVE:
                become_lost(memory, v, WITH_REGION)
            v = versions.older[v]
        lane = lanes.next[lane]


@entry("plan", "memory", int)
def lose_member(plan, memory, region):
    """A region is gone for good: where one replica of a strong table is left, what it does not hold is lost.

    Call before marking it lost, when all that is due has been delivered.
    """
    for store in range(len(plan.store_items)):
        if not plan.store_strong[store]:
            continue
        last = last_member_without(plan, memory.world, store, region)
        for lane in range(len(memory.lanes.item)):
            if last != NONE and is_first_lane(memory, lane, store):
                item = memory.lanes.item[lane]
                lose_above(memory, item, highest_held(memory, item, last))


@kernel
def mark_above(memory, item, region, held, t):
    """Mark the versions of an item that a region holds above one; their number and the oldest's time."""
    lanes, versions, marked, oldest_ns = memory.lanes, memory.versions, 0, t
    lane = memory.item_lane[item]
    while lane != NONE:
        v = lanes.last[lane]
        while v != NONE and is_above(versions, v, held):
            fit = versions.state[v] == LIVE and not versions.at_risk[v]
            if fit and is_visible(versions, v, region):
                versions.at_risk[v] = 1
                marked += 1
                oldest_ns = min(oldest_ns, versions.time_ns[v])
            v = versions.older[v]
        lane = lanes.next[lane]
    return marked, oldest_ns


@entry("plan", "memory", int, int, int)
def mark_member_at_risk(plan, memory, store, region, t):
    """Mark the writes of a strong table that would be lost with a region.

    Returns their number and the oldest's time. All that is due must have been delivered.
    """
    marked, oldest_ns = 0, t
    last = last_member_without(plan, memory.world, store, region)
    for lane in range(len(memory.lanes.item)):
        if last != NONE and is_first_lane(memory, lane, store):
            item = memory.lanes.item[lane]
            found, found_ns = mark_above(memory, item, region, highest_held(memory, item, last), t)
            marked += found
            oldest_ns = min(oldest_ns, found_ns)
    return marked, oldest_ns


@entry("plan", "memory", int, int)
def keeps_members(plan, memory, store, region):
    """Tell whether a table is strong, and keeps a replica without a region."""
    return plan.store_strong[store] == 1 and not only_survivor(plan, memory.world, store, region)
