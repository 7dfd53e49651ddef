"""A call of a service by another: tries, each a request of its own that goes the whole way.

Specification: docs/model-request-path.md §3.2.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.boundary.causes import CIRCUIT_BREAKERS
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import (
    CONNECT_CALL,
    ERROR_CALL,
    OPEN_CALL,
    REFUSED_CALL,
    REFUSED_OUTCOME,
    RESET,
    SUCCEEDED,
    THROTTLED,
    THROTTLED_CALL,
    TIMEOUT,
    TIMEOUT_CALL,
    UNAUTHORIZED,
    UNKNOWN,
)
from simulator.boundary.readings import of_store
from tests.twin.calls import DONE, LANES_OF_A_STEP, LOST
from tests.twin.draws import CALL, CONNECTION
from tests.twin.journeys import Journey
from tests.twin.past import Connection
from tests.twin.requests import Request

OF_A_USER = 2**32
"""Numbers below this are of a user's attempts and actions; above it stands the path to what is nested."""

TRIES, STEPS = 32, 16


def below(number: int, most: int, which: int) -> int:
    """The number of something nested, the one of `most` in what has a number."""
    path, own = divmod(number, OF_A_USER)
    return ((most + 1) * path + 1 + which) * OF_A_USER + own


@dataclass(frozen=True)
class Heard:
    """What a caller hears of a try."""

    outcome: int
    cause: int  # of its failure; DONE
    is_silence: bool


class NestedRequest(Request):
    """A request of a service, at the present instant."""

    def __init__(self, call: "ServiceCall", j: int) -> None:
        caller = call.work.request
        self.session, self.plane, self.env = caller.session, caller.plane, caller.env
        self.operation, self.population, self.region = call.operation, caller.population, call.region
        self.attempt_number = below(caller.attempt_number, STEPS * TRIES, TRIES * call.step + j)
        self.action = below(caller.action, STEPS, call.step)
        self.action_item, self.token = caller.action_item, caller.token
        self.place, self.begin_ns = caller.region, self.env.now
        self._call, self._caller = call, caller
        self.kept_resets, self.resets, self.sent = None, None, False
        self.addresses, self._met = [], frozenset()
        self.turned_away, self.read_damage = False, False
        self.states, self.latest_read_ns = {}, NEVER_NS
        self.reply, self._deadline_moved = self.env.event(), self.env.event()
        policy = call.client.policy
        waits_ns = policy.timeout_ns if policy.connect_timeout_ns < 0 else policy.connect_timeout_ns
        kept = call.connection()
        if kept is not None:
            self.kept_resets, self.sent, waits_ns = kept.resets, True, policy.timeout_ns
        self.deadline_ns = self.env.now + waits_ns

    @property
    def user(self) -> Request:
        """The user's request for which it is made."""
        user: Request = self._caller.user
        return user

    @property
    def is_awaited(self) -> bool:
        """Whether the user waits, and all callers in between."""
        return self._own_is_awaited and self._caller.is_awaited

    def note(self, cause: int) -> None:
        """What it meets is its caller's affair."""

    def note_callee(self, store: int) -> None:
        """So is by whom it is kept waiting."""

    def note_answer(self, asked_ns: int) -> None:
        """And for how long."""

    def delays_ns(self) -> tuple[int, int]:
        """There and back, from a service to another."""
        network = self.plane.network
        if self.place == self.region:
            way_ns = network.in_region_ns(self.session.number, self.attempt_number)
            return way_ns, way_ns
        delays: tuple[int, int] = network.delays_ns(
            self.session.number, self.attempt_number, self.place, self.region, 0
        )
        return delays

    def connected(self, resets: int) -> None:
        """The door has let the connection in."""
        self.resets = resets
        self._call.keep(resets)

    def send(self, sent_ns: int) -> None:
        """The request is sent; with two timeouts, the second begins."""
        self.sent = True
        policy = self._call.client.policy
        if policy.connect_timeout_ns >= 0:
            self.deadline_ns = sent_ns + policy.timeout_ns
            self._deadline_moved.succeed()

    def ask(self) -> Iterator[Any]:
        """Send it, and wait for the answer until the deadline: what the caller hears."""
        self.env.process(Journey(self).travel(self.env.now))
        yield from self._wait()
        if self.reply.triggered:
            outcome = int(self.reply.value)
            return Heard(outcome, _CAUSES.get(outcome, ERROR_CALL), False)
        writes = self.plane.plan.op_writes[self.operation]
        cause = TIMEOUT_CALL if self.sent else CONNECT_CALL
        return Heard(UNKNOWN if self.sent and writes else TIMEOUT, cause, True)


_CAUSES = {
    SUCCEEDED: DONE,
    REFUSED_OUTCOME: REFUSED_CALL,
    RESET: REFUSED_CALL,
    THROTTLED: THROTTLED_CALL,
}


