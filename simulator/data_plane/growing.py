"""The part of the compiled plane that standbys ask for, which are switched on and grow; and what is shed."""

import numpy as np
from numpy.typing import NDArray

from simulator.data_plane.stores.delivery import deliver
from simulator.data_plane.work.instances import start_instance
from simulator.data_plane.work.lambdas import provision
from simulator.kernels.blocks import Block


class Growing:
    """What is asked of a plane while a standby is made ready."""

    _plan: Block
    _memory: Block
    _now_ns: int

    def _look_again(self, store: int, target: int) -> None:
        raise NotImplementedError

    def set_shed(self, place: tuple[int, int, int, int], share: float) -> None:
        """So large a share of a population's requests for an operation is turned away before its service."""
        self._memory.world.shed_share[place] = share

    def set_targets(
        self, service: int, region: int, nodes: NDArray[np.int64], others: NDArray[np.int64]
    ) -> None:
        """The nodes that the load balancer believes alive, and the others that are there."""
        first, there = int(self._plan.site_first[service, region]), len(nodes) + len(others)
        self._memory.world.targets[first : first + there] = first + np.concatenate([nodes, others])
        self._memory.world.target_count[service, region] = len(nodes)
        self._memory.world.nodes_there[service, region] = there

    def start_instance(self, service: int, region: int, number: int) -> None:
        """An instance of a site has just been started: it has nothing cached."""
        start_instance(self._plan, self._memory, service, region, number)

    def set_provisioned(self, service: int, region: int, count: int) -> None:
        """So many environments of a function are kept warm from now on."""
        provision(self._plan, self._memory, service, region, count, self._now_ns)

    def set_reserved(self, service: int, region: int, count: int, bucket: tuple[int, int]) -> None:
        """So many executions of a function may run at once from now on, with its bucket of invocations."""
        world = self._memory.world
        world.reserved[service, region] = count
        world.invocation_gap_ns[service, region], world.invocation_slack_ns[service, region] = bucket

    def set_throughput(self, store: int, region: int, way: int, rate: float) -> None:
        """A table has so many units a second from now on: 0 to write, 1 to read."""
        deliver(self._plan, self._memory, store, region, self._now_ns)  # with what there was so far
        self._memory.world.throughput[store, region, way] = rate
        self._look_again(store, region)
