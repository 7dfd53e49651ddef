"""The instants of a restore, which are known before the run (docs/model-stores.md §2)."""

from simulator import catalog
from simulator.boundary.modes import MODES
from simulator.boundary.outcomes import UP
from simulator.language.models.experiment import Experiment
from simulator.language.models.faults import DatabaseFault, RegionFault, TableFault
from simulator.language.models.protection import DAY_NS, Backup, Protected
from simulator.language.models.restores import BEFORE_DAMAGE, LATEST, SYSTEM_BACKUP, Restore
from simulator.records import dataclass

GRAIN_NS = 10**9
"""Point-in-time recovery is told to the second."""

DAMAGING = ("corrupted", "deleted")
"""Modes of a fault of a table after which a restore is due."""

_DOWN = tuple(one.name for one in MODES if "region" in one.on and one.look.mode != UP)
"""Modes in which a region is down."""


def _or_default(written_ns: int | None, name: str) -> int:
    return catalog.duration_ns(name) if written_ns is None else written_ns


def latest_lag_ns(store: Protected) -> int:
    """How far the latest restorable time of a store lies back."""
    history = store.point_in_time_recovery
    return _or_default(None if history is None else history.lag, "dynamodb.restore.latest")


def damages_of(restore: Restore, experiment: Experiment) -> list[TableFault | DatabaseFault]:
    """The faults that damage or delete what is restored, by when they begin."""
    found: list[TableFault | DatabaseFault] = []
    found += [one for one in experiment.faults if isinstance(one, TableFault) and one.table == restore.store]
    found += [
        one for one in experiment.faults if isinstance(one, DatabaseFault) and one.database == restore.store
    ]
    return sorted((one for one in found if one.mode in DAMAGING), key=lambda one: one.at)


def damage_of(restore: Restore, experiment: Experiment) -> TableFault | DatabaseFault | None:
    """The first of them."""
    return next(iter(damages_of(restore, experiment)), None)


def start_ns(restore: Restore, experiment: Experiment) -> int | None:
    """When a restore starts; None if it is to start after a damage that there is not."""
    if restore.at is not None:
        return restore.at
    damage = damage_of(restore, experiment)
    return None if damage is None or restore.after_damage is None else damage.at + restore.after_damage


def wanted_ns(restore: Restore, store: Protected, experiment: Experiment) -> int | None:
    """The point that a restore asks for; None if that is before a damage, or a start, that there is not."""
    if restore.point not in (BEFORE_DAMAGE, LATEST):
        return int(restore.point)
    damage, start = damage_of(restore, experiment), start_ns(restore, experiment)
    if restore.point == LATEST:
        return None if start is None else start - latest_lag_ns(store)
    if damage is None:
        return None
    return damage.at if restore.from_ == SYSTEM_BACKUP else damage.at - GRAIN_NS


def deleted_ns(restore: Restore, experiment: Experiment) -> int | None:
    """When what is restored is deleted as a whole for the first time, if that is before the restore."""
    start = start_ns(restore, experiment)
    deleted = [one for one in damages_of(restore, experiment) if one.mode == "deleted"]
    gone = [one for one in deleted if getattr(one, "items", None) is None]
    return min((one.at for one in gone if start is None or one.at <= start), default=None)


@dataclass(frozen=True)
class Captures:
    """When the captures of a schedule begin, and when what they made is there."""

    backup: Backup
    time_of_day_ns: int
    """At the start of the run."""
    down_ns: tuple[tuple[int, int], ...] = ()
    """From when until when the region is down in which they are made: what is under way comes to nothing."""

    def last_ns(self, until_ns: int) -> int:
        """The begin of the last capture at or before an instant of the run."""
        first_ns = (self.backup.at - self.time_of_day_ns) % DAY_NS
        return until_ns - (until_ns - first_ns) % self.backup.every

    def is_there_ns(self, begun_ns: int, region: str) -> int:
        """When a backup whose capture began at an instant is there, in a region."""
        takes = (
            catalog.duration_ns("dynamodb.backup.takes") if self.backup.takes is None else self.backup.takes
        )
        there_ns = begun_ns + takes
        if region == self.backup.region:
            return there_ns
        copy = self.backup.copy_takes
        return there_ns + (catalog.duration_ns("dynamodb.backup.copy") if copy is None else copy)

    def usable_ns(self, wanted_ns: int, start_ns: int, region: str) -> int:
        """The begin of the last capture at or before the wanted point that is there when a restore starts."""
        delay_ns = self.is_there_ns(0, region)
        begun_ns = self.last_ns(min(wanted_ns, start_ns - delay_ns))
        while begun_ns >= 0 and self._fails(begun_ns, begun_ns + delay_ns):
            begun_ns -= self.backup.every
        return begun_ns

    def _fails(self, begun_ns: int, there_ns: int) -> bool:
        """Whether the region is down at any time between the begin of a capture and when it is there."""
        return any(from_ns < there_ns and begun_ns < until_ns for from_ns, until_ns in self.down_ns)


def captures_of(backup: Backup, experiment: Experiment) -> Captures:
    """Those of a schedule in a run."""
    faults = [one for one in experiment.faults if isinstance(one, RegionFault) and not one.is_limited]
    down = [one for one in faults if one.region == backup.region and one.mode in _DOWN]
    return Captures(backup, experiment.time_of_day, tuple(_span(one, experiment) for one in down))


def _span(fault: RegionFault, experiment: Experiment) -> tuple[int, int]:
    """From when until when a region is down; one that flaps is for all that time."""
    if fault.mode == "lost":
        return fault.at, experiment.duration
    until = fault.until if fault.for_ is None else fault.at + fault.for_
    return fault.at, experiment.duration if until is None else until


def point_ns(restore: Restore, store: Protected, experiment: Experiment) -> int:
    """The state that a checked restore goes back to, from a backup or from the history of a replica."""
    wanted, start = wanted_ns(restore, store, experiment), start_ns(restore, experiment)
    assert wanted is not None
    assert start is not None
    backup = store.backups.get(restore.from_)
    if backup is None:
        return wanted
    return captures_of(backup, experiment).usable_ns(wanted, start, restore.region)
