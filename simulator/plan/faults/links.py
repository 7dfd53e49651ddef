"""Faults of links as a run has them."""

from simulator.boundary.looks import WELL, Look
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class LinkFaultPlan(FaultPlan):
    """Directed links, as pairs of places."""

    kind = "link"

    pairs: tuple[tuple[int, int], ...]
    look: Look = WELL

    def shunned(self, region_count: int) -> set[int]:
        """The one region that all pairs share, if there is one."""
        common = set.intersection(*(set(pair) for pair in self.pairs)) & {*range(region_count)}
        return common if len(common) == 1 else set()
