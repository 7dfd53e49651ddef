"""Pauses of replication that take hold some time after they have begun, as those of AWS FIS do."""

from collections.abc import Callable

from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.faults.acting import Acting
from simulator.control_plane.world import Process, World
from simulator.plan.faults.replication import ReplicationFaultPlan
from simulator.plan.sources import AT_ONCE
from simulator.randomness.draws import HOLD


class Pauses:
    """Which pauses hold now. `told` is called when one takes hold later than it has begun."""

    def __init__(
        self, world: World, acting: Acting, told: Callable[[list[ReplicationFaultPlan]], None]
    ) -> None:
        self._world, self._acting, self._told = world, acting, told
        self._beginnings: dict[int, int] = {}
        self._waiting: set[int] = set()

    def holding(self) -> list[ReplicationFaultPlan]:
        """The pauses that hold, in file order."""
        pauses = self._acting.of(ReplicationFaultPlan)
        return [fault for fault in pauses if fault.number not in self._waiting]

    def begin(self, fault: ReplicationFaultPlan) -> None:
        """A pause has begun; one that takes a while holds later, unless it has ended by then."""
        if fault.takes_hold == AT_ONCE:
            return
        count = self._beginnings.get(fault.number, 0)
        self._beginnings[fault.number] = count + 1
        u = uniform(self._world.plan.data.seed, HOLD, fault.number, count)
        self._waiting.add(fault.number)
        self._world.begin(self._hold(fault, count + 1, duration_ns(fault.takes_hold, u)))

    def _hold(self, fault: ReplicationFaultPlan, count: int, after_ns: int) -> Process:
        yield self._world.env.timeout(after_ns)
        if self._beginnings[fault.number] == count and fault in self._acting.of(ReplicationFaultPlan):
            self._waiting.discard(fault.number)
            self._told([fault])
