"""Users: populations, and one process per session."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from simulator.boundary.causes import SLOW
from simulator.boundary.outcomes import BLOCKED, SUCCEEDED, THROTTLED, TIMEOUT, UNAUTHORIZED, UNKNOWN
from simulator.randomness.distributions import EXPONENTIAL
from simulator.randomness.draws import ACTION, ARRIVAL, ATTEMPT, SESSION
from tests.twin.clients import Client, Policy
from tests.twin.clock import rank
from tests.twin.identity import FORCED, REFRESH, SIGN_IN, SIGN_UP, UNBOUND, Token
from tests.twin.names import Cache
from tests.twin.requests import NOWHERE, Kept
from tests.twin.tables import Written
from tests.twin.tries import Tries

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
    cause: int | None = None  # outcome of the first failed attempt
    ended: bool = False
    token: Token | None = None
    first_issuer: int = 0  # whom it asks first, by number
    device: Cache = field(default_factory=Cache)
    connections: dict[int, Kept] = field(default_factory=dict)  # by name
    recent: dict[tuple[int, int], Written | None] = field(default_factory=dict)  # items read, oldest first
    applied: dict[tuple[int, int], list[Written]] = field(default_factory=dict)  # by action and step
    effects: set[tuple[int, int]] = field(default_factory=set)  # of externals' calls: by action and step
    acts: bool = False  # whether an action is in progress
    operation: int = -1  # its
    action_start_ns: int = 0
    blocked_since_ns: int | None = None  # begin of the first blocked action since the last good one
    was_blocked: bool = False
    trouble_since_ns: int | None = None  # begin of the first action since the last good one
    action_item: float = 0.0
    last_failure: int | None = None  # of this action
    held: int | None = None  # what held its last failed try
    held_callee: int | None = None  # and which called service, if one did
    request: Any = None  # the try in progress, or the last one that ended well
    unknown: bool = False  # any try of this action
    has_left: bool = False  # for lack of patience

    def __post_init__(self) -> None:
        plan, u = self.plane.plan, self._uniform
        self.due_end_ns = self.start_ns + self.length_ns
        last_mile = int(plan.pop_last_mile[self.population])
        self.last_mile_ns = self.plane.draws.sample_ns(last_mile, u(SESSION, 0, 0, 1))
        first, count = self._of("resolver_first"), self._of("resolver_count")
        upto = plan.resolver_users_upto[first : first + count]
        self.resolver = first + int((upto <= u(SESSION, 0, 0, 2)).sum())
        self.recalled: set[int] = set()  # names that a session in progress at time zero has remembered
        self.own_item = u(SESSION, 0, 0, 3)
        self.policy = Policy(plan, self._of("policy"))
        self.client = Client(self.policy)
        self.is_bot = bool(self._of("bots"))
        self.has_identity = len(plan.issuer_region) > 0 and not self.is_bot
        if self.has_identity and self.start_ns < 0:
            renewals = -self.start_ns // plan.token_lifetime_ns + 1
            self.token = Token(UNBOUND, self.start_ns + renewals * plan.token_lifetime_ns)

    def _uniform(self, stream: int, counter: int, lane: int, word: int) -> float:
        return float(self.plane.draws.uniform(stream, self.number, counter, lane, word))

    def _of(self, column: str) -> int:
        return int(getattr(self.plane.plan, f"pop_{column}")[self.population])

    def begin_counting(self) -> None:
        """What was before counts for nothing, but for the class of one in the midst of an action."""
        self.trouble_since_ns = self.blocked_since_ns = None
        self.was_blocked = False
        if not self.acts:
            self.trouble, self.cause = UNDISTURBED, None

    def wait_until(self, t: int) -> Any:
        """An event of its own."""
        return self.plane.env.at(t, rank(self.number, self.attempts, ACT_PHASE))

    # the life of a session

    def life(self) -> Iterator[Any]:
        """Act, think, act again, until the end."""
        env = self.plane.env
        if self.start_ns < 0:
            think_ns, since_ns = self._thought_ns()
            yield self.wait_until(think_ns - since_ns)
        while env.now < self.due_end_ns:
            left = yield from self._act()
            if left is not None:
                self._end(left)
                return
            yield self.wait_until(min(env.now + self._think_ns(), max(self.due_end_ns, env.now)))
        self._end(self.trouble)

    def _thought_ns(self) -> tuple[int, int]:
        """The think time in progress at time zero, and how much of it has passed."""
        words = self._uniform(SESSION, 0, 1, 1), self._uniform(SESSION, 0, 2, 0)
        think_ns = int(self.plane.draws.sample_in_progress_ns(self._of("think"), *words))
        return think_ns, think_ns - int(self._uniform(SESSION, 0, 1, 2) * think_ns)

    def recall(self, name: int, operation: int) -> None:
        """What was there before the run: the device's entry of a name, and the connection."""
        if self.start_ns >= 0 or name in self.recalled:
            return
        self.recalled.add(name)
        names, (gap_ns, since_ns) = self.plane.names, self._thought_ns()
        u = self._uniform(SESSION, 0, 2, 2)
        answer, left_ns = names.recalled(self.population, self.resolver, name, gap_ns, u)
        self.device.entries[name] = answer, left_ns - since_ns
        if answer and self.policy.keep_alive_ns > 0:
            region = sorted(answer)[int(self._uniform(SESSION, 0, 2, 3) * len(answer))]
            if self.plane.plan.op_cdn[operation] >= 0:
                region = NOWHERE
            limit_ns = self.plane.age_limit_ns(operation, region)
            opened_ns = -since_ns - max(-since_ns - self.start_ns, 0) % limit_ns
            self.connections[name] = Kept(region, -since_ns, 0, opened_ns)

    def _think_ns(self) -> int:
        u = self._uniform(ACTION, self.actions - 1, 0, 1)
        think_ns = int(self.plane.draws.sample_ns(self._of("think"), u))
        is_closed = self._of("sessions") > 0
        return int(think_ns / self.plane.surges[self.population] + 0.5) if is_closed else think_ns

    def _end(self, class_: int) -> None:
        self.ended = True
        self.plane.session_ended(self, class_)

    # one action

    def _act(self) -> Iterator[Any]:
        """One action; the class of the session if the user leaves or is logged out."""
        action, self.actions = self.actions, self.actions + 1
        operation = self._operation(self._uniform(ACTION, action, 0, 0))
        self.action_item = self._uniform(ACTION, action, 0, 2)
        self.action_start_ns, self.unknown, self.last_failure = self.plane.env.now, False, None
        self.held, self.request = None, None
        self.patience_end_ns = self.action_start_ns + self._of("patience_ns")
        self.acts, self.operation = True, operation
        self.plane.action_begun(self)
        is_done, is_logged_in = yield from self._do(operation)
        if not is_done:
            self.trouble = INTERRUPTED
        self.acts = False
        self.plane.action_ended(self, operation, SUCCEEDED if is_done else self._outcome())
        if self.has_left:
            return ABANDONED
        return None if is_logged_in else LOGGED_OUT

    def _outcome(self) -> int:
        """Of an action that did not succeed."""
        if self.unknown:
            return UNKNOWN
        return THROTTLED if self.last_failure is None else self.last_failure

    def _do(self, operation: int) -> Iterator[Any]:
        """Whether the operation succeeds, and whether the client is logged in at the end."""
        if self._needs_token() and not (yield from self._seek_token(forced=False)):
            return False, False
        outcome = yield from self._try(operation)
        if outcome == UNAUTHORIZED and self.token is not None and not self.has_left:
            self.plane.counts["forced_logins"] += 1
            if not (yield from self._seek_token(forced=True)):
                return False, False
            outcome = yield from self._try(operation)
        return outcome == SUCCEEDED, True

    def _try(self, operation: int) -> Iterator[Any]:
        tries, issuers = Tries(self, operation), self.plane.plan.issuer_region.tolist()
        outcome = yield from tries.run()
        if outcome == UNAUTHORIZED:
            self.first_issuer = issuers.index(tries.region) if tries.region in issuers else 0
        is_unbound = self.token is not None and self.token.issuer == UNBOUND
        if outcome == SUCCEEDED and is_unbound and tries.region >= 0:
            self.token = replace(self.token, issuer=self.plane.identity.home(tries.region))
        return outcome

    def _operation(self, u: float) -> int:
        plan, first = self.plane.plan, self._of("mix_first")
        rows = range(first, first + self._of("mix_count"))
        row = next((row for row in rows if u < plan.mix_cumulative[row]), rows[-1])
        return int(plan.mix_operation[row])

    def mix_row(self, operation: int) -> int:
        """The first row of the population's mix that holds an operation."""
        first = self._of("mix_first")
        return first + self.plane.plan.mix_operation[first:].tolist().index(operation)

    # tokens

    def _needs_token(self) -> bool:
        if not self.has_identity:
            return False
        return self.token is None or self.token.expiry_ns <= int(self.plane.env.now)

    def _seek_token(self, forced: bool) -> Iterator[Any]:
        """Ask the issuers in turn; whether one gives a token."""
        plan, kind = self.plane.plan, FORCED if forced else self._kind_of_request()
        self.plane.counts.token_kinds[kind] += 1
        issuers = plan.issuer_region.tolist()
        in_turn = issuers[self.first_issuer :] + issuers[: self.first_issuer]
        tries = Tries(self, len(plan.op_name) - 1, issuers[:1] if kind == SIGN_UP else in_turn)
        outcome = yield from tries.run()
        if outcome != SUCCEEDED:
            return False
        self.token, self.request = Token(tries.region, self.plane.env.now + plan.token_lifetime_ns), None
        return True

    def _kind_of_request(self) -> int:
        if self.token is not None:
            return REFRESH
        signs_up = self._uniform(SESSION, 0, 2, 1) < self.plane.plan.pop_sign_up[self.population]
        return SIGN_UP if signs_up else SIGN_IN

    # what tries report

    def note_failure(self, outcome: int) -> None:
        """A try has failed."""
        self.unknown, self.last_failure = self.unknown or outcome == UNKNOWN, outcome
        self.trouble = max(self.trouble, RECOVERED)
        if outcome == BLOCKED and not self.is_bot:
            self.plane.counts.users_blocked[self.population] += not self.was_blocked
            self.was_blocked = True
            if self.blocked_since_ns is None:
                self.blocked_since_ns = self.action_start_ns
        self.cause = outcome if self.cause is None else self.cause

    def held_by(self) -> int:
        """What has held the action: its last failed try, or else what its only one has met so far."""
        if self.held is not None:
            return self.held
        return SLOW if self.request is None else int(self.request.cause(TIMEOUT if self.acts else None))

    def held_by_callee(self) -> int:
        """The called service that held the action, if one did."""
        if self.held is not None:
            return int(self.held_callee)  # type: ignore[arg-type]
        return int(self.request.callee)

    def leave(self) -> None:
        """The user's patience has ended."""
        self.has_left = True
        self.plane.counts["gave_up"] += not self.is_bot

    def backoff_draw(self) -> float:
        """The draw for the wait after the last try."""
        return self._uniform(ATTEMPT, self.attempts - 1, 0, 3)

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
        if is_there(plane, population, chain, start_ns):
            plane.start_session(number, population, start_ns, length_ns)
        plane.env.process(successors(plane, population, number + size, size, start_ns + length_ns))


