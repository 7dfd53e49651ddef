"""Hop: copies arrive (docs/model.md §6).

What has become visible in a replica is delivered before anything looks there, before a replicator changes
its pace, before a loss, for gauges, and at the end. Delivering a copy counts its lag and moves the lane on
in the target.
"""

from numba import int64

from simulator.boundary.kinds import NEVER_NS
from simulator.data_plane.stores.copies import (
    dequeue_first,
    drop_queues_to,
    enqueue,
    oldest_waiting,
)
from simulator.data_plane.stores.lanes import drop_outdone, retire
from simulator.data_plane.stores.replication import replication_clock_ns, visible_at_ns
from simulator.data_plane.stores.versions import NONE, surviving
from simulator.data_plane.tallies import bin_of
from simulator.kernels.compiling import entry, kernel


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
def deliver_lane(plan, memory, lane, target, clock_ns):
    """The target sees what is due of a lane that has left the queue; the rest of it queues again."""
    lanes, versions = memory.lanes, memory.versions
    store, origin = lanes.store[lane], lanes.origin[lane]
    v = lanes.unseen[lane, target]
    was_first = v == lanes.first[lane]
    while v != NONE and versions.due_ns[v, target] <= clock_ns:
        visible_ns = visible_at_ns(plan, memory.world, store, origin, target, versions.due_ns[v, target])
        count_lag(plan, memory.counts, store, origin, target, versions.time_ns[v], visible_ns)
        memory.replicators.waiting[store, origin, target] -= 1
        v = versions.newer[v]
    lanes.unseen[lane, target] = v
    if v != NONE:
        enqueue(memory, lane, target, versions.due_ns[v, target])
    if was_first:
        retire(plan, memory, lane)


@entry("plan", "memory", int, int, int, int)
def deliver_pair(plan, memory, store, origin, target, t):
    """Deliver the copies of one directed pair that have become visible by t.

    Returns a time before which no other will be, unless the replicator's pace changes.
    """
    copies, replicators, world = memory.copies, memory.replicators, memory.world
    first = replicators.root[store, origin, target]
    if first == NONE:
        return NEVER_NS
    if copies.due_ns[first] > t:
        return copies.due_ns[first]
    clock_ns = replication_clock_ns(plan, world, store, origin, target, t)
    while first != NONE and copies.due_ns[first] <= clock_ns:
        deliver_lane(plan, memory, dequeue_first(memory, store, origin, target), target, clock_ns)
        first = replicators.root[store, origin, target]
    if first == NONE or not world.replicating[store, origin, target]:
        return NEVER_NS
    return visible_at_ns(plan, world, store, origin, target, copies.due_ns[first])


@kernel
def deliver(plan, memory, store, target, t):
    """Deliver all that has become visible in a replica of a store by t."""
    replicators = memory.replicators
    if t < replicators.next_ns[store, target]:
        return
    next_ns = NEVER_NS
    for origin in range(plan.region_count):
        next_ns = min(next_ns, deliver_pair(plan, memory, store, origin, target, t))
    replicators.next_ns[store, target] = next_ns


@kernel
def deliver_from(plan, memory, store, origin, t):
    """Deliver a region's own copies that have become visible elsewhere.

    What nobody reads there would fill the memory.
    """
    for target in range(plan.region_count):
        deliver_pair(plan, memory, store, origin, target, t)


@entry("plan", "memory", int)
def deliver_all(plan, memory, t):
    """Deliver all that has become visible anywhere by t."""
    for store in range(len(plan.store_items)):
        for target in range(plan.region_count):
            deliver(plan, memory, store, target, t)


@kernel
def is_copied(plan, world, store, origin, target):
    """Tell whether one region's writes of a store are copied to another, neither of them gone for good."""
    return (
        origin != target and surviving(plan, world, store, origin) and surviving(plan, world, store, target)
    )


@entry("plan", "memory", int, int64[:, :, ::1], int64[:, :, ::1])
def count_pending(plan, memory, t, copies, oldest_ns):
    """Count the copies under way at t by store, origin and target, and find the oldest write among them."""
    deliver_all(plan, memory, t)
    for store in range(len(plan.store_items)):
        for origin in range(plan.region_count):
            for target in range(plan.region_count):
                if not is_copied(plan, memory.world, store, origin, target):
                    continue
                clock_ns = replication_clock_ns(plan, memory.world, store, origin, target, t)
                v = oldest_waiting(memory, store, origin, target, clock_ns)
                if v != NONE:
                    copies[store, origin, target] = memory.replicators.waiting[store, origin, target]
                    oldest_ns[store, origin, target] = memory.versions.time_ns[v]


@entry("plan", "memory", int)
def stop_waiting_for(plan, memory, region):
    """A region has just been marked as gone for good: what waited for it alone is visible everywhere."""
    lanes = memory.lanes
    drop_queues_to(plan, memory, region)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE:
            retire(plan, memory, lane)


@entry("plan", "memory", int)
def compact(plan, memory, t):
    """Drop all that can never be read again: memory follows the writes that still matter, not history."""
    lanes = memory.lanes
    deliver_all(plan, memory, t)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and memory.item_lane[lanes.item[lane]] == lane:
            drop_outdone(memory, lanes.item[lane])
