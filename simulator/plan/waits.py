"""Routing controls and waits of failover plans, as a run has them."""

from simulator.plan.sources import Lowered
from simulator.records import dataclass

NOTHING = -1


@dataclass(frozen=True)
class FlipPlan:
    """Routing controls of a name are switched: on in some regions, off in others; the rest stay."""

    name: int
    on: tuple[int, ...]
    off: tuple[int, ...]
    settles: Lowered


@dataclass(frozen=True)
class AwaitPlan:
    """A wait: for copies of a store in a region, a check, traffic that leaves, success, or a time."""

    store: int = NOTHING
    within_ns: int = 0
    check: str = ""
    region: int = NOTHING
    left: bool = False  # whether traffic leaves the region
    below: float = 0.0  # what share of the traffic counts as none
    success: float = 0.0  # 0: it is not waited for
    over_ns: int = 0  # how far back traffic and success are looked at
    time_ns: int = 0
