"""Snapshots: what a replica held at an instant, kept as it changes (docs/model-stores.md §2).

Taking one is a few steps: it becomes the newest of its replica. The first change of an item's highest
version there keeps what it was before, in the newest snapshot alone. What an older one held is found there,
or in the first later one that has kept the item, or else is what the replica still holds.
"""

from simulator.data_plane.stores.lanes import highest_in, is_above
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import entry, kernel

_KEPT, _WAS_INITIAL, _CHANGED = 1, 2, 4  # what is known of an item, as a sum


@entry("plan", "memory", int)
def take_snapshot(plan, memory, number):
    """The present state of a replica is kept from now on; all that is visible has been delivered."""
    snapshots = memory.snapshots
    replica = plan.snapshot_store[number], plan.snapshot_region[number]
    before = snapshots.newest[replica]
    if before != NONE:
        snapshots.later[before] = number
    snapshots.newest[replica] = number


@kernel
def record_of(plan, number, item):
    """Where a snapshot keeps an item."""
    return plan.snapshot_first[number] + item - plan.store_item_first[plan.snapshot_store[number]]


@kernel
def keep_before(plan, memory, store, region, item, v, seen):
    """A version becomes visible in a replica, which has `seen` so far: the newest snapshot keeps that."""
    snapshots = memory.snapshots
    number = snapshots.newest[store, region]
    if number == NONE:
        return
    record = record_of(plan, number, item)
    if snapshots.kept[record] < _CHANGED and is_above(memory.versions, v, seen):
        if snapshots.kept[record] == 0:
            keep(memory, record, seen)
        note_change(memory, number, record, memory.versions.time_ns[v])


@kernel
def keep_before_arrival(plan, memory, v, region):
    """A copy arrives in a replica."""
    versions = memory.versions
    store, item = versions.store[v], versions.item[v]
    number = memory.snapshots.newest[store, region]
    if number != NONE and memory.snapshots.kept[record_of(plan, number, item)] < _CHANGED:
        keep_before(plan, memory, store, region, item, v, highest_in(memory, item, region))


@kernel
def keep_before_restore(plan, memory, store, item, t):
    """A restore is about to change an item in every replica."""
    snapshots = memory.snapshots
    for region in range(plan.region_count):
        number = snapshots.newest[store, region]
        if number != NONE:
            record = record_of(plan, number, item)
            if snapshots.kept[record] == 0:
                keep(memory, record, highest_in(memory, item, region))
            if snapshots.kept[record] < _CHANGED:
                note_change(memory, number, record, t)


@kernel
def keep_replica(plan, memory, store, region):
    """A replica is about to see less than it does: its newest snapshot keeps all that it holds."""
    number = memory.snapshots.newest[store, region]
    if number != NONE:
        keep_rest(plan, memory, number)


@kernel
def keep_rest(plan, memory, number):
    """A snapshot keeps what its replica holds now of all items of which it has kept nothing so far."""
    store, region = plan.snapshot_store[number], plan.snapshot_region[number]
    first = plan.store_item_first[store]
    for item in range(first, first + plan.store_items[store]):
        record = record_of(plan, number, item)
        if memory.snapshots.kept[record] == 0:
            keep(memory, record, highest_in(memory, item, region))


@kernel
def is_to_come(plan, memory, number, store, region):
    """Tell whether a snapshot is one of a replica, and has not been taken yet."""
    snapshots = memory.snapshots
    is_taken = snapshots.newest[store, region] == number or snapshots.later[number] != NONE
    return plan.snapshot_store[number] == store and plan.snapshot_region[number] == region and not is_taken


@kernel
def keep_for_later(plan, memory, store, region):
    """A replica is about to leave its table: what it holds is what later snapshots of it will hold.

    The lanes do not tell it any more by then.
    """
    for number in range(len(plan.snapshot_store)):
        if is_to_come(plan, memory, number, store, region):
            keep_rest(plan, memory, number)


@kernel
def keep_no_more(plan, memory, store, region):
    """A replica joins its table: snapshots of it that are to come will hold what it does by then."""
    items = plan.store_items[store]
    for number in range(len(plan.snapshot_store)):
        if is_to_come(plan, memory, number, store, region):
            for record in range(plan.snapshot_first[number], plan.snapshot_first[number] + items):
                memory.snapshots.kept[record] = 0


@kernel
def keep_replicas(plan, memory, store):
    """Some replicas of a store are about to see less than they do."""
    for region in range(plan.region_count):
        keep_replica(plan, memory, store, region)


@entry("plan", "memory", int)
def keep_all(plan, memory, region):
    """A region is about to be gone for good: what it holds is kept for backups that are elsewhere."""
    for store in range(len(plan.store_items)):
        keep_replica(plan, memory, store, region)


@kernel
def keep(memory, record, seen):
    """A snapshot keeps what an item is; NONE: the initial version."""
    snapshots, versions = memory.snapshots, memory.versions
    snapshots.kept[record] = _KEPT + (_WAS_INITIAL if seen == NONE else 0)
    if seen != NONE:
        snapshots.worth[record], snapshots.stamp_ns[record] = versions.worth[seen], versions.stamp_ns[seen]
        snapshots.origin[record], snapshots.time_ns[record] = versions.origin[seen], versions.time_ns[seen]
        snapshots.number[record], snapshots.writer[record] = versions.number[seen], versions.writer[seen]
        snapshots.tag[record], snapshots.damaged[record] = versions.tag[seen], versions.damaged[seen]
        snapshots.deleted[record] = versions.deleted[seen]


@kernel
def note_change(memory, number, record, changed_ns):
    """An item that a snapshot has kept changes for the first time since, by a write of an instant."""
    snapshots = memory.snapshots
    snapshots.kept[record] += _CHANGED
    snapshots.changed_ns[record] = changed_ns
    snapshots.changes[number] += 1


@kernel
def kept_of(plan, memory, number, item):
    """The record of what an item was in a snapshot; NONE if it is what its replica still holds."""
    snapshots = memory.snapshots
    while number != NONE:
        record = record_of(plan, number, item)
        if snapshots.kept[record] != 0:
            return record
        number = snapshots.later[number]
    return NONE


@kernel
def was_initial(memory, record):
    """Tell whether a record is of an item that nobody had written."""
    return memory.snapshots.kept[record] & _WAS_INITIAL != 0


@kernel
def change_of(plan, memory, number, item):
    """The record that tells when an item changed first since a snapshot; NONE if it has not.

    What a fork hid is kept although it has not changed: then a later snapshot tells.
    """
    snapshots = memory.snapshots
    while number != NONE:
        record = record_of(plan, number, item)
        if snapshots.kept[record] & _CHANGED != 0:
            return record
        number = snapshots.later[number]
    return NONE


@entry("plan", "memory", int)
def changed_since(plan, memory, number):
    """How many items have changed in a replica since a snapshot."""
    first, count = plan.store_item_first[plan.snapshot_store[number]], 0
    for item in range(first, first + plan.store_items[plan.snapshot_store[number]]):
        count += change_of(plan, memory, number, item) != NONE
    return count
