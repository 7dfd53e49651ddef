"""Hop: copies arrive (docs/model.md §6).

What has become visible in a replica is delivered before anything looks there, before a replicator changes
its pace, before a loss, for gauges, and at the end. Delivering a copy counts its lag and moves the lane on
in the target.
"""

from simulator.boundary.kinds import NEVER_NS
from simulator.data_plane.long_times import add_times
from simulator.data_plane.stores.aside import drop_queues_to, first_of_line, step_aside, take_from_line
from simulator.data_plane.stores.copies import dequeue_first, enqueue, oldest_waiting
from simulator.data_plane.stores.lanes import drop_outdone, retire
from simulator.data_plane.stores.replication import replication_clock_ns, visible_at_ns
from simulator.data_plane.stores.snapshots import keep_before_arrival
from simulator.data_plane.stores.survivors import loosen_unseen
from simulator.data_plane.stores.throughput import (
    WRITES,
    charge,
    milli_units,
    partition_free_ns,
    table_free_ns,
)
from simulator.data_plane.stores.versions import ARRIVED_NS, BARRED_NS, NONE, surviving
from simulator.data_plane.tallies import bin_of
from simulator.kernels.bits import quotient
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import int64


@kernel
def count_lag(plan, counts, store, origin, target, written_ns, held_ns, visible_ns):
    """A copy has become visible, so much later than it was due on its way: count its true lag."""
    lag_ns = visible_ns - written_ns
    bucket = quotient(max(visible_ns - plan.counts_from_ns, 0), plan.lag_step_ns)
    counts.lag[store, origin, target, bin_of(lag_ns)] += 1
    counts.lag_step_count[store, origin, target, bucket] += 1
    add_times(counts.lag_step_sum, (store, origin, target, bucket), 1, lag_ns)
    if lag_ns > counts.lag_step_max_ns[store, origin, target, bucket]:
        counts.lag_step_max_ns[store, origin, target, bucket] = lag_ns
    if held_ns > plan.lag_held_ns or lag_ns > plan.lag_unusual_ns[store, origin, target]:
        counts.lag_step_late[store, origin, target, bucket] += 1


@kernel
def arrive(plan, memory, v, target, visible_ns):
    """A copy of version v has become visible in a replica."""
    versions = memory.versions
    store, origin = versions.store[v], versions.origin[v]
    keep_before_arrival(plan, memory, v, target)
    held_ns = visible_ns - versions.due_ns[v, target]
    count_lag(plan, memory.counts, store, origin, target, versions.time_ns[v], held_ns, visible_ns)
    memory.counts.units_milli[WRITES, store, target] += milli_units(plan, store, WRITES)
    memory.counts.damaged_copies[store, target] += versions.damaged[v]
    memory.replicators.waiting[store, origin, target] -= 1
    versions.due_ns[v, target] = ARRIVED_NS


@kernel
def first_waiting(plan, memory, v, target):
    """The first version of a lane from v on of which a target waits for a copy: it may hold some already.

    What it holds becomes visible there with the one before.
    """
    versions = memory.versions
    while v != NONE and versions.due_ns[v, target] == ARRIVED_NS:
        keep_before_arrival(plan, memory, v, target)
        v = versions.newer[v]
    return v


@kernel
def move_on(plan, memory, lane, target, v):
    """A target has seen a lane up to version v, or all of it; what is left queues again."""
    lanes, versions = memory.lanes, memory.versions
    was_first = lanes.unseen[lane, target] == lanes.first[lane]
    lanes.unseen[lane, target] = v
    if v != NONE and versions.due_ns[v, target] != BARRED_NS:
        enqueue(memory, lane, target, versions.due_ns[v, target], versions.number[v])
    if was_first:
        retire(plan, memory, lane)


@kernel
def deliver_lane(plan, memory, lane, target, clock_ns):
    """The target sees what is due of a lane that has left the queue; the rest of it queues again."""
    lanes, versions = memory.lanes, memory.versions
    store, origin = lanes.store[lane], lanes.origin[lane]
    v = lanes.unseen[lane, target]
    while v != NONE and versions.due_ns[v, target] <= clock_ns:
        visible_ns = visible_at_ns(plan, memory.world, store, origin, target, versions.due_ns[v, target])
        arrive(plan, memory, v, target, visible_ns)
        v = first_waiting(plan, memory, versions.newer[v], target)
    move_on(plan, memory, lane, target, v)


