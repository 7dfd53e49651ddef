"""Faults of regions and of availability zones: what is down, and whose data are out of reach.

Specification: docs/model-control-plane.md §2 and §7.
"""

from simulator.boundary.events import DATA_UNREACHABLE, REGION_LOST, OfRegion
from simulator.boundary.outcomes import UP
from simulator.control_plane.acting import Acting, worst_mode
from simulator.control_plane.world import World
from simulator.plan.timeline import FaultPlan


class Regions:
    """Regions and their zones, up or down."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting
        self._lost: set[int] = set()

    def apply(self, switched: list[FaultPlan]) -> list[int]:
        """Set what these faults strike, regions first; the regions that have just gone down."""
        zones = sorted({(r, fault.zone) for fault in switched if fault.kind == "zone" for r in fault.regions})
        regions = {fault.region for fault in switched if fault.kind == "region"} | {r for r, _ in zones}
        changed = [place for place in zones if self._note_zone(*place)]
        went_down = [region for region in sorted(regions) if self._set_region(region)]
        for region, zone in changed:
            self._world.touch().set_zone(region, zone, int(self._world.zone_mode[region, zone]))
        return went_down

    def _note_zone(self, region: int, zone: int) -> bool:
        """Note what a zone looks like now; tell whether that has changed."""
        zones = self._acting.of("zone")
        mode = worst_mode(fault for fault in zones if fault.zone == zone and region in fault.regions)
        before, self._world.zone_mode[region, zone] = self._world.zone_mode[region, zone], mode
        return bool(before != mode)

    def _set_region(self, region: int) -> bool:
        """Set a region's mode; tell whether it has just gone down. It is down without any zone, too."""
        world = self._world
        faults = [fault for fault in self._acting.of("region") if fault.region == region]
        before, mode = world.region_mode[region], max(worst_mode(faults), world.mode_of_zones(region))
        if mode != before:
            world.region_mode[region] = mode
            world.touch().set_region(region, mode)
        return bool(before == UP and mode != UP)

    def note_unreachable(self, went_down: list[int]) -> None:
        """Count what is at risk in regions that have just gone down, and let go what is lost for good.

        Lost regions first, one by one, so that no region counts on a copy that is lost at the same instant.
        """
        lost = {fault.region for fault in self._acting.of("region") if fault.mode == "lost"} - self._lost
        self._lost |= lost
        for region in sorted({*went_down, *lost}, key=lambda region: (region not in lost, region)):
            if region in went_down:
                self._mark_at_risk(region)
            if region in lost:
                self._world.touch().lose_region(region)
                self._world.record(REGION_LOST, OfRegion(self._world.plan.regions[region]))

    def _mark_at_risk(self, region: int) -> None:
        marks = self._world.touch().mark_at_risk(region)
        self._world.at_risk += marks
        writes = sum(mark.writes for mark in marks)
        self._world.record(DATA_UNREACHABLE, OfRegion(self._world.plan.regions[region]), writes=writes)
