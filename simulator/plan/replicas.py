"""Replicas that are not there from the start, or are made, as a run has them."""

from simulator.plan.restores import Time
from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class AbsentPlan:
    """A region that may have a replica of a table, and has none when the run begins."""

    store: int
    region: int


@dataclass(frozen=True)
class ReplicaPlan:
    """A replica is made, as a copy of another one."""

    store: int
    region: int
    others: tuple[int, ...]  # the regions that may have one, too, in order
    delete: Lowered  # of a table that has left, and has its name
    takes: Time
    allowed: bool  # by the account's quota for a table there
