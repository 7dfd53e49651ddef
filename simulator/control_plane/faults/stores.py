"""Tables, caches and buckets that break: what the instances of a region meet at a store's endpoint.

A region's faults do not act on endpoints: what is in a region that is down is lost with it. Its zones do,
by quorum and by where the primary of a cache is. Specification: docs/model-control-plane.md §2 and §7.
"""

from collections.abc import Iterable
from itertools import product

from simulator.boundary.kinds import DATABASE, EXTERNAL, OBJECTS, TABLE
from simulator.boundary.looks import WELL, Look, Place, together
from simulator.boundary.outcomes import REFUSED, UP
from simulator.control_plane.faults.acting import Acting, Target, chosen
from simulator.control_plane.world import World, mode_of_zones
from simulator.plan.cache_primaries import CacheFailoverPlan
from simulator.plan.faults.regions import ZoneFaultPlan
from simulator.plan.faults.stores import StoreFaultPlan
from simulator.plan.timeline import FaultPlan

_ZONES_OF_A_QUORUM = 3
_QUORUM = 2


class Endpoints(Target):
    """The endpoints: each store in each region with a replica of it."""

    struck_by = (StoreFaultPlan, ZoneFaultPlan)
    seen = True

    def __init__(self, world: World, acting: Acting) -> None:
        super().__init__(world, acting)
        caches = world.plan.control.of(CacheFailoverPlan)
        self.primary_zone = {(cache.store, cache.region): cache.zone for cache in caches}
        """Where the primary of a cache (store, region) is."""
        self._damaged_by: dict[int, dict[int, StoreFaultPlan]] = {}
        self._absent: set[Place] = set()
        self._fences: set[tuple[Place, str]] = set()  # and by what writes are refused there
        self._undone: set[tuple[Place, int]] = set()  # deletions, by number, that a restore has undone

    def apply(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Set the endpoints that look different now, then flush the caches whose faults have just begun.

        Zones must be set before.
        """
        for endpoint in sorted({place for fault in switched for place in self._struck(fault)}):
            self.set(endpoint)
        self._show_damage(switched, begun)
        for fault in chosen(begun, StoreFaultPlan):
            place = fault.store, fault.regions[0]
            if fault.items is not None and not self._world.endpoint_looks[place].absent:
                self._world.touch().strike(place, fault.number, fault.items, fault.deletes)
        flushed = [fault for fault in chosen(begun, StoreFaultPlan) if fault.flushes]
        for cache in sorted({place for fault in flushed for place in self._struck(fault)}):
            self._world.show("flush", cache, [fault for fault in self._own(cache) if fault.flushes])
            self._world.touch().flush(*cache)

    def _show_damage(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Writes meet the faults that damage them, reads of what is damaged all that have done so."""
        changed = [fault for fault in chosen(switched, StoreFaultPlan) if fault.damages]
        for endpoint in sorted({place for fault in changed for place in self._struck(fault)}):
            shown = [fault for fault in self._own(endpoint) if fault.look.corrupt_share]
            self._world.show("corruption", endpoint, shown)
        for fault in chosen(begun, StoreFaultPlan):
            if fault.damages:
                for store in [fault.store, *self._in_front_of(fault.store)]:
                    self._damaged_by.setdefault(store, {})[fault.number] = fault
                    self._world.show("damage", (store,), self._damaged_by[store].values())

    def _in_front_of(self, store: int) -> list[int]:
        """The caches that are filled from a table."""
        data = self._world.plan.data
        return sorted({*data.step_store[data.step_miss == store].tolist()})

    def _struck(self, fault: FaultPlan) -> list[Place]:
        """The endpoints on which a fault may act: a zone's are all those of its region."""
        data = self._world.plan.data
        stores = [fault.store] if isinstance(fault, StoreFaultPlan) else range(len(data.store_kind))
        return [
            (store, region)
            for store, region in product(stores, fault.places)
            if data.store_replica[store, region] or data.store_kind[store] == EXTERNAL
        ]

    def set(self, endpoint: Place) -> None:
        """Set an endpoint to what the faults of the store and the zones of the region add up to."""
        by_zones, own = self._look_by_zones(*endpoint), self._own(endpoint)
        shown: list[FaultPlan] = [fault for fault in own if not (fault.flushes or fault.damages)]
        if by_zones != WELL:
            shown += self._zones_felt(*endpoint)
        self._world.show("endpoint", endpoint, shown)
        absent = [self._absence(endpoint[0])] if endpoint in self._absent else []
        looks = [by_zones, *absent, *self._fence(endpoint), *(fault.look for fault in own)]
        self._world.set_endpoint(endpoint, together(looks))

    def _absence(self, store: int) -> Look:
        """How it looks where a store is not: a table tells so, a database has nobody who would."""
        is_database = int(self._world.plan.data.store_kind[store]) == DATABASE
        return Look(mode=REFUSED if is_database else UP, absent=True)

    def _fence(self, endpoint: Place) -> list[Look]:
        return [Look(fenced=True)] if any(place == endpoint for place, _ in self._fences) else []

    def set_fenced(self, store: int, region: int, by: str, is_fenced: bool) -> None:
        """Writes to a store are refused in a region, or no longer so, by a policy or the application."""
        (self._fences.add if is_fenced else self._fences.discard)(((store, region), by))
        self.set((store, region))

    def is_absent(self, endpoint: Place) -> bool:
        """Whether a table is not there, or no longer, but for faults that delete it."""
        return endpoint in self._absent

    def set_absent(self, store: int, regions: list[int], is_absent: bool) -> None:
        """A table is not there in some regions, or is there again: while it is not, calls are told so."""
        places = {(store, region) for region in regions}
        if not is_absent:
            self._undo(places)
        changed = places - self._absent if is_absent else places & self._absent
        self._absent ^= changed
        for endpoint in sorted(places):
            self.set(endpoint)
        self._world.changed()

    def _undo(self, places: Iterable[Place]) -> None:
        """A deletion is over where the store has been restored."""
        for place in places:
            self._undone |= {(place, fault.number) for fault in self._own(place) if fault.deletes}

    def _own(self, endpoint: Place) -> list[StoreFaultPlan]:
        """The acting faults of the store there."""
        store, region = endpoint
        acting = self._acting.of(StoreFaultPlan)
        here = [fault for fault in acting if fault.store == store and region in fault.regions]
        return [fault for fault in here if (endpoint, fault.number) not in self._undone]

    def _zones_felt(self, store: int, region: int) -> list[ZoneFaultPlan]:
        """The faults of zones by which an endpoint looks other than well: of a cache, its primary's."""
        primary = self.primary_zone.get((store, region))
        zones = (fault for fault in self._acting.of(ZoneFaultPlan) if fault.region == region)
        return [fault for fault in zones if fault.zone == primary or (primary is None and not fault.is_grey)]

    def move_primary(self, cache: Place, zone: int) -> None:
        """The primary of a cache is in another zone now."""
        self.primary_zone[cache] = zone
        self.set(cache)
        self._world.changed()

    def _look_by_zones(self, store: int, region: int) -> Look:
        """A cache looks like the zone of its primary; other stores are there while any zone is.

        Of three zones or more, they need two: with one alone it answers with errors.
        """
        zones = self._world.zones(region)
        if int(self._world.plan.data.store_kind[store]) in (TABLE, DATABASE, OBJECTS):
            some_up = 0 < zones.count(UP) < _QUORUM
            lacks_quorum = len(zones) >= _ZONES_OF_A_QUORUM and some_up
            return Look(mode=mode_of_zones(zones), error_share=float(lacks_quorum))
        zone = self.primary_zone.get((store, region))
        if zone is None:
            return WELL
        return together([Look(mode=zones[zone]), self._world.zone_looks[region, zone]])
