"""Route 53 health checks: 16 checkers in 8 regions, each with its own phase and its own path to the endpoint.

Rules: Amazon Route 53 developer guide, "How Amazon Route 53 determines whether a health check is healthy". A checker sends its next
request an interval after the response to the last one. It changes its opinion after `threshold` contrary results in a
row; the endpoint is healthy while more than 18 % of the checkers say so. A probe is judged by the world at the instant it is sent and
counts when it ends.

Checkers cost nothing while nothing can change: when every result agrees with every opinion the process sleeps until regions or
links change, then moves each checker on by whole periods. That is exact, because a probe's outcome and duration are the same all
that time.
"""

from dataclasses import dataclass

from simulator.control_plane.route53 import HostedZone
from simulator.control_plane.world import Process, World
from simulator.data_plane.draws import CHECKER, PROBE, uniform_of
from simulator.data_plane.network import losses_in_a_row
from simulator.plan.lowered import CheckPlan
from simulator.seam import BLACK_HOLE, REFUSED


@dataclass(frozen=True)
class Probe:
    """What a probe sent now comes to: whether it succeeds, after how long, and whether chance decides."""

    healthy: bool
    takes_ns: int
    by_chance: bool = False


@dataclass
class Checker:
    """One checker: where it is, what it thinks, and what it does next and when."""

    number: int
    place: int
    due_ns: int  # of the next request, or of the result of the probe in flight
    probe: Probe | None = None  # in flight
    healthy: bool = True
    contrary: int = 0  # results in a row that contradict the opinion
    sent: int = 0

    def send(self, probe: Probe) -> None:
        """Send a probe: its result is due when it ends."""
        self.probe, self.sent = probe, self.sent + 1
        self.due_ns += probe.takes_ns

    def receive(self, interval_ns: int, threshold: int) -> bool:
        """Take the probe's result; tell whether the opinion has changed."""
        assert self.probe is not None
        healthy, self.probe = self.probe.healthy, None
        self.due_ns += interval_ns
        self.contrary = 0 if healthy == self.healthy else self.contrary + 1
        if self.contrary < threshold:
            return False
        self.healthy, self.contrary = healthy, 0
        return True

    def skip_to(self, now_ns: int, steady: Probe, interval_ns: int) -> None:
        """Move on to `now` through probes that all ended like `steady`, which agrees with the opinion."""
        if self.probe is not None and self.due_ns < now_ns:
            self.receive(interval_ns, 1)
        if self.probe is not None or self.due_ns >= now_ns:
            return
        rounds = (now_ns - self.due_ns) // (steady.takes_ns + interval_ns)
        self.sent += rounds
        self.due_ns += rounds * (steady.takes_ns + interval_ns)
        if self.due_ns < now_ns:
            self.send(steady)
            if self.due_ns < now_ns:
                self.receive(interval_ns, 1)


