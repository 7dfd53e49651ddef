"""MemoryDB: the failover of a cache's primary to a replica in another zone.

Rules: Amazon MemoryDB developer guide, "Minimizing downtime in MemoryDB with Multi-AZ". Specification:
docs/model-control-plane.md §7.

While the zone of its primary is down, a cache's endpoint looks like that zone (`faults.stores`). This process
moves the primary.
"""

from collections.abc import Iterator

from simulator.boundary.events import CACHE_FAILOVER
from simulator.boundary.kinds import CACHE
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfCache
from simulator.boundary.zones import zone_name
from simulator.control_plane.causes import Cause
from simulator.control_plane.chance import duration_ns, entity_of, uniform
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.cache_primaries import CacheFailoverPlan
from simulator.randomness.draws import FAILOVER


class CacheFailover:
    """The nodes of one cache in one region: a primary, and replicas in the zones after its own."""

    def __init__(self, world: World, plan: CacheFailoverPlan) -> None:
        self._world = world
        self._plan = plan
        self._endpoints = world.one(Faults).endpoints
        self._place = (plan.store, plan.region)
        count = int(world.plan.data.zone_count[plan.region])
        self._zones = [(plan.zone + i) % count for i in range(min(plan.replicas + 1, count))]
        self._failovers = 0
        self._forgot = False  # all its nodes were gone at once
        self._lost_by: Cause = None  # the entry by which the zone of its primary went down

    def run(self) -> Process:
        """Follow the zones, for ever."""
        while True:
            successor = self._successor()
            if self._is_up(self._endpoints.primary_zone[self._place]):
                self._recover()
                yield self._world.next_change()
            elif successor is None:
                self._forgot = True
                yield self._world.next_change()
            else:
                yield from self._fail_over()

    def _is_up(self, zone: int) -> bool:
        return self._world.zone_mode[self._plan.region][zone] == UP

    def _successor(self) -> int | None:
        """The next zone with a replica, in a circle from the primary's, that is up."""
        primary = self._zones.index(self._endpoints.primary_zone[self._place])
        others = self._zones[primary + 1 :] + self._zones[:primary]
        return next((zone for zone in others if self._is_up(zone)), None)

    def _fail_over(self) -> Process:
        """Make a replica primary, unless the primary's zone returns before, or the last replica goes, too."""
        seed, entity = self._world.plan.data.seed, entity_of(self._plan.store, self._plan.region)
        takes_ns = duration_ns(self._plan.takes, uniform(seed, FAILOVER, entity, self._failovers))
        self._failovers += 1
        primary = self._plan.region, self._endpoints.primary_zone[self._place]
        self._lost_by = self._world.causes.newest([("zone", primary)])
        done = self._world.after(takes_ns)
        while not done.processed:
            yield done | self._world.next_change()
            if self._is_up(self._endpoints.primary_zone[self._place]) or self._successor() is None:
                return
        self._promote()

    def _promote(self) -> None:
        world, (store, region) = self._world, self._place
        zone = self._successor()
        assert zone is not None
        self._recover()
        cache = OfCache(world.plan.stores[store], world.plan.regions[region])
        told = {"zone": zone_name(world.plan.regions[region], zone)}
        world.record(CACHE_FAILOVER, cache, self._lost_by, **told)
        self._endpoints.move_primary(self._place, zone)

    def _recover(self) -> None:
        """A cache whose nodes were all gone comes back empty; a multi-region one from the other regions."""
        store, region = self._place
        if self._forgot and self._world.plan.data.store_kind[store] == CACHE:
            self._world.touch().flush(store, region)
        self._forgot = False


def _start(world: World) -> Iterator[Process]:
    return (CacheFailover(world, plan).run() for plan in world.plan.control.of(CacheFailoverPlan))


SERVICE = Service("MemoryDB", _start, (CACHE_FAILOVER,))
