"""Restores checked: there is something that they can be made of, from which they come back to in time."""

from dataclasses import replace

from simulator.language.checks.values import check_rate
from simulator.language.models.data_steps import RestoreStep
from simulator.language.models.databases import Database
from simulator.language.models.experiment import Experiment
from simulator.language.models.points import (
    captures_of,
    damage_of,
    deleted_ns,
    latest_lag_ns,
    start_ns,
    wanted_ns,
)
from simulator.language.models.protection import WINDOW_NS
from simulator.language.models.restores import (
    BEFORE_DAMAGE,
    LATEST,
    POINT_IN_TIME,
    SYSTEM_BACKUP,
    HowToRestore,
    Restore,
)
from simulator.language.models.stores import Table
from simulator.language.models.topology import Topology
from simulator.language.reading.messages import nearest
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

Store = Table | Database


def check_restores(experiment: Experiment, topology: Topology, document: Document) -> None:
    """Report every restore that could not be made, but for unknown names."""
    for number, restore in document.numbered("restores", experiment.restores):
        path: Path = ("restores", number)
        if (restore.table is None) == (restore.database is None):
            document.problem("give either 'table' or 'database'", path, at_key=True)
            continue
        store = topology.tables.get(restore.store) if restore.table else topology.databases.get(restore.store)
        if store is not None:
            _check_restore(restore, store, experiment, document, path)


def check_restore_step(step: RestoreStep, topology: Topology, document: Document, path: Path) -> None:
    """Report a step of a plan that could restore nothing, whenever it came, but for unknown names."""
    store = (topology.tables | topology.databases).get(step.restore)
    if store is None:
        return
    _check_how(step, store, document, path)
    is_of_deleted = step.from_ == SYSTEM_BACKUP
    if is_of_deleted:
        _check_point_of_system_backup(step, document, path)
    _check_swap(step, store, is_of_deleted, document, path)


def why_not_now(restore: Restore, store: Store, experiment: Experiment) -> str:
    """Why a restore that is checked but for its start could not be made then, in words; else nothing."""
    damage, start = damage_of(restore, experiment), start_ns(restore, experiment)
    assert start is not None
    if restore.point == BEFORE_DAMAGE and (damage is None or start < damage.at):
        return f"nothing has damaged or deleted '{restore.store}' so far"
    found = Document("")
    deleted = deleted_ns(restore, experiment)
    _check_deletion(restore, deleted, found, ())
    _check_swap(restore, store, deleted is not None, found, ())
    if not found.problems:
        _check_point(restore, store, experiment, found, ())
    return next((one.message for one in found.problems), "")


def _check_restore(
    restore: Restore, store: Store, experiment: Experiment, document: Document, path: Path
) -> None:
    before = len(document.problems)
    _check_how(restore, store, document, path)
    _check_start(restore, experiment, document, path)
    deleted = deleted_ns(restore, experiment)
    _check_deletion(restore, deleted, document, path)
    if len(document.problems) == before:
        _check_swap(restore, store, deleted is not None, document, path)
        _check_point(restore, store, experiment, document, path)


