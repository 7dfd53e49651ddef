"""Regions and availability zones that break."""

from simulator.boundary.looks import WELL, Look
from simulator.boundary.outcomes import UP
from simulator.boundary.zones import place_of
from simulator.language.models.faults import RegionFault, ZoneFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said
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


def lower_region(fault: RegionFault, context: Context) -> RegionFaultPlan:
    """A region refuses, is silent, errs, is slow, or is lost."""
    region = context.regions.index(fault.region)
    return RegionFaultPlan(region=region, look=look_of(fault), **said(fault, fault.region, fault.region))


def lower_zone(fault: ZoneFault, context: Context) -> ZoneFaultPlan:
    """The nodes, environments and cache primaries in a zone are down with it, or suffer while it is grey."""
    name, zone = place_of(fault.zone)
    region = context.regions.index(name)
    return ZoneFaultPlan(
        region=region, zone=zone, look=look_of(fault), **said(fault, f"zone {fault.zone}", name)
    )
