"""Capacity of tables lowered: what reads and writes cost, and how much each replica can take."""

from typing import Any

import numpy as np

from simulator.language.models.stores import Capacity, OnDemand, OnDemandCapacity, ProvisionedCapacity, Table
from simulator.lowering.context import Context, Store
from simulator.lowering.sources import Sources

UNLIMITED = "unlimited"


def lower_capacity(context: Context) -> dict[str, Any]:
    """The `table_` and `partition_` arrays of capacity; buckets and caches have no limits."""
    stores = [store for _, store in context.stores]
    limited = [_is_limited(store) for store in stores]
    sources = context.sources if any(limited) else Sources()
    counts = np.array([_partitions(store, sources) for store in stores], np.int64)
    return {
        "store_write_milli": np.array([_write_milli(store, sources) for store in stores], np.int64),
        "store_read_milli": np.array([_read_milli(store, sources) for store in stores], np.int64),
        "store_limited": np.array(limited, np.int64),
        "store_provisioned": np.array([int(_is_provisioned(store)) for store in stores], np.int64),
        "store_rate": _rates(stores, context),
        "store_partitions": counts,
        "store_partition_first": np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)[
            : len(counts)
        ],
        "partition_rate": np.array([sources.rate(f"dynamodb.partition.{way}") for way in ("write", "read")]),
        "partition_slack_ns": sources.duration_ns("dynamodb.partition.burst"),
        "store_slack_ns": np.array([_slack_ns(store, context.sources) for store in stores], np.int64),
    }


def _is_limited(store: Store) -> bool:
    return isinstance(store, Table) and store.capacity != UNLIMITED


def _is_provisioned(store: Store) -> bool:
    return isinstance(store, Table) and isinstance(store.capacity, ProvisionedCapacity)


def _partitions(store: Store, sources: Sources) -> int:
    """Into how many partitions a table is cut; a store without limits is in none."""
    return min(store.items, int(sources.number("dynamodb.partitions"))) if _is_limited(store) else 0


def _write_milli(store: Store, sources: Sources) -> int:
    """Thousandths of a write unit of one write."""
    unit = sources.size("dynamodb.write_unit")
    return 1000 * -(-store.item_size // unit) if isinstance(store, Table) else 0


def _read_milli(store: Store, sources: Sources) -> int:
    """Thousandths of a read unit of one eventually consistent read, which costs a half."""
    unit = sources.size("dynamodb.read_unit")
    return 500 * -(-store.item_size // unit) if isinstance(store, Table) else 0


def _slack_ns(store: Store, sources: Sources) -> int:
    if not _is_limited(store):
        return 0
    return sources.duration_ns(f"dynamodb.{'provisioned' if _is_provisioned(store) else 'on_demand'}.burst")


def _rates(stores: list[Store], context: Context) -> Any:
    """Units a second, [table, region, 2]: provisioned, or warm throughput; 0 without limits."""
    rates = np.zeros((len(stores), len(context.regions), 2))
    for number, store in enumerate(stores):
        for region, name in enumerate(context.regions):
            if isinstance(store, Table) and name in store.replicas:
                rates[number, region] = write_and_read_rates(
                    store.capacity_in.get(name, store.capacity), context.sources
                )
    return rates


def write_and_read_rates(capacity: Capacity, sources: Sources) -> tuple[float, float]:
    """Write and read units a second that are there from the start."""
    if isinstance(capacity, ProvisionedCapacity):
        return capacity.provisioned.write, capacity.provisioned.read
    if capacity == UNLIMITED:
        return 0.0, 0.0
    warm = capacity.on_demand if isinstance(capacity, OnDemandCapacity) else OnDemand()
    return (
        sources.rate("dynamodb.on_demand.write", warm.warm_write),
        sources.rate("dynamodb.on_demand.read", warm.warm_read),
    )
