"""Users: populations, and one process per session."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.data_plane.draws import ACTION, ARRIVAL, ATTEMPT, SESSION
from simulator.seam import SUCCEEDED, UNKNOWN
from tests.twin.clock import rank
from tests.twin.names import Cache
from tests.twin.requests import Connection, Request
from tests.twin.tables import Written

UNDISTURBED, RECOVERED, INTERRUPTED, LOGGED_OUT, ABANDONED = range(5)

HOUR_NS = 3600 * 10**9
REMEMBERED_READS = 4
ACT_PHASE = 0


def session_number(population: int, ordinal: int) -> int:
    """Sessions are numbered by population and ordinal."""
    return population << 36 | ordinal


@dataclass
class Session:
    """One user's session: who it is and what it remembers."""

    plane: Any
    number: int
    population: int
    start_ns: int
    length_ns: int
    actions: int = 0  # begun
    attempts: int = 0  # finished
    trouble: int = UNDISTURBED
    ended: bool = False
    token_expiry_ns: int = -(2**62)
    device: Cache = field(default_factory=Cache)
    connections: dict[int, Connection] = field(default_factory=dict)  # by name
    recent: dict[tuple[int, int], Written | None] = field(default_factory=dict)  # items read, oldest first
    applied: set[int] = field(default_factory=set)  # actions with a write applied
    action_start_ns: int = 0
    action_item: float = 0.0
    tries: int = 0  # unsuccessful so far, of this action or token request
    unknown: bool = False  # any try of this action

    def __post_init__(self) -> None:
        plan, u = self.plane.plan, self._uniform
        self.due_end_ns = self.start_ns + self.length_ns
        self.last_mile_ns = self.plane.draws.sample_ns(
            int(plan.pop_last_mile[self.population]), u(SESSION, 0, 0, 1)
        )
        pick = int(u(SESSION, 0, 0, 2) * int(plan.pop_resolver_count[self.population]))
        self.resolver = int(plan.pop_resolver_first[self.population]) + pick
        self.own_item = u(SESSION, 0, 0, 3)
        lifetime_ns = plan.token_lifetime_ns
        if lifetime_ns and self.start_ns < 0:
            renewals = -self.start_ns // lifetime_ns + 1
            self.token_expiry_ns = self.start_ns + renewals * lifetime_ns

    def _uniform(self, stream: int, counter: int, lane: int, word: int) -> float:
        return float(self.plane.draws.uniform(stream, self.number, counter, lane, word))

    def _of(self, column: str) -> int:
        return int(getattr(self.plane.plan, f"pop_{column}")[self.population])

    def _order(self) -> tuple[int, int, int]:
        return rank(self.number, self.attempts, ACT_PHASE)

    # the life of a session

    def life(self) -> Iterator[Any]:
        """Act, think, act again, until the end."""
        env = self.plane.env
        if self.start_ns < 0:
            words = self._uniform(SESSION, 0, 1, 1), self._uniform(SESSION, 0, 2, 0)
            think_ns = self.plane.draws.sample_in_progress_ns(self._of("think"), *words)
            yield env.at(int(self._uniform(SESSION, 0, 1, 2) * think_ns), self._order())
        while env.now < self.due_end_ns:
            left = yield from self._act()
            if left is not None:
                self._end(left)
                return
            think_ns = self.plane.draws.sample_ns(
                self._of("think"), self._uniform(ACTION, self.actions - 1, 0, 1)
            )
            yield env.at(min(env.now + think_ns, max(self.due_end_ns, env.now)), self._order())
        self._end(self.trouble)

    def _end(self, class_: int) -> None:
        self.ended = True
        self.plane.session_ended(self, class_)

    def _act(self) -> Iterator[Any]:
        """One action; the class of the session if the user leaves or is logged out."""
        plane, now = self.plane, self.plane.env.now
        action, self.actions = self.actions, self.actions + 1
        operation = self._operation(self._uniform(ACTION, action, 0, 0))
        self.action_item = self._uniform(ACTION, action, 0, 2)
        self.action_start_ns, self.unknown, self.tries = now, False, 0
        plane.counts["actions_started"] += 1
        outcome, left = SUCCEEDED, None
        if plane.plan.token_lifetime_ns and self.token_expiry_ns <= now:
            outcome, left = yield from self._try_until_done(len(plane.plan.op_name) - 1)
            if outcome == SUCCEEDED:
                self.token_expiry_ns, self.tries = plane.env.now + plane.plan.token_lifetime_ns, 0
            elif left is None:
                left = LOGGED_OUT
        if outcome == SUCCEEDED:
            outcome, left = yield from self._try_until_done(operation)
        if outcome != SUCCEEDED:
            self.trouble = INTERRUPTED
            outcome = UNKNOWN if self.unknown else outcome
        plane.action_ended(self, outcome)
        return left

    def _operation(self, u: float) -> int:
        plan, first = self.plane.plan, self._of("mix_first")
        rows = range(first, first + self._of("mix_count"))
        row = next((row for row in rows if u < plan.mix_cumulative[row]), rows[-1])
        return int(plan.mix_operation[row])

    def _try_until_done(self, operation: int) -> Iterator[Any]:
        """Try until success, the last attempt, or the end of the user's patience: the outcome, and the
        class if it left.
        """
        env = self.plane.env
        patience_end_ns = self.action_start_ns + self._of("patience_ns")
        while True:
            outcome = yield from Request(self, operation, patience_end_ns).attempt()
            self.attempts += 1
            if outcome == SUCCEEDED:
                return outcome, None
            self.unknown = self.unknown or outcome == UNKNOWN
            self.trouble = max(self.trouble, RECOVERED)
            self.tries += 1
            if env.now >= patience_end_ns:
                return outcome, self._abandon()
            if self.tries >= self._of("attempts"):
                return outcome, None
            next_ns = env.now + self._backoff_ns()
            yield env.at(min(next_ns, patience_end_ns), self._order())
            if next_ns >= patience_end_ns:
                return outcome, self._abandon()

    def _abandon(self) -> int:
        self.plane.counts["gave_up"] += 1
        return ABANDONED

    def _backoff_ns(self) -> int:
        longest_ns = min(self._of("backoff_cap_ns"), self._of("backoff_base_ns") * 2 ** (self.tries - 1))
        return int(self._uniform(ATTEMPT, self.attempts - 1, 0, 3) * longest_ns + 0.5)

    # what it remembers of its reads

    def remember(self, item: tuple[int, int], read: Written | None) -> bool:
        """Note a read; tell whether a higher version of the item had been read before."""
        known, highest = item in self.recent, self.recent.pop(item, None)
        violation = known and highest is not None and (read is None or read.order[:3] < highest.order[:3])
        self.recent[item] = highest if violation else read
        if len(self.recent) > REMEMBERED_READS:
            del self.recent[next(iter(self.recent))]
        return violation


