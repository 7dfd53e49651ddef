"""The part of the compiled plane that databases with one writer ask for: who serves, forks, rebuilding."""

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.routes import Routes, Unshipped
from simulator.data_plane.stores.forks import fork, rebuild, rejoin
from simulator.kernels.blocks import Block


class Promoting:
    """What a promotion asks of a plane."""

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
        world = self._memory.world
        for origin in np.flatnonzero(world.replicating[store, :, region] == 0):
            world.resumed_clock_ns[store, origin, region] = self._now_ns
            self._down_at_stop_ns[store, int(origin), region] = self._time_down_ns(int(origin))
        self._look_again(store, region)


def _ints(values: tuple[int, ...]) -> NDArray[np.int64]:
    return np.array(values, np.int64)
