"""The part of the compiled plane for replicas that leave and join, and for databases with one writer."""

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.routes import Routes, Unshipped
from simulator.data_plane.stores.forks import fork, rebuild, rejoin
from simulator.data_plane.stores.leaving import fork_off, join_anew
from simulator.kernels.blocks import Block
from simulator.plan.lowered import DataPlan


class Promoting:
    """What replicas that leave or join ask of a plane, and promotions."""

    _spec: DataPlan
    _plan: Block
    _memory: Block
    _now_ns: int
    _down_at_stop_ns: dict[tuple[int, int, int], int]

    def _settle(self) -> None:
        raise NotImplementedError

    def _look_again(self, store: int, target: int) -> None:
        raise NotImplementedError

    def _time_down_ns(self, region: int) -> int:
        raise NotImplementedError

    def fork_replica(self, store: int, region: int) -> int:
        """A replica leaves its table: what is there alone is lost, and nothing arrives there any more."""
        self._settle()
        return fork_off(self._plan, self._memory, store, region)

    def add_replica(self, store: int, region: int, source: int) -> None:
        """A replica joins its table as a copy of its source; its replicators stand still so far."""
        self._settle()
        join_anew(self._spec, self._plan, self._memory, (store, region), source, self._now_ns)
        for other in range(self._spec.region_count):
            self._begin_anew(store, other, region)
            self._begin_anew(store, region, other)

    def _begin_anew(self, store: int, origin: int, target: int) -> None:
        """A replicator that stands still has nothing that it would have to catch up with."""
        if self._memory.world.replicating[store, origin, target] == 0:
            self._memory.world.resumed_clock_ns[store, origin, target] = self._now_ns
            self._down_at_stop_ns[store, origin, target] = self._time_down_ns(origin)
            self._look_again(store, target)

    def set_routes(self, store: int, routes: Routes) -> None:
        """Set where services of each region read and write a database."""
        world = self._memory.world
        world.read_place[store] = _ints(routes.reads)
        world.write_place[store] = _ints(routes.writes)
        world.epoch[store] = _ints(routes.epochs)
        world.promoting[store], world.two_writers[store] = routes.promoting, routes.split
        world.commits_blocked[store] = routes.blocked

    def fork(self, store: int, old: int, new: int) -> Unshipped:
        """A database gets a new writer: what that has not seen is lost, and seen by the old one alone."""
        self._settle()
        writes, oldest_ns = fork(self._plan, self._memory, store, old, new, self._now_ns)
        return Unshipped(int(writes), int(oldest_ns))

    def rejoin(self, store: int, region: int, writer: int) -> None:
        """An old writer of a database gives up what it has and the writer has not."""
        self._settle()
        rejoin(self._plan, self._memory, store, region, writer)

    def rebuild(self, store: int, region: int) -> None:
        """All that is written to a database and not lost becomes visible in a region."""
        self._settle()
        rebuild(self._plan, self._memory, store, region, self._now_ns)
        for origin in range(self._spec.region_count):
            self._begin_anew(store, origin, region)
        self._look_again(store, region)


def _ints(values: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(values, np.int64)
