"""Restores: how long each took, and what is missing because of it."""

from collections.abc import Mapping

from simulator.records import dataclass


@dataclass(frozen=True)
class Step:
    """One step of a restore."""

    step: str
    """wait (for its turn, for the region, for the point to become restorable), delete, restore, create (an
    empty strong table), copy (items into it), settings, replica, merge, swap."""
    start_s: float
    """When it began, in seconds."""
    end_s: float
    """When it ended, in seconds; the end of the run if it had not."""
    region: str
    """Where; of a replica, its region."""
    done: bool
    """Whether it ended in the run."""


@dataclass(frozen=True)
class Restore:
    """One restore of a table."""

    table: str
    """Which."""
    region: str
    """Where it was restored."""
    strong: bool
    """Whether it is a strong table: an empty one was made, and the items of the restored one copied in."""
    source: str
    """point_in_time, system_backup, or the name of the backups."""
    point_s: float
    """The time of the run to which it went back, in seconds."""
    damage_s: float | None
    """When the damage began, in seconds; null if no fault damaged the table."""
    start_s: float
    """When it started, in seconds."""
    swapped_s: float | None
    """When the new table was in use, in seconds; null if the run ended before."""
    complete_s: float | None
    """When all its steps were done, in seconds; null if the run ended before."""
    restore_time_s: float | None
    """From the begin of the damage (of the restore, without one) until the new table was in use, in seconds;
    null if the run ended before."""
    steps: tuple[Step, ...]
    """What it did, in order."""
    replicas: Mapping[str, float]
    """When the new table was in use in each region, in seconds; without those where the run ended before."""
    refused: tuple[str, ...]
    """Regions in which no replica was made: their quota for a table is below what this one is warm for."""
    unprotected_s: float | None
    """For how long the new table was in use without point-in-time recovery, in seconds; to the end of the run
    if it was not made anew before; null if the table had none, or is not in use."""
    point_age_s: float | None
    """How old the point was when the old table was in use for the last time, in seconds; null if the run
    ended before."""
    recovery_point_s: float | None
    """How old the oldest write that is missing because of it was then, in seconds; 0 if none is; null if the
    run ended before. Where no replica was left: how old the oldest was that it does not bring back."""
    items: int
    """Items that it set back to the point."""
    lost: int
    """Acknowledged writes that are missing because of it."""
    lost_after_point: int
    """Of them, those dropped because they were made after the point."""
    lost_in_merge: int
    """Of them, those of items that were not merged, since they are damaged."""
    brought_back: int
    """Writes that had been missing and are there again."""
