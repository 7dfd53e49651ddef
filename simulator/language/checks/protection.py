"""Histories and backups of tables, checked; and whether a restore finds in them what it asks for."""

from simulator.language.checks.values import check_longer_than_0, check_repeats
from simulator.language.models.databases import Database
from simulator.language.models.protection import DAY_NS, WINDOW_NS, Backup
from simulator.language.models.restores import POINT_IN_TIME, SYSTEM_BACKUP
from simulator.language.models.stores import Table
from simulator.language.reading.positions import Document, Path
from simulator.units import format_duration

_LEAST_EVERY_NS = 3600 * 10**9


def check_protection(store: Table | Database, document: Document, path: Path) -> None:
    """Report what no service would accept of a table's history and backups."""
    history = store.point_in_time_recovery
    if history is not None:
        here = (*path, "point_in_time_recovery")
        if not DAY_NS <= history.window <= WINDOW_NS:
            window = format_duration(history.window)
            document.problem(f"a window is from 1 to 35 days, not {window}", (*here, "window"))
        if history.regions == []:
            document.problem("this list is empty; leave it out for all replicas", (*here, "regions"))
        check_repeats(history.regions or [], document, (*here, "regions"))
        _check_replicas(history.regions or [], store, document, (*here, "regions"))
    for name, backup in store.backups.items():
        _check_backup(name, backup, store, document, (*path, "backups", name))


def _check_replicas(regions: list[str], store: Table | Database, document: Document, path: Path) -> None:
    for number, region in enumerate(regions):
        _check_replica(region, store, document, (*path, number))


def _check_replica(region: str, store: Table | Database, document: Document, path: Path) -> None:
    if region not in store.replicas:
        complaint = f"there is no replica in {region}; the replicas are in {', '.join(store.replicas)}"
        document.problem(complaint, path)


def _check_backup(name: str, backup: Backup, store: Table | Database, document: Document, path: Path) -> None:
    if name in (POINT_IN_TIME, SYSTEM_BACKUP):
        complaint = f"'{name}' is what a restore calls something else; give the backups another name"
        document.problem(complaint, path, at_key=True)
    _check_replica(backup.region, store, document, (*path, "region"))
    if backup.every < _LEAST_EVERY_NS:
        complaint = "at most one an hour is made; for less, 'point_in_time_recovery' keeps each second"
        document.problem(complaint, (*path, "every"))
    check_longer_than_0(backup.kept_for, "the time for which a backup is kept", document, (*path, "kept_for"))
    check_repeats(backup.copied_to, document, (*path, "copied_to"))
    for number, region in enumerate(backup.copied_to):
        if region == backup.region:
            complaint = f"backups are made in {region} already; name other regions"
            document.problem(complaint, (*path, "copied_to", number))
    if backup.copy_takes is not None and not backup.copied_to:
        complaint = "nothing is copied; name regions in 'copied_to'"
        document.problem(complaint, (*path, "copy_takes"), at_key=True)
