"""Databases with one writer, checked against themselves and the catalog."""

from simulator.language.checks.protection import check_protection
from simulator.language.checks.stores import check_lag
from simulator.language.models.databases import Database
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path

_MOST_READERS = {"aurora_global": 10, "rds": 5, "global_datastore": 2}
"""Other regions: Amazon Aurora guide, *aurora-global-database*; RDS guide, *USER_ReadRepl*, for one source;
ElastiCache guide, *Redis-Global-Datastores*."""

PRODUCTS = {
    "aurora_global": "aurora",
    "rds": "rds",
    "global_datastore": "elasticache",
    "self_managed": "self_managed",
}
"""The product whose defaults a database has, as the catalog calls it, by engine."""


def check_databases(topology: Topology, document: Document) -> None:
    """Report whatever is wrong with a database, but for unknown names."""
    for name, database in topology.databases.items():
        path: Path = ("databases", name)
        _check_readers(database, document, path)
        check_protection(database, document, path)
        check_lag(database.replication_lag, f"{PRODUCTS[database.engine]}.replication_lag", document, path)


def _check_readers(database: Database, document: Document, path: Path) -> None:
    """Readers are other regions than the writer's, each once, and no more than the engine allows."""
    seen = {database.writer: "is the writer's region, which is read, too; leave it out of the readers"}
    for number, region in enumerate(database.readers):
        if region in seen:
            document.problem(f"'{region}' {seen[region]}", (*path, "readers", number))
        seen.setdefault(region, "stands here a second time")
    most = _MOST_READERS.get(database.engine)
    if most is not None and len(database.readers) > most:
        complaint = f"engine {database.engine} has at most {most} other regions, not {len(database.readers)}"
        document.problem(f"{complaint}; leave some out", (*path, "readers"))