@kernel
def deliver_pair(plan, memory, store, origin, target, t):
    """Deliver the copies of one directed pair that have become visible by t, in a store without limits.

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
    return ready_ns(plan, memory, store, origin, target)


@kernel
def ready_ns(plan, memory, store, origin, target):
    """When the first of a queue is ready, or has been."""
    first = memory.replicators.root[store, origin, target]
    if first == NONE or not memory.world.replicating[store, origin, target]:
        return NEVER_NS
    return visible_at_ns(plan, memory.world, store, origin, target, memory.copies.due_ns[first])


@kernel
def first_ready(plan, memory, store, target):
    """The origin whose copy has been ready for longest, or will be first; and since when."""
    best, best_ns = 0, NEVER_NS
    for origin in range(plan.region_count):
        found_ns = ready_ns(plan, memory, store, origin, target)
        if found_ns < best_ns:
            best, best_ns = origin, found_ns
    return best, best_ns


@kernel
def first_aside(plan, memory, store, target):
    """The origin of the line aside whose partition has been free for longest, or will be; and since when."""
    copies, best, best_ns, best_number = memory.copies, 0, NEVER_NS, 0
    if memory.replicators.lines[store, target] == 0:
        return best, best_ns
    for origin in range(plan.region_count):
        first = first_of_line(plan, memory, store, origin, target)
        if first != NONE and memory.world.replicating[store, origin, target]:
            free_ns, number = copies.due_ns[first], copies.number[first]
            if free_ns < best_ns or (free_ns == best_ns and number < best_number):
                best, best_ns, best_number = origin, free_ns, number
    return best, best_ns


@kernel
def hand_over(plan, memory, lane, target, t):
    """A table takes the first copy of a lane, which has left its queue, at t."""
    lanes, versions = memory.lanes, memory.versions
    store, origin, v = lanes.store[lane], lanes.origin[lane], lanes.unseen[lane, target]
    due_ns = versions.due_ns[v, target]
    delayed = visible_at_ns(plan, memory.world, store, origin, target, due_ns) < t
    memory.counts.copies_delayed[store, target] += delayed
    charge(plan, memory, store, target, lanes.item[lane], WRITES, t)
    arrive(plan, memory, v, target, t)
    move_on(plan, memory, lane, target, first_waiting(plan, memory, versions.newer[v], target))


@kernel
def take_turn(plan, memory, store, origin, target, t):
    """The first of a queue, which is ready at t, is delivered, or steps aside."""
    root = memory.replicators.root[store, origin, target]
    item = memory.lanes.item[memory.copies.lane[root]]
    free_ns = partition_free_ns(plan, memory, store, target, item)
    if free_ns > t:
        step_aside(plan, memory, store, origin, target, free_ns)
    else:
        hand_over(plan, memory, dequeue_first(memory, store, origin, target), target, t)


@kernel
def deliver_limited(plan, memory, store, target, t):
    """Deliver the copies for which a table with limits has found units by t; then before when none goes."""
    now_ns = memory.replicators.next_ns[store, target]
    while now_ns <= t:
        origin, since_ns = first_ready(plan, memory, store, target)
        aside, free_ns = first_aside(plan, memory, store, target)
        now_ns = max(now_ns, min(since_ns, free_ns))
        now_ns = table_free_ns(plan, memory, store, target, now_ns, t)
        if now_ns <= t and free_ns <= now_ns:
            hand_over(plan, memory, take_from_line(plan, memory, store, aside, target), target, now_ns)
        elif now_ns <= t:
            take_turn(plan, memory, store, origin, target, now_ns)
    return now_ns


@kernel
def deliver_unlimited(plan, memory, store, target, t):
    """Deliver the copies that are ready by t to a store without limits; then before when none is."""
    next_ns = NEVER_NS
    for origin in range(plan.region_count):
        next_ns = min(next_ns, deliver_pair(plan, memory, store, origin, target, t))
    return next_ns


@kernel
def deliver_due(plan, memory, store, target, t):
    """Deliver what has become visible in a replica of a store by t, and note before when no more will."""
    if plan.store_limited[store]:
        next_ns = deliver_limited(plan, memory, store, target, t)
    else:
        next_ns = deliver_unlimited(plan, memory, store, target, t)
    memory.replicators.next_ns[store, target] = next_ns


@entry("plan", "memory", int, int, int)
def deliver(plan, memory, store, target, t):
    """Deliver all that has become visible in a replica of a store by t."""
    if t >= memory.replicators.next_ns[store, target]:
        deliver_due(plan, memory, store, target, t)


@kernel
def deliver_from(plan, memory, store, origin, t):
    """Deliver a region's own copies that have become visible elsewhere.

    What nobody reads there would fill the memory.
    """
    for target in range(plan.region_count):
        if target != origin:
            deliver(plan, memory, store, target, t)


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
                v = oldest_waiting(memory, store, origin, target)
                if v != NONE:
                    copies[store, origin, target] = memory.replicators.waiting[store, origin, target]
                    oldest_ns[store, origin, target] = memory.versions.time_ns[v]


@entry("plan", "memory", int)
def stop_waiting_for(plan, memory, region):
    """A region has just been marked as gone for good: what waited for it alone is visible everywhere."""
    for store in range(len(plan.store_items)):
        drop_queues_to(plan, memory, store, region)
    for lane in range(len(memory.lanes.item)):
        wait_no_more(plan, memory, lane)


@kernel
def wait_no_more(plan, memory, lane):
    """A replica has just been marked as gone: of a lane, what waited for it alone is visible everywhere."""
    if memory.lanes.item[lane] != NONE:
        retire(plan, memory, lane)
        loosen_unseen(plan, memory, lane)


@entry("plan", "memory", int, int)
def leave_behind(plan, memory, store, region):
    """A replica of a store has just been marked as gone: what waited for it alone is visible everywhere."""
    drop_queues_to(plan, memory, store, region)
    for lane in range(len(memory.lanes.item)):
        if memory.lanes.store[lane] == store:
            wait_no_more(plan, memory, lane)


@entry("plan", "memory", int)
def compact(plan, memory, t):
    """Drop all that can never be read again: memory follows the writes that still matter, not history."""
    lanes = memory.lanes
    deliver_all(plan, memory, t)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and memory.item_lane[lanes.item[lane]] == lane:
            drop_outdone(memory, lanes.item[lane])
