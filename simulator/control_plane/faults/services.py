"""Services that break, and the issuer of tokens: what a caller meets at the door of a site.

Specification: docs/model-control-plane.md §2.
"""

from functools import partial
from itertools import product

from simulator.boundary.looks import Look, Place, together
from simulator.boundary.outcomes import REFUSED, UP
from simulator.control_plane.faults.acting import Acting, Target
from simulator.control_plane.world import World
from simulator.plan.faults.regions import RegionFaultPlan, ZoneFaultPlan
from simulator.plan.faults.services import ServiceFaultPlan
from simulator.plan.timeline import FaultPlan


class Sites(Target):
    """The sites: each service in each region, as everybody and those whom limited faults touch see it.

    Identity is the last service. A site is named by the number of a face of its service, and its region.
    """

    struck_by = (RegionFaultPlan, ZoneFaultPlan, ServiceFaultPlan)
    seen = True

    def __init__(self, world: World, acting: Acting) -> None:
        super().__init__(world, acting)
        self._service_of = world.plan.data.face_service.tolist()

    def apply(self, switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Set the sites that look different now. Regions and zones must be set before."""
        for site in sorted({site for fault in switched for site in self._struck(fault)}):
            self._world.show("site", site, self._shown(site))
            self._world.set_site(site, self._look(site))

    def look_again(self, service: int, region: int) -> None:
        """A site has been switched off or on: let all its faces look as they do now."""
        for face in (face for face, own in enumerate(self._service_of) if own == service):
            self._world.set_site((face, region), self._look((face, region)))

    def _struck(self, fault: FaultPlan) -> list[Place]:
        """The sites on which a fault may act: a region's are all that are in it."""
        regions = fault.regions if isinstance(fault, ServiceFaultPlan) else fault.places
        return [*product(filter(partial(self._touches, fault), range(len(self._service_of))), regions)]

    def _touches(self, fault: FaultPlan, face: int) -> bool:
        """Whether a fault acts on a face of the service that it strikes, or any if it strikes a region."""
        if fault.faces is not None:
            return face in fault.faces
        return not isinstance(fault, ServiceFaultPlan) or self._service_of[face] == fault.service

    def _look(self, site: Place) -> Look:
        """What the faults of the region and those of the service add up to; what is switched off refuses."""
        face, region = site
        looks = [Look(mode=int(self._world.region_mode[region]))]
        if (self._service_of[face], region) in self._world.dormant:
            looks.append(Look(mode=REFUSED))
        return together([*looks, *(fault.look for fault in self._own(site))])

    def _own(self, site: Place) -> list[RegionFaultPlan | ServiceFaultPlan]:
        """The acting faults of its region and of its service."""
        face, region = site
        here: list[RegionFaultPlan | ServiceFaultPlan] = []
        here += [fault for fault in self._acting.of(RegionFaultPlan) if fault.region == region]
        here += [fault for fault in self._acting.of(ServiceFaultPlan) if region in fault.regions]
        return [fault for fault in here if self._touches(fault, face)]

    def _shown(self, site: Place) -> list[FaultPlan]:
        """Its own, and those that take down its region, or zones in which it has instances."""
        data, (face, region) = self._world.plan.data, site
        own = self._service_of[face], region
        first, count = int(data.site_first[own]), int(data.site_count[own])
        where = {*data.instance_zone[first : first + count].tolist()}
        is_down = self._world.region_mode[region] != UP
        acting = self._acting.of(ZoneFaultPlan)
        zones = (fault for fault in acting if fault.region == region and not fault.is_grey)
        return [*self._own(site), *(fault for fault in zones if is_down or fault.zone in where)]
