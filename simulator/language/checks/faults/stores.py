"""Tables, databases, caches and buckets that break, checked against the topology."""

from simulator.language.checks.faults.damage import check_damage
from simulator.language.models.faults import BucketFault, CacheFault, DatabaseFault, TableFault
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_store(
    fault: TableFault | DatabaseFault | CacheFault | BucketFault,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    """Report a store that is not where it is to break, or has nothing of what it is to lose."""
    if fault.mode == "deleted" and fault.region is not None and getattr(fault, "items", None) is None:
        complaint = (
            "one replica's deletion alone is not simulated: leave 'region' out to delete it everywhere, "
            "or let the region fail by mode refused"
        )
        document.problem(complaint, (*path, "region"), at_key=True)
    if isinstance(fault, TableFault | BucketFault):
        check_damage(fault, topology, document, path)
    if isinstance(fault, TableFault):
        _check_table(fault, topology, document, path)
    elif isinstance(fault, DatabaseFault):
        check_replica(fault.region, fault.database, topology, document, (*path, "region"))
    elif isinstance(fault, BucketFault):
        if (bucket := topology.buckets.get(fault.bucket)) is not None:
            _check_place(fault.region, bucket.replicas, f"bucket '{fault.bucket}'", document, path)
    elif (cache := topology.caches.get(fault.cache)) is not None:
        _check_place(fault.region, cache.regions, f"cache '{fault.cache}'", document, path)


def _check_table(fault: TableFault, topology: Topology, document: Document, path: Path) -> None:
    table = topology.tables.get(fault.table)
    check_replica(fault.region, fault.table, topology, document, (*path, "region"))
    if fault.mode in ("key_unusable", "role_unusable") and table is not None:
        _check_shut_out(fault, table, document, path)
    if fault.mode == "capacity" and table is not None and table.capacity == "unlimited":
        complaint = f"the capacity of table '{fault.table}' is unlimited, so no share of it can be lost"
        document.problem(complaint, (*path, "mode"))


def _check_shut_out(fault: TableFault, table: Table, document: Document, path: Path) -> None:
    """Report a replica that nothing shuts out of its table."""
    if table.consistency == "strong":
        complaint = "of a strong table that is not simulated; let the region fail by mode refused"
    elif len(table.replicas) == 1:
        complaint = f"table '{fault.table}' has one replica, which is copied nowhere; use mode refused"
    elif fault.region is None:
        complaint = "say whose, in 'region': each replica has a key, and a table without any is no table"
    else:
        return
    document.problem(complaint, (*path, "mode"), at_key=True)


def _check_place(region: str | None, regions: list[str], what: str, document: Document, path: Path) -> None:
    if region is not None and region not in regions:
        complaint = f"{what} is not in {region}; it is in: {', '.join(regions)}"
        document.problem(complaint, (*path, "region"))


def check_replica(
    region: str | None, name: str | None, topology: Topology, document: Document, path: Path
) -> None:
    """Report a region in which a store has no replica, so that none of its replicators is there."""
    found = None if name is None or region is None else _replicas(name, topology)
    if found is not None and region not in found[1]:
        what, has = f"{found[0]} '{name}'", ", ".join(found[1])
        document.problem(f"{what} has no replica in {region}; its replicas are: {has}", path)


def _replicas(name: str, topology: Topology) -> tuple[str, list[str]] | None:
    """What a store is, and in which regions; None if there is none of that name."""
    if name in topology.tables:
        return "table", topology.tables[name].replicas
    if name in topology.databases:
        return "database", topology.databases[name].replicas
    if name in topology.buckets:
        return "bucket", topology.buckets[name].replicas
    return ("cache", topology.caches[name].regions) if name in topology.caches else None


def check_copied(name: str | None, topology: Topology, document: Document, path: Path) -> None:
    """Report a cache of single regions where something is said of how a store is copied."""
    cache = topology.caches.get(name or "")
    if cache is not None and not cache.multi_region:
        complaint = (
            f"cache '{name}' is in each region by itself, and copies nothing; name a table, a bucket or a "
            "multi-region cache"
        )
        document.problem(complaint, path)
