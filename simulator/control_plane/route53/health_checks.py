"""Health checks of endpoints: 16 checkers in 8 regions, each with a phase and a path there of its own.

The endpoint is a site: a service in a region.

Rules: Amazon Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy".
Specification: docs/model-control-plane.md §4.

A checker acts when it sends a probe and when its opinion changes. Checkers cost nothing while nothing can
change: when every probe would agree with its checker's opinion, the process sleeps until sites, zones or
links change, then moves each checker on by whole periods. That is exact, because a probe's outcome and
duration are the same all that time.
"""

from heapq import heapify, heapreplace

from simulator.boundary.looks import Look
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED
from simulator.control_plane.causes import Cause, Spot
from simulator.control_plane.chance import retransmissions_ns, uniform
from simulator.control_plane.pages import Page, door_mode, page_met, spots_of
from simulator.control_plane.route53.hosted_zones import HostedZone
from simulator.control_plane.route53.statuses import Status
from simulator.control_plane.world import Process, World
from simulator.plan.health_checks import CheckPlan
from simulator.randomness.draws import CHECKER, PROBE
from simulator.records import dataclass

_ROUND_TRIPS_TO_ANSWER = {"http": 1, "https": 2}  # once connected; https: TLS 1.3 handshake, request


@dataclass(frozen=True)
class Probe:
    """What a probe sent now comes to: whether it succeeds, after how long, and whether chance decides."""

    healthy: bool
    takes_ns: int
    by_chance: bool = False


