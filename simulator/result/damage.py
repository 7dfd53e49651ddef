"""Damage: what became wrong in stores, and who was given wrong answers."""

from collections.abc import Mapping
from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass
from simulator.result.plain import UNWRITTEN


@dataclass(frozen=True)
class RegionDamage:
    """One region's replica of a store, or its cache."""

    struck_items: int
    """Items that a fault made wrong, or deleted, there at once."""
    damaged_writes: int
    """Writes made there that are wrong: made wrong by a fault, or built on what is wrong."""
    damaged_copies: int
    """Copies of such writes of other regions that became visible there."""
    damaged_reads: int
    """Reads there that returned what is wrong."""
    first_read_s: float | None
    """When the first of them was made, in seconds of the run; null if none was."""
    last_read_s: float | None
    """When the last of them was made, in seconds of the run; null if none was."""

    @property
    def is_damaged(self) -> bool:
        """Whether anything wrong has been there."""
        found = self.struck_items, self.damaged_writes, self.damaged_copies, self.damaged_reads
        return any(found)


@dataclass(frozen=True)
class StoreDamage:
    """One table, bucket or cache."""

    since_s: float | None
    """When the first fault that damaged it, or the table behind it, began, in seconds of the run; null if
    there was none."""
    struck_items: int
    """Items that a fault made wrong, or deleted, all at once."""
    corrupted_writes: int
    """Writes that a fault made wrong."""
    damaged_writes: int
    """Writes that are wrong: those, and what was built on them."""
    damaged_reads: int
    """Reads that returned what is wrong."""
    deletes: int
    """Writes by which users deleted an item."""
    absent_reads: int
    """Reads of an item that was not there: deleted, or gone since its time to live was over."""
    expired_reads: int
    """Reads of an item whose time to live was over, and that was still there."""
    regions: Mapping[str, RegionDamage]
    """The same by region."""


@dataclass(frozen=True)
class WrongWindows:
    """Wrong answers over time."""

    start_s: NDArray[np.float64]
    """[window] its start in seconds of the run."""
    reads: Mapping[str, NDArray[np.int64]]
    """By region, [window] reads that returned what is wrong, in replicas and caches."""


@dataclass(frozen=True)
class Damage:
    """What became wrong in stores, and who was given wrong answers."""

    corrupted_writes: int
    """Writes that a fault made wrong, of all stores."""
    damaged_writes: int
    """Writes that are wrong: those, and what was built on them."""
    damaged_reads: int
    """Reads that returned what is wrong, in replicas and in caches of a region."""
    edge_wrong: int
    """Requests that a content network answered from an object that is wrong."""
    wrong_answers: int
    """User actions that succeeded, and whose answer was wrong."""
    stores: Mapping[str, StoreDamage]
    """The same by table, bucket and cache."""
    windows: WrongWindows = field(metadata=UNWRITTEN)
    """Wrong answers over time."""
