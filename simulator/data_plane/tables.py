"""Hop: reads and writes of a global table in eventual mode (docs/model.md §6; Amazon DynamoDB, "How global tables work")."""

import math

from simulator.data_plane.compiling import kernel
from simulator.data_plane.draws import LAG, LAG_LOSS, nanoseconds, normal_quantile, uniform_of
from simulator.data_plane.network import retransmission_ns
from simulator.data_plane.versions import LIVE, LOST, NONE, become_suppressed, is_visible, prune


@kernel
def item_of(plan, table, u):  # type: ignore[no-untyped-def]
    """The item at quantile u of a table's popularity (Walker's alias method for Zipf), as a global number."""
    first = plan.table_item_first[table]
    x = u * plan.table_items[table]
    item = int(x)
    if plan.table_zipf[table] and x - item >= plan.alias_probability[first + item]:
        item = plan.alias_item[first + item]
    return first + item


@kernel
def own_item_of(plan, table, u):  # type: ignore[no-untyped-def]
    """The session's own item, as a global number."""
    return plan.table_item_first[table] + int(u * plan.table_items[table])


@kernel
def is_higher(versions, v, stamp_ns, origin):  # type: ignore[no-untyped-def]
    """Tell whether version v is higher than a version being written now with this timestamp and origin."""
    if versions.stamp_ns[v] != stamp_ns:
        return versions.stamp_ns[v] > stamp_ns
    return versions.origin[v] > origin


@kernel
def lag_ns(plan, world, table, origin, target, session, attempt, step):  # type: ignore[no-untyped-def]
    """Sample the lag of one copy: log-normal, more on a slow or lossy link."""
    lane, word = 32 * step + target // 4, target % 4
    u = uniform_of(plan.seed, LAG, session, attempt, lane, word)
    mu, sigma = plan.lag_mu[table, origin, target], plan.lag_sigma[table, origin, target]
    lag = nanoseconds(math.exp(mu + sigma * normal_quantile(u))) + world.link_add_ns[origin, target]
    lag += nanoseconds((world.link_factor[origin, target] - 1.0) * plan.rtt_ns[origin, target] / 2)
    if world.link_loss[origin, target] > 0.0:
        u = uniform_of(plan.seed, LAG_LOSS, session, attempt, lane, word)
        lag += retransmission_ns(plan, world.link_loss[origin, target], u)
    return lag


@kernel
def new_version(plan, memory, table, item, origin, session, tag, t):  # type: ignore[no-untyped-def]
    """Take a slot for a version written now."""
    versions = memory.versions
    count = versions.free_count[0] - 1
    versions.free_count[0] = count
    v = versions.free[count]
    versions.table[v], versions.item[v], versions.origin[v] = table, item, origin
    versions.time_ns[v] = t
    versions.stamp_ns[v] = t + memory.world.region_skew_ns[origin]
    versions.writer[v], versions.tag[v] = session, tag
    versions.state[v], versions.at_risk[v], versions.settled[v] = LIVE, 0, 0
    return v


@kernel
def set_due_times(plan, memory, v, attempt, step):  # type: ignore[no-untyped-def]
    """Sample when v is due in each replica; order per item and replicator is kept."""
    versions = memory.versions
    table, origin = versions.table[v], versions.origin[v]
    for target in range(plan.region_count):
        if target == origin or plan.table_replica[table, target] == 0:
            continue
        lag = lag_ns(plan, memory.world, table, origin, target, versions.writer[v], attempt, step)
        due_ns = versions.time_ns[v] + lag
        earlier = memory.item_head[versions.item[v]]
        while earlier != NONE:
            if versions.origin[earlier] == origin:
                due_ns = max(due_ns, versions.due_ns[earlier, target])
            earlier = versions.next[earlier]
        versions.due_ns[v, target] = due_ns


@kernel
def insert(plan, memory, v):  # type: ignore[no-untyped-def]
    """Put v into its item's chain; the last writer wins, and who it has not seen loses."""
    versions = memory.versions
    item, origin, stamp_ns, t = (
        versions.item[v],
        versions.origin[v],
        versions.stamp_ns[v],
        versions.time_ns[v],
    )
    above, lower = NONE, memory.item_head[item]
    while lower != NONE and is_higher(versions, lower, stamp_ns, origin):
        above, lower = lower, versions.next[lower]
    versions.next[v] = lower
    if above == NONE:
        memory.item_head[item] = v
    else:
        versions.next[above] = v
        become_suppressed(memory, v)
    while lower != NONE:
        if not is_visible(plan, memory, lower, origin, t):
            become_suppressed(memory, lower)
        lower = versions.next[lower]


@kernel
def write_item(plan, memory, table, item, region, session, attempt, step, t):  # type: ignore[no-untyped-def]
    """Write an item in a region at t: acknowledged at once, copied later."""
    v = new_version(plan, memory, table, item, region, session, (attempt << 4) | step, t)
    set_due_times(plan, memory, v, attempt, step)
    memory.counts.writes[table] += 1
    insert(plan, memory, v)
    prune(plan, memory, item, t)


@kernel
def read_item(plan, memory, table, item, region, session, t):  # type: ignore[no-untyped-def]
    """Read an item in a region at t: the highest version visible there, NONE for the initial one."""
    versions, counts = memory.versions, memory.counts
    counts.reads[table] += 1
    stale, own = False, False
    v = memory.item_head[item]
    while v != NONE and not is_visible(plan, memory, v, region, t):
        stale = stale or versions.state[v] != LOST
        own = own or versions.writer[v] == session
        v = versions.next[v]
    counts.stale_reads[table] += stale
    counts.ryw_violations[table] += own
    return v
