"""Tables, caches and buckets that break, checked against the topology."""

from simulator.language.models.faults import BucketFault, CacheFault, TableFault
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_store(
    fault: TableFault | CacheFault | BucketFault, topology: Topology, document: Document, path: Path
) -> None:
    """Report a store that is not where it is to break, or has nothing of what it is to lose."""
    if isinstance(fault, TableFault):
        _check_table(fault, topology, document, path)
    elif isinstance(fault, BucketFault):
        if (bucket := topology.buckets.get(fault.bucket)) is not None:
            _check_place(fault.region, bucket.replicas, f"bucket '{fault.bucket}'", document, path)
    elif (cache := topology.caches.get(fault.cache)) is not None:
        _check_place(fault.region, cache.regions, f"cache '{fault.cache}'", document, path)


def _check_table(fault: TableFault, topology: Topology, document: Document, path: Path) -> None:
    table = topology.tables.get(fault.table)
    check_replica(fault.region, fault.table, table, document, (*path, "region"))
    if fault.mode == "capacity" and table is not None and table.capacity == "unlimited":
        complaint = f"the capacity of table '{fault.table}' is unlimited, so no share of it can be lost"
        document.problem(complaint, (*path, "mode"))


def _check_place(region: str | None, regions: list[str], what: str, document: Document, path: Path) -> None:
    if region is not None and region not in regions:
        complaint = f"{what} is not in {region}; it is in: {', '.join(regions)}"
        document.problem(complaint, (*path, "region"))


def check_replica(
    region: str | None, name: str | None, table: Table | None, document: Document, path: Path
) -> None:
    """Report a region in which a table has no replica, so that none of its replicators is there."""
    if table is not None and region is not None and region not in table.replicas:
        has = ", ".join(table.replicas)
        document.problem(f"table '{name}' has no replica in {region}; its replicas are: {has}", path)
