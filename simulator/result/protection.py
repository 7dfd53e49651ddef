"""Protection: when stores had fewer copies up to date, and what a second outage would have taken."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Exposure:
    """A time in which a store was protected by less than before: after a failover until it is finalized."""

    store: str
    """Table, database, bucket or multi-region cache."""
    from_s: float
    """When the first replica fell behind, in seconds."""
    to_s: float | None
    """When the last one was up to date again, in seconds; null if one was not when the run ended."""
    unprotected_s: float
    """For how long of it some region took writes that no other replica had, in seconds."""
    regions: tuple[str, ...]
    """The regions that did; their loss would have taken these writes with it."""
    behind: tuple[str, ...]
    """The regions of the replicas that were behind, down, shut out, or are gone."""
    waited: int | None
    """Writes that a loss would have taken at the worst of it: those that arrived late in the replica that
    missed the fewest; if none has caught up, the store's pending writes. Null where replicas had left the
    table: all that was written there meanwhile."""
    oldest_s: float | None
    """The longest that one of them was in no other replica, in seconds; null if none arrived late."""