class ServiceCall:
    """One call, of a step of some work."""

    def __init__(self, work: Any, step: int, row: int) -> None:
        self.work, self.step, self._plane, self._env = work, step, work.plane, work.env
        plan, caller = self._plane.plan, work.request
        self.operation, self._store = int(plan.step_operation[row]), int(plan.step_store[row])
        to = int(plan.step_to[row])
        self.region = caller.region if to < 0 else to
        self._door = self._plane.network.sites[int(plan.op_service[self.operation]), self.region]
        self._instance, self.client = work.instance, work.instance.client(self._store)
        self._place = self._store, caller.region
        self._is_final = False  # the callee has said that another try would not help

    def run(self, begin_ns: int) -> Iterator[Any]:
        """Try from a time on: LOST, DONE, or the cause of the last failure."""
        policy, quota, tried, last_cost = self.client.policy, self.client.quota, 0, None
        while True:
            fate = yield from self._try(tried, begin_ns)
            if fate == LOST:
                return LOST
            if fate == DONE:
                quota.give_back(last_cost)
                return DONE
            tried += 1
            has_more = tried < policy.attempts and not self._is_final
            if has_more:
                slow = fate in (TIMEOUT_CALL, CONNECT_CALL)
                last_cost = quota.grant(slow, fate == THROTTLED_CALL)
                self._plane.counts["call_retries_denied"] += last_cost is None
            if not has_more or last_cost is None:
                self._plane.counts.calls_failed[self._place] += 1
                return fate
            u = self.work.request.uniform(CALL, LANES_OF_A_STEP * self.step + tried - 1, 3)
            begin_ns = self._env.now + policy.backoff_ns(tried, fate == THROTTLED_CALL, u)

    def _try(self, j: int, begin_ns: int) -> Iterator[Any]:
        if (yield from self._is_lost_at(begin_ns)):
            return LOST
        caller, breaker, limiter = self.work.request, self.client.breaker, self.client.limiter
        caller.note_callee(self._store)
        if not breaker.admits(self._env.now):
            self._count(j, OPEN_CALL)
            caller.note(CIRCUIT_BREAKERS)
            return OPEN_CALL
        epoch, wait_ns = breaker.epoch, limiter.wait_ns(self._env.now)
        if wait_ns and (yield from self._is_lost_at(self._env.now + wait_ns)):
            return LOST
        fate = yield from self._ask(j)
        if fate != LOST:
            breaker.learn(self._env.now, epoch, fate != DONE)
            limiter.learn(self._env.now, fate == THROTTLED_CALL)
        return fate

    def _is_lost_at(self, t: int) -> Iterator[Any]:
        yield self.work.request.wait_until(t)
        return self.work.is_lost()

    def _ask(self, j: int) -> Iterator[Any]:
        """Send a request, and take what comes of it: LOST, DONE, or the cause of a failure."""
        counts, caller, asked_ns = self._plane.counts, self.work.request, self._env.now
        counts.asked[self.operation] += 1
        caller.note_callee(self._store)
        heard = yield from NestedRequest(self, j).ask()
        counts.answered[self.operation, heard.outcome] += 1
        if self.work.is_lost():
            return LOST
        writes = bool(self._plane.plan.op_writes[self.operation])
        self.work.ambiguous |= writes and heard.outcome in (SUCCEEDED, UNKNOWN)
        self._is_final = heard.outcome == UNAUTHORIZED
        if heard.is_silence or heard.cause == REFUSED_CALL:
            self._instance.connections.pop(self._store, None)
        elif self._store in self._instance.connections:
            self._instance.connections[self._store].used_ns = self._env.now
        self._count(j, heard.cause)
        if heard.cause != DONE:
            caller.note_callee(self._store)
            return heard.cause
        if j == 0:
            caller.note_answer(asked_ns)
        self._plane.watched[of_store(*self._place)].append(self._env.now - asked_ns)
        return DONE

    def _count(self, j: int, cause: int) -> None:
        counts = self._plane.counts
        counts.call_tries[self._place] += 1
        counts.calls[self._place] += j == 0
        if cause != DONE:
            counts.call_failures[cause, *self._place] += 1

    # the connection

    def connection(self) -> Connection | None:
        """What the caller's instance has, if it is usable."""
        now, policy = self._env.now, self.client.policy
        self._instance.recall(self._store, now)
        kept: Connection | None = self._instance.connections.get(self._store)
        if kept is None or kept.resets != self._door.resets:
            return None
        is_fresh = now - kept.used_ns <= policy.keep_alive_ns and now < kept.until_ns
        return kept if is_fresh else None

    def keep(self, resets: int) -> None:
        """A new one is open."""
        self._plane.counts.connections_opened[self._place] += 1
        if self.work.still_has_its_instance:
            now, age_ns, until_ns = self._env.now, self.client.policy.age_ns, math.inf
            if age_ns:
                entity = self._instance.index * len(self._plane.plan.store_items) + self._store
                u = self._plane.draws.uniform(CONNECTION, entity, now, 0, 0)
                until_ns = now + int(age_ns * (0.5 + u) + 0.5)
            self._instance.connections[self._store] = Connection(now, until_ns, resets)