def successors(plane: Any, population: int, number: int, size: int, start_ns: int) -> Iterator[Any]:
    """The later sessions of one chain of a closed population, each when the one before was due to end."""
    while True:
        yield plane.env.at(start_ns, rank(number, 0, ACT_PHASE))
        length_ns = session_length_ns(plane, number, population)
        if is_there(plane, population, number - session_number(population, 0), start_ns):
            plane.start_session(number, population, start_ns, length_ns)
        start_ns, number = start_ns + length_ns, number + size


def busyness(plane: Any, population: int, t: int) -> float:
    """The profile's weight at an instant, by the hour of the week."""
    return float(plane.plan.pop_profile[population, (t + plane.plan.day_offset_ns) // HOUR_NS % 168])


def is_there(plane: Any, population: int, ordinal: int, t: int) -> bool:
    """Whether a session of a closed population comes about, or its user is away for as long as it lasts."""
    return plane.draws.uniform(ARRIVAL, population, ordinal, 0, 1) < busyness(plane, population, t)


def arrivals(plane: Any, population: int) -> Iterator[Any]:
    """The sessions of an open population, thinned by the hour of day and the present surge.

    Candidates come as in the busiest hour and the highest surge.
    """
    plan, draws, candidate = plane.plan, plane.draws, 0
    most = float(plan.pop_surge_most[population])
    t, gap_ns = -int(plan.pop_lead_ns[population]), float(plan.pop_gap_ns[population]) / most
    while True:
        u = draws.uniform(ARRIVAL, population, candidate, 0, 0)
        is_random = plan.pop_gap_kind[population] == EXPONENTIAL
        t += int((-gap_ns * math.log(1.0 - u) if is_random else gap_ns) + 0.5)
        number = session_number(population, candidate)
        yield plane.env.at(t, rank(number, 0, ACT_PHASE))
        share = busyness(plane, population, t) * plane.surges[population] / most
        accepted = draws.uniform(ARRIVAL, population, candidate, 0, 1) < share
        length_ns = session_length_ns(plane, number, population)
        if accepted and t + length_ns > 0:
            plane.start_session(number, population, t, length_ns)
        candidate += 1