class HealthCheck:
    """One health check of one region's endpoint."""

    def __init__(
        self, world: World, number: int, plan: CheckPlan, region: int, zones: list[HostedZone]
    ) -> None:
        self._world = world
        self._number = number  # the entity of its draws
        self._plan = plan
        self._region = region
        self._zones = zones  # the names that follow it
        self._healthy = True
        self._checkers = [
            Checker(i, place, self._phase_ns(i)) for i, place in enumerate(plan.checker_locations)
        ]

    def _phase_ns(self, checker: int) -> int:
        u = uniform_of(self._world.plan.data.seed, CHECKER, self._number, checker, 0, 0)
        return int(u * self._plan.interval_ns)

    @property
    def label(self) -> str:
        """Name of the check and its region."""
        return f"{self._plan.name}@{self._world.plan.regions[self._region]}"

    def run(self) -> Process:
        """Probe for ever, asleep while nothing can change."""
        while True:
            steady = self._steady_probes()
            if steady is not None:
                yield self._world.next_change()
                for checker, probe in zip(self._checkers, steady, strict=True):
                    checker.skip_to(self._world.now_ns, probe, self._plan.interval_ns)
                continue
            checker = min(self._checkers, key=lambda one: (one.due_ns, one.number))
            if checker.due_ns > self._world.now_ns:
                yield self._world.env.timeout(checker.due_ns - self._world.now_ns)
                yield self._world.env.timeout(0)  # at equal times the world changes first
            self._step(checker)

    def _step(self, checker: Checker) -> None:
        """Send the checker's next probe, or take the result of the one in flight."""
        if checker.probe is None:
            checker.send(self._probe(checker))
        elif checker.receive(self._plan.interval_ns, self._plan.threshold):
            self._vote()

    def _vote(self) -> None:
        """Healthy while more than 18 % of the checkers say so."""
        votes = sum(checker.healthy for checker in self._checkers)
        healthy = votes / len(self._checkers) > self._plan.healthy_share
        if healthy == self._healthy:
            return
        self._healthy = healthy
        self._world.record("health_healthy" if healthy else "health_unhealthy", self.label)
        if not healthy and not self._world.first_detection.triggered:
            self._world.first_detection.succeed()
        for zone in self._zones:
            zone.health_changed(self._region, healthy)

    def _steady_probes(self) -> list[Probe] | None:
        """What each checker's probes come to while the world stays as it is, if none of them can change an opinion."""
        probes = []
        for checker in self._checkers:
            probe = self._probe(checker)
            in_flight = probe if checker.probe is None else checker.probe
            if probe.by_chance or checker.contrary or {probe.healthy, in_flight.healthy} != {checker.healthy}:
                return None
            probes.append(probe)
        return probes

    # one probe

    def _probe(self, checker: Checker) -> Probe:
        """A probe sent now. One that gets an answer takes one round trip: connecting and asking are not told apart."""
        world, place, region = self._world, checker.place, self._region
        if world.region_mode[region] == BLACK_HOLE or self._is_cut_off(place):
            return Probe(False, self._plan.connect_timeout_ns)
        lossy = place != region and bool(world.link_loss[place, region] or world.link_loss[region, place])
        takes_ns = self._round_trip_ns(place) + (self._retransmissions_ns(checker) if lossy else 0)
        if takes_ns > self._plan.connect_timeout_ns:
            return Probe(False, self._plan.connect_timeout_ns, lossy)
        if world.region_mode[region] == REFUSED:
            return Probe(False, takes_ns, lossy)
        return self._answered(checker, takes_ns, lossy)

    def _answered(self, checker: Checker, takes_ns: int, lossy: bool) -> Probe:
        """A probe that connects: a TCP check is content; HTTP wants a good status in time."""
        world, region = self._world, self._region
        if self._plan.protocol == "tcp":
            return Probe(True, takes_ns, lossy)
        share, add_ns = float(world.region_error_share[region]), int(world.region_add_ns[region])
        if add_ns > self._plan.answer_timeout_ns:
            return Probe(False, takes_ns + self._plan.answer_timeout_ns, lossy)
        errs = share > 0 and self._uniform(checker, 2) < share
        return Probe(not errs, takes_ns + add_ns, lossy or 0 < share < 1)

    def _is_cut_off(self, place: int) -> bool:
        """A checker inside the region needs no link to it."""
        cut, region = self._world.link_cut, self._region
        return place != region and bool(cut[place, region] or cut[region, place])

    def _one_way_ns(self, origin: int, target: int) -> int:
        world = self._world
        rtt_ns = int(world.plan.data.rtt_ns[origin, target])
        if origin == target:
            return rtt_ns // 2
        return int(rtt_ns / 2 * world.link_factor[origin, target] + 0.5) + int(
            world.link_add_ns[origin, target]
        )

    def _round_trip_ns(self, place: int) -> int:
        return self._one_way_ns(place, self._region) + self._one_way_ns(self._region, place)

    def _retransmissions_ns(self, checker: Checker) -> int:
        """As for any client (docs/model.md §4.2)."""
        loss, place, region = self._world.link_loss, checker.place, self._region
        losses = [
            losses_in_a_row(float(share), self._uniform(checker, word), 30)
            for word, share in enumerate((loss[place, region], loss[region, place]))
        ]
        return sum((2**n - 1) * self._world.plan.data.retransmit_ns for n in losses)

    def _uniform(self, checker: Checker, word: int) -> float:
        entity = self._number << 8 | checker.number
        return float(uniform_of(self._world.plan.data.seed, PROBE, entity, checker.sent, 0, word))
