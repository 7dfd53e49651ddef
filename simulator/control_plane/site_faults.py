"""Faults of services and of the issuer of tokens: what a caller meets at the door of a site.

Specification: docs/model-control-plane.md §2.
"""

from itertools import product

from simulator.boundary.outcomes import UP
from simulator.control_plane.acting import Acting, capacity_left, error_share, slowness, worst_mode
from simulator.control_plane.world import World
from simulator.plan.timeline import FaultPlan

_OF_SERVICES = ("service", "issuer")
_OF_REGIONS = ("region", "zone")

Look = tuple[int, float, float, int, float]
"""Mode, share of errors, factor, addition in ns, share of the capacity that is there."""

_WELL: Look = (UP, 0.0, 1.0, 0, 1.0)


class Sites:
    """The sites: each service in each region. Identity is the last service."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting
        self._looks: dict[tuple[int, int], Look] = {}

    def apply(self, switched: list[FaultPlan]) -> None:
        """Set the sites that look different now. Regions and zones must be set before."""
        for site in sorted({site for fault in switched for site in self._struck(fault)}):
            self._set(*site)

    def _struck(self, fault: FaultPlan) -> list[tuple[int, int]]:
        """The sites on which a fault may act: a region's are all that are in it."""
        if fault.kind in _OF_SERVICES:
            return [(fault.service, region) for region in fault.regions]
        if fault.kind in _OF_REGIONS:
            regions = fault.regions if fault.kind == "zone" else (fault.region,)
            return [*product(range(len(self._world.plan.data.site_compute)), regions)]
        return []

    def _set(self, service: int, region: int) -> None:
        look = self._look(service, region)
        if look == self._looks.get((service, region), _WELL):
            return
        self._looks[service, region] = look
        world, (mode, share, _, add_ns, _) = self._world, look
        world.site_mode[service, region], world.site_error_share[service, region] = mode, share
        world.site_add_ns[service, region] = add_ns
        world.touch().set_site(service, region, *look)

    def _look(self, service: int, region: int) -> Look:
        """What the faults of the region and those of the service add up to."""
        faults = [fault for fault in self._acting.of("region") if fault.region == region]
        for fault in self._acting.of(*_OF_SERVICES):
            if fault.service == service and region in fault.regions:
                faults.append(fault)
        mode = max(int(self._world.region_mode[region]), worst_mode(faults))
        return mode, error_share(faults), *slowness(faults), capacity_left(faults)
