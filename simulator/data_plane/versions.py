"""The versions of each item: order, visibility, settlement, and the fate of every acknowledged write (docs/model.md §6).

An item's versions form a chain from the highest to the lowest. A chain ends, at the latest, with the first version
that is visible everywhere and higher than all others that are: what lies below it is never read again.
"""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.replication import replication_clock_ns, visible_at_ns
from simulator.data_plane.tallies import bin_of

FREE, LIVE, VISIBLE, SUPPRESSED, LOST = 0, 1, 2, 3, 4
NONE = -1


@kernel
def is_visible(plan, memory, v, region, t):  # type: ignore[no-untyped-def]
    """Tell whether version v can be read in a region at t."""
    versions = memory.versions
    origin = versions.origin[v]
    if origin == region:
        return True
    clock_ns = replication_clock_ns(plan, memory.world, versions.table[v], origin, region, t)
    return versions.due_ns[v, region] <= clock_ns


@kernel
def surviving(plan, world, table, region):  # type: ignore[no-untyped-def]
    """Tell whether a table has a replica in a region that is not gone for good."""
    return plan.table_replica[table, region] == 1 and world.region_lost[region] == 0


@kernel
def is_visible_everywhere(plan, memory, v, t):  # type: ignore[no-untyped-def]
    """Tell whether version v can be read in every surviving replica at t."""
    table = memory.versions.table[v]
    for region in range(plan.region_count):
        if surviving(plan, memory.world, table, region) and not is_visible(plan, memory, v, region, t):
            return False
    return True


@kernel
def is_visible_elsewhere(plan, memory, v, region, t):  # type: ignore[no-untyped-def]
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
def count_lag(plan, counts, table, origin, target, written_ns, visible_ns):  # type: ignore[no-untyped-def]
    """A copy has become visible: count its true lag."""
    lag_ns = visible_ns - written_ns
    bucket = visible_ns // plan.bucket_ns
    counts.lag[table, origin, target, bin_of(lag_ns)] += 1
    counts.lag_bucket_count[table, origin, target, bucket] += 1
    counts.lag_bucket_sum_ns[table, origin, target, bucket] += lag_ns
    if lag_ns > counts.lag_bucket_max_ns[table, origin, target, bucket]:
        counts.lag_bucket_max_ns[table, origin, target, bucket] = lag_ns


@kernel
def settle_lags(plan, memory, v, t):  # type: ignore[no-untyped-def]
    """Count the lag of each copy of v that has become visible by t and is not counted yet."""
    versions = memory.versions
    table, origin = versions.table[v], versions.origin[v]
    for target in range(plan.region_count):
        if target == origin or plan.table_replica[table, target] == 0 or (versions.settled[v] >> target) & 1:
            continue
        if is_visible(plan, memory, v, target, t):
            versions.settled[v] |= 1 << target
            visible_ns = visible_at_ns(plan, memory.world, table, origin, target, versions.due_ns[v, target])
            count_lag(plan, memory.counts, table, origin, target, versions.time_ns[v], visible_ns)


@kernel
def become_visible(memory, v):  # type: ignore[no-untyped-def]
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
def become_suppressed(memory, v):  # type: ignore[no-untyped-def]
    """The write has lost against a concurrent writer."""
    versions, counts = memory.versions, memory.counts
    if versions.state[v] != LIVE:
        return
    versions.state[v] = SUPPRESSED
    counts.suppressed[versions.table[v]] += 1
    counts.risk_suppressed[versions.table[v]] += versions.at_risk[v]


@kernel
def become_lost(memory, v):  # type: ignore[no-untyped-def]
    """The write's only copy is gone."""
    versions, counts = memory.versions, memory.counts
    versions.state[v] = LOST
    counts.lost[versions.table[v]] += 1
    counts.risk_lost[versions.table[v]] += versions.at_risk[v]


@kernel
def settle(plan, memory, v, t):  # type: ignore[no-untyped-def]
    """Bring what is counted of version v up to time t; tell whether it is visible everywhere."""
    settle_lags(plan, memory, v, t)
    everywhere = is_visible_everywhere(plan, memory, v, t)
    if everywhere and memory.versions.state[v] == LIVE:
        become_visible(memory, v)
    return everywhere


@kernel
def release(versions, v):  # type: ignore[no-untyped-def]
    """Give a version's slot back."""
    versions.state[v] = FREE
    count = versions.free_count[0]
    versions.free[count] = v
    versions.free_count[0] = count + 1


@kernel
def prune(plan, memory, item, t):  # type: ignore[no-untyped-def]
    """Drop the versions of an item that can never be read again."""
    versions = memory.versions
    v = memory.item_head[item]
    while v != NONE and not settle(plan, memory, v, t):
        v = versions.next[v]
    while v != NONE:
        lower = versions.next[v]
        if lower != NONE and (settle(plan, memory, lower, t) or versions.state[lower] == LOST):
            versions.next[v] = versions.next[lower]
            release(versions, lower)
        else:
            v = lower


@kernel
def settle_all(plan, memory, t):  # type: ignore[no-untyped-def]
    """Settle every version; needed before a replicator's clock changes its pace, and at the end."""
    versions = memory.versions
    for v in range(len(versions.state)):
        if versions.state[v] != FREE:
            settle(plan, memory, v, t)


@kernel
def prune_all(plan, memory, t):  # type: ignore[no-untyped-def]
    """Compact the write log: memory follows the writes that can still be read, not history."""
    versions = memory.versions
    for v in range(len(versions.state)):
        if versions.state[v] != FREE and memory.item_head[versions.item[v]] == v:
            prune(plan, memory, versions.item[v], t)


@kernel
def mark_at_risk(plan, memory, table, region, t):  # type: ignore[no-untyped-def]
    """Mark the writes of a table visible in no surviving replica but `region`; their number and the oldest's time."""
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
def only_survivor(plan, world, table, region):  # type: ignore[no-untyped-def]
    """Tell whether no other region holds a surviving replica of the table."""
    for other in range(plan.region_count):
        if other != region and surviving(plan, world, table, other):
            return False
    return True


@kernel
def lose_origin(plan, memory, region, t):  # type: ignore[no-untyped-def]
    """A region is gone for good: its writes visible in no surviving replica are lost. Call before marking it lost."""
    versions = memory.versions
    for v in range(len(versions.state)):
        if versions.state[v] == LIVE and not is_visible_elsewhere(plan, memory, v, region, t):
            if is_visible(plan, memory, v, region, t):
                become_lost(memory, v)
    for table in range(len(plan.table_items)):
        if plan.table_replica[table, region] and only_survivor(plan, memory.world, table, region):
            lose_table(memory.counts, table)


@kernel
def lose_table(counts, table):  # type: ignore[no-untyped-def]
    """The last surviving replica is gone: what was visible everywhere is lost too."""
    counts.lost[table] += counts.visible[table]
    counts.risk_lost[table] += counts.risk_late[table]
    counts.visible[table] = 0
    counts.risk_late[table] = 0
    counts.visible_unmarked[table] = 0
