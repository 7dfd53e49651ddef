"""Health checks as docs/model-control-plane.md §4 states them: a process per checker that never sleeps.

It shares the plan and the draws with the control plane, and nothing else. What a probe meets is worked out
from the faults' own intervals, not from the state that the control plane keeps.
"""

import math
from collections.abc import Generator
from typing import Any

import simpy

from simulator.control_plane.chance import uniform
from simulator.plan.health_checks import CheckPlan
from simulator.plan.lowered import Plan
from simulator.plan.timeline import FaultPlan
from simulator.randomness.draws import CHECKER, PROBE

Status = tuple[int, str, str]
"""When, `health_unhealthy` or `health_healthy`, and "check@region"."""


def statuses(plan: Plan, check: CheckPlan, number: int, region: int) -> list[Status]:
    """Every change of the status of one health check (instance `number`) of a region."""
    return EagerCheck(plan, check, number, region).run()


class EagerCheck:
    def __init__(self, plan: Plan, check: CheckPlan, number: int, region: int) -> None:
        self.plan, self.check, self.number, self.region = plan, check, number, region
        self.env = simpy.Environment(initial_time=0)
        self.acting = [(fault, fault.intervals(plan.data.duration_ns)) for fault in plan.control.faults]
        self.opinions = [True] * len(check.checker_locations)
        self.healthy = True
        self.found: list[Status] = []

    def run(self) -> list[Status]:
        for checker in range(len(self.opinions)):
            self.env.process(self.checker(checker))
        self.env.run(until=self.plan.data.duration_ns)
        return self.found

    def checker(self, checker: int) -> Generator[simpy.Event, Any, None]:
        seed, check = self.plan.data.seed, self.check
        yield self.env.timeout(int(uniform(seed, CHECKER, self.number, checker) * check.interval_ns))
        contrary, sent = 0, 0
        while True:
            good, takes_ns = self.probe(checker, sent)
            sent += 1
            yield self.env.timeout(takes_ns)
            contrary = contrary + 1 if good != self.opinions[checker] else 0
            if contrary == check.threshold:
                self.opinions[checker], contrary = good, 0
                self.vote()
            yield self.env.timeout(check.interval_ns)

    def vote(self) -> None:
        healthy = sum(self.opinions) > self.check.healthy_share * len(self.opinions)
        if healthy != self.healthy:
            self.healthy = healthy
            kind = "health_healthy" if healthy else "health_unhealthy"
            target = f"{self.check.name}@{self.plan.regions[self.region]}"
            self.found.append((int(self.env.now), kind, target))

    # what acts now

    def faults(self, kind: str, *modes: str) -> list[FaultPlan]:
        now = self.env.now
        return [
            fault
            for fault, intervals in self.acting
            if fault.kind == kind and fault.mode in modes and any(a <= now < b for a, b in intervals)
        ]

    def site_faults(self, *modes: str) -> list[FaultPlan]:
        """Those of the region, and those of the service, which is number 0 here."""
        of_region = [fault for fault in self.faults("region", *modes) if fault.region == self.region]
        services = self.faults("service", *modes)
        return of_region + [f for f in services if f.service == 0 and self.region in f.regions]

    def link_faults(self, pair: tuple[int, int], *modes: str) -> list[FaultPlan]:
        return [fault for fault in self.faults("link", *modes) if pair in fault.pairs]

    def one_way_ns(self, pair: tuple[int, int]) -> int:
        slow = self.link_faults(pair, "slow")
        half_ns = self.plan.data.rtt_ns[pair] / 2 * math.prod(fault.look.factor for fault in slow)
        return int(half_ns + 0.5) + sum(fault.look.add_ns for fault in slow)

    def loss(self, pair: tuple[int, int]) -> float:
        return 1 - math.prod(1 - fault.look.loss for fault in self.link_faults(pair, "lossy"))

    # one probe

    def draw(self, checker: int, sent: int, lane: int, word: int) -> float:
        return uniform(self.plan.data.seed, PROBE, self.number << 8 | checker, sent, lane, word)

    def lost_time_ns(self, checker: int, sent: int, lane: int, pairs: list[tuple[int, int]]) -> int:
        """Retransmissions of one message in each direction: 1 s, doubling."""
        lost_ns = 0
        for word, pair in enumerate(pairs):
            loss, u = self.loss(pair), self.draw(checker, sent, lane, word)
            timeout_ns = self.plan.data.retransmit_ns
            for times in range(1, 31):
                if u < loss**times:
                    lost_ns += timeout_ns
                    timeout_ns *= 2
        return lost_ns

    def probe(self, checker: int, sent: int) -> tuple[bool, int]:
        """Whether a probe sent now succeeds, and how long it takes."""
        place, check = self.check.checker_locations[checker], self.check
        there, back = (place, self.region), (self.region, place)
        cut = self.link_faults(there, "cut") or self.link_faults(back, "cut")
        if cut or self.site_faults("black_hole", "lost"):
            return False, check.connect_timeout_ns
        round_trip_ns = self.one_way_ns(there) + self.one_way_ns(back)
        connect_ns = round_trip_ns + self.lost_time_ns(checker, sent, 0, [there, back])
        if connect_ns > check.connect_timeout_ns:
            return False, check.connect_timeout_ns
        if self.site_faults("refused"):
            return False, connect_ns
        if check.protocol == "tcp":
            return True, connect_ns
        errors = [fault.look.error_share for fault in self.site_faults("error")]
        errs = self.draw(checker, sent, 0, 2) < 1 - math.prod(1 - share for share in errors)
        answer_ns = round_trip_ns * (2 if check.protocol == "https" else 1)
        answer_ns += self.lost_time_ns(checker, sent, 1, [there, back])
        if not errs:
            answer_ns += sum(fault.look.add_ns for fault in self.site_faults("slow"))
        in_time = answer_ns <= check.answer_timeout_ns
        return in_time and not errs, connect_ns + min(answer_ns, check.answer_timeout_ns)
