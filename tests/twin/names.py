"""Names: a device's cache, a resolver's cache, and the authoritative server."""

from dataclasses import dataclass, field

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import ANSWERING, EMPTY, FAILING, LOSING
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import ATTEMPT
from simulator.randomness.draws import RESOLVER as RESOLVING
from tests.twin.counts import Counts
from tests.twin.draws import Draws, losses

Answer = frozenset[int] | None
"""The regions that a name leads to; empty for an empty answer, None for a failure."""

DEVICE, RESOLVER, AUTHORITATIVE = 0, 1, 2


@dataclass
class Found:
    """What a lookup found."""

    answer: Answer
    took_ns: int
    source: int


@dataclass
class Cache:
    """Answers by name, each with its expiry."""

    entries: dict[int, tuple[Answer, int]] = field(default_factory=dict)

    def get(self, name: int, t: int) -> tuple[Answer, int] | None:
        """A valid entry's answer and expiry."""
        entry = self.entries.get(name)
        return entry if entry is not None and t < entry[1] else None


@dataclass
class Authority:
    """One name's authoritative servers."""

    mode: int = ANSWERING
    share: float = 0.0
    every: dict[int, bool] = field(default_factory=dict)  # by place
    weights: dict[int, list[int]] = field(default_factory=dict)  # by place


class Names:
    """Resolvers and authoritative servers of a plan."""

    def __init__(self, plan: DataPlan, draws: Draws, counts: Counts) -> None:
        self._plan, self._draws, self._counts = plan, draws, counts
        self.authorities = [Authority() for _ in plan.name_ttl_ns]
        self._resolvers = [Cache() for _ in plan.resolver_extend_ns]
        self._first: dict[tuple[int, int], Answer] = {}

    def begin(self) -> None:
        """Give every resolver an answer of some age for each name, as if it had been asked all along."""
        plan = self._plan
        for population, place in enumerate(plan.pop_near):
            first = int(plan.pop_resolver_first[population])
            for resolver in range(first, first + int(plan.pop_resolver_count[population])):
                for name, authority in enumerate(self.authorities):
                    u = float(self._draws.uniform(RESOLVING, resolver, name, 1, 0))
                    answer = self._answer(authority, int(place), u)
                    phase = (plan.resolver_phase[resolver] + name * 0.7548776662466927) % 1.0
                    expiry_ns = int(phase * self._resolver_lifetime_ns(resolver, name, answer))
                    self._resolvers[resolver].entries[name] = answer, expiry_ns
                    self._first[resolver, name] = answer

    def first_answer(self, resolver: int, name: int) -> Answer:
        """What a resolver held of a name at time zero."""
        return self._first[resolver, name]

    def recalled(
        self, population: int, resolver: int, name: int, gap_ns: int, u: float
    ) -> tuple[Answer, int]:
        """What a device in use since before the run holds, and for how long after its last act."""
        answer = self.first_answer(resolver, name)
        lifetime_ns = self._device_lifetime_ns(population, answer, int(self._plan.name_ttl_ns[name]))
        if not answer or lifetime_ns == 0:
            return answer, -NEVER_NS
        acts = -(-lifetime_ns // max(gap_ns, 1))
        return answer, lifetime_ns - int(u * acts) * gap_ns

    def look_up(
        self,
        device: Cache,
        population: int,
        resolver: int,
        last_mile_ns: int,
        name: int,
        who: tuple[int, int],
        t: int,
    ) -> Found:
        """Look a name up at t for attempt `who` (session, attempt)."""
        known = device.get(name, t)
        if known is not None:
            found = Found(known[0], 0, DEVICE)
        else:
            answer, took_ns, to_live_ns, source = self._resolve(resolver, population, name, who, t)
            device.entries[name] = answer, t + self._device_lifetime_ns(population, answer, to_live_ns)
            found = Found(answer, last_mile_ns + took_ns, source)
        self._counts.lookups[found.source] += 1
        self._counts["lookup_failures"] += found.answer is None
        self._counts["lookup_empties"] += found.answer == frozenset()
        return found

    def _resolve(
        self, resolver: int, population: int, name: int, who: tuple[int, int], t: int
    ) -> tuple[Answer, int, int, int]:
        known = self._resolvers[resolver].get(name, t)
        if known is not None:
            return known[0], 0, known[1] - t, RESOLVER
        answer, took_ns = self._ask(name, int(self._plan.pop_near[population]), who)
        lifetime_ns = self._resolver_lifetime_ns(resolver, name, answer)
        self._resolvers[resolver].entries[name] = answer, t + lifetime_ns
        return answer, took_ns, lifetime_ns, AUTHORITATIVE

    def _resolver_lifetime_ns(self, resolver: int, name: int, answer: Answer) -> int:
        if answer is None:
            return self._plan.resolver_failure_ns
        if not answer:
            return self._plan.negative_ttl_ns
        return max(int(self._plan.name_ttl_ns[name]), int(self._plan.resolver_extend_ns[resolver]))

    def _ask(self, name: int, place: int, who: tuple[int, int]) -> tuple[Answer, int]:
        plan, authority = self._plan, self.authorities[name]
        if authority.mode == FAILING:
            return None, plan.resolver_rtt_ns
        if authority.mode == EMPTY:
            return frozenset(), plan.resolver_rtt_ns
        lost = 0
        if authority.mode == LOSING:
            u = self._draws.uniform(ATTEMPT, *who, 1, 1)
            lost = losses(authority.share, u, plan.resolver_tries)
            if lost == plan.resolver_tries:
                return None, lost * plan.resolver_try_timeout_ns
        u = self._draws.uniform(ATTEMPT, *who, 1, 0)
        return self._answer(authority, place, u), lost * plan.resolver_try_timeout_ns + plan.resolver_rtt_ns

    @staticmethod
    def _answer(authority: Authority, place: int, u: float) -> Answer:
        weights = authority.weights.get(place, [])
        if authority.every.get(place):
            return frozenset(region for region, weight in enumerate(weights) if weight > 0)
        x, so_far = int(u * sum(weights)), 0
        for region, weight in enumerate(weights):
            so_far += weight
            if so_far > x:
                return frozenset([region])
        return frozenset()

    def _device_lifetime_ns(self, population: int, answer: Answer, to_live_ns: int) -> int:
        plan = self._plan
        if not answer:
            return int(plan.pop_dns_negative_ns[population])
        fixed_ns = int(plan.pop_dns_fixed_ns[population])
        return fixed_ns if fixed_ns >= 0 else max(to_live_ns, int(plan.pop_dns_floor_ns[population]))
