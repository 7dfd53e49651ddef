"""Replicas that are shut out of their tables, and are tables of their own after a time.

Specification: docs/model-stores.md §7.
"""

from collections.abc import Iterator

from simulator.boundary.events import REPLICA_FORKED
from simulator.boundary.kinds import TABLE
from simulator.boundary.looks import Place
from simulator.boundary.subjects import OfReplica
from simulator.control_plane.faults.acting import Acting, Target
from simulator.control_plane.world import Process, World
from simulator.plan.faults.regions import RegionFaultPlan
from simulator.plan.faults.stores import StoreFaultPlan
from simulator.plan.forks import ForkPlan
from simulator.plan.timeline import FaultPlan


def is_shut_out(acting: Acting, replica: Place) -> bool:
    """Whether a key or a role keeps a replica from being copied."""
    store, region = replica
    faults = acting.of(StoreFaultPlan)
    return any(fault.excludes and fault.store == store and region in fault.regions for fault in faults)


class Forks(Target):
    """The replicas of eventual tables: since when they are shut out."""

    struck_by = (RegionFaultPlan, StoreFaultPlan)

    def __init__(self, world: World, acting: Acting) -> None:
        super().__init__(world, acting)
        self._plans = world.plan.control.of(ForkPlan)
        self._since_ns: dict[Place, int] = {}

    def apply(self, _switched: list[FaultPlan], _begun: list[FaultPlan]) -> None:
        """Begin to wait for those that are shut out now, and no longer for those that are not."""
        for plan in self._plans:
            for replica in self._replicas():
                if not self.is_out(replica):
                    self._since_ns.pop(replica, None)
                elif replica not in self._since_ns:
                    self._since_ns[replica] = self._world.now_ns
                    self._world.begin(self._wait(replica, plan.after_ns))

    def _replicas(self) -> Iterator[Place]:
        data = self._world.plan.data
        for store, region in zip(*data.store_replica.nonzero(), strict=True):
            if data.store_kind[store] == TABLE and not data.store_strong[store]:
                yield int(store), int(region)

    def lost_regions(self) -> set[int]:
        """Those that are gone for good."""
        return {fault.region for fault in self._acting.of(RegionFaultPlan) if fault.loses}

    def is_out(self, replica: Place) -> bool:
        """Whether a replica is shut out: by its region, its key or its role."""
        disabled = any(
            fault.disables and fault.region == replica[1] for fault in self._acting.of(RegionFaultPlan)
        )
        return disabled or is_shut_out(self._acting, replica)

    def _wait(self, replica: Place, after_ns: int) -> Process:
        """A fault that ends at the very instant ends before it."""
        since_ns = self._world.now_ns
        yield self._world.after(after_ns)
        if self._since_ns.get(replica) == since_ns and self._has_others(replica):
            self._fork(replica)

    def _has_others(self, replica: Place) -> bool:
        """Whether another replica is left of the table; the last one is the table."""
        store, region = replica
        there = {other for one, other in self._replicas() if one == store} - self.lost_regions() - {region}
        return any((store, other) not in self._world.away for other in there)

    def _fork(self, replica: Place) -> None:
        world, (store, region) = self._world, replica
        if replica in world.away:
            return
        writes = world.touch().fork_replica(store, region)
        world.away.add(replica)
        told = OfReplica(world.plan.stores[store], world.plan.regions[region])
        world.record(REPLICA_FORKED, told, writes=writes)
