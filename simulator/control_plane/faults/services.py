"""Services that break, and the issuer of tokens: what a caller meets at the door of a site.

Specification: docs/model-control-plane.md §2.
"""

from itertools import product

from simulator.boundary.looks import Look, Place, together
from simulator.boundary.outcomes import UP
from simulator.control_plane.faults.acting import Target
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan
from simulator.plan.faults.services import ServiceFaultPlan
from simulator.plan.timeline import FaultPlan


class Sites(Target):
    """The sites: each service in each region. Identity is the last service."""

    struck_by = (RegionFaultPlan, ZoneFaultPlan, ServiceFaultPlan)
    seen = True

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the sites that look different now. Regions and zones must be set before."""
        for site in sorted({site for fault in switched for site in self._struck(fault)}):
            self._world.show("site", site, self._shown(site))
            self._world.set_site(site, self._look(site))

    def _struck(self, fault: FaultPlan) -> list[Place]:
        """The sites on which a fault may act: a region's are all that are in it."""
        if isinstance(fault, ServiceFaultPlan):
            return [(fault.service, region) for region in fault.regions]
        return [*product(range(len(self._world.plan.data.site_compute)), fault.places)]

    def _look(self, site: Place) -> Look:
        """What the faults of the region and those of the service add up to."""
        mode = Look(mode=int(self._world.region_mode[site[1]]))
        return together([mode, *(fault.look for fault in self._own(site))])

    def _own(self, site: Place) -> list[RegionFaultPlan | ServiceFaultPlan]:
        """The acting faults of its region and of its service."""
        service, region = site
        here: list[RegionFaultPlan | ServiceFaultPlan] = []
        here += [fault for fault in self._acting.of(RegionFaultPlan) if fault.region == region]
        for fault in self._acting.of(ServiceFaultPlan):
            if fault.service == service and region in fault.regions:
                here.append(fault)
        return here

    def _shown(self, site: Place) -> list[FaultPlan]:
        """Its own, and those of zones that take its region down or in which it has instances."""
        data, region = self._world.plan.data, site[1]
        first, count = int(data.site_first[site]), int(data.site_count[site])
        where = {*data.instance_zone[first : first + count].tolist()}
        is_down = self._world.region_mode[region] != UP
        zones = (fault for fault in self._acting.of(ZoneFaultPlan) if fault.region == region)
        return [*self._own(site), *(fault for fault in zones if is_down or fault.zone in where)]
