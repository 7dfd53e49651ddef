"""Load balancers: how they find targets that are not well, and that these are back.

Rules: Elastic Load Balancing, Application Load Balancers guide, "Health checks for Application Load Balancer
target groups". Specification: docs/model-control-plane.md §7.

A target's checks cost nothing while they all come to the same: the instant at which the balancer changes its
opinion follows from what they get, and is worked out when that changes. Only where chance decides is each of
them looked at.
"""

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

import numpy as np

from simulator.boundary.events import (
    TARGET_HEALTHY,
    TARGET_UNHEALTHY,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.looks import WELL, Look, together
from simulator.boundary.outcomes import REFUSED, UP
from simulator.boundary.subjects import OfNode
from simulator.control_plane.causes import Cause
from simulator.control_plane.chance import entity_of, uniform
from simulator.control_plane.pages import Page, page_at, page_of, spots_of
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.balancers import BalancerPlan
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import BALANCER
from simulator.records import dataclass


@dataclass(frozen=True)
class Check:
    """What a check that begins now comes to."""

    failing: float
    """The chance that it fails."""
    fails_after_ns: int
    succeeds_after_ns: int = 0


Checks = list[Check] | None
"""What a check of each target comes to; None while the region is down."""


def _target_zones(data: DataPlan, service: int, region: int) -> list[int]:
    first = int(data.site_first[service, region])
    zones = data.instance_zone[first : first + int(data.site_count[service, region])]
    return [int(zone) for zone in zones]


@dataclass
class Target:
    """One node as its load balancer sees it."""

    zone: int
    phase_ns: int  # begin of its first check
    due_ns: int  # begin of the next check
    alive: bool = True
    contrary: int = 0  # results in a row that contradict the opinion
    decisive_ns: int = NEVER_NS  # begin of the check that changes the opinion, as things are
    turns_ns: int = NEVER_NS  # and when its result comes
    is_there: bool = True
    is_new: bool = False  # it has not passed a check yet: one success puts it in service
    met: Cause = None  # what has changed last of what its checks meet

    def take_in(self, now_ns: int, interval_ns: int) -> None:
        """It has been launched: its first check decides."""
        self.is_there, self.is_new, self.alive = True, True, False
        self.start_anew(now_ns, interval_ns)

    def leave(self) -> None:
        """It has been taken away."""
        self.is_there, self.contrary = False, 0
        self.decisive_ns = self.turns_ns = NEVER_NS

    def foresee(self, check: Check, plan: BalancerPlan) -> None:
        """Work out when the opinion changes if checks come to the same, unless that is decided already."""
        if self.turns_ns != NEVER_NS or 0.0 < check.failing < 1.0 or self.alive == (check.failing == 0.0):
            return
        self._decide(self.due_ns + (self._missing(plan) - 1) * plan.interval_ns, check)

    def _missing(self, plan: BalancerPlan) -> int:
        """How many more results in a row change the opinion."""
        needed = plan.unhealthy_threshold if self.alive else 1 if self.is_new else plan.healthy_threshold
        return needed - self.contrary

    def _decide(self, begin_ns: int, check: Check) -> None:
        self.decisive_ns = begin_ns
        self.turns_ns = begin_ns + (check.fails_after_ns if self.alive else check.succeeds_after_ns)

    def take_chance(self, failed: bool, check: Check, plan: BalancerPlan) -> None:
        """A check begins whose result chance has decided."""
        self.contrary = self.contrary + 1 if failed == self.alive else 0
        if self._missing(plan) <= 0:
            self._decide(self.due_ns, check)
        else:
            self.due_ns += plan.interval_ns

    def look_back(self, check: Check, now_ns: int, plan: BalancerPlan) -> None:
        """Count the checks that began before now, which all came to the same; that is about to change."""
        if self.decisive_ns < now_ns:
            return  # the result is on its way
        self.decisive_ns = self.turns_ns = NEVER_NS
        checks = self._skip_to(now_ns, plan.interval_ns)
        if checks:
            self.contrary = 0 if self.alive == (check.failing == 0.0) else self.contrary + checks

    def turn(self, now_ns: int, interval_ns: int) -> None:
        """Take the result that changes the opinion."""
        self.due_ns = self.decisive_ns + interval_ns
        self.alive, self.is_new = not self.alive, False
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
        self._site = plan.service, plan.region
        zones = _target_zones(world.plan.data, *self._site)
        phases = [self._phase_ns(number) for number in range(len(zones))]
        self._targets = [Target(zone, phase, phase) for zone, phase in zip(zones, phases, strict=True)]
        self._absent = [number for number in range(len(zones)) if not self._is_there(number)]
        for number in self._absent:
            self._targets[number].is_there = False
        self._checks: Checks = [Check(0.0, 0)] * len(zones)
        self._queue: list[tuple[int, int]] = []  # heap: when a target turns or is checked, which target
        self._leaves: int | None = None  # the zone that it leaves because of a zonal shift
        if world.is_asleep(self._site):
            self._begin_as_found()

    def _is_there(self, number: int) -> bool:
        """A site that does not run on nodes is one target, which is always there."""
        return number in self._world.nodes.get(self._site, {number})

    def _begin_as_found(self) -> None:
        """Targets that are switched off have been found dead long ago, or there are none."""
        self._checks = self._present()
        for target, check in zip(self._targets, self._checks or [], strict=True):
            target.alive = check.failing == 0.0
        if not any(target.alive and target.is_there for target in self._targets):
            self._world.without_targets.add(self._site)
            self._tell()

    def _phase_ns(self, number: int) -> int:
        """When the first check of a node begins."""
        return int(self._uniform(number, 0) * self._plan.interval_ns)

    def _uniform(self, number: int, lane: int) -> float:
        entity = entity_of(*self._site)
        return uniform(self._world.plan.data.seed, BALANCER, entity, number, lane)

    def run(self) -> Process:
        """Sleep until what checks get changes, or a target turns; act; for ever."""
        while True:
            change = self._world.next_change()
            if self._queue:
                yield change | self._world.after(self._queue[0][0] - self._world.now_ns)
            else:
                yield change
            if change.triggered:
                self._look()
            self._act()
            if self._leaves != self._world.shifted.get(self._site):
                self._tell()

    def _look(self) -> None:
        """Which targets there are now, and what their checks come to."""
        self._let_go()
        new = self._take_in()
        if not self._meet(self._present()):
            for number in new:
                self._foresee(number, self._targets[number])

    def _let_go(self) -> None:
        """Nodes that have been taken away get no new request, and are checked no more."""
        gone = [
            number for number, one in enumerate(self._targets) if one.is_there and not self._is_there(number)
        ]
        for number in gone:
            self._targets[number].leave()
            self._absent.append(number)
        if gone:
            self._absent.sort()
            self._queue = [(due_ns, number) for due_ns, number in self._queue if number not in gone]
            heapify(self._queue)
            self._note_whether_any(bool(self._tell()))

    def _take_in(self) -> list[int]:
        """The nodes that have been launched since."""
        found = [number for number in self._absent if self._is_there(number)]
        for number in found:
            self._absent.remove(number)
            self._targets[number].met = self._world.causes.newest([("site", self._site)])
            self._targets[number].take_in(self._world.now_ns, self._plan.interval_ns)
        if found:
            self._tell()
        return found

    def _present(self) -> Checks:
        """What a check of each target comes to now: targets differ by their zones and their own faults."""
        if self._world.region_mode[self._plan.region] != UP:
            return None
        page = page_of(self._world, self._site, self._plan.deep, self._plan.operation)
        by_zone = {zone: self._check(zone, page, WELL) for zone in {target.zone for target in self._targets}}
        checks = [by_zone[target.zone] for target in self._targets]
        for number in self._world.struck_nodes(self._site):
            look = self._world.node_looks[(*self._site, number)]
            checks[number] = self._check(self._targets[number].zone, page, look)
        return checks

    def _check(self, zone: int, page: Page, own: Look) -> Check:
        """A check of a target in a zone (-1: in none), with its site's page and its own look."""
        timeout_ns, region = self._plan.timeout_ns, self._plan.region
        by_zone = UP if zone < 0 else self._world.zones(region)[zone]
        mode = max(by_zone, own.mode)
        if mode != UP:
            return Check(1.0, 0 if mode == REFUSED else timeout_ns)
        page = page_at(page, together([self._world.zone_looks[region, zone], own]))
        if page.error_share == 1.0:
            return Check(1.0, 0)
        if page.silent or page.add_ns > timeout_ns:
            return Check(1.0, timeout_ns)
        return Check(page.error_share, 0, page.add_ns)

    def _meet(self, checks: Checks) -> bool:
        """Go on from the present with checks that come to something else; whether they do."""
        before, self._checks = self._checks, checks
        if checks == before:
            return False
        self._note_causes(before, checks)
        for number, target in enumerate(self._targets):
            if before is None or checks is None:
                target.start_anew(self._world.now_ns, self._plan.interval_ns)
            else:
                target.look_back(before[number], self._world.now_ns, self._plan)
        self._queue = []
        for number, target in enumerate(self._targets):
            self._foresee(number, target)
        return True

    def _note_causes(self, before: Checks, checks: Checks) -> None:
        """What has changed of what checks meet, of the targets whose checks come to something else."""
        causes, region = self._world.causes, self._plan.region
        here_alone = ("zone", "node")
        page = [*spots_of(self._world, self._site, self._plan.deep, self._plan.operation)]
        for number, target in enumerate(self._targets):
            if before is None or checks is None or before[number] != checks[number]:
                here = {("zone", (region, target.zone)), ("node", (*self._site, number))}
                target.met = causes.newest([one for one in page if one[0] not in here_alone or one in here])

    def _foresee(self, number: int, target: Target) -> None:
        """Put what comes next of a target into the queue: its turn, or a check that chance decides."""
        if self._checks is None or not target.is_there:
            return
        check = self._checks[number]
        target.foresee(check, self._plan)
        if target.turns_ns != NEVER_NS:
            heappush(self._queue, (target.turns_ns, number))
        elif 0.0 < check.failing < 1.0:
            heappush(self._queue, (target.due_ns, number))

    def _act(self) -> None:
        """Let every target turn or be checked whose time has come, and tell the data plane once."""
        turned, passed = [], False
        while self._queue and self._queue[0][0] <= self._world.now_ns:
            _, number = heappop(self._queue)
            target = self._targets[number]
            if target.turns_ns == NEVER_NS:
                self._check_by_chance(number, target)
            else:
                passed = passed or target.is_new
                target.turn(self._world.now_ns, self._plan.interval_ns)
                turned.append(number)
            self._foresee(number, target)
        if turned:
            self._announce(sorted(turned))
        if passed:  # whoever waits for new nodes looks
            self._world.changed()

    def _check_by_chance(self, number: int, target: Target) -> None:
        """A check begins that fails by chance; each has a draw of its own."""
        assert self._checks is not None
        check, done = self._checks[number], (target.due_ns - target.phase_ns) // self._plan.interval_ns
        target.take_chance(self._uniform(number, 1 + done) < check.failing, check, self._plan)

    def _announce(self, turned: list[int]) -> None:
        """Set the targets in service, log those that have turned, and tell whoever follows the balancer."""
        world, plan = self._world, self._plan
        in_service = self._tell()
        service, region = world.plan.services[plan.service], world.plan.regions[plan.region]
        for number in turned:
            kind = TARGET_HEALTHY if self._targets[number].alive else TARGET_UNHEALTHY
            met, node = self._targets[number].met, OfNode(service, region, number)
            world.record(kind, node, met, in_service=len(in_service))
            if kind is TARGET_UNHEALTHY:
                world.causes.change(("targets", self._site))
        self._note_whether_any(bool(in_service))
        if world.is_grey(self._site):  # checkers meet other nodes than before
            world.changed()

    def _tell(self) -> list[int]:
        """Set the targets in service, and the others that are there."""
        there = [number for number, target in enumerate(self._targets) if target.is_there]
        in_service = [number for number in there if self._targets[number].alive]
        self._leaves = self._world.shifted.get(self._site)
        sent_to = [one for one in in_service if self._targets[one].zone != self._leaves] or in_service
        others = sorted({*there} - {*sent_to})
        told = np.array(sent_to, np.int64), np.array(others, np.int64)
        self._world.touch().set_targets(*self._site, *told)
        self._world.in_service[self._site] = len(in_service)
        self._world.passed[self._site] = {*in_service}
        return in_service

    def _note_whether_any(self, any_alive: bool) -> None:
        world, site = self._world, self._site
        if any_alive == (site in world.without_targets):
            (world.without_targets.discard if any_alive else world.without_targets.add)(site)
            world.causes.change(("targets", site))
            world.changed()


def _start(world: World) -> Iterator[Process]:
    return (LoadBalancer(world, plan).run() for plan in world.plan.control.of(BalancerPlan))


SERVICE = Service("load balancers", _start, (TARGET_UNHEALTHY, TARGET_HEALTHY))