def _check_how(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """All that does not depend on when it starts."""
    if restore.region not in store.replicas:
        complaint = (
            f"'{restore.store}' has no replica in {restore.region}, so nothing can be restored there; it has "
            f"them in {', '.join(store.replicas)}"
        )
        document.problem(complaint, (*path, "region"))
    check_rate(restore.merge_rate, document, (*path, "merge_rate"))
    _check_copying(restore, store, document, path)
    _check_times(restore, store, document, path)
    _check_source(restore, store, document, path)
    _check_absent(restore, store, document, path)


def _is_absent(restore: HowToRestore, store: Store) -> bool:
    """Whether the table is not in the region of the restore when the run begins."""
    return isinstance(store, Table) and restore.region in store.absent_in


def _check_absent(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """Where no table is, there is no history, nothing that the new one replaces, and nothing to merge."""
    if not _is_absent(restore, store):
        return
    if restore.from_ == POINT_IN_TIME:
        here = _place_of_source(restore, path)
        complaint = (
            f"'{restore.store}' is absent in {restore.region} when the run begins, so it has no "
            "history there; restore from backups that are copied there"
        )
        document.problem(complaint, here, at_key=here == path)
    if "swap" in restore.model_fields_set:
        complaint = f"nothing has the table's name in {restore.region}, so nothing is swapped; leave it out"
        document.problem(complaint, (*path, "swap"))
    if restore.written_since == "merge":
        complaint = f"there is no old table in {restore.region} whose writes could be merged; write drop"
        document.problem(complaint, (*path, "written_since"))


def _is_strong(store: Store) -> bool:
    return isinstance(store, Table) and store.consistency == "strong"


def _check_copying(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """Items are copied into strong tables alone, as no restore can become one."""
    check_rate(restore.copy_rate, document, (*path, "copy_rate"))
    if restore.copy_rate is not None and not _is_strong(store):
        complaint = (
            "items are copied into a strong table alone; for others say 'takes' and 'replica_takes', and "
            "'merge_rate' for what was written since"
        )
        document.problem(complaint, (*path, "copy_rate"), at_key=True)


def _check_times(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """Nobody publishes how long a database takes: by its size, its disks and its log."""
    if isinstance(store, Database):
        needed = ["takes", *(["replica_takes"] if store.readers else [])]
        for key in needed:
            if getattr(restore, key) is None:
                complaint = f"nobody publishes how long that takes of a database; say '{key}', by your drill"
                document.problem(complaint, path, at_key=True)


def _check_start(restore: Restore, experiment: Experiment, document: Document, path: Path) -> None:
    """When it starts, and whether there is a damage if it asks for one."""
    if (restore.at is None) == (restore.after_damage is None):
        document.problem("give either 'at' or 'after_damage'", path, at_key=True)
        return
    asks = "after_damage" if restore.after_damage is not None else None
    asks = "point" if asks is None and restore.point == BEFORE_DAMAGE else asks
    if asks is not None and damage_of(restore, experiment) is None:
        if _has_all_faults(experiment, document):
            remedy = "say 'at'" if asks == "after_damage" else "say a time of the run as 'point', or 'latest'"
            complaint = f"no fault damages or deletes '{restore.store}'; {remedy}"
            document.problem(complaint, (*path, asks), at_key=asks in restore.model_fields_set)
        else:
            document.problem("the fault that damages the table has to be put right first", path, at_key=True)
        return
    start = start_ns(restore, experiment)
    assert start is not None
    key = "at" if restore.at is not None else "after_damage"
    if start >= experiment.duration:
        starts, end = format_duration(start), format_duration(experiment.duration)
        document.problem(f"starts at {starts}, but the run ends at {end}", (*path, key))
    damage = damage_of(restore, experiment)
    if restore.point == BEFORE_DAMAGE and damage is not None and start < damage.at:
        begins = format_duration(damage.at)
        document.problem(f"starts before the damage, which begins at {begins}", (*path, key))


def _has_all_faults(experiment: Experiment, document: Document) -> bool:
    """Whether no fault was left out for what is wrong with it."""
    written = document.data.get("faults", []) if isinstance(document.data, dict) else []
    return isinstance(written, list) and len(written) == len(experiment.faults)


def _place_of_source(restore: HowToRestore, path: Path) -> Path:
    return (*path, "from") if "from_" in restore.model_fields_set else path


def _check_source(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """The history of the replica, its system backup, or one of the table's schedules."""
    here = _place_of_source(restore, path)
    if restore.from_ in (POINT_IN_TIME, SYSTEM_BACKUP):
        _check_history(restore, store, document, here)
    elif restore.from_ not in store.backups:
        names = [POINT_IN_TIME, SYSTEM_BACKUP, *store.backups]
        complaint = f"'{restore.store}' has no backups '{restore.from_}'{nearest(restore.from_, names)}"
        document.problem(complaint, here)
    else:
        backup = store.backups[restore.from_]
        places = [backup.region, *backup.copied_to]
        if restore.region not in places:
            complaint = (
                f"the backups '{restore.from_}' are in {' and '.join(places)}; restore there, or name "
                f"{restore.region} in 'copied_to'"
            )
            document.problem(complaint, (*path, "region"))


def _check_deletion(restore: Restore, deleted: int | None, document: Document, path: Path) -> None:
    """What is deleted before has a system backup in place of its history."""
    if restore.from_ == POINT_IN_TIME and deleted is not None:
        here = _place_of_source(restore, path)
        complaint = (
            "a deleted table keeps no history; restore from 'system_backup', which holds the instant before "
            "the deletion alone, or from one of its backups"
        )
        document.problem(complaint, here, at_key=here == path)
    if restore.from_ == SYSTEM_BACKUP:
        _check_system_backup(restore, deleted, document, path)


def _check_history(restore: HowToRestore, store: Store, document: Document, path: Path) -> None:
    """Point-in-time recovery is on for the replica; without it there is no system backup either."""
    history = store.point_in_time_recovery
    places = [] if history is None else store.replicas if history.regions is None else history.regions
    if restore.region in places or restore.region not in store.replicas or _is_absent(restore, store):
        return
    elsewhere = f"it is in {' and '.join(places)}" if places else "it is for no replica"
    remedy = "write 'point_in_time_recovery: {}' under the table, or restore from one of its backups"
    if places:
        remedy = "add the region to its 'regions', or restore where it is"
    complaint = f"point-in-time recovery is not on for '{restore.store}' in {restore.region} ({elsewhere})"
    document.problem(f"{complaint}; {remedy}", path, at_key=path[-1] != "from")


def _check_system_backup(restore: Restore, deleted: int | None, document: Document, path: Path) -> None:
    if deleted is None:
        complaint = f"no fault deletes '{restore.store}' before, so there is no system backup of it"
        document.problem(complaint, (*path, "from"))
    else:
        _check_point_of_system_backup(restore, document, path)


def _check_point_of_system_backup(restore: HowToRestore, document: Document, path: Path) -> None:
    if restore.point != BEFORE_DAMAGE:
        complaint = "a system backup holds the instant before the deletion alone; leave 'point' out"
        document.problem(complaint, (*path, "point"))


def _check_swap(restore: HowToRestore, store: Store, deleted: bool, document: Document, path: Path) -> None:
    """What is deleted keeps no history, and leaves nothing to merge; a strong table goes afterwards."""
    goes_first = not _is_strong(store)
    if restore.swap == "same_name" and restore.from_ == POINT_IN_TIME and not deleted and goes_first:
        complaint = (
            "the old table must be deleted first, and its history goes with it; restore from one of its "
            "backups, or swap by 'configuration'"
        )
        document.problem(complaint, (*path, "swap"))
    if restore.written_since == "merge" and (deleted or restore.swap == "same_name"):
        complaint = "the old table is deleted before, so there is nothing left to merge; write drop"
        document.problem(complaint, (*path, "written_since"))


def _check_point(
    restore: Restore, store: Store, experiment: Experiment, document: Document, path: Path
) -> None:
    """The state that it goes back to is kept, and is one of the run."""
    wanted, start = wanted_ns(restore, store, experiment), start_ns(restore, experiment)
    assert wanted is not None
    assert start is not None
    here = (*path, "point") if "point" in restore.model_fields_set else path
    if wanted > start:
        complaint = f"{format_duration(wanted)} is later than the restore starts, at {format_duration(start)}"
        document.problem(complaint, here)
    elif restore.from_ in store.backups:
        _check_backup(restore, store, experiment, document, here)
    else:
        _check_window(restore, store, wanted, start, document, here)


def _check_window(
    restore: Restore, store: Store, wanted: int, start: int, document: Document, here: Path
) -> None:
    history = store.point_in_time_recovery
    window = WINDOW_NS if history is None or restore.from_ == SYSTEM_BACKUP else history.window
    if wanted < start - window:
        age, kept = format_duration(start - wanted), format_duration(window)
        document.problem(f"the point lies {age} before the restore starts, and {kept} are kept", here)
    elif wanted < 0:
        complaint = (
            "the point lies before the run begins, which knows only what is written in it; let it begin "
            "earlier"
        )
        document.problem(complaint, here, at_key=here[-1] != "point")
    elif restore.point not in (BEFORE_DAMAGE, LATEST) and wanted > start - latest_lag_ns(store):
        latest, at = format_duration(max(start - latest_lag_ns(store), 0)), format_duration(start)
        complaint = f"the latest restorable time is {latest} when the restore starts, at {at}"
        document.problem(complaint, here)


def _check_backup(
    restore: Restore, store: Store, experiment: Experiment, document: Document, here: Path
) -> None:
    """A backup whose capture began in the run, before the point, is there when the restore starts."""
    wanted, start = wanted_ns(restore, store, experiment), start_ns(restore, experiment)
    assert wanted is not None
    assert start is not None
    backup = store.backups[restore.from_]
    if backup.every == 0:
        return  # refused where it is declared
    captures = captures_of(backup, experiment)
    begun = captures.usable_ns(wanted, start, restore.region)
    if begun < 0 <= replace(captures, down_ns=()).usable_ns(wanted, start, restore.region):
        complaint = (
            f"each backup of the run that reaches it comes to nothing, as {backup.region} is down before it "
            f"is in {restore.region}; let the run begin earlier, or back up more often"
        )
        document.problem(complaint, here, at_key=here[-1] != "point")
    elif begun < 0:
        first = captures.last_ns(backup.every - 1)
        there = format_duration(captures.is_there_ns(first, restore.region))
        complaint = (
            f"no backup of the run reaches it: the first capture begins at {format_duration(first)} and is "
            f"in {restore.region} at {there}, and the run knows only what is written in it; let it begin "
            "earlier, or back up more often"
        )
        document.problem(complaint, here, at_key=here[-1] != "point")
    elif begun + backup.kept_for < start:
        age, kept = format_duration(start - begun), format_duration(backup.kept_for)
        complaint = f"the last backup before it is {age} old when the restore starts, and is kept for {kept}"
        document.problem(complaint, here, at_key=here[-1] != "point")
