"""Restores: a store becomes what one of its replicas was at an instant (docs/model-stores.md §2).

Item by item the lines are settled, as at the end of a run; then the item has one version, visible everywhere:
that of the snapshot, or, where writes are merged, its last one. What it was before is freed.
"""

import numpy as np

from simulator.boundary.tallies import Restored
from simulator.data_plane.stores.aside import drop_queues
from simulator.data_plane.stores.lanes import free_lane, highest_in, take_lane
from simulator.data_plane.stores.lineage import forget_initial, hold_root, release
from simulator.data_plane.stores.snapshots import (
    change_of,
    keep_before_restore,
    kept_of,
    record_of,
    was_initial,
)
from simulator.data_plane.stores.survivors import loosen_all_but, winner_not_lost
from simulator.data_plane.stores.versions import (
    ARRIVED_NS,
    LIVE,
    NONE,
    VISIBLE,
    become_visible,
    only_survivor,
    take_slot,
)
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import int64
from simulator.times import NEVER_NS

# the fields of a version that a restore gives an item, in an array of their own while it is replaced
_THERE, _WORTH, _STAMP, _ORIGIN, _TIME, _NUMBER, _WRITER, _TAG, _DAMAGED, _DELETED = range(10)
_FIELDS = 10
# what a restore finds, in the array that it fills
_LOST, _BROUGHT_BACK, _OLDEST_NS, _ITEMS, _AGAIN, _ALONE = range(6)
_FOUND = 6


def restored(plan: Block, memory: Block, number: int, merges: bool, now_ns: int) -> Restored:
    """A store becomes what a snapshot holds: what that did to its writes."""
    found = np.zeros(_FOUND, np.int64)
    restore(plan, memory, number, merges, now_ns, np.zeros(_FIELDS, np.int64), found)
    lost, brought_back, oldest_ns, items, _, alone = found.tolist()
    return Restored(number, now_ns, lost, brought_back, oldest_ns, items, bool(alone))


@entry("plan", "memory", int, int, int, int64[::1], int64[::1])
def restore(plan, memory, number, merges, t, content, found):
    """A store becomes what a snapshot holds; its items that are well keep what was written since, if merged.

    `content` is room for a version's fields; `found` becomes how many writes are lost with it, how many it
    brings back, the time of the oldest that is lost, how many items it has changed, how many of the lost
    ones had been brought back, and whether no replica was left: then the oldest is that of those which are
    not brought back.
    """
    store, region = plan.snapshot_store[number], plan.snapshot_region[number]
    found[:] = 0
    found[_OLDEST_NS] = NEVER_NS
    found[_ALONE] = only_survivor(plan, memory.world, store, NONE)
    stop_copies(plan, memory, store)
    first = plan.store_item_first[store]
    for item in range(first, first + plan.store_items[store]):
        if memory.item_lane[item] != NONE or is_kept(plan, memory, number, item):
            restore_item(plan, memory, (store, region, number, item), merges, t, content, found)
    if found[_ALONE]:
        take_outlived(memory, store, found)
    memory.lineage.outlived[store] = 0
    count_lost(memory.counts, store, merges, found)


@kernel
def take_outlived(memory, store, found):
    """Without a replica, what was overtaken and yet in the last line was not lost, and is not brought back.

    What is left of it is lost with the restore.
    """
    back = found[_BROUGHT_BACK] - memory.lineage.outlived[store]
    found[_BROUGHT_BACK], found[_LOST] = max(back, 0), max(-back, 0)


@kernel
def stop_copies(plan, memory, store):
    """Nothing of a store is on its way any more."""
    replicators = memory.replicators
    for origin in range(plan.region_count):
        replicators.first[store, origin], replicators.last[store, origin] = NONE, NONE
        for target in range(plan.region_count):
            drop_queues(plan, memory, store, origin, target)
            replicators.waiting[store, origin, target] = 0
            replicators.oldest[store, origin, target] = NONE


@kernel
def restore_item(plan, memory, where, merges, t, content, found):
    """One item: settle its lines, find what it becomes, and make it so."""
    store, region, number, item = where
    winner, record = winner_not_lost(plan, memory, store, item), kept_of(plan, memory, number, item)
    seen = highest_in(memory, item, region)
    settle(memory, item, winner)
    if merges and is_well(memory, winner):
        read_version(memory, winner, content)
    else:
        if record != NONE:
            read_record(memory, record, content)
        else:
            read_version(memory, seen, content)
        change = change_of(plan, memory, number, item)
        if found[_ALONE] and change != NONE:
            found[_OLDEST_NS] = min(found[_OLDEST_NS], memory.snapshots.changed_ns[change])
        count_item(memory, winner, change, content[_WORTH], found)
        note_worth(memory, first_record_of(plan, store, item), winner, content[_WORTH], found)
    keep_before_restore(plan, memory, store, item, t)
    empty(memory, item)
    if content[_THERE]:
        put(plan, memory, store, item, content)


@kernel
def is_kept(plan, memory, number, item):
    """Tell whether a snapshot has kept something of an item, which an earlier restore may have undone."""
    record = kept_of(plan, memory, number, item)
    return record != NONE and not was_initial(memory, record)


@kernel
def is_well(memory, v):
    """Tell whether what an item holds is worth keeping."""
    return v == NONE or memory.versions.damaged[v] == 0


