"""Which lines survive: when a region is gone for good, and at the end (docs/model.md §6)."""

from simulator.boundary.kinds import DATABASE
from simulator.data_plane.stores.lanes import higher_of, highest_in
from simulator.data_plane.stores.lineage import loosen
from simulator.data_plane.stores.versions import LOST, NONE, only_survivor, surviving
from simulator.kernels.compiling import entry, kernel


@kernel
def first_seen_by_none(plan, memory, lane):
    """Of a lane whose replica is gone, the first version that no surviving replica has seen; NONE: none."""
    lanes, versions, v = memory.lanes, memory.versions, NONE
    for region in range(plan.region_count):
        if surviving(plan, memory.world, lanes.store[lane], region):
            unseen = lanes.unseen[lane, region]
            if unseen == NONE:
                return NONE
            if v == NONE or versions.number[unseen] > versions.number[v]:
                v = unseen
    return v


@kernel
def loosen_unseen(plan, memory, lane):
    """Of a lane whose replica is gone for good, what no surviving replica has seen will never be built on."""
    lanes, versions = memory.lanes, memory.versions
    if memory.world.replica_lost[lanes.store[lane], lanes.origin[lane]] == 0:
        return
    v = first_seen_by_none(plan, memory, lane)
    while v != NONE:
        loosen(memory, v)
        v = versions.newer[v]


@kernel
def loosen_all_but(memory, item, winner):
    """Nothing more is written: of an item's versions, only the winner's line survives."""
    lanes, versions = memory.lanes, memory.versions
    lane = memory.item_lane[item]
    while lane != NONE:
        if lanes.base[lane] not in (NONE, winner):
            loosen(memory, lanes.base[lane])
        v = lanes.first[lane]
        while v != NONE:
            if v != winner:
                loosen(memory, v)
            v = versions.newer[v]
        lane = lanes.next[lane]


@kernel
def winner_of(plan, memory, store, item):
    """The highest version of an item that is visible in a surviving replica; NONE for the initial one."""
    best = NONE
    for region in range(plan.region_count):
        if surviving(plan, memory.world, store, region):
            best = higher_of(memory.versions, best, highest_in(memory, item, region))
    return best


@kernel
def latest_not_lost(memory, item):
    """The version of an item of a strong table that was acknowledged last, and is not lost."""
    lanes, versions = memory.lanes, memory.versions
    best, lane = NONE, memory.item_lane[item]
    while lane != NONE:
        v = lanes.last[lane]
        while v != NONE and versions.state[v] == LOST:
            v = versions.older[v]
        best = higher_of(versions, best, lanes.base[lane] if v == NONE else v)
        lane = lanes.next[lane]
    return best


@kernel
def winner_not_lost(plan, memory, store, item):
    """As `winner_of`, but what a database lost at a promotion, and an old writer still holds, never wins.

    Of a strong table the latest does: its members hand on what they hold.
    """
    if plan.store_strong[store]:
        return latest_not_lost(memory, item)
    best, is_log = NONE, plan.store_kind[store] == DATABASE
    for region in range(plan.region_count):
        if surviving(plan, memory.world, store, region):
            v = highest_in(memory, item, region)
            if v != NONE and not (is_log and memory.versions.state[v] == LOST):
                best = higher_of(memory.versions, best, v)
    return best


@entry("plan", "memory", int)
def settle_last(plan, memory, region):
    """A region is about to be gone for good: where no replica is left, what it holds is the last word.

    Call when its writes have been marked as lost, and before it is.
    """
    lanes = memory.lanes
    for lane in range(len(lanes.item)):
        item, store = lanes.item[lane], lanes.store[lane]
        if item == NONE or memory.item_lane[item] != lane or plan.store_replica[store, region] == 0:
            continue
        if only_survivor(plan, memory.world, store, region) and not memory.world.region_lost[region]:
            loosen_all_but(memory, item, highest_in(memory, item, region))


@entry("plan", "memory")
def settle_lines(plan, memory):
    """The run is over: of each item the line of the highest version that a replica holds has survived."""
    lanes = memory.lanes
    for lane in range(len(lanes.item)):
        item, store = lanes.item[lane], lanes.store[lane]
        if item == NONE or memory.item_lane[item] != lane:
            continue
        if not only_survivor(plan, memory.world, store, NONE):  # one is left
            loosen_all_but(memory, item, winner_of(plan, memory, store, item))
