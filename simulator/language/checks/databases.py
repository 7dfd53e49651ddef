"""Databases with one writer, checked against themselves and the catalog."""

from simulator.language.checks.protection import check_protection
from simulator.language.checks.stores import check_lag
from simulator.language.models.databases import Database
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

_MOST_READERS = {"aurora_global": 10, "rds": 5, "global_datastore": 2}
"""Other regions: Amazon Aurora guide, *aurora-global-database*; RDS guide, *USER_ReadRepl*, for one source;
ElastiCache guide, *Redis-Global-Datastores*."""

_LEAST_RPO_NS = 20 * 10**9
"""Amazon Aurora guide, *aurora-global-database-disaster-recovery*: `rds.global_db_rpo` is at least 20 s."""

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
        _check_promoting(database, document, path)
        _check_rpo(database, document, path)
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


def _check_promoting(database: Database, document: Document, path: Path) -> None:
    """What is said of promotions must be something that the engine has."""
    if database.self_promotion is not None and database.engine != "self_managed":
        complaint = (
            f"engine {database.engine} never promotes across regions by itself: an operator does "
            "('promote' in the experiment), or write 'engine: self_managed' for an orchestrator of your own"
        )
        document.problem(complaint, (*path, "self_promotion"), at_key=True)
    if database.switchover is not None and database.engine == "rds":
        complaint = "RDS has no switchover across regions; leave it out"
        document.problem(complaint, (*path, "switchover"), at_key=True)
    for key in ("promotion", "switchover", "rebuild", "self_promotion"):
        if getattr(database, key) is not None and not database.readers:
            document.problem(
                "there is no reader that could be promoted; add 'readers'", (*path, key), at_key=True
            )
            return


def _check_rpo(database: Database, document: Document, path: Path) -> None:
    """A bound on the recovery point is Aurora's alone, not below its least one, and about readers."""
    place = (*path, "rpo")
    if database.rpo is None:
        return
    if database.engine != "aurora_global":
        complaint = (
            f"engine {database.engine} has no bound on its recovery point; leave it out, or write "
            "'engine: aurora_global'"
        )
        document.problem(complaint, place, at_key=True)
    elif not database.readers:
        document.problem("there is no reader that could be behind; add 'readers'", place, at_key=True)
    elif database.rpo < _LEAST_RPO_NS:
        complaint = f"{format_duration(database.rpo)} is too short: Aurora takes 20 s or more"
        document.problem(complaint, place)
