"""Faults: one process, which knows the faults that act and what they add up to.

Specification: docs/model-control-plane.md §2.
"""

import math
from collections.abc import Iterable
from functools import reduce

from simulator.control_plane.world import Process, World
from simulator.plan.timeline import FaultPlan
from simulator.seam import ANSWERING, BLACK_HOLE, EMPTY, FAILING, LOSING, REFUSED, UP

_DARK = ("black_hole", "lost")


def timeline(faults: Iterable[FaultPlan], until_ns: int) -> dict[int, tuple[list[int], list[int]]]:
    """The instants at which faults change, in order: the numbers of those that end and those that begin."""
    instants: dict[int, tuple[list[int], list[int]]] = {}
    for number, fault in enumerate(faults):
        for start_ns, end_ns in fault.intervals(until_ns):
            if start_ns == end_ns:
                continue  # flapping so little that it rounds to nothing
            instants.setdefault(start_ns, ([], []))[1].append(number)
            if end_ns < until_ns:
                instants.setdefault(end_ns, ([], []))[0].append(number)
    return dict(sorted(instants.items()))


def share_of_any(shares: Iterable[float]) -> float:
    """The share of what suffers at least one of several independent shares, whatever their order."""
    return reduce(lambda some, more: some + more * (1.0 - some), sorted(shares, reverse=True), 0.0)


def slowness(faults: Iterable[FaultPlan]) -> tuple[float, int]:
    """Factor and addition (ns) of all the `slow` faults together."""
    slow = [fault for fault in faults if fault.mode == "slow"]
    return math.prod(sorted(fault.factor for fault in slow), start=1.0), sum(fault.add_ns for fault in slow)


