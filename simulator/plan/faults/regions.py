"""Faults of regions and zones as a run has them."""

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import UP
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass

DISABLED = "disabled"


@dataclass(frozen=True, kw_only=True)
class RegionFaultPlan(FaultPlan):
    """A region, and every site in it."""

    kind = "region"

    region: int
    look: Look = WELL

    @property
    def places(self) -> tuple[int, ...]:
        """The region."""
        return (self.region,)

    def shunned(self, region_count: int) -> set[int]:
        """The region, even if there is no other."""
        return {self.region}

    @property
    def disables(self) -> bool:
        """Whether the region is disabled, so that replicas there are forked in the end."""
        return self.mode == DISABLED

    @property
    def loses(self) -> bool:
        """Whether the region and its data are gone for good."""
        return self.mode == "lost"


@dataclass(frozen=True, kw_only=True)
class ZoneFaultPlan(FaultPlan):
    """A zone of a region: down, or grey."""

    kind = "zone"

    region: int
    zone: int
    look: Look = WELL

    @property
    def places(self) -> tuple[int, ...]:
        """The region of the zone."""
        return (self.region,)

    @property
    def is_grey(self) -> bool:
        """Whether the zone stays up, and only what runs there suffers."""
        return self.look.mode == UP
