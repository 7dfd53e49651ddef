"""Promotions that operators and failover plans ask for, checked against the topology."""

from simulator.language.models.databases import Database
from simulator.language.models.operator import PromotionOfReader
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path


def check_promotion(
    call: PromotionOfReader, may_have_moved: bool, topology: Topology, document: Document, path: Path
) -> None:
    """Report a promotion to where no reader is, or to the writer.

    `may_have_moved`: another region may be the writer by then.
    """
    database = topology.databases.get(call.promote)
    if database is None:
        return
    if call.to in topology.regions:
        _check_target(call, database, may_have_moved, document, (*path, "to"))


def check_switchover(database: Database | None, document: Document, place: Path, *, at_key: bool) -> None:
    """Report a switchover by an engine that has none."""
    if database is not None and database.engine == "rds":
        complaint = (
            "RDS has no switchover across regions: a replica is promoted, and becomes a database of its own; "
            "write 'mode: failover', or pause the writers before"
        )
        document.problem(complaint, place, at_key=at_key)


def _check_target(
    call: PromotionOfReader, database: Database, may_have_moved: bool, document: Document, path: Path
) -> None:
    if call.to not in database.replicas:
        has = ", ".join(database.readers) or "none"
        complaint = f"database '{call.promote}' has no reader in {call.to}; its readers are: {has}"
        document.problem(complaint, path)
    elif call.to == database.writer and not may_have_moved and database.self_promotion is None:
        complaint = f"{call.to} is the writer of database '{call.promote}' already"
        remedy = f"; promote one of its readers: {', '.join(database.readers)}" if database.readers else ""
        document.problem(complaint + remedy, path)
