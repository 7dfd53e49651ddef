"""One attempt at the client: it sends a request, waits for the answer, and gives up.

The request goes its way whether or not anybody waits (`journeys`, `edge`). Specification: docs/model.md §4,
docs/model-request-path.md §6, "Timeouts".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.boundary.causes import (
    CALLED_SERVICES,
    DEAD_NODES,
    DEVICE_ANSWERS,
    ERRORS,
    ISSUERS,
    KEPT_CONNECTIONS,
    NAME_SERVERS,
    NEGATIVE_ANSWERS,
    NO_OTHER_ANSWER,
    NO_QUORUM,
    OPEN_REQUESTS,
    RESOLVER_ANSWERS,
    SLOW,
    STORES,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import (
    ANSWERING,
    BLOCKED,
    DNS_EMPTY,
    DNS_FAILURE,
    ERROR,
    GATEWAY_TIMEOUT,
    OVERLOADED,
    REFUSED_OUTCOME,
    RESET,
    SUCCEEDED,
    THROTTLED,
    TIMEOUT,
    UNAUTHORIZED,
    UNKNOWN,
)
from simulator.boundary.tallies import TracedAttempt
from simulator.randomness.draws import ATTEMPT
from tests.twin.clock import rank
from tests.twin.edge import EdgeJourney
from tests.twin.journeys import Journey
from tests.twin.names import AUTHORITATIVE, DEVICE

SERVER_PHASE, RESPONSE_PHASE, TIMER_PHASE = 1, 2, 3
NOWHERE, NO_READ, INITIAL, NO_CALLEE = -1, -2, -1, -1

_AVOIDABLE = {
    SLOW,
    NO_OTHER_ANSWER,
    ERRORS,
    DEAD_NODES,
    STORES,
    NEGATIVE_ANSWERS,
    NAME_SERVERS,
    NO_QUORUM,
    CALLED_SERVICES,
}
"""What users who were led elsewhere would not have met."""

_RESPONSES = {SUCCEEDED, ERROR, THROTTLED, OVERLOADED, UNAUTHORIZED, GATEWAY_TIMEOUT, BLOCKED, UNKNOWN}
"""What leaves the connection usable, if it has arrived."""


@dataclass
class Kept:
    """A kept-alive connection."""

    region: int
    used_ns: int
    resets: int  # of the site, when it was made
    opened_ns: int = 0  # when its first request was sent


class Request:
    """One attempt of a session's operation (or token request) at the present instant."""

    def __init__(self, session: Any, operation: int, patience_end_ns: int, issuer: int = NOWHERE) -> None:
        self.session, self.plane, self.operation = session, session.plane, operation
        plan, self.population = self.plane.plan, session.population
        self.env, self.attempt_number, self.action = self.plane.env, session.attempts, session.actions - 1
        self.action_item, self.token = session.action_item, session.token
        self.place = int(plan.pop_near[self.population])
        self.begin_ns, self._patience_end_ns = self.env.now, patience_end_ns
        self.name, self.region, self._cdn = int(plan.op_name[operation]), issuer, int(plan.op_cdn[operation])
        self.is_token = issuer != NOWHERE
        self.kept_resets: int | None = None  # of a kept-alive connection
        self.resets: int | None = None  # of a new one
        self.opened_ns = self.begin_ns  # of the connection
        self.addresses: list[int] = []  # of the answer, still to be tried
        self.sent = False
        self._met: frozenset[int] = frozenset()
        self.turned_away = False  # by a limit of Lambda
        self.read_damage = False  # what it read last is damaged
        self.is_wrong = False  # what it will answer is
        self.callee = NO_CALLEE  # the called service that has held it
        self.states: dict[tuple[int, bool], object] = {}  # of the items that it has read, as it names them
        self._why, self._way, self._misled_by, self._is_cached = SLOW, SLOW, SLOW, False
        session.request = self
        self.version, self.latest_read_ns = NO_READ, NEVER_NS
        self.reply, self._deadline_moved = self.env.event(), self.env.event()
        connect_ns = session.policy.connect_timeout_ns
        self._wait_for(session.policy.timeout_ns if connect_ns < 0 else connect_ns)

    def meet(self, kind: str, *place: int) -> None:
        """Consult a place: meet the faults that it shows."""
        self.meet_all(self.plane.shown.get((kind, place), frozenset()))

    def meet_all(self, faults: frozenset[int]) -> None:
        """Meet some faults; each counts once."""
        for fault in faults - self._met:
            self.plane.counts.fault_met[fault] += 1
        self._met |= faults

    def uniform(self, stream: int, lane: int, word: int) -> float:
        """A draw of this attempt."""
        return float(self.plane.draws.uniform(stream, self.session.number, self.attempt_number, lane, word))

    @property
    def is_reused(self) -> bool:
        """Whether it goes over a kept-alive connection."""
        return self.kept_resets is not None

    # the client's side

    def attempt(self) -> Iterator[Any]:
        """Send, wait, give up at the deadline: the outcome."""
        self._begin()
        yield from self._wait()
        if self.reply.triggered:
            outcome = int(self.reply.value)
        else:
            outcome = UNKNOWN if self.sent and self.plane.plan.op_writes[self.operation] else TIMEOUT
        self._keep_or_close(self.reply.triggered and outcome in _RESPONSES)
        self._report(outcome)
        if outcome != SUCCEEDED:
            self.session.held, self.session.held_callee = self.cause(outcome), self.callee
        return outcome

    def _wait(self) -> Iterator[Any]:
        """Until something has arrived, or the deadline, which may move, has come."""
        timer = self.timer(self.deadline_ns)
        while not (self.reply.triggered or timer.processed):
            yield self.reply | self._deadline_moved | timer
            if self._deadline_moved.triggered:
                self._deadline_moved, timer = self.env.event(), self.timer(self.deadline_ns)

    @property
    def user(self) -> "Request":
        """The user's request for which it is made: itself."""
        return self

    @property
    def _own_is_awaited(self) -> bool:
        return bool(self.env.now <= min(self.deadline_ns, self.latest_read_ns))

    @property
    def is_awaited(self) -> bool:
        """Whether the user still waits for it."""
        return self._own_is_awaited

    def delays_ns(self) -> tuple[int, int]:
        """There and back, as the links are now."""
        session = self.session
        delays: tuple[int, int] = self.plane.network.delays_ns(
            session.number, self.attempt_number, self.place, self.region, session.last_mile_ns
        )
        return delays

    def connected(self, resets: int) -> None:
        """The door has let the connection in."""
        self.resets = resets

    # what it is held by

    def note(self, cause: int) -> None:
        """It has met something, and somebody still waits for it."""
        if self.is_awaited:
            self._why = cause

    def note_callee(self, store: int) -> None:
        """It waits for a service that its service calls, or has been failed by it."""
        self.note(CALLED_SERVICES)
        if self.is_awaited:
            self.callee = store

    def note_answer(self, asked_ns: int) -> None:
        """A service has answered at the first try: that holds it only if it took more than all before."""
        is_held = self.env.now - asked_ns > asked_ns - self.begin_ns
        if self.is_awaited and self._why == CALLED_SERVICES and not is_held:
            self._why = SLOW

    def _is_led_there(self) -> bool:
        """Whether Route 53 leads users here to its region now."""
        weights = self.plane.names.authorities[self.name].weights[self.place]
        return bool(weights[self.region] > 0)

    def _note_way(self, way: int) -> None:
        """The region is known, and by what it was led there."""
        self._way = way
        self._misled_by = way if self.region >= 0 and not self._is_led_there() else SLOW

    def cause(self, outcome: int | None) -> int:
        """What has held it, if it ends with an outcome; None: it has ended well, though late."""
        if outcome is None:
            return self._why
        if self.is_token:
            return ISSUERS
        if outcome in (DNS_FAILURE, DNS_EMPTY):
            is_well = self.plane.names.authorities[self.name].mode == ANSWERING
            return NEGATIVE_ANSWERS if self._is_cached and is_well else NAME_SERVERS
        met = self._why
        if met == SLOW and outcome in (REFUSED_OUTCOME, RESET):
            met = NO_OTHER_ANSWER
        if self._misled_by != SLOW and met in _AVOIDABLE:
            return self._misled_by
        if met == NO_OTHER_ANSWER and self.region >= 0 and not self._is_led_there():
            return OPEN_REQUESTS
        return met

    def _wait_for(self, wait_ns: int) -> None:
        self.deadline_ns = min(self.env.now + wait_ns, self._patience_end_ns)

    def send(self, sent_ns: int) -> None:
        """The connection is there, and the request is sent; a client with two timeouts starts the second."""
        self.sent = True
        if self.session.policy.connect_timeout_ns >= 0:
            self.deadline_ns = min(sent_ns + self.session.policy.timeout_ns, self._patience_end_ns)
            self._deadline_moved.succeed()

    def _begin(self) -> None:
        self.plane.counts["token_started" if self.is_token else "attempts_started"] += 1
        self.meet("population", self.population)
        if self.is_token:
            self._depart(self.begin_ns)
        elif not self._reuse():
            self._look_up()

    def _reuse(self) -> bool:
        """Go over a kept-alive connection, if there is one."""
        self.session.recall(self.name, self.operation)
        kept = self.session.connections.get(self.name)
        if kept is None or self.begin_ns - kept.used_ns > self.session.policy.keep_alive_ns:
            return False
        self.kept_resets, self.region, self.opened_ns = kept.resets, kept.region, kept.opened_ns
        self._note_way(KEPT_CONNECTIONS)
        self.send(self.begin_ns)
        self._depart(self.begin_ns, "window_pinned")
        return True

    def _look_up(self) -> None:
        session, who = self.session, (self.session.number, self.attempt_number)
        found = self.plane.names.look_up(
            session.device,
            self.population,
            session.resolver,
            session.last_mile_ns,
            self.name,
            who,
            self.begin_ns,
        )
        self._is_cached = found.source != AUTHORITATIVE
        if not self._is_cached:
            self.meet("name", self.name)
        if not found.answer:
            outcome = DNS_FAILURE if found.answer is None else DNS_EMPTY
            self.env.process(self.arrive(found.took_ns, outcome))
            return
        if self._cdn < 0:
            regions = sorted(found.answer)
            chosen = int(self.uniform(ATTEMPT, 0, 1) * len(regions))
            self.region, *others = regions[chosen:] + regions[:chosen]
            if session.policy.next_address_ns >= 0:
                self.addresses = others
        self._note_way(DEVICE_ANSWERS if found.source == DEVICE else RESOLVER_ANSWERS)
        self._depart(self.begin_ns + found.took_ns, "window_cached" if self._is_cached else "window_fresh")

    def _depart(self, t: int, how: str | None = None) -> None:
        if how is not None and self._cdn < 0:
            self.plane.attempt_begun(self, how)
        journey = Journey(self) if self._cdn < 0 else EdgeJourney(self, self._cdn)
        self.env.process(journey.travel(t))

    def leaves_address(self, at_ns: int, phase: int) -> bool:
        """Whether the client goes on to the answer's next address at an instant, as it has not given up."""
        if not self.addresses or at_ns >= self.deadline_ns:
            return False
        self.env.process(self._go_on(at_ns, phase))
        return True

    def _go_on(self, at_ns: int, phase: int) -> Iterator[Any]:
        yield self.env.at(at_ns, rank(self.session.number, self.attempt_number, phase))
        self.region = self.addresses.pop(0)
        self._note_way(self._way)
        self.plane.counts["next_addresses"] += 1
        self.env.process(Journey(self).travel(self.env.now))

    def _keep_or_close(self, is_usable: bool) -> None:
        if self.is_token:
            return
        self.session.connections.pop(self.name, None)
        if is_usable and self.session.policy.keep_alive_ns > 0 and not self._is_last():
            resets = self.kept_resets if self.is_reused else self.resets
            assert resets is not None
            self.session.connections[self.name] = Kept(self.region, self.env.now, resets, self.opened_ns)

    def _is_last(self) -> bool:
        """Whether the load balancer ends the connection with the answer to this request."""
        limit_ns = self.plane.age_limit_ns(self.operation, self.region)
        return self.is_reused and self.begin_ns >= self.opened_ns + limit_ns

    def _report(self, outcome: int) -> None:
        traced = TracedAttempt(
            self.session.number, self.attempt_number, self.begin_ns, self.env.now,
            self.operation, self.region, outcome, self.version,
        )  # fmt: skip
        answered = self.reply.triggered and outcome == self.reply.value
        self.plane.attempt_ended(traced, self.is_token, self.turned_away and answered)

    # its events

    def wait_until(self, t: int) -> Any:
        """An event on the server's side."""
        return self.env.at(t, rank(self.session.number, self.attempt_number, SERVER_PHASE))

    def timer(self, t: int) -> Any:
        """A deadline, of the client or the gateway."""
        return self.env.at(t, rank(self.session.number, self.attempt_number, TIMER_PHASE))

    def arrive(self, after_ns: int, outcome: int) -> Iterator[Any]:
        """Something arrives at the client, in time or not."""
        who = self.session.number, self.attempt_number
        yield self.env.at(self.env.now + after_ns, rank(*who, RESPONSE_PHASE))
        if self.env.now <= self.deadline_ns and not self.reply.triggered:
            self.reply.succeed(outcome)

    def be_misled(self, store: int) -> None:
        """It has read what is damaged, and somebody may still wait for it."""
        self.meet("damage", store)
        self.user.is_wrong |= self.is_awaited

    def read(self, store: int, item: int, region: int, filters: bool = False) -> Any:
        """Read an item in a region's replica, if expired ones are not filtered; remember what was read."""
        self.meet("replica", store, region)
        found = self.plane.stores.read(store, item, region, self.session.number)
        self.take_version(store, item, region, found, filters)
        return found

    def take_nothing(self) -> None:
        """A read of another table has found what this one knows nothing of."""
        self.read_damage = False
        if self.env.now <= min(self.deadline_ns, self.latest_read_ns):
            self.version = INITIAL

    def take_version(self, store: int, item: int, region: int, found: Any, filters: bool = False) -> None:
        """A read has found a version."""
        session = self.session
        has_expired, is_gone = (
            ask(store, item, found, self.env.now)
            for ask in (self.plane.stores.expiry.has_expired, self.plane.stores.expiry.is_gone)
        )
        passed = is_gone or (has_expired and filters)
        self.plane.counts.absent_reads[store] += passed or (found is not None and found.deletes)
        self.plane.counts.expired_reads[store] += has_expired and not passed
        self.read_damage = found is not None and found.damaged and not passed
        if self.read_damage:
            self.plane.note_wrong(self, store, region)
        if not session.ended:
            violation = session.remember((store, item), found)
            self.plane.counts.monotonic_violations[store] += violation
        if self.is_awaited:
            self.user.version = INITIAL
            if found is not None:
                self.user.version = found.session << 20 | (found.attempt << 4 | found.step) % 2**20
