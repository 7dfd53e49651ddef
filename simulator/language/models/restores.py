"""Restores: what is brought back from before its damage, and how."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import Distribution, Duration, Model, Rate, RegionName

POINT_IN_TIME, SYSTEM_BACKUP = "point_in_time", "system_backup"
"""What a restore may start from beside the backups of a table."""
BEFORE_DAMAGE, LATEST = "before_damage", "latest"
_WORDS = (BEFORE_DAMAGE, LATEST)


def _word_or_time(value: Any) -> str:
    return ":Word" if value in _WORDS else ":Quantity"


class HowToRestore(Model):
    """From what a table or database is restored, to when, and by which steps."""

    region: RegionName
    """Where it is restored: from the history of the replica there, or from a backup that is there."""
    from_: str = Field(default=POINT_IN_TIME, alias="from")
    """`point_in_time`; the name of one of the table's backups; or `system_backup`, of a deleted table."""
    point: Annotated[
        Annotated[Literal["before_damage", "latest"], Tag(":Word")] | Annotated[Duration, Tag(":Quantity")],
        Discriminator(_word_or_time),
    ] = Field(default="before_damage")
    """To when: `before_damage`, one second before the table's first damage begins; `latest`, five minutes
    before the restore starts; or a time of the run. From a backup: the last whose capture began before."""
    written_since: Literal["drop", "merge"]
    """What becomes of writes made since the point: `drop`, they are missing; `merge`, those of items that are
    not damaged are kept."""
    swap: Literal["configuration", "same_name"] = "configuration"
    """How the new table takes the place of the old, since none can be renamed: `configuration`, the
    application is told its name; `same_name`, the old one is deleted first."""
    takes: Distribution | None = None
    """How long it takes until the new table is there, by your own drill; by default the catalog's, and more
    for a large partition. Of a database it must be said."""
    settings_take: Distribution | None = None
    """How long it takes to make anew what does not come along: autoscaling, alarms, streams, time to live,
    deletion protection, point-in-time recovery; by default the catalog's."""
    replica_takes: Distribution | None = None
    """How long each further replica takes, one after the other; by default the catalog's, and more for a
    large partition. Of a strong table, how long each member of the empty one takes, all at the same time."""
    copy_rate: Rate | None = None
    """Items a second that are copied into the new table, of a strong one, which is made from an empty one; by
    default what the write capacity of its replicas takes."""
    merge_rate: Rate | None = None
    """Items a second that a merge copies; by default the catalog's."""
    swap_takes: Distribution | None = None
    """How long the change of configuration, or the deletion of the old table, takes; by default the
    catalog's."""

    @property
    def store(self) -> str:
        """The name of what is restored."""
        raise NotImplementedError


class Restore(HowToRestore):
    """A table or database becomes what one of its replicas was at an earlier time.

    It is restored into a new table; what does not come along is made anew; that takes the place of the old.
    """

    table: str | None = None
    """The table; or say `database`."""
    database: str | None = None
    """The database; or say `table`."""
    at: Duration | None = None
    """When it starts, counted from the start of the run; or say `after_damage`."""
    after_damage: Duration | None = None
    """How long after the begin of the damage it starts, since it takes so long to notice; or say `at`."""

    @property
    def store(self) -> str:
        """The name of what is restored."""
        return self.table or self.database or ""
