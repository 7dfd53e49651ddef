"""Faults of tables, caches and buckets: what the instances of a region meet at a store's endpoint.

A region's faults do not act on endpoints: what is in a region that is down is lost with it. Its zones do,
by quorum and by where the primary of a cache is. Specification: docs/model-control-plane.md §2 and §7.
"""

from itertools import product

from simulator.boundary.kinds import OBJECTS, TABLE
from simulator.boundary.outcomes import UP
from simulator.control_plane.acting import Acting, capacity_left, error_share, slowness, worst_mode
from simulator.control_plane.world import World
from simulator.plan.timeline import FaultPlan

_ZONES_OF_A_QUORUM = 3
_QUORUM = 2

Look = tuple[int, float, float, int, bool, float]
"""Mode, share of errors, factor, addition in ns, empty answer, share of the capacity that is there."""

_WELL: Look = (UP, 0.0, 1.0, 0, False, 1.0)


class Endpoints:
    """The endpoints: each store in each region with a replica of it."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting
        self._looks: dict[tuple[int, int], Look] = {}

    def apply(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Set the endpoints that look different now, then flush the caches whose faults have just begun.

        Zones must be set before.
        """
        for endpoint in sorted({place for fault in switched for place in self._struck(fault)}):
            self.set(*endpoint)
        flushed = [fault for fault in begun if fault.kind == "store" and fault.mode == "flushed"]
        for store, region in sorted({place for fault in flushed for place in self._struck(fault)}):
            self._world.touch().flush(store, region)

    def _struck(self, fault: FaultPlan) -> list[tuple[int, int]]:
        """The endpoints on which a fault may act: a zone's are all those of its region."""
        if fault.kind not in ("store", "zone"):
            return []
        replica = self._world.plan.data.store_replica
        stores = [fault.store] if fault.kind == "store" else range(len(replica))
        return [(store, region) for store, region in product(stores, fault.regions) if replica[store, region]]

    def set(self, store: int, region: int) -> None:
        """Set an endpoint if it looks different now."""
        look = self._look(store, region)
        if look == self._looks.get((store, region), _WELL):
            return
        self._looks[store, region] = look
        self._world.touch().set_endpoint(store, region, *look)

    def _look(self, store: int, region: int) -> Look:
        """What the faults of the store and the zones of the region add up to."""
        acting = self._acting.of("store")
        faults = [fault for fault in acting if fault.store == store and region in fault.regions]
        mode = max(worst_mode(faults), self._mode_by_zones(store, region))
        share = 1.0 if self._lacks_quorum(store, region) else error_share(faults)
        empty = any(fault.mode == "empty_answer" for fault in faults)
        return mode, share, *slowness(faults), empty, capacity_left(faults)

    def _mode_by_zones(self, store: int, region: int) -> int:
        """A cache looks like the zone of its primary; a table or a bucket is there while any zone is."""
        world = self._world
        if self._is_replicated(store):
            return world.mode_of_zones(region)
        zone = world.primary_zone.get((store, region))
        return UP if zone is None else int(world.zone_mode[region, zone])

    def _lacks_quorum(self, store: int, region: int) -> bool:
        """Whether so few of three zones or more are up that a table or bucket cannot serve."""
        zones = self._world.zones(region)
        some_up = 0 < sum(zones == UP) < _QUORUM
        return self._is_replicated(store) and len(zones) >= _ZONES_OF_A_QUORUM and some_up

    def _is_replicated(self, store: int) -> bool:
        """Tables and buckets are kept in several zones of a region at once."""
        return int(self._world.plan.data.store_kind[store]) in (TABLE, OBJECTS)
