"""Restores as a run has them: what they go back to, and what each step takes."""

from dataclasses import replace

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class Time:
    """How long something takes: a draw, at least so much, and so much more."""

    draw: Lowered
    least_ns: int = 0
    more_ns: int = 0


@dataclass(frozen=True)
class StrongTable:
    """An empty strong table, and what is copied into it."""

    regions: tuple[int, ...]  # of all its members that are in regions of the system
    made: int  # members, each of which takes the time of a replica, all at the same time
    items: int
    copy_ns: int


@dataclass(frozen=True)
class RestorePlan:
    """One restore."""

    snapshot: int  # its number, which is the restore's
    store: int
    region: int
    source: str  # as the file calls it
    point_ns: int
    damage_ns: int  # begin of its damage; NEVER_NS: none
    deleted_ns: int  # when a fault deleted the table; NEVER_NS: never
    start_ns: int
    waits_until_ns: int  # the point is not restorable before
    size: int  # bytes
    has_history: bool  # the table has point-in-time recovery somewhere
    merges: bool
    same_name: bool
    takes: Time
    settings: Time
    replica: Time
    others: tuple[int, ...]  # the further replicas, in order
    refused: tuple[int, ...]  # those of them that the account's quota does not allow
    strong: "StrongTable | None"  # what the items of the restored table are copied into
    merge_rate: float
    swap: Time
    at_once: int
    bytes_at_once: int
    by: tuple[int, int] | None  # the run of a plan, and its step, that starts it

    def later(self, by_ns: int) -> "RestorePlan":
        """The same on a clock that began earlier."""
        names = ("point_ns", "damage_ns", "deleted_ns", "start_ns", "waits_until_ns")
        times = {name: getattr(self, name) for name in names}
        return replace(self, **{name: t if t == NEVER_NS else t + by_ns for name, t in times.items()})
