"""Loss: the recovery point, and the fate of every acknowledged write."""

from collections.abc import Mapping
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass
from simulator.result.plain import ONLY_IF_SAID, UNWRITTEN


@dataclass(frozen=True)
class Fates:
    """What became of acknowledged writes."""

    recovery_point_s: float | None
    """At the worst instant at which a region's data became unreachable: the age in seconds of the oldest
    acknowledged write visible nowhere else; 0 if there was none; null if no region went down."""
    acknowledged: int
    """Writes that were acknowledged in the run."""
    under_way: int
    """Writes that were acknowledged before the run, and not yet visible everywhere when it began."""
    at_risk: int
    """Of both, those visible nowhere else when their region's data became unreachable."""
    late: int
    """Of those at risk, the ones visible everywhere in the end."""
    discarded: int
    """Writes that a replica threw away, for a higher one made without them in view; at risk or not."""
    lost: int
    """Writes that went down with a region for good, that a restore set back, or that a
    promotion of a database lost (`databases` tells why)."""
    lost_after_point: int
    """Of them, those made after the point of a restore that dropped what was written since."""
    lost_in_merge: int
    """Of them, those of damaged items that a restore did not merge."""
    brought_back: int
    """Writes that had been missing, and that a restore brought back."""
    lost_with_table: int
    """Of those lost, the ones of a table that was deleted and not restored."""
    lost_by_fork: int
    """Of those lost, the ones that were in one replica alone when it was forked from its table."""
    fork_writes: int
    """Of those lost, the ones written to a replica that had been forked, which the table never has."""
    fork_reads: int
    """Reads of replicas that had been forked, which know nothing of what is written elsewhere."""
    pending: int
    """Writes neither discarded nor lost, nor visible everywhere when the run ended."""
    discarded_at_risk: int
    """Of those at risk, the ones discarded."""
    pending_at_risk: int
    """Of those at risk, the ones pending."""
    conflicts: int
    """Writes at which others, or they themselves, became discarded."""
    write_conflicts: int
    """Tries of writes that a strong table refused: another region's write of the item came first."""
    held_conditions: int
    """Writes made because their condition held where it was evaluated."""
    refused_conditions: int
    """Tries of writes whose condition did not hold, and whose caller was told so: answers, and no errors."""
    refused_by_own: int
    """Of them, those whose own action had applied the same step before, by a try that had no answer."""
    broken_conditions: int
    """Of the conditions that held, those that did not hold for the highest version anywhere."""
    lost_updates: int
    """Writes of which nothing is left though they are not lost: what survives was made without them."""
    missing: int
    """Writes that are lost, or lost updates, less those brought back; all, of a table without a surviving
    replica."""

    @property
    def written(self) -> int:
        """Writes that have a fate: acknowledged in the run, or before it and under way when it began."""
        return self.acknowledged + self.under_way

    @property
    def conditions(self) -> int:
        """Conditions of writes that were evaluated, and of which the caller or the store heard."""
        return self.held_conditions + self.refused_conditions


@dataclass(frozen=True)
class ItemLoss:
    """An item that lost updates."""

    item: int
    """Its number in its table, from 0 on; with a popularity, 0 is the most popular."""
    lost_updates: int
    """How many it lost."""


@dataclass(frozen=True)
class GoneWrite:
    """A write that is gone."""

    item: int
    """Its item's number in its table, from 0 on; with a popularity, 0 is the most popular. -1: an object of a
    bucket that was under way when the run began, and that nobody asks for."""
    origin: str
    """The region in which it was written."""
    at_s: float
    """When, in seconds of the run; below 0 if before it."""
    cause: str
    """overtaken, lost with its region, lost by a promotion, or left behind by a fork."""
    by_region: str | None
    """Where the write was made that won; null if none did."""
    by_at_s: float | None
    """When that was made, in seconds of the run; null if none was."""


@dataclass(frozen=True)
class TableLoss(Fates):
    """The fates of one table's, database's, bucket's or multi-region cache's writes."""

    visible: int
    """Writes visible in every surviving replica when the run ended."""
    items: int
    """Items that lost updates."""
    worst_items: tuple[ItemLoss, ...]
    """The five of them that lost most, in order."""
    sample: tuple[GoneWrite, ...]
    """The first ten writes that are gone, in order of writing: what to look for in a restored copy. Left out
    are those of a table that is gone as a whole, set back by a restore, or written to a forked replica."""
    increments: int | None = field(default=None, metadata=ONLY_IF_SAID)
    """Increments made; of a multi-region cache only."""
    lost_increments: int | None = field(default=None, metadata=ONLY_IF_SAID)
    """Of them, those that the final values lack; of a multi-region cache only."""


@dataclass(frozen=True)
class Minute:
    """The worst minute of something."""

    at_s: float
    """When it begins, in seconds."""
    lost_updates: int
    """Lost updates that were overtaken in it (in one window, if windows are longer)."""


@dataclass(frozen=True)
class Overtaken:
    """Lost updates of a table that were written in one region and overtaken in another."""

    table: str
    """Table, database, bucket or multi-region cache."""
    origin: str
    """The region in which they were written."""
    target: str
    """The region whose writes overtook them."""
    lost_updates: int
    """How many."""
    from_s: float
    """Start of the first window in which one was overtaken, in seconds."""
    to_s: float
    """End of the last one, in seconds."""
    worst_minute: Minute
    """When most of them were overtaken."""
    start_s: NDArray[np.float64] = field(metadata=UNWRITTEN)
    """[window] when a window starts, in seconds."""
    end_s: NDArray[np.float64] = field(metadata=UNWRITTEN)
    """[window] when it ends, in seconds."""
    windows: NDArray[np.int64] = field(metadata=UNWRITTEN)
    """[window] lost updates by when they were overtaken."""


@dataclass(frozen=True)
class Failback:
    """Updates lost because users wrote in a region that had not yet caught up with another one."""

    region: str
    """The region that was behind."""
    behind: str
    """The region with which it caught up."""
    from_s: float
    """When its replication resumed, in seconds."""
    to_s: float
    """When it had caught up, in seconds."""
    lost_updates: int
    """Lost updates between the two regions that were overtaken meanwhile, in either of them."""
    worst_minute: Minute
    """When most of them were overtaken."""
    tables: Mapping[str, int]
    """The same by table; only those that lost any."""


@dataclass(frozen=True)
class Loss(Fates):
    """The fates of all writes."""

    increments: int
    """Increments made in multi-region caches."""
    lost_increments: int
    """Of them, those that the final values lack."""
    tables: Mapping[str, TableLoss]
    """The same by table, database, bucket and multi-region cache."""
    overtaken: tuple[Overtaken, ...]
    """Lost updates by table, and by where they were written and overtaken."""
    failback: tuple[Failback, ...]
    """The catching up during which users of both regions took updates from each other; most first."""
