"""Hop: the capacity of a table: units, provisioned or on demand, and its partitions.

Rules: docs/model-request-path.md §4; Amazon DynamoDB developer guide, *on-demand-capacity-mode*,
*burst-adaptive-capacity*.
"""

from simulator.data_plane.token_buckets import conforms
from simulator.kernels.bits import remainder
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import nanoseconds
from simulator.times import HALF_HOUR_NS, NEVER_NS

WRITES, READS = 0, 1
_MINUTE_NS = 60_000_000_000
_HALF_HOUR_MINUTES = HALF_HOUR_NS // _MINUTE_NS
_MINUTE_MILLI = 60_000.0  # thousandths of a unit in a minute of one unit a second
_RATE_LEAST = 1e-6  # units a second; keeps the time of one within 64 bits


@kernel
def milli_units(plan, store, kind):
    """What a write or a read costs, in thousandths of a unit."""
    return plan.store_write_milli[store] if kind == WRITES else plan.store_read_milli[store]


@kernel
def turn_minute(plan, buckets, store, region, kind, t):
    """Close the minutes that are over: the highest of earlier half hours is the peak."""
    minute = (t + plan.growth_phase_ns[store, region]) // _MINUTE_NS
    last = buckets.minute[store, region, kind]
    if minute == last:
        return
    buckets.best_milli[store, region, kind] = max(
        buckets.best_milli[store, region, kind], buckets.minute_milli[store, region, kind]
    )
    if minute // _HALF_HOUR_MINUTES != last // _HALF_HOUR_MINUTES:
        buckets.peak_milli[store, region, kind] = max(
            buckets.peak_milli[store, region, kind], buckets.best_milli[store, region, kind]
        )
        buckets.best_milli[store, region, kind] = 0
    buckets.minute[store, region, kind] = minute
    buckets.minute_milli[store, region, kind] = 0


@kernel
def next_half_hour_ns(plan, store, region, t):
    """The beginning of a table's next half hour."""
    phase_ns = plan.growth_phase_ns[store, region]
    return ((t + phase_ns) // HALF_HOUR_NS + 1) * HALF_HOUR_NS - phase_ns


@kernel
def rate_per_s(plan, memory, store, region, kind, t):
    """Units a second that a table gives: provisioned, or the warm throughput or twice the previous peak."""
    rate, buckets = memory.world.throughput[store, region, kind], memory.token_buckets
    if not plan.store_provisioned[store]:
        turn_minute(plan, buckets, store, region, kind, t)
        rate = max(rate, 2.0 * (buckets.peak_milli[store, region, kind] / _MINUTE_MILLI))
    return max(rate * memory.world.endpoint_capacity[store, region], _RATE_LEAST)


@kernel
def gap_ns(milli, rate):
    """The time in which so many thousandths of a unit come in."""
    return nanoseconds(milli * 1e6 / rate)


@kernel
def partition_of(plan, store, item):
    """The partition of an item (a global number), in the pool of all partitions."""
    local = item - plan.store_item_first[store]
    return plan.store_partition_first[store] + remainder(local, plan.store_partitions[store])


@kernel
def has_capacity(plan, memory, store, region, item, kind, t):
    """Tell whether the table and the item's partition have what a request needs."""
    buckets = memory.token_buckets
    if not conforms(buckets.store[store, region, kind], plan.store_slack_ns[store], t):
        return False
    tat_ns = buckets.partition[partition_of(plan, store, item), region, kind]
    return conforms(tat_ns, plan.partition_slack_ns, t)


@kernel
def charge_table(plan, memory, store, region, kind, t):
    """Charge the table's bucket."""
    buckets, milli = memory.token_buckets, milli_units(plan, store, kind)
    rate = rate_per_s(plan, memory, store, region, kind, t)
    tat_ns = buckets.store[store, region, kind]
    buckets.store[store, region, kind] = min(max(tat_ns, t) + gap_ns(milli, rate), NEVER_NS)
    buckets.minute_milli[store, region, kind] += milli


@kernel
def charge(plan, memory, store, region, item, kind, t):
    """Charge a request to the table and to the item's partition."""
    charge_table(plan, memory, store, region, kind, t)
    buckets, partition = memory.token_buckets, partition_of(plan, store, item)
    gap = gap_ns(milli_units(plan, store, kind), plan.partition_rate[kind])
    tat_ns = max(buckets.partition[partition, region, kind], t)
    buckets.partition[partition, region, kind] = min(tat_ns + gap, NEVER_NS)


@kernel
def use_units(plan, memory, store, region, item, kind, t):
    """A request uses units; a table with limits is charged for them."""
    memory.counts.units_milli[kind, store, region] += milli_units(plan, store, kind)
    if plan.store_limited[store]:
        charge(plan, memory, store, region, item, kind, t)


@kernel
def partition_free_ns(plan, memory, store, region, item):
    """From when on a partition has a write's units beside those of a copy of the item."""
    tat_ns = memory.token_buckets.partition[partition_of(plan, store, item), region, WRITES]
    gap = gap_ns(milli_units(plan, store, WRITES), plan.partition_rate[WRITES])
    return tat_ns - plan.partition_slack_ns + gap


@kernel
def table_free_ns(plan, memory, store, region, start_ns, t):
    """From when on, not before `start_ns`, a table has a write's units beside those of a copy.

    The rate of a table on demand can grow with a half hour; one that begins after t is not looked into: then
    its beginning is returned.
    """
    tat_ns = memory.token_buckets.store[store, region, WRITES]
    free_ns = start_ns
    while free_ns <= t:
        rate = rate_per_s(plan, memory, store, region, WRITES, start_ns)
        free_ns = tat_ns - plan.store_slack_ns[store] + gap_ns(milli_units(plan, store, WRITES), rate)
        free_ns = max(start_ns, free_ns)
        half_hour_ns = next_half_hour_ns(plan, store, region, start_ns)
        if plan.store_provisioned[store] or free_ns < half_hour_ns:
            return free_ns
        start_ns = free_ns = half_hour_ns
    return free_ns
