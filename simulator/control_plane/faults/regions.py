"""Regions and availability zones that break: what is down, and whose data are out of reach.

Specification: docs/model-control-plane.md §2 and §7.
"""

from collections.abc import Iterable

from simulator.boundary.events import (
    DATA_UNREACHABLE,
    REGION_LOST,
    EventKind,
)
from simulator.boundary.looks import together
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfRegion
from simulator.control_plane.faults.acting import Acting, Target, chosen
from simulator.control_plane.world import World, mode_of_zones
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan
from simulator.plan.timeline import FaultPlan

Zone = tuple[int, int]
"""A region and one of its zones, by number."""


def _mode(faults: Iterable[RegionFaultPlan | ZoneFaultPlan]) -> int:
    return together(fault.look for fault in faults).mode


class Regions(Target):
    """Regions and their zones, up or down."""

    struck_by = (RegionFaultPlan, ZoneFaultPlan)
    seen = True

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set what these faults strike, regions first."""
        struck = {(fault.region, fault.zone) for fault in chosen(switched, ZoneFaultPlan)}
        zones = {zone: self._mode_of_zone(zone) for zone in sorted(struck)}
        for zone in zones:
            self._world.show("zone", zone, [one for one in self._faults_of_zone(zone) if not one.is_grey])
        for region in sorted({region for fault in switched for region in fault.places}):
            self._world.show("region", (region,), self._downs(region, zones))
            self._world.set_region(region, self._mode_of_region(region, zones))
        for zone, mode in zones.items():
            self._world.set_zone(zone, mode)

    def _mode_of_zone(self, zone: Zone) -> int:
        return _mode(self._faults_of_zone(zone))

    def _faults_of_zone(self, zone: Zone) -> list[ZoneFaultPlan]:
        acting = self._acting.of(ZoneFaultPlan)
        return [fault for fault in acting if (fault.region, fault.zone) == zone]

    def _downs(self, region: int, changed: dict[Zone, int]) -> list[FaultPlan]:
        """What takes a region down: its own faults, and those of its zones if none is up."""
        downs: list[FaultPlan] = [fault for fault in self._own(region) if fault.look.mode != UP]
        if UP not in self._zones(region, changed):
            acting = self._acting.of(ZoneFaultPlan)
            downs += [fault for fault in acting if fault.region == region and not fault.is_grey]
        return downs

    def _zones(self, region: int, changed: dict[Zone, int]) -> list[int]:
        return [changed.get((region, zone), mode) for zone, mode in enumerate(self._world.zones(region))]

    def _mode_of_region(self, region: int, changed: dict[Zone, int]) -> int:
        """What a region's own faults come to; it is down without any zone, too."""
        return max(_mode(self._own(region)), mode_of_zones(self._zones(region, changed)))

    def _own(self, region: int) -> list[RegionFaultPlan]:
        """The acting faults of a region that strike everybody."""
        acting = self._acting.of(RegionFaultPlan)
        return [fault for fault in acting if fault.region == region and fault.faces is None]


class OutOfReach(Target):
    """The data of regions: out of reach while these are down, or lost for good."""

    struck_by = (RegionFaultPlan, ZoneFaultPlan)

    def __init__(self, world: World, acting: Acting) -> None:
        super().__init__(world, acting)
        self._down: set[int] = set()
        self._lost: set[int] = set()

    def apply(self, _switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Count what is at risk in regions that have just gone down, and let go what is lost for good.

        Lost regions first, one by one, so that no region counts on a copy that is lost at the same instant.
        """
        down = {region for region, mode in enumerate(self._world.region_mode) if mode != UP}
        went_down, self._down = down - self._down, down
        lost = {fault.region for fault in self._acting.of(RegionFaultPlan) if fault.loses} - self._lost
        self._lost |= lost
        for region in sorted(went_down | lost, key=lambda region: (region not in lost, region)):
            if region in went_down:
                self._mark_at_risk(region)
            if region in lost:
                self._world.touch().lose_region(region)
                self._record(REGION_LOST, region)

    def _mark_at_risk(self, region: int) -> None:
        marks = self._world.touch().mark_at_risk(region)
        self._world.at_risk += marks
        writes = sum(mark.writes for mark in marks)
        self._record(DATA_UNREACHABLE, region, writes=writes)

    def _record(self, kind: EventKind[OfRegion], region: int, **detail: object) -> None:
        because = self._world.causes.newest([("region", (region,))])
        self._world.record(kind, OfRegion(self._world.plan.regions[region]), because, **detail)
