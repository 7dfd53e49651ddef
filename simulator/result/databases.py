"""Databases with one writer: promotions, what they lost, and two writers at once."""

from collections.abc import Mapping

from simulator.records import dataclass


@dataclass(frozen=True)
class Promotion:
    """One time that another region was made, or was to be made, the writer."""

    database: str
    """The database."""
    old: str
    """The region that was the writer."""
    new: str
    """The region that became it."""
    planned: bool
    """Whether it was a switchover, which loses nothing."""
    began_s: float
    """When it began, in seconds."""
    took_s: float | None
    """Until the new region took writes, in seconds; null if the run ended before, or it was called off."""
    unshipped: int
    """Acknowledged writes that the new writer did not have, and that were lost then."""
    recovery_point_s: float
    """The age in seconds of the oldest of them when it began, or when the old writer's region went down."""


@dataclass(frozen=True)
class SplitBrain:
    """A time in which two regions took the writes of a database."""

    database: str
    """The database."""
    from_s: float
    """When it began, in seconds."""
    to_s: float | None
    """When it ended, in seconds; null if it did not."""
    took_s: float
    """How long it lasted, at most to the end of the run, in seconds."""


@dataclass(frozen=True)
class DatabaseLoss:
    """What promotions of one database cost."""

    writer: str
    """The region that takes the writes when the run ends."""
    unshipped: int
    """Acknowledged writes that were lost because a new writer did not have them."""
    past_promotion: int
    """Writes that an old writer acknowledged after the promotion of another had begun; all are lost."""
    split_brain_s: float
    """For how long two regions took writes, in seconds."""
    split_brain_writes: Mapping[str, int]
    """Writes acknowledged meanwhile, by region."""


@dataclass(frozen=True)
class Databases:
    """Databases with one writer."""

    promotions: tuple[Promotion, ...]
    """Every promotion that began, in order."""
    split_brains: tuple[SplitBrain, ...]
    """Every time of two writers, in order."""
    refused: int
    """Promotions that were asked for and could not begin; the log says why."""
    by_name: Mapping[str, DatabaseLoss]
    """By database."""
