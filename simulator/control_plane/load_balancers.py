"""Load balancers: how they find dead nodes, and that these are back.

Rules: Elastic Load Balancing, Application Load Balancers guide, "Health checks for Application Load Balancer
target groups". Specification: docs/model-control-plane.md §7.

A node's checks cost nothing while nothing can change: the instant at which the balancer changes its opinion
follows from the node's zone, and is worked out when that zone changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

import numpy as np

from simulator.boundary.events import TARGET_HEALTHY, TARGET_UNHEALTHY, OfNode
from simulator.boundary.kinds import NEVER_NS, NODES
from simulator.boundary.outcomes import BLACK_HOLE, UP
from simulator.control_plane.chance import uniform
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.balancers import BalancerPlan
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import BALANCER

_REGIONS_MOST = 1024  # an entity of draws is service * 1024 + region

Modes = list[int] | None
"""The mode of each zone of a region; None while the region is down."""


def node_zones(data: DataPlan, service: int, region: int) -> list[int]:
    """The zone of each node of a site, by number; empty where no nodes are. -1: in none."""
    if data.site_compute[service, region] != NODES:
        return []
    first = int(data.site_first[service, region])
    zones = data.instance_zone[first : first + int(data.site_count[service, region])]
    return [int(zone) for zone in zones]


@dataclass
class Target:
    """One node as its load balancer sees it."""

    zone: int
    due_ns: int  # begin of the next check
    alive: bool = True
    contrary: int = 0  # results in a row that contradict the opinion
    decisive_ns: int = NEVER_NS  # begin of the check that changes the opinion, as things are
    turns_ns: int = NEVER_NS  # and when its result comes

    def foresee(self, mode: int, plan: BalancerPlan) -> None:
        """Work out when the opinion changes if the zone stays as it is, unless that is decided already."""
        if self.turns_ns != NEVER_NS or self.alive == (mode == UP):
            return
        threshold = plan.unhealthy_threshold if self.alive else plan.healthy_threshold
        self.decisive_ns = self.due_ns + (threshold - 1 - self.contrary) * plan.interval_ns
        self.turns_ns = self.decisive_ns + (plan.timeout_ns if mode == BLACK_HOLE else 0)

    def look_back(self, mode: int, now_ns: int, plan: BalancerPlan) -> None:
        """Count the checks that began before now, while the zone was in a mode; it is about to change."""
        if self.decisive_ns < now_ns:
            return  # the result is on its way
        self.decisive_ns = self.turns_ns = NEVER_NS
        checks = self._skip_to(now_ns, plan.interval_ns)
        if checks:
            self.contrary = 0 if self.alive == (mode == UP) else self.contrary + checks

    def turn(self, now_ns: int, interval_ns: int) -> None:
        """Take the result that changes the opinion."""
        self.due_ns = self.decisive_ns + interval_ns
        self.alive = not self.alive
        self.start_anew(now_ns, interval_ns)

    def start_anew(self, now_ns: int, interval_ns: int) -> None:
        """Forget earlier results; the opinion stays."""
        self.contrary, self.decisive_ns, self.turns_ns = 0, NEVER_NS, NEVER_NS
        self._skip_to(now_ns, interval_ns)

    def _skip_to(self, now_ns: int, interval_ns: int) -> int:
        """Move on to the first check from now on; how many came before."""
        checks = max(0, -((self.due_ns - now_ns) // interval_ns))
        self.due_ns += checks * interval_ns
        return checks


class LoadBalancer:
    """The load balancer of one site. It is down with its region, and then learns nothing."""

    def __init__(self, world: World, plan: BalancerPlan) -> None:
        self._world = world
        self._plan = plan
        self._modes: Modes = [UP] * int(world.plan.data.zone_count[plan.region])
        zones = node_zones(world.plan.data, plan.service, plan.region)
        self._targets = [Target(zone, self._phase_ns(number)) for number, zone in enumerate(zones)]
        self._turns: list[tuple[int, int]] = []  # heap: when, which target

    def _phase_ns(self, number: int) -> int:
        """When the first check of a node begins."""
        entity = self._plan.service * _REGIONS_MOST + self._plan.region
        return int(uniform(self._world.plan.data.seed, BALANCER, entity, number) * self._plan.interval_ns)

    def run(self) -> Process:
        """Sleep until zones change or a target turns; act; for ever."""
        while True:
            change = self._world.next_change()
            if self._turns:
                yield change | self._world.after(self._turns[0][0] - self._world.now_ns)
            else:
                yield change
            self._meet(self._present_modes())
            self._turn()

    def _present_modes(self) -> Modes:
        world, region = self._world, self._plan.region
        return None if world.region_mode[region] != UP else [*world.zones(region)]

    def _meet(self, modes: Modes) -> None:
        """Go on from the present with other modes of the zones, if they have changed."""
        before, self._modes = self._modes, modes
        if modes == before:
            return
        for target in self._targets:
            if before is None or modes is None:
                target.start_anew(self._world.now_ns, self._plan.interval_ns)
            else:
                target.look_back(_mode(before, target), self._world.now_ns, self._plan)
        self._turns = []
        for number, target in enumerate(self._targets):
            self._foresee(number, target)

    def _foresee(self, number: int, target: Target) -> None:
        """Put the turn of a target to which the present modes lead, if any, into the queue."""
        if self._modes is None:
            return
        target.foresee(_mode(self._modes, target), self._plan)
        if target.turns_ns != NEVER_NS:
            heappush(self._turns, (target.turns_ns, number))

    def _turn(self) -> None:
        """Let every target turn whose result comes now, and tell the data plane once."""
        turned = []
        while self._turns and self._turns[0][0] <= self._world.now_ns:
            _, number = heappop(self._turns)
            target = self._targets[number]
            target.turn(self._world.now_ns, self._plan.interval_ns)
            self._foresee(number, target)
            turned.append(number)
        if turned:
            self._announce(sorted(turned))

    def _announce(self, turned: list[int]) -> None:
        """Set the targets in service, log those that have turned, and tell whoever follows the balancer."""
        world, plan = self._world, self._plan
        in_service = [number for number, target in enumerate(self._targets) if target.alive]
        world.touch().set_targets(plan.service, plan.region, np.array(in_service, np.int64))
        service, region = world.plan.services[plan.service], world.plan.regions[plan.region]
        for number in turned:
            kind = TARGET_HEALTHY if self._targets[number].alive else TARGET_UNHEALTHY
            world.record(kind, OfNode(service, region, number), in_service=len(in_service))
        self._note_whether_any(bool(in_service))

    def _note_whether_any(self, any_alive: bool) -> None:
        world, site = self._world, (self._plan.service, self._plan.region)
        if any_alive == (site in world.without_targets):
            (world.without_targets.discard if any_alive else world.without_targets.add)(site)
            world.changed()


def _mode(modes: list[int], target: Target) -> int:
    """What a target's zone looks like; a node that is in none is always up."""
    return UP if target.zone < 0 else modes[target.zone]


def _start(world: World) -> Iterator[Process]:
    return (LoadBalancer(world, plan).run() for plan in world.plan.control.of(BalancerPlan))


SERVICE = Service("load balancers", _start, (TARGET_UNHEALTHY, TARGET_HEALTHY))
