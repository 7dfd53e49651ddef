"""Levers: what would have shortened the recovery, found by replaying with the same users."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Lever:
    """One thing of the design changed, and what came of it."""

    lever: str
    """ttl, resolvers, connections, checks, capacity or operator."""
    change: str
    """What was changed, in words."""
    recovery_time_s: float
    """The recovery time with it, in seconds, shown or not; 0 if the service stayed OK."""
    shown: bool
    """Whether that has been shown."""
    user_minutes_lost: float
    """The user-minutes lost with it."""