def session_length_ns(plane: Any, number: int, population: int, in_progress: bool = False) -> int:
    """How long a session lasts; one that is in progress at a random instant is a longer one."""
    dist, u = int(plane.plan.pop_length[population]), plane.draws.uniform(SESSION, number, 0, 0, 0)
    if in_progress:
        return int(plane.draws.sample_in_progress_ns(dist, u, plane.draws.uniform(SESSION, number, 0, 1, 3)))
    return int(plane.draws.sample_ns(dist, u))


def begin_population(plane: Any, population: int) -> None:
    """Put a population at its start."""
    size = int(plane.plan.pop_sessions[population])
    if size == 0:
        plane.env.process(arrivals(plane, population))
    for chain in range(size):
        number = session_number(population, chain)
        length_ns = session_length_ns(plane, number, population, in_progress=True)
        start_ns = -int(plane.draws.uniform(SESSION, number, 0, 1, 0) * length_ns)
        plane.start_session(number, population, start_ns, length_ns)
        plane.env.process(successors(plane, population, number + size, size, start_ns + length_ns))


def successors(plane: Any, population: int, number: int, size: int, start_ns: int) -> Iterator[Any]:
    """The later sessions of one chain of a closed population, each when the one before was due to end."""
    while True:
        yield plane.env.at(start_ns, rank(number, 0, ACT_PHASE))
        length_ns = session_length_ns(plane, number, population)
        plane.start_session(number, population, start_ns, length_ns)
        start_ns, number = start_ns + length_ns, number + size


def arrivals(plane: Any, population: int) -> Iterator[Any]:
    """The sessions of an open population: candidates of the busiest hour, thinned by the hour of day."""
    plan, draws, candidate = plane.plan, plane.draws, 0
    t = -int(plan.pop_lead_ns[population])
    while True:
        u = draws.uniform(ARRIVAL, population, candidate, 0, 0)
        t += int(-float(plan.pop_gap_ns[population]) * math.log(1.0 - u) + 0.5)
        number = session_number(population, candidate)
        yield plane.env.at(t, rank(number, 0, ACT_PHASE))
        hour = (t + plan.day_offset_ns) // HOUR_NS % 24
        accepted = draws.uniform(ARRIVAL, population, candidate, 0, 1) < plan.pop_profile[population, hour]
        length_ns = session_length_ns(plane, number, population)
        if accepted and t + length_ns > 0:
            plane.start_session(number, population, t, length_ns)
        candidate += 1