@dataclass
class Checker:
    """One checker: where it is, what it thinks, and when it acts next."""

    number: int
    place: int
    due_ns: int  # of its next probe, or of the result that changes its opinion
    healthy: bool = True
    contrary: int = 0  # results in a row that contradict the opinion, that of a probe in flight included
    turning: bool = False  # the probe in flight changes the opinion
    sent: int = 0
    contradicted_by: Cause = None  # what has changed last of what the first contrary probe met

    def send(self, probe: Probe, interval_ns: int, threshold: int) -> None:
        """Send a probe; the next one follows an interval after its result."""
        self.sent += 1
        self.contrary = 0 if probe.healthy == self.healthy else self.contrary + 1
        self.turning = self.contrary == threshold
        self.due_ns += probe.takes_ns + (0 if self.turning else interval_ns)

    def turn(self, interval_ns: int) -> None:
        """Take the result that changes the opinion."""
        self.healthy, self.contrary, self.turning = not self.healthy, 0, False
        self.due_ns += interval_ns

    def skip_to(self, now_ns: int, period_ns: int) -> None:
        """Move on to `now` through equal probes that agree with the opinion."""
        rounds = max(0, -((self.due_ns - now_ns) // period_ns))
        self.sent += rounds
        self.due_ns += rounds * period_ns


class HealthCheck:
    """One health check of one site: a service in a region."""

    def __init__(
        self,
        world: World,
        number: int,
        check: str,
        plan: CheckPlan,
        site: tuple[int, int],
        zones: list[HostedZone],
    ) -> None:
        self._world = world
        self._number = number  # the entity of its draws
        self._plan = plan
        self._site = site  # service, region
        self._region = site[1]
        self._status = Status(world, check, plan.name, site, zones, inverted=plan.inverted)
        self._checkers = [
            Checker(i, place, self._phase_ns(i)) for i, place in enumerate(plan.checker_locations)
        ]
        self._certain: dict[int, Probe] = {}  # by checker, where chance has no part; since the last change
        self._version = world.version
        world.healthy_checkers[check, self._region, site[0]] = self._share_healthy
        if world.is_asleep(site):
            self._begin_as_found()
        self._status.begin(self._votes_for())

    def _begin_as_found(self) -> None:
        """The checkers have asked a site that is switched off for long: each thinks what it gets."""
        for checker in self._checkers:
            checker.healthy = self._probe(checker).healthy

    def _phase_ns(self, checker: int) -> int:
        u = uniform(self._world.plan.data.seed, CHECKER, self._number, checker)
        return int(u * self._plan.interval_ns)

    def run(self) -> Process:
        """Probe for ever, asleep while nothing can change."""
        while True:
            yield from self._sleep()
            yield from self._act()

    def _sleep(self) -> Process:
        """Let the checkers' probes pass for as long as none of them can change an opinion."""
        while self._is_steady():
            periods_ns = [self._probe(one).takes_ns + self._plan.interval_ns for one in self._checkers]
            yield self._world.next_change()
            for checker, period_ns in zip(self._checkers, periods_ns, strict=True):
                checker.skip_to(self._world.now_ns, period_ns)

    def _is_steady(self) -> bool:
        if any(checker.contrary for checker in self._checkers):
            return False
        probes = ((checker, self._probe(checker)) for checker in self._checkers)
        return all(not probe.by_chance and probe.healthy == checker.healthy for checker, probe in probes)

    def _act(self) -> Process:
        """Let the checkers act one by one, until all of them agree with what they last saw."""
        queue = [(checker.due_ns, checker.number) for checker in self._checkers]
        heapify(queue)
        while True:
            due_ns, number = queue[0]
            delay_ns = due_ns - self._world.now_ns
            if delay_ns > 0:
                yield self._world.after(delay_ns)
            checker = self._checkers[number]
            self._step(checker)
            heapreplace(queue, (checker.due_ns, number))
            if not checker.contrary and self._is_steady():
                return

    def _step(self, checker: Checker) -> None:
        """Send the checker's next probe, or let it change its opinion."""
        if checker.turning:
            checker.turn(self._plan.interval_ns)
            self._vote(checker.contradicted_by)
            return
        checker.send(self._probe(checker), self._plan.interval_ns, self._plan.threshold)
        if checker.contrary == 1:
            checker.contradicted_by = self._world.causes.newest(self._met(checker.place))

    def _vote(self, because: Cause) -> None:
        """Tell of it when the checkers together have changed their opinion, the last because of an entry."""
        self._status.turn(self._votes_for(), because)

    def _votes_for(self) -> bool:
        """Healthy while more than 18 % of the checkers say so."""
        return self._share_healthy() > self._plan.healthy_share

    def _share_healthy(self) -> float:
        return sum(checker.healthy for checker in self._checkers) / len(self._checkers)

    def _met(self, place: int) -> list[Spot]:
        """Everything that a probe from a place meets."""
        plan, (service, region) = self._plan, self._site
        links = [(place, region), (region, place)] if place != region else []
        return [*spots_of(self._world, self._site, plan.deep, plan.operations.get(service)),
                *(("link", link) for link in links)]  # fmt: skip

    # one probe

    def _probe(self, checker: Checker) -> Probe:
        """A probe sent now."""
        if self._version != self._world.version:
            self._version = self._world.version
            self._certain.clear()
        if checker.number in self._certain:
            return self._certain[checker.number]
        probe = self._connect(checker)
        if not probe.by_chance:
            self._certain[checker.number] = probe
        return probe

    def _connect(self, checker: Checker) -> Probe:
        """Connecting takes a round trip; a site that refuses says so after one."""
        world, place, region = self._world, checker.place, self._region
        mode = door_mode(world, self._site)
        if mode == BLACK_HOLE or self._is_cut_off(place):
            return Probe(False, self._plan.connect_timeout_ns)
        lossy = place != region and self._is_lossy(place)
        takes_ns = self._round_trip_ns(place) + (self._retransmissions_ns(checker, 0) if lossy else 0)
        if takes_ns > self._plan.connect_timeout_ns:
            return Probe(False, self._plan.connect_timeout_ns, lossy)
        if mode == REFUSED:
            return Probe(False, takes_ns, lossy)
        if self._plan.protocol == "tcp":
            return Probe(True, takes_ns, lossy)
        return self._ask(checker, takes_ns, lossy)

    def _ask(self, checker: Checker, connected_ns: int, lossy: bool) -> Probe:
        """HTTP and HTTPS want a good status in time; an error comes at once, like those that users get."""
        page = self._page()
        share = page.error_share
        errs = share > 0 and self._uniform(checker, 0, 2) < share
        takes_ns = _ROUND_TRIPS_TO_ANSWER[self._plan.protocol] * self._round_trip_ns(checker.place)
        takes_ns += self._retransmissions_ns(checker, 1) if lossy else 0
        takes_ns += 0 if errs else page.add_ns
        by_chance = lossy or 0 < share < 1
        if takes_ns > self._plan.answer_timeout_ns or (page.silent and not errs):
            return Probe(False, connected_ns + self._plan.answer_timeout_ns, by_chance)
        return Probe(not errs, connected_ns + takes_ns, by_chance)

    def _page(self) -> Page:
        """A balancer answers for its nodes with a 5xx when none of them is there."""
        if self._site in self._world.nodes and not self._world.has_node(self._site):
            return Page(1.0, silent=False, add_ns=0)
        return page_met(self._world, self._site, self._plan.deep, self._plan.operations.get(self._site[0]))

    def _is_cut_off(self, place: int) -> bool:
        """A checker inside the region needs no link to it."""
        return place != self._region and any(link.cut for link in self._links(place))

    def _is_lossy(self, place: int) -> bool:
        return place != self._region and any(link.loss > 0 for link in self._links(place))

    def _links(self, place: int) -> tuple[Look, Look]:
        """The links from a checker's place to the region and back."""
        looks, region = self._world.link_looks, self._region
        return looks[place, region], looks[region, place]

    def _one_way_ns(self, origin: int, target: int) -> int:
        world = self._world
        rtt_ns = int(world.plan.data.rtt_ns[origin, target])
        link = world.link_looks[origin, target]
        return int(rtt_ns / 2 * link.factor + 0.5) + link.add_ns

    def _round_trip_ns(self, place: int) -> int:
        return self._one_way_ns(place, self._region) + self._one_way_ns(self._region, place)

    def _retransmissions_ns(self, checker: Checker, lane: int) -> int:
        """Time lost in both directions, as for any client (docs/model.md §4.2)."""
        timeout_ns = self._world.plan.data.retransmit_ns
        return sum(
            retransmissions_ns(link.loss, timeout_ns, self._uniform(checker, lane, word))
            for word, link in enumerate(self._links(checker.place))
        )

    def _uniform(self, checker: Checker, lane: int, word: int) -> float:
        entity = self._number << 8 | checker.number
        return uniform(self._world.plan.data.seed, PROBE, entity, checker.sent, lane, word)
