"""Tables, caches and buckets checked against themselves and the catalog."""

from typing import Literal

from simulator import catalog
from simulator.language.checks.protection import check_protection
from simulator.language.checks.strong import check_strong
from simulator.language.checks.values import check_log_normal, check_longer_than_0, check_rate, check_repeats
from simulator.language.models.stores import (
    Bucket,
    Cache,
    Capacity,
    OnDemandCapacity,
    ProvisionedCapacity,
    ReplicationLag,
    Table,
)
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import known
from simulator.language.reading.positions import Document, Path

_LARGEST_ITEM = 400 * 1024  # Amazon DynamoDB developer guide, ServiceQuotas: item size
_MOST_CACHE_REGIONS = 5  # Amazon MemoryDB guide, multi-Region
_NOUNS = {"tables": "a table", "databases": "a database", "caches": "a cache", "buckets": "a bucket"}


def check_stores(topology: Topology, document: Document) -> None:
    """Report whatever is wrong with a table, a cache or a bucket, but for unknown names."""
    _check_names(topology, document)
    for name, table in topology.tables.items():
        _check_table(table, document, ("tables", name))
        _check_expiry(table, document, ("tables", name))
    for name, cache in topology.caches.items():
        _check_cache(cache, document, ("caches", name))
    for name, bucket in topology.buckets.items():
        _check_bucket(bucket, document, ("buckets", name))


def _check_names(topology: Topology, document: Document) -> None:
    """What is said of a store names it alone, so no two of them may have one name."""
    seen: dict[str, str] = {}
    for section, noun in _NOUNS.items():
        for name in getattr(topology, section):
            if name in seen:
                complaint = f"'{name}' is {seen[name]} already; give each store a name of its own"
                document.problem(complaint, (section, name), at_key=True)
            seen.setdefault(name, noun)


def _check_expiry(table: Table, document: Document, path: Path) -> None:
    """Items expire after some time, and only what expires is deleted late."""
    if table.time_to_live is not None and table.consistency == "strong":
        complaint = (
            "a strong table has no time to live (DynamoDB guide, V2globaltables_HowItWorks); leave it out, "
            "let the table be eventual, or delete items by a step"
        )
        document.problem(complaint, (*path, "time_to_live"), at_key=True)
    if table.time_to_live == 0:
        document.problem("items that live 0 s are never there; leave it out", (*path, "time_to_live"))
    if table.time_to_live is None and table.expired_within is not None:
        complaint = "nothing expires; say a 'time_to_live', or leave it out"
        document.problem(complaint, (*path, "expired_within"), at_key=True)


def _check_table(table: Table, document: Document, path: Path) -> None:
    check_repeats(table.replicas, document, (*path, "replicas"))
    check_strong(table, document, path)
    check_lag(table.replication_lag, "dynamodb.replication_lag", document, path)
    if table.item_size > _LARGEST_ITEM:
        document.problem("an item of DynamoDB is at most 400 KB", (*path, "item_size"))
    check_protection(table, document, path)
    _check_rates(table.capacity, document, (*path, "capacity"))
    for region, capacity in table.capacity_in.items():
        here = (*path, "capacity_in", region)
        known(document, here, region, table.replicas, "region of the table", at_key=True)
        _check_kind(capacity, table.capacity, document, here)
        _check_rates(capacity, document, here)


def check_lag(lag: ReplicationLag, prefix: str, document: Document, path: Path) -> None:
    """What is written and what the catalog adds to it must be in order."""
    if lag != ReplicationLag():
        median = catalog.duration_ns(f"{prefix}.median") if lag.median is None else lag.median
        p99 = catalog.duration_ns(f"{prefix}.p99") if lag.p99 is None else lag.p99
        check_log_normal(median, p99, document, (*path, "replication_lag"))


def _kind(capacity: Capacity) -> Literal["provisioned", "on_demand", "unlimited"]:
    if isinstance(capacity, ProvisionedCapacity):
        return "provisioned"
    return "on_demand" if isinstance(capacity, OnDemandCapacity) else capacity


def _check_kind(capacity: Capacity, general: Capacity, document: Document, path: Path) -> None:
    here, everywhere = _kind(capacity), _kind(general)
    if everywhere == "unlimited":
        complaint = "'capacity' is unlimited, so there is nothing to differ from; say what it is elsewhere"
        document.problem(complaint, path, at_key=True)
    elif here != everywhere:
        complaint = f"a table is {everywhere} in all regions or in none, and this is {here}"
        document.problem(complaint, path, at_key=True)


def _check_rates(capacity: Capacity, document: Document, path: Path) -> None:
    if isinstance(capacity, ProvisionedCapacity):
        for key in ("write", "read"):
            check_rate(getattr(capacity.provisioned, key), document, (*path, "provisioned", key))
    elif isinstance(capacity, OnDemandCapacity):
        for key in ("warm_write", "warm_read"):
            check_rate(getattr(capacity.on_demand, key), document, (*path, "on_demand", key))


def _check_cache(cache: Cache, document: Document, path: Path) -> None:
    check_repeats(cache.regions, document, (*path, "regions"))
    check_longer_than_0(cache.time_to_live, "a time to live", document, (*path, "time_to_live"))
    if cache.multi_region:
        _check_multi_region(cache, document, path)
        check_lag(cache.replication_lag, "memorydb.replication_lag", document, path)
        return
    for key in ("replication_lag", "catch_up"):
        if key in cache.model_fields_set:
            complaint = f"'{key}' goes with 'multi_region: true'; caches of single regions copy nothing"
            document.problem(complaint, (*path, key), at_key=True)


def _check_multi_region(cache: Cache, document: Document, path: Path) -> None:
    offering = catalog.MULTI_REGION_CACHE_REGIONS
    for number, region in enumerate(cache.regions):
        if region not in offering and region in catalog.region_names():
            complaint = f"{region} does not offer MemoryDB Multi-Region; these do: {', '.join(offering)}"
            document.problem(complaint, (*path, "regions", number))
    if not 2 <= len({*cache.regions}) <= _MOST_CACHE_REGIONS:
        complaint = f"a multi-region cache is in 2 to {_MOST_CACHE_REGIONS} regions, not {len(cache.regions)}"
        document.problem(complaint, (*path, "regions"))
    if cache.time_to_live is not None:
        complaint = (
            "a multi-region cache knows no time to live; leave it out and let the application sweep old "
            "keys, or use caches of single regions"
        )
        document.problem(complaint, (*path, "time_to_live"), at_key=True)


def _check_bucket(bucket: Bucket, document: Document, path: Path) -> None:
    check_repeats(bucket.replicas, document, (*path, "replicas"))
    kind = "s3.replication_lag.time_control" if bucket.time_control else "s3.replication_lag"
    check_lag(bucket.replication_lag, kind, document, path)
