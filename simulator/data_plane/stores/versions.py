"""Versions: one write of one item each, their order, where they are visible, and the fate of every
acknowledged write (docs/model.md §6). How the versions of an item hang together is in
`simulator.data_plane.stores.lanes`.
"""

from simulator.data_plane.stores.replication import replication_clock_ns
from simulator.kernels.compiling import entry, kernel

FREE, LIVE, VISIBLE, SUPPRESSED, LOST = 0, 1, 2, 3, 4
NONE = -1


@kernel
def is_visible(plan, memory, v, region, t):
    """Tell whether version v can be read in a region at t."""
    versions = memory.versions
    origin = versions.origin[v]
    if origin == region:
        return True
    clock_ns = replication_clock_ns(plan, memory.world, versions.table[v], origin, region, t)
    return versions.due_ns[v, region] <= clock_ns


@kernel
def surviving(plan, world, table, region):
    """Tell whether a table has a replica in a region that is not gone for good."""
    return plan.table_replica[table, region] == 1 and world.region_lost[region] == 0


@kernel
def is_visible_elsewhere(plan, memory, v, region, t):
    """Tell whether version v can be read at t in a surviving replica other than `region`."""
    table = memory.versions.table[v]
    for other in range(plan.region_count):
        if (
            other != region
            and surviving(plan, memory.world, table, other)
            and is_visible(plan, memory, v, other, t)
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
    table = versions.table[v]
    versions.state[v] = VISIBLE
    counts.visible[table] += 1
    if versions.at_risk[v]:
        counts.risk_late[table] += 1
        return
    if counts.visible_unmarked[table] == 0 or versions.time_ns[v] < counts.oldest_unmarked_ns[table]:
        counts.oldest_unmarked_ns[table] = versions.time_ns[v]
    counts.visible_unmarked[table] += 1


@kernel
def become_suppressed(memory, v):
    """The write has lost against a concurrent writer."""
    versions, counts = memory.versions, memory.counts
    versions.state[v] = SUPPRESSED
    counts.suppressed[versions.table[v]] += 1
    counts.risk_suppressed[versions.table[v]] += versions.at_risk[v]
    counts.lost_increments[versions.table[v]] += versions.increment[v]


@kernel
def become_lost(memory, v):
    """The write's only copy is gone."""
    versions, counts = memory.versions, memory.counts
    versions.state[v] = LOST
    counts.lost[versions.table[v]] += 1
    counts.risk_lost[versions.table[v]] += versions.at_risk[v]


@kernel
def release(versions, v):
    """Give a version's slot back."""
    versions.state[v] = FREE
    count = versions.free_count[0]
    versions.free[count] = v
    versions.free_count[0] = count + 1


@entry
def mark_at_risk(plan, memory, table, region, t):
    """Mark the writes of a table visible in no surviving replica but `region`; their number and the
    oldest's time.
    """
    versions, counts = memory.versions, memory.counts
    marked, oldest_ns = 0, t
    for v in range(len(versions.state)):
        if versions.state[v] != LIVE or versions.table[v] != table or versions.at_risk[v]:
            continue
        if is_visible(plan, memory, v, region, t) and not is_visible_elsewhere(plan, memory, v, region, t):
            versions.at_risk[v] = 1
            marked += 1
            oldest_ns = min(oldest_ns, versions.time_ns[v])
    if only_survivor(plan, memory.world, table, region) and counts.visible_unmarked[table] > 0:
        oldest_ns = min(oldest_ns, counts.oldest_unmarked_ns[table])
        marked += counts.visible_unmarked[table]
        counts.risk_late[table] += counts.visible_unmarked[table]
        counts.visible_unmarked[table] = 0
    return marked, oldest_ns


@kernel
def only_survivor(plan, world, table, region):
    """Tell whether no other region holds a surviving replica of the table."""
    survivors = 0
    for other in range(plan.region_count):
        survivors += other != region and surviving(plan, world, table, other)
    return survivors == 0


@entry
def lose_origin(plan, memory, region, t):
    """A region is gone for good: its writes visible in no surviving replica are lost. Call before
    marking it lost.
    """
    versions = memory.versions
    for v in range(len(versions.state)):
        if versions.state[v] != LIVE or is_visible_elsewhere(plan, memory, v, region, t):
            continue
        if is_visible(plan, memory, v, region, t):
            become_lost(memory, v)
    for table in range(len(plan.table_items)):
        if plan.table_replica[table, region] and only_survivor(plan, memory.world, table, region):
            lose_table(memory.counts, table)


@kernel
def lose_table(counts, table):
    """The last surviving replica is gone: what was visible everywhere is lost too."""
    counts.lost[table] += counts.visible[table]
    counts.risk_lost[table] += counts.risk_late[table]
    counts.visible[table] = 0
    counts.risk_late[table] = 0
    counts.visible_unmarked[table] = 0


@kernel
def is_copied(plan, world, table, origin, target):
    """Tell whether one region's writes of a table are copied to another, neither of them gone for good."""
    return (
        origin != target and surviving(plan, world, table, origin) and surviving(plan, world, table, target)
    )


@entry
def count_pending(plan, memory, t, copies, oldest_ns):
    """Count the copies under way at t by table, origin and target, and find the oldest write among them."""
    versions = memory.versions
    for v in range(len(versions.state)):
        if versions.state[v] == FREE:
            continue
        table, origin, time_ns = versions.table[v], versions.origin[v], versions.time_ns[v]
        for target in range(plan.region_count):
            if not is_copied(plan, memory.world, table, origin, target) or is_visible(
                plan, memory, v, target, t
            ):
                continue
            copies[table, origin, target] += 1
            oldest = oldest_ns[table, origin, target]
            oldest_ns[table, origin, target] = time_ns if oldest < 0 else min(oldest, time_ns)
