"""Promotions that operators ask for, checked against the topology and the run."""

from simulator.language.models.databases import Database
from simulator.language.models.experiment import Experiment, Promotion, RecordChange
from simulator.language.models.topology import Topology
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration


def check_when(
    call: RecordChange | Promotion, experiment: Experiment, document: Document, path: Path
) -> None:
    """Report a call of an operator that has no time, two, or one behind the end."""
    if (call.at is None) == (call.after_detection is None):
        document.problem("give either 'at' or 'after_detection'", path, at_key=True)
    if call.at is not None and call.at >= experiment.duration:
        at, end = format_duration(call.at), format_duration(experiment.duration)
        document.problem(f"happens at {at}, but the run ends at {end}", (*path, "at"))


def check_promotion(
    call: Promotion, experiment: Experiment, topology: Topology, document: Document, path: Path
) -> None:
    """Report a promotion to where no reader is, to the writer, or of a kind that the engine lacks."""
    check_when(call, experiment, document, path)
    if call.after_detection is not None and not topology.health_checks:
        complaint = "nothing is ever detected: the topology has no health check; write 'at'"
        document.problem(complaint, (*path, "after_detection"), at_key=True)
    database = topology.databases.get(call.promote)
    if database is None:
        return
    _check_target(call, database, experiment, topology, document, (*path, "to"))
    if call.mode == "switchover" and database.engine == "rds":
        complaint = (
            "RDS has no switchover across regions: a replica is promoted, and becomes a database of its own; "
            "write 'mode: failover', or pause the writers before"
        )
        document.problem(complaint, (*path, "mode"))


def _check_target(
    call: Promotion,
    database: Database,
    experiment: Experiment,
    topology: Topology,
    document: Document,
    path: Path,
) -> None:
    if call.to not in topology.regions:
        return
    if call.to not in database.replicas:
        has = ", ".join(database.readers) or "none"
        complaint = f"database '{call.promote}' has no reader in {call.to}; its readers are: {has}"
        document.problem(complaint, path)
    elif call.to == database.writer and not _may_have_moved(call, database, experiment):
        complaint = f"{call.to} is the writer of database '{call.promote}' already"
        remedy = f"; promote one of its readers: {', '.join(database.readers)}" if database.readers else ""
        document.problem(complaint + remedy, path)


def _may_have_moved(call: Promotion, database: Database, experiment: Experiment) -> bool:
    """Whether another region may be the writer by then."""
    others = (
        one for one in experiment.operator if isinstance(one, Promotion) and one.promote == call.promote
    )
    return database.self_promotion is not None or any(one.to != database.writer for one in others)
