"""Who serves the calls to a database with one writer, and what a promotion leaves behind."""

from simulator.records import dataclass

NOWHERE = -1
"""There is no region that takes a write."""


@dataclass(frozen=True)
class Routes:
    """Where services of each region read and write, by region number (docs/model-stores.md §4)."""

    reads: tuple[int, ...]
    writes: tuple[int, ...]
    """NOWHERE while there is no writer, or its commits are blocked."""
    epochs: tuple[int, ...]
    """Of what is written in each region."""
    promoting: bool = False
    """Another region is being made the writer."""
    split: bool = False
    """Two regions take writes."""
    blocked: bool = False
    """The writer lets no commit through, as every reader is too far behind."""


@dataclass(frozen=True)
class Unshipped:
    """Acknowledged writes that a new writer has not seen, and that were not lost before."""

    writes: int
    oldest_ns: int  # time of the oldest one; meaningless when writes is 0
