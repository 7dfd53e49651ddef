"""Continuity: in which class the sessions alive during a fault ended up."""

from collections.abc import Mapping

from simulator.boundary.outcomes import SessionClass
from simulator.records import dataclass


@dataclass(frozen=True)
class Sessions:
    """Shares of some sessions alive during a fault (null if there was none), and counts."""

    undisturbed: float | None
    """The share that noticed nothing."""
    recovered: float | None
    """The share whose every failure was hidden by a retry."""
    interrupted: float | None
    """The share in which an action failed before the user's eyes."""
    logged_out: float | None
    """The share that no issuer gave a new token."""
    abandoned: float | None
    """The share whose user's patience ended."""
    sessions: int
    """Sessions alive during a fault."""
    counts: Mapping[SessionClass, int]
    """The same by class."""


@dataclass(frozen=True)
class Continuity(Sessions):
    """The sessions alive during a fault, all and apart; and those of the whole run."""

    signed_in: Sessions
    """Of those alive during a fault, the ones that were there when the first of these faults began."""
    arriving: Sessions
    """And those that came while it acted."""
    sessions_in_run: int
    """Sessions of the whole run."""
    counts_in_run: Mapping[SessionClass, int]
    """The same by class."""
