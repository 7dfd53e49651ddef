"""Regions of a name that have been left out, and are held back until they are released.

Specification: docs/model-control-plane.md §3, "Failback".
"""

from collections.abc import Callable

from simulator.boundary.events import (
    FAILBACK_HELD,
    FAILBACK_RELEASED,
    EventKind,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.subjects import OfRecord
from simulator.control_plane.world import Process, World
from simulator.plan.names import NamePlan

_S_NS = 10**9


class HeldBack:
    """The held regions of one name. `publish` hands changed answers on, with their cause."""

    def __init__(self, world: World, name: NamePlan, publish: Callable[[str], None]) -> None:
        self._world = world
        self._name = name
        self._publish = publish
        self._breaks: dict[int, int] = {}
        """By held region: how often it has become unhealthy since it was left out."""

    @property
    def regions(self) -> set[int]:
        """Those that are held."""
        return {*self._breaks}

    def leave_out(self, region: int) -> None:
        """Answers no longer lead to a region, which is unhealthy."""
        if self._name.hold_down_ns:
            self._breaks.setdefault(region, 0)

    def turned(self, region: int, *, healthy: bool) -> None:
        """A region's health has turned, as the answers know it."""
        if region not in self._breaks:
            return
        if not healthy:
            self._breaks[region] += 1
            return
        hold_ns, now_ns = self._name.hold_down_ns, self._world.now_ns
        by_hand = hold_ns == NEVER_NS
        counts_from_ns = self._world.plan.data.counts_from_ns
        until_s = None if by_hand else (now_ns + hold_ns - counts_from_ns) / _S_NS
        held = self._record(FAILBACK_HELD, region, until_s=until_s)
        if not by_hand:
            self._world.begin(self._wait(region, self._breaks[region]), held)

    def _wait(self, region: int, breaks: int) -> Process:
        """What happens at the end of the hold-down comes before it: a break then is one."""
        yield self._world.behind(self._name.hold_down_ns)
        if self._breaks.get(region) == breaks:
            self.release([region])
            self._publish("health")

    def release(self, regions: list[int]) -> None:
        """These may answer again, as far as this goes."""
        for region in regions:
            if self._breaks.pop(region, None) is not None:
                self._record(FAILBACK_RELEASED, region)

    def _record(self, kind: EventKind[OfRecord], region: int, **detail: object) -> int:
        told = OfRecord(self._name.name, self._world.plan.regions[region])
        return self._world.record(kind, told, **detail)