@kernel
def settle(memory, item, winner):
    """Nothing more is copied: all is visible that waited, and only the winner's line survives."""
    lanes, versions = memory.lanes, memory.versions
    lane = memory.item_lane[item]
    while lane != NONE:
        v = lanes.first[lane]
        while v != NONE:
            if versions.state[v] == LIVE:
                become_visible(memory, v)
            v = versions.newer[v]
        lane = lanes.next[lane]
    loosen_all_but(memory, item, winner)
    if winner != NONE:
        forget_initial(memory, item)  # the winner is the root, and no longer cut off when it is freed


@kernel
def worth_of(memory, v):
    """The worth of a version; that of the initial one is 0."""
    return 0 if v == NONE else memory.versions.worth[v]


@kernel
def count_item(memory, winner, change, worth, found):
    """How many writes of an item are lost, and since when; or are brought back."""
    lost = worth_of(memory, winner) - worth
    found[_ITEMS] += 1
    if lost < 0:
        found[_BROUGHT_BACK] -= lost
    elif lost > 0:
        found[_LOST] += lost
        first_ns = memory.versions.time_ns[winner]
        if change != NONE:
            first_ns = memory.snapshots.changed_ns[change]
        found[_OLDEST_NS] = min(found[_OLDEST_NS], first_ns)


@kernel
def first_record_of(plan, store, item):
    """The record of an item in the first snapshot of its store."""
    number = 0
    while plan.snapshot_store[number] != store:
        number += 1
    return record_of(plan, number, item)


@kernel
def note_worth(memory, record, winner, worth, found):
    """What is brought back can be lost again: it is, when all is lost that was written since it was."""
    snapshots, lost = memory.snapshots, worth_of(memory, winner) - worth
    if lost < 0:
        snapshots.back[record] -= lost
    else:
        written = worth_of(memory, winner) - snapshots.set_worth[record]
        again = min(max(lost - max(written, 0), 0), snapshots.back[record])
        snapshots.back[record] -= again
        found[_AGAIN] += again
    snapshots.set_worth[record] = worth


@kernel
def read_version(memory, v, content):
    """What a version is; NONE: the initial one."""
    versions = memory.versions
    content[_THERE], content[_WORTH] = v != NONE, worth_of(memory, v)
    if v != NONE:
        content[_STAMP], content[_ORIGIN] = versions.stamp_ns[v], versions.origin[v]
        content[_TIME], content[_NUMBER] = versions.time_ns[v], versions.number[v]
        content[_WRITER], content[_TAG] = versions.writer[v], versions.tag[v]
        content[_DAMAGED], content[_DELETED] = versions.damaged[v], versions.deleted[v]


@kernel
def read_record(memory, record, content):
    """What a version was that a snapshot has kept."""
    snapshots = memory.snapshots
    content[_THERE], content[_WORTH] = 0, 0
    if not was_initial(memory, record):
        content[_THERE], content[_WORTH] = 1, snapshots.worth[record]
        content[_STAMP], content[_ORIGIN] = snapshots.stamp_ns[record], snapshots.origin[record]
        content[_TIME], content[_NUMBER] = snapshots.time_ns[record], snapshots.number[record]
        content[_WRITER], content[_TAG] = snapshots.writer[record], snapshots.tag[record]
        content[_DAMAGED], content[_DELETED] = snapshots.damaged[record], snapshots.deleted[record]


@kernel
def empty(memory, item):
    """Free all versions of an item, and its lanes."""
    lanes, versions = memory.lanes, memory.versions
    lane = memory.item_lane[item]
    memory.item_lane[item] = NONE
    while lane != NONE:
        following, v = lanes.next[lane], lanes.first[lane]
        if lanes.base[lane] != NONE:
            release(memory, lanes.base[lane])
        while v != NONE:
            newer = versions.newer[v]
            release(memory, v)
            v = newer
        free_lane(memory, lane)
        lane = following
    forget_initial(memory, item)


@kernel
def put(plan, memory, store, item, content):
    """An item has one version, which is visible everywhere."""
    versions, lanes, v = memory.versions, memory.lanes, take_slot(memory.versions)
    versions.store[v], versions.origin[v], versions.number[v] = store, content[_ORIGIN], content[_NUMBER]
    versions.stamp_ns[v], versions.time_ns[v] = content[_STAMP], content[_TIME]
    versions.writer[v], versions.tag[v], versions.increment[v] = content[_WRITER], content[_TAG], 0
    versions.state[v], versions.at_risk[v], versions.worth[v] = VISIBLE, 0, content[_WORTH]
    versions.damaged[v], versions.deleted[v] = content[_DAMAGED], content[_DELETED]
    for region in range(plan.region_count):
        versions.due_ns[v, region] = ARRIVED_NS
    hold_root(versions, v, item)
    lane = take_lane(memory, item, store, content[_ORIGIN])
    lanes.next[lane], lanes.base[lane] = NONE, v
    memory.item_lane[item] = lane


@kernel
def count_lost(counts, store, merges, found):
    """The lost writes of a store were visible everywhere, or, if these do not suffice, discarded.

    Those that had been brought back are lost already.
    """
    lost = found[_LOST] - found[_AGAIN]
    visible = min(lost, counts.visible[store])
    lost = visible + min(lost - visible, counts.discarded[store])
    counts.lost[store] += lost
    counts.brought_back[store] += found[_BROUGHT_BACK] - found[_AGAIN]
    if merges:
        counts.lost_in_merge[store] += lost
    else:
        counts.lost_after_point[store] += lost
    counts.discarded[store] -= lost - visible
    counts.visible[store] -= visible
    unmarked = min(visible, counts.visible_unmarked[store])
    counts.visible_unmarked[store] -= unmarked
    counts.risk_late[store] -= visible - unmarked
    counts.risk_lost[store] += visible - unmarked
