"""Calls from instances to stores: how often they were tried, why they failed, what was given up."""

from collections.abc import Mapping
from dataclasses import field

from simulator.boundary.outcomes import CallFailure
from simulator.records import dataclass
from simulator.result.plain import UNWRITTEN


@dataclass(frozen=True)
class CallCounts:
    """Calls and their tries."""

    calls: int
    """Calls begun."""
    tries: int
    """Tries begun."""
    tries_per_call: float | None
    """Tries per call; null without calls."""
    failures: Mapping[CallFailure, int]
    """Failed tries, by cause."""
    given_up: int
    """Calls of which no try succeeded."""
    connections_opened: int
    """Connections that instances opened."""


@dataclass(frozen=True)
class StoreInRegion:
    """A store in one region; an external dependency or another service, as one region calls it."""

    store: str
    """The table, database, bucket, cache, external dependency or service."""
    region: str
    """The region; of an external dependency or a service, the callers'."""


@dataclass(frozen=True)
class StoreCalls(CallCounts, StoreInRegion):
    """Calls to a store in a region. (Fields of the base named last stand first.)"""

    is_elsewhere: bool = field(default=False, metadata=UNWRITTEN)
    """Whether it is an external dependency or a service, and the region the callers'."""


@dataclass(frozen=True)
class Calls:
    """All calls, and those to each store in each region and to each external from it."""

    total: CallCounts
    """All together."""
    retries_denied: int
    """Retries that services' quotas held back."""
    stores: tuple[StoreCalls, ...]
    """By store and region in which it is; externals and services by their callers' region."""
    held_by_services: Mapping[str, int]
    """Actions of people that were not good and that a called service held, by service, most first."""
