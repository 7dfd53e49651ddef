"""Hop: the capacity of a table: units, provisioned or on demand, and its partitions
(docs/model-request-path.md §4; Amazon DynamoDB developer guide, *on-demand-capacity-mode*,
*burst-adaptive-capacity*).
"""

from simulator.data_plane.token_buckets import conforms
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import nanoseconds

WRITES, READS = 0, 1
_MINUTE_NS = 60_000_000_000
_HALF_HOUR_MINUTES = 30
_MINUTE_MILLI = 60_000.0  # thousandths of a unit in a minute of one unit a second
_RATE_LEAST = 1e-6  # units a second; keeps the time of one within 64 bits


@kernel
def milli_units(plan, table, kind):
    """What a write or a read costs, in thousandths of a unit."""
    return plan.table_write_milli[table] if kind == WRITES else plan.table_read_milli[table]


@kernel
def turn_minute(buckets, table, region, kind, t):
    """Close the minutes that are over: the highest of earlier half hours is the peak."""
    minute, last = t // _MINUTE_NS, buckets.minute[table, region, kind]
    if minute == last:
        return
    buckets.best_milli[table, region, kind] = max(
        buckets.best_milli[table, region, kind], buckets.minute_milli[table, region, kind]
    )
    if minute // _HALF_HOUR_MINUTES != last // _HALF_HOUR_MINUTES:
        buckets.peak_milli[table, region, kind] = max(
            buckets.peak_milli[table, region, kind], buckets.best_milli[table, region, kind]
        )
        buckets.best_milli[table, region, kind] = 0
    buckets.minute[table, region, kind] = minute
    buckets.minute_milli[table, region, kind] = 0


@kernel
def rate_per_s(plan, memory, table, region, kind, t):
    """Units a second that a table gives: provisioned, or the warm throughput or twice the previous peak."""
    rate, buckets = plan.table_rate[table, region, kind], memory.buckets
    if not plan.table_provisioned[table]:
        turn_minute(buckets, table, region, kind, t)
        rate = max(rate, 2.0 * (buckets.peak_milli[table, region, kind] / _MINUTE_MILLI))
    return max(rate * memory.world.endpoint_capacity[table, region], _RATE_LEAST)


@kernel
def gap_ns(milli, rate):
    """The time in which so many thousandths of a unit come in."""
    return nanoseconds(milli * 1e6 / rate)


@kernel
def partition_of(plan, table, item):
    """The partition of an item (a global number), in the pool of all partitions."""
    local = item - plan.table_item_first[table]
    return plan.table_partition_first[table] + local % plan.table_partitions[table]


@kernel
def has_capacity(plan, memory, table, region, item, kind, t):
    """Tell whether the table and the item's partition have what a request needs."""
    buckets = memory.buckets
    if not conforms(buckets.store[table, region, kind], plan.table_slack_ns[table], t):
        return False
    tat_ns = buckets.partition[partition_of(plan, table, item), region, kind]
    return conforms(tat_ns, plan.partition_slack_ns, t)


@kernel
def charge_table(plan, memory, table, region, kind, t):
    """Charge the table's bucket."""
    buckets, milli = memory.buckets, milli_units(plan, table, kind)
    rate = rate_per_s(plan, memory, table, region, kind, t)
    tat_ns = buckets.store[table, region, kind]
    buckets.store[table, region, kind] = max(tat_ns, t) + gap_ns(milli, rate)
    buckets.minute_milli[table, region, kind] += milli


@kernel
def charge(plan, memory, table, region, item, kind, t):
    """Charge a request to the table and to the item's partition."""
    charge_table(plan, memory, table, region, kind, t)
    buckets, partition = memory.buckets, partition_of(plan, table, item)
    gap = gap_ns(milli_units(plan, table, kind), plan.partition_rate[kind])
    buckets.partition[partition, region, kind] = max(buckets.partition[partition, region, kind], t) + gap


@kernel
def copy_sent_ns(plan, memory, table, target, t):
    """When a write at t counts as sent to a replica: later where its write capacity is used up."""
    tat_ns = memory.buckets.store[table, target, WRITES]
    charge_table(plan, memory, table, target, WRITES, t)
    if conforms(tat_ns, plan.table_slack_ns[table], t):
        return t
    memory.counts.copies_delayed[table, target] += 1
    return tat_ns - plan.table_slack_ns[table]
