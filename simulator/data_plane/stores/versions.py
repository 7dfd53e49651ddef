"""Versions: one write of one item each, their order, where they are visible, their fate (docs/model.md §6).

How the versions of an item hang together is in `simulator.data_plane.stores.lanes`.
"""

from simulator.boundary.causes import WITH_REGION
from simulator.data_plane.stores.samples import note_gone
from simulator.kernels.compiling import entry, kernel
from simulator.times import NEVER_NS

FREE, LIVE, VISIBLE, DISCARDED, LOST = 0, 1, 2, 3, 4
NONE = -1
ARRIVED_NS = -NEVER_NS  # when a copy is due that has been delivered
BARRED_NS = 2**63 - 1  # when a copy is due that never will be: see simulator.data_plane.stores.forks


@kernel
def is_visible(versions, v, region):
    """Tell whether version v can be read in a region, in which all that could be has been delivered."""
    return versions.origin[v] == region or versions.due_ns[v, region] == ARRIVED_NS


@kernel
def surviving(plan, world, store, region):
    """Tell whether a table has a replica in a region that is neither gone for good nor forked."""
    return plan.store_replica[store, region] == 1 and world.replica_lost[store, region] == 0


@kernel
def is_forked(world, store, region):
    """Tell whether a replica, whose region is there, is a table of its own by now."""
    return world.replica_lost[store, region] == 1 and world.region_lost[region] == 0


@kernel
def is_visible_elsewhere(plan, memory, v, region):
    """Tell whether version v can be read in a surviving replica other than `region`."""
    store = memory.versions.store[v]
    for other in range(plan.region_count):
        if (
            other != region
            and surviving(plan, memory.world, store, other)
            and is_visible(memory.versions, v, other)
        ):
            return True
    return False


@kernel
def is_higher(versions, v, other):
    """Tell whether version v is higher than another one: timestamp, origin, time, order of writing."""
    if versions.stamp_ns[v] != versions.stamp_ns[other]:
        return versions.stamp_ns[v] > versions.stamp_ns[other]
    if versions.origin[v] != versions.origin[other]:
        return versions.origin[v] > versions.origin[other]
    return versions.number[v] > versions.number[other]


@kernel
def become_visible(memory, v):
    """The write has reached every surviving replica."""
    versions, counts = memory.versions, memory.counts
    store = versions.store[v]
    versions.state[v] = VISIBLE
    counts.visible[store] += 1
    if versions.at_risk[v]:
        counts.risk_late[store] += 1
        return
    if counts.visible_unmarked[store] == 0 or versions.time_ns[v] < counts.oldest_unmarked_ns[store]:
        counts.oldest_unmarked_ns[store] = versions.time_ns[v]
    counts.visible_unmarked[store] += 1


@kernel
def become_discarded(memory, v, overtaken, by):
    """A replica throws the write away: it has a higher one, `by`, that was made without it in view."""
    versions, counts = memory.versions, memory.counts
    versions.state[v], versions.overtaken[v] = DISCARDED, overtaken
    versions.overtaken_ns[v] = versions.time_ns[by]
    counts.discarded[versions.store[v]] += 1
    counts.risk_discarded[versions.store[v]] += versions.at_risk[v]


@kernel
def become_lost(memory, v, cause):
    """The write's only copy is gone, by a cause."""
    versions, counts = memory.versions, memory.counts
    versions.state[v] = LOST
    note_gone(memory, v, cause, NONE, NONE)
    counts.lost[versions.store[v]] += 1
    counts.risk_lost[versions.store[v]] += versions.at_risk[v]


@kernel
def take_slot(versions):
    """Take a free slot, for a version that is neither damaged nor deleted."""
    count = versions.free_count[0] - 1
    versions.free_count[0] = count
    v = versions.free[count]
    versions.damaged[v], versions.deleted[v] = 0, 0
    return v


@kernel
def free_slot(versions, v):
    """Give a version's slot back."""
    versions.state[v] = FREE
    count = versions.free_count[0]
    versions.free[count] = v
    versions.free_count[0] = count + 1


@kernel
def mark_of(plan, memory, store, origin, region, t):
    """Mark those of one origin; their number and the oldest's time."""
    versions = memory.versions
    marked, oldest_ns = 0, t
    v = memory.replicators.first[store, origin]
    while v != NONE:
        fit = versions.state[v] == LIVE and not versions.at_risk[v] and is_visible(versions, v, region)
        if fit and not is_visible_elsewhere(plan, memory, v, region):
            versions.at_risk[v] = 1
            marked += 1
            oldest_ns = min(oldest_ns, versions.time_ns[v])
        v = versions.later[v]
    return marked, oldest_ns


@entry("plan", "memory", int, int, int)
def mark_at_risk(plan, memory, store, region, t):
    """Mark the writes of a table visible in no surviving replica but `region`.

    Returns their number and the oldest's time. All that is due must have been delivered.
    """
    counts = memory.counts
    marked, oldest_ns = 0, t
    for origin in range(plan.region_count):
        found, found_ns = mark_of(plan, memory, store, origin, region, t)
        marked += found
        oldest_ns = min(oldest_ns, found_ns)
    if only_survivor(plan, memory.world, store, region) and counts.visible_unmarked[store] > 0:
        oldest_ns = min(oldest_ns, counts.oldest_unmarked_ns[store])
        marked += counts.visible_unmarked[store]
        counts.risk_late[store] += counts.visible_unmarked[store]
        counts.visible_unmarked[store] = 0
    return marked, oldest_ns


@kernel
def only_survivor(plan, world, store, region):
    """Tell whether no other region holds a surviving replica of the table."""
    survivors = 0
    for other in range(plan.region_count):
        survivors += other != region and surviving(plan, world, store, other)
    return survivors == 0


@kernel
def lose_waiting(plan, memory, store, origin, region, cause):
    """Of one origin's writes that wait, those visible in a region and in no other surviving one are lost."""
    versions = memory.versions
    v = memory.replicators.first[store, origin]
    while v != NONE:
        fit = versions.state[v] == LIVE and is_visible(versions, v, region)
        if fit and not is_visible_elsewhere(plan, memory, v, region):
            become_lost(memory, v, cause)
        v = versions.later[v]


@entry("plan", "memory", int)
def lose_origin(plan, memory, region):
    """A region is gone for good: its writes visible in no surviving replica are lost.

    Of a strong table that keeps a replica those are in `strong_losses`.

    Call before marking it lost, when all that is due has been delivered.
    """
    for store in range(len(plan.store_items)):
        alone = only_survivor(plan, memory.world, store, region)
        if alone or not plan.store_strong[store]:
            for origin in range(plan.region_count):
                lose_waiting(plan, memory, store, origin, region, WITH_REGION)
        if plan.store_replica[store, region] and alone:
            lose_table(memory.counts, store)


@kernel
def lose_table(counts, store):
    """The last surviving replica is gone: what was visible everywhere is lost too."""
    counts.lost[store] += counts.visible[store]
    counts.risk_lost[store] += counts.risk_late[store]
    counts.visible[store] = 0
    counts.risk_late[store] = 0
    counts.visible_unmarked[store] = 0
