"""Replicas that are made anew, or for the first time, in the middle of a run (docs/model-stores.md §8).

Lanes have a place for each region that a table may have a replica in. While there is none it is as one that
has left (`leaving`): nobody waits for it. When it joins it sees what another replica does, its source.
"""

from simulator.data_plane.stores.aside import drop_queues
from simulator.data_plane.stores.copies import enqueue, is_over
from simulator.data_plane.stores.forks import forget_tokens, sweep
from simulator.data_plane.stores.snapshots import keep_no_more, keep_replica
from simulator.data_plane.stores.survivors import first_seen_by_none
from simulator.data_plane.stores.versions import ARRIVED_NS, BARRED_NS, NONE, surviving
from simulator.kernels.compiling import entry, kernel


@entry("plan", "memory", int, int, int, int)
def join(plan, memory, store, region, source, t):
    """A replica joins its table at t: it sees what its source does, and what was written there before.

    All that is due must have been delivered.
    """
    lanes = memory.lanes
    keep_replica(plan, memory, store, region)
    keep_no_more(plan, memory, store, region)
    for origin in range(plan.region_count):
        memory.replicators.waiting[store, origin, region] = 0
    bar_what_is_left(plan, memory, store, region)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and lanes.store[lane] == store:
            if lanes.origin[lane] == region:
                sweep_left(plan, memory, lane)
            else:
                see_as(memory, lane, region, source, t)
    memory.world.replica_lost[store, region] = 0
    queue_own(plan, memory, store, region, t)


@kernel
def see_as(memory, lane, region, source, t):
    """A new replica sees as much of a lane as its source; the rest is due there when it is due in that."""
    lanes, versions, replicators = memory.lanes, memory.versions, memory.replicators
    store, origin = lanes.store[lane], lanes.origin[lane]
    unseen = NONE if origin == source else lanes.unseen[lane, source]
    v = lanes.first[lane]
    while v != unseen:
        versions.due_ns[v, region] = ARRIVED_NS
        v = versions.newer[v]
    lanes.unseen[lane, region] = unseen
    while v != NONE:
        versions.due_ns[v, region] = max(versions.due_ns[v, source], t + 1)
        replicators.waiting[store, origin, region] += 1
        v = versions.newer[v]
    if unseen != NONE:
        enqueue(memory, lane, region, versions.due_ns[unseen, region], versions.number[unseen])


@kernel
def bar_what_is_left(plan, memory, store, region):
    """What the replica before had written, and no other one has, is nobody's any more: bar it."""
    lanes = memory.lanes
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and lanes.store[lane] == store and lanes.origin[lane] == region:
            v = first_seen_by_none(plan, memory, lane)
            while v != NONE:
                bar_left(plan, memory, v)
                v = memory.versions.newer[v]
    forget_tokens(memory, store, region)


@kernel
def bar_left(plan, memory, v):
    """A version will arrive nowhere."""
    versions, waiting = memory.versions, memory.replicators.waiting
    store, origin = versions.store[v], versions.origin[v]
    for target in range(plan.region_count):
        if target != origin and plan.store_replica[store, target] and not is_over(versions.due_ns[v, target]):
            waiting[store, origin, target] -= 1
        versions.due_ns[v, target] = BARRED_NS


@kernel
def sweep_left(plan, memory, lane):
    """Sweep the barred end of a lane away; what is left was passed one by one."""
    lanes, versions = memory.lanes, memory.versions
    v = lanes.first[lane]
    while v != NONE and versions.due_ns[v, lanes.origin[lane]] != BARRED_NS:
        versions.further[v] = NONE
        v = versions.newer[v]
    if v != NONE:
        sweep(plan, memory, lane, v)


@kernel
def queue_own(plan, memory, store, region, t):
    """What the replica before had written, and some others lack, goes on its way to them again."""
    lanes = memory.lanes
    for target in range(plan.region_count):
        drop_queues(plan, memory, store, region, target)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and lanes.store[lane] == store and lanes.origin[lane] == region:
            for target in range(plan.region_count):
                if target != region and surviving(plan, memory.world, store, target):
                    send_again(memory, lane, target, t)


@kernel
def send_again(memory, lane, target, t):
    """What a target has not seen of a lane is due there from now on."""
    versions, first = memory.versions, memory.lanes.unseen[lane, target]
    v = first
    while v != NONE:
        versions.due_ns[v, target] = max(versions.due_ns[v, target], t + 1)
        v = versions.newer[v]
    if first != NONE:
        enqueue(memory, lane, target, versions.due_ns[first, target], versions.number[first])
