"""Faults: one process, which lets them begin and end, and brings the world to what they add up to.

Specification: docs/model-control-plane.md §2.
"""

import math

from simulator.boundary.events import FAULT_OFF, FAULT_ON, OfFault
from simulator.boundary.outcomes import ANSWERING, EMPTY, FAILING, LOSING
from simulator.control_plane.acting import Acting, share_of_any, timeline
from simulator.control_plane.link_faults import Links, Replicators
from simulator.control_plane.region_faults import Regions
from simulator.control_plane.site_faults import Sites
from simulator.control_plane.store_faults import Endpoints
from simulator.control_plane.world import Process, World
from simulator.plan.timeline import FaultPlan

_STOP_REPLICATORS = {"region", "zone", "link", "replication"}
_SEEN_BY_CHECKERS = {"region", "zone", "link", "service", "issuer"}


class Faults:
    """The faults that act now. All that change at one instant take effect together, in any file order."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._plans = world.plan.control.faults
        self._acting = acting = Acting(self._plans)
        self._links, self._regions = Links(world, acting), Regions(world, acting)
        self._sites, self._replicators = Sites(world, acting), Replicators(world, acting)
        self.endpoints = Endpoints(world, acting)

    def run(self) -> Process:
        """Let every fault begin and end at its time."""
        for instant_ns, (ends, begins) in timeline(self._plans, self._world.plan.data.duration_ns).items():
            yield self._world.env.timeout(instant_ns - self._world.now_ns)
            self._switch(ends, begins)

    def _switch(self, ends: list[int], begins: list[int]) -> None:
        for kind, numbers in ((FAULT_OFF, ends), (FAULT_ON, begins)):
            for number in numbers:
                self._world.record(kind, OfFault(self._plans[number].label))
        self._acting.switch(ends, begins)
        switched = [self._plans[number] for number in sorted({*ends, *begins})]
        self._apply(switched, [self._plans[number] for number in begins])

    def _apply(self, switched: list[FaultPlan], begun: list[FaultPlan]) -> None:
        """Bring the world to what the acting faults add up to, where they have changed."""
        kinds = {fault.kind for fault in switched}
        self._links.apply(switched)
        went_down = self._regions.apply(switched)
        self._sites.apply(switched)
        self.endpoints.apply(switched, begun)
        if kinds & _STOP_REPLICATORS:
            self._replicators.apply()
        self._regions.note_unreachable(went_down)
        self._apply_the_rest(switched)
        if kinds & _SEEN_BY_CHECKERS:
            self._world.changed()

    def _apply_the_rest(self, switched: list[FaultPlan]) -> None:
        """Clocks, names, Route 53's control plane, keys and surges, which depend on nothing else."""
        for region in sorted({fault.region for fault in switched if fault.kind == "clock"}):
            self._set_clock(region)
        for name in sorted({fault.name for fault in switched if fault.kind == "dns"}):
            self._set_authoritative(name)
        for region in sorted({r for fault in switched if fault.kind == "keys" for r in fault.regions}):
            removed = any(region in fault.regions for fault in self._acting.of("keys"))
            self._world.touch().set_key(region, removed)
        for population in sorted({fault.population for fault in switched if fault.kind == "surge"}):
            self._set_surge(population)
        self._world.route53_frozen = len(self._acting.of("control_plane"))

    def _set_clock(self, region: int) -> None:
        skew_ns = sum(fault.skew_ns for fault in self._acting.of("clock") if fault.region == region)
        self._world.touch().set_clock(region, skew_ns)

    def _set_authoritative(self, name: int) -> None:
        """Servers that lose every query answer nothing; else an error outweighs an empty answer."""
        faults = [fault for fault in self._acting.of("dns") if fault.name == name]
        modes = {fault.mode for fault in faults}
        loss = share_of_any(fault.share for fault in faults if fault.mode == "black_hole")
        mode = LOSING if loss else ANSWERING
        if loss < 1.0:
            mode = FAILING if "error" in modes else EMPTY if "empty_answer" in modes else mode
        self._world.touch().set_authoritative(name, mode, loss)

    def _set_surge(self, population: int) -> None:
        """Factors of users' load multiply; bots are there, or not."""
        data = self._world.plan.data
        factors = [fault.factor for fault in self._acting.of("surge") if fault.population == population]
        factor = float(data.pop_surge_base[population]) * math.prod(sorted(factors))
        if data.pop_bots[population]:
            factor = 1.0 if factors else 0.0
        self._world.touch().set_surge(population, factor)