class Faults:
    """The faults that act now. All that change at one instant take effect together, in any file order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plans = world.plan.control.faults
        self._active: list[int] = []
        self._lost: set[int] = set()
        self._stopped: set[tuple[int, int, int]] = set()

    def run(self) -> Process:
        """Let every fault begin and end at its time."""
        for instant_ns, (ends, begins) in timeline(self._plans, self._world.plan.data.duration_ns).items():
            yield self._world.env.timeout(instant_ns - self._world.now_ns)
            self._switch(ends, begins)

    def _switch(self, ends: list[int], begins: list[int]) -> None:
        for number in ends:
            self._active.remove(number)
            self._world.record("fault_off", self._plans[number].label)
        for number in begins:
            self._active.append(number)
            self._world.record("fault_on", self._plans[number].label)
        self._active.sort()
        self._apply([self._plans[number] for number in sorted({*ends, *begins})])

    def _acting(self, kind: str) -> list[FaultPlan]:
        return [self._plans[number] for number in self._active if self._plans[number].kind == kind]

    def _apply(self, switched: list[FaultPlan]) -> None:
        """Bring the world to what the acting faults add up to, where they have changed."""
        kinds = {fault.kind for fault in switched}
        regions = sorted({fault.region for fault in switched if fault.kind == "region"})
        for pair in sorted({pair for fault in switched if fault.kind == "link" for pair in fault.pairs}):
            self._apply_link(*pair)
        went_down = [region for region in regions if self._apply_region(region)]
        if kinds & {"region", "link", "replication"}:
            self._apply_replication()
        self._note_unreachable(went_down)
        for region in sorted({fault.region for fault in switched if fault.kind == "clock"}):
            self._apply_clock(region)
        for name in sorted({fault.name for fault in switched if fault.kind == "dns"}):
            self._apply_dns(name)
        self._world.route53_frozen = len(self._acting("control_plane"))
        if kinds & {"region", "link"}:
            self._world.changed()

    # regions

    def _region_faults(self, region: int) -> list[FaultPlan]:
        return [fault for fault in self._acting("region") if fault.region == region]

    def _apply_region(self, region: int) -> bool:
        """Set a region's look; tell whether it has just gone down."""
        world, faults = self._world, self._region_faults(region)
        modes = {fault.mode for fault in faults}
        mode = BLACK_HOLE if modes & {*_DARK} else REFUSED if "refused" in modes else UP
        share = share_of_any(fault.share for fault in faults if fault.mode == "error")
        factor, add_ns = slowness(faults)
        went_down = bool(world.region_mode[region] == UP and mode != UP)
        world.region_mode[region], world.region_error_share[region] = mode, share
        world.region_add_ns[region] = add_ns
        world.touch().set_region(region, mode, share, factor, add_ns)
        return went_down

    def _note_unreachable(self, went_down: list[int]) -> None:
        """Count what is at risk in regions that have just gone down, and let go what is lost for good.

        Lost regions first, one by one, so that no region counts on a copy that is lost at the same instant.
        """
        lost = {fault.region for fault in self._acting("region") if fault.mode == "lost"} - self._lost
        self._lost |= lost
        for region in sorted({*went_down, *lost}, key=lambda region: (region not in lost, region)):
            if region in went_down:
                self._mark_at_risk(region)
            if region in lost:
                self._world.touch().lose_region(region)
                self._world.record("region_lost", self._world.plan.regions[region])

    def _mark_at_risk(self, region: int) -> None:
        marks = self._world.touch().mark_at_risk(region)
        self._world.at_risk += marks
        writes = sum(mark.writes for mark in marks)
        self._world.record("data_unreachable", self._world.plan.regions[region], writes=writes)

    # links and replicators

    def _apply_link(self, origin: int, target: int) -> None:
        world = self._world
        faults = [fault for fault in self._acting("link") if (origin, target) in fault.pairs]
        cut = any(fault.mode == "cut" for fault in faults)
        loss = share_of_any(fault.share for fault in faults if fault.mode == "lossy")
        factor, add_ns = slowness(faults)
        world.link_cut[origin, target], world.link_loss[origin, target] = cut, loss
        world.link_factor[origin, target], world.link_add_ns[origin, target] = factor, add_ns
        world.touch().set_link(origin, target, cut, loss, factor, add_ns)

    def _apply_replication(self) -> None:
        """Stop and resume replicators, and log the changes."""
        data = self._world.plan.data
        for table in range(len(data.table_items)):
            replicas = [region for region in range(data.region_count) if data.table_replica[table, region]]
            for origin in replicas:
                for target in replicas:
                    if origin != target:
                        self._set_replication(table, origin, target)

    def _set_replication(self, table: int, origin: int, target: int) -> None:
        world = self._world
        pair = (table, origin, target)
        running = not self._is_stopped(*pair)
        if running == (pair not in self._stopped):
            return
        (self._stopped.discard if running else self._stopped.add)(pair)
        world.touch().set_replication(*pair, running)
        regions, kind = world.plan.regions, "replication_resumed" if running else "replication_stopped"
        world.record(kind, f"{world.plan.tables[table]} {regions[origin]}→{regions[target]}")

    def _is_stopped(self, table: int, origin: int, target: int) -> bool:
        """Down at either end, cut, or paused."""
        world = self._world
        if (
            world.region_mode[origin] != UP
            or world.region_mode[target] != UP
            or world.link_cut[origin, target]
        ):
            return True
        return any(table in f.tables and (origin, target) in f.pairs for f in self._acting("replication"))

    # clocks and names

    def _apply_clock(self, region: int) -> None:
        skew_ns = sum(fault.skew_ns for fault in self._acting("clock") if fault.region == region)
        self._world.touch().set_clock(region, skew_ns)

    def _apply_dns(self, name: int) -> None:
        """Servers that lose every query answer nothing; else an error outweighs an empty answer."""
        faults = [fault for fault in self._acting("dns") if fault.name == name]
        modes = {fault.mode for fault in faults}
        loss = share_of_any(fault.share for fault in faults if fault.mode == "black_hole")
        mode = LOSING if loss else ANSWERING
        if loss < 1.0:
            mode = FAILING if "error" in modes else EMPTY if "empty_answer" in modes else mode
        self._world.touch().set_authoritative(name, mode, loss)
