"""Faults: one process, which lets them begin and end, and brings the world to what they add up to.

Specification: docs/model-control-plane.md §2.
"""

from collections.abc import Iterator

from simulator.boundary.events import (
    DATA_UNREACHABLE,
    FAULT_OFF,
    FAULT_ON,
    MEMBER_CAUGHT_UP,
    MEMBER_LEFT,
    MEMBER_RETURNED,
    QUORUM_LOST,
    QUORUM_REGAINED,
    REGION_LOST,
    REPLICA_FORKED,
    REPLICATION_RESUMED,
    REPLICATION_STOPPED,
)
from simulator.boundary.subjects import OfFault
from simulator.control_plane.faults.acting import Acting, Target, timeline
from simulator.control_plane.faults.clocks import Clocks
from simulator.control_plane.faults.control_planes import ControlPlanes
from simulator.control_plane.faults.forks import Forks
from simulator.control_plane.faults.instances import Instances
from simulator.control_plane.faults.keys import Keys
from simulator.control_plane.faults.links import Links
from simulator.control_plane.faults.names import Names
from simulator.control_plane.faults.regions import OutOfReach, Regions
from simulator.control_plane.faults.replication import Replicators
from simulator.control_plane.faults.services import Sites
from simulator.control_plane.faults.stores import Endpoints
from simulator.control_plane.faults.surges import Surges
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World

_TARGETS: tuple[type[Target], ...] = (
    Links, Regions, Instances, Sites, Endpoints, Forks, Replicators, OutOfReach, Clocks, Names, Keys, Surges,
    ControlPlanes,
)  # fmt: skip
"""In the order in which the changes of one instant are made: later ones look at earlier ones."""


class Faults:
    """The faults that act now. All that change at one instant take effect together, in any file order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plans = world.plan.control.faults
        self._acting = Acting(self._plans)
        self._targets = [target(world, self._acting) for target in _TARGETS]

    @property
    def endpoints(self) -> Endpoints:
        """The endpoints of stores, which look different when a cache's primary moves, too."""
        return next(target for target in self._targets if isinstance(target, Endpoints))

    @property
    def replicators(self) -> Replicators:
        """The replicators, which stand still where a replica follows no writer, or has left, too."""
        return next(target for target in self._targets if isinstance(target, Replicators))

    @property
    def forks(self) -> Forks:
        """Which replicas are shut out of their tables: none of these can be made anew."""
        return next(target for target in self._targets if isinstance(target, Forks))

    @property
    def sites(self) -> Sites:
        """The sites, which look different when they are switched on, too."""
        return next(target for target in self._targets if isinstance(target, Sites))

    def run(self) -> Process:
        """Let every fault begin and end at its time."""
        for instant_ns, (ends, begins) in timeline(self._plans, self._world.plan.data.duration_ns).items():
            yield self._world.env.timeout(instant_ns - self._world.now_ns)
            self._switch(ends, begins)

    def _switch(self, ends: list[int], begins: list[int]) -> None:
        for kind, numbers in ((FAULT_OFF, ends), (FAULT_ON, begins)):
            for number in numbers:
                entry = self._world.record(kind, OfFault(self._plans[number].label), None)
                self._world.causes.switch(number, entry)
        self._acting.switch(ends, begins)
        self._apply({*ends, *begins}, {*begins})

    def _apply(self, switched: set[int], begun: set[int]) -> None:
        """Bring the targets of faults, by number, to what the acting faults add up to."""
        seen = False
        for target in self._targets:
            here = [n for n in sorted(switched) if isinstance(self._plans[n], target.struck_by)]
            if here:
                self._world.causes.act_on(self._world.causes.of_faults(here))
                target.apply([self._plans[n] for n in here], [self._plans[n] for n in here if n in begun])
                seen = seen or target.seen
        if seen:
            self._world.changed()


def _start(world: World) -> Iterator[Process]:
    yield world.one(Faults).run()


SERVICE = Service(
    "faults",
    _start,
    (
        FAULT_ON, FAULT_OFF, REPLICATION_STOPPED, REPLICATION_RESUMED, MEMBER_LEFT, MEMBER_RETURNED,
        MEMBER_CAUGHT_UP, QUORUM_LOST, QUORUM_REGAINED, DATA_UNREACHABLE, REGION_LOST,
        REPLICA_FORKED,
    ),
)  # fmt: skip
