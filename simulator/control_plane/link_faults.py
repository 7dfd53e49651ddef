"""Faults of links, and the replicators that stand still for them, for pauses, and for regions that are down.

Specification: docs/model-control-plane.md §2.
"""

from simulator.boundary.events import REPLICATION_RESUMED, REPLICATION_STOPPED, OfReplicator
from simulator.boundary.kinds import CACHE
from simulator.boundary.outcomes import UP
from simulator.control_plane.acting import Acting, share_of_any, slowness
from simulator.control_plane.world import World
from simulator.plan.timeline import FaultPlan


class Links:
    """The directed links between places."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting

    def apply(self, switched: list[FaultPlan]) -> None:
        """Set the links that these faults strike."""
        for pair in sorted({pair for fault in switched if fault.kind == "link" for pair in fault.pairs}):
            self._set(*pair)

    def _set(self, origin: int, target: int) -> None:
        world = self._world
        faults = [fault for fault in self._acting.of("link") if (origin, target) in fault.pairs]
        cut = any(fault.mode == "cut" for fault in faults)
        loss = share_of_any(fault.share for fault in faults if fault.mode == "lossy")
        factor, add_ns = slowness(faults)
        world.link_cut[origin, target], world.link_loss[origin, target] = cut, loss
        world.link_factor[origin, target], world.link_add_ns[origin, target] = factor, add_ns
        world.touch().set_link(origin, target, cut, loss, factor, add_ns)


class Replicators:
    """The directed replicators of every store; they stop and resume, and the log says so."""

    def __init__(self, world: World, acting: Acting) -> None:
        self._world = world
        self._acting = acting
        self._stopped: set[tuple[int, int, int]] = set()

    def apply(self) -> None:
        """Stop and resume what regions, links and pauses now call for."""
        data = self._world.plan.data
        for store in range(len(data.store_items)):
            if data.store_kind[store] == CACHE:
                continue  # each region's is by itself
            replicas = [region for region in range(data.region_count) if data.store_replica[store, region]]
            for origin in replicas:
                for target in replicas:
                    if origin != target:
                        self._set(store, origin, target)

    def _set(self, store: int, origin: int, target: int) -> None:
        world, pair = self._world, (store, origin, target)
        running = not self._is_stopped(*pair)
        if running == (pair not in self._stopped):
            return
        (self._stopped.discard if running else self._stopped.add)(pair)
        world.touch().set_replication(*pair, running)
        kind, plan = REPLICATION_RESUMED if running else REPLICATION_STOPPED, world.plan
        world.record(kind, OfReplicator(plan.stores[store], plan.regions[origin], plan.regions[target]))

    def _is_stopped(self, store: int, origin: int, target: int) -> bool:
        """Down at either end, cut, or paused."""
        world = self._world
        if world.region_mode[origin] != UP or world.region_mode[target] != UP:
            return True
        if world.link_cut[origin, target]:
            return True
        pauses = self._acting.of("replication")
        return any(store in fault.stores and (origin, target) in fault.pairs for fault in pauses)
