"""A call from an instance to a store: tries until one takes effect or the client gives up.

Specification: docs/model-request-path.md §3.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simulator.boundary.causes import (
    CIRCUIT_BREAKERS,
    COLD_CACHES,
    FENCED_WRITES,
    NAME_SERVERS,
    NEGATIVE_ANSWERS,
    NO_QUORUM,
    TABLE_LIMITS,
    WRITE_CONFLICTS,
)
from simulator.boundary.outcomes import (
    ABSENT_CALL,
    BLACK_HOLE,
    CONFLICT_CALL,
    CONNECT_CALL,
    DNS_CALL,
    ERROR_CALL,
    FENCED_CALL,
    NO_WRITER_CALL,
    OPEN_CALL,
    REFUSED,
    REFUSED_CALL,
    THROTTLED_CALL,
    TIMEOUT_CALL,
)
from simulator.boundary.readings import of_served, of_store
from simulator.randomness.draws import STEP
from tests.twin.capacity import READS, WRITES
from tests.twin.databases import Passing
from tests.twin.draws import CALL, CONNECTION
from tests.twin.effects import REFUSED as CONDITION_REFUSED
from tests.twin.effects import Effect
from tests.twin.externals import Outside, is_external
from tests.twin.past import Connection

LOST, DONE = -1, -2
"""How a call ends if not by a failure: its work is lost; it has taken effect."""

LANES_OF_A_STEP = 64
FIRST_TRY_AFTER_A_MISS = 32


@dataclass(frozen=True)
class Failure:
    """Why a try failed, and when the caller knows."""

    cause: int
    known_ns: int


class Call:
    """One call, for one effect."""

    def __init__(self, work: Any, step: int, dist: int, effect: Effect, first_try: int = 0) -> None:
        self._work, self._step, self._dist, self._effect = work, step, dist, effect
        self._plane, self._env, self._first = work.plane, work.env, first_try
        self._store, self._instance = effect.store, work.instance
        self._place = self._store, work.request.region
        self._endpoint = self._plane.network.endpoints[self._place]
        is_outside = is_external(self._plane.plan, self._store)
        way = Outside if is_outside else Passing
        self._passing, self._is_outside = way(self._plane, work.request, effect), is_outside
        self._client = work.instance.client(self._store)
        self._policy = self._client.policy

    def _lane(self, j: int) -> int:
        return LANES_OF_A_STEP * self._step + self._first + j

    def _uniform(self, j: int, word: int) -> float:
        return float(self._work.request.uniform(CALL, self._lane(j), word))

    def run(self, begin_ns: int) -> Iterator[Any]:
        """Try from a time on: LOST, DONE, or the cause of the last failure."""
        tried, last_cost = 0, None
        while True:
            fate = yield from self._try(tried, begin_ns)
            if fate == LOST:
                return LOST
            if fate in (DONE, CONDITION_REFUSED):
                self._client.quota.give_back(last_cost)
                return fate
            tried += 1
            if fate == FENCED_CALL:
                self._client.quota.give_back(last_cost)
            if fate in (ABSENT_CALL, FENCED_CALL):
                self._plane.counts.calls_failed[self._place] += 1
                return fate
            if tried < self._policy.attempts:
                slow = fate in (TIMEOUT_CALL, CONNECT_CALL)
                last_cost = self._client.quota.grant(slow, fate == THROTTLED_CALL)
                self._plane.counts["call_retries_denied"] += last_cost is None
            if tried == self._policy.attempts or last_cost is None:
                self._plane.counts.calls_failed[self._place] += 1
                return fate
            u = self._uniform(tried - 1, 3)
            begin_ns = self._env.now + self._policy.backoff_ns(tried, fate == THROTTLED_CALL, u)

    def _try(self, j: int, begin_ns: int) -> Iterator[Any]:
        """One try, until the caller knows its result: LOST, DONE, or the cause of a failure."""
        self._consult()
        takes_ns, timeout_ns = self._takes_ns(j), self._policy.timeout_ns
        if (yield from self._is_lost_by(begin_ns + min(takes_ns, timeout_ns))):
            return LOST
        self._consult()
        if not self._client.breaker.admits(self._env.now):
            self._count(j, OPEN_CALL)
            return OPEN_CALL
        epoch = self._client.breaker.epoch
        fate = yield from self._fate(j, begin_ns, takes_ns > timeout_ns)
        if isinstance(fate, Failure):
            self._count(j, fate.cause)
            if fate.known_ns > self._env.now and (yield from self._is_lost_by(fate.known_ns)):
                return LOST
            fate = fate.cause
        elif fate in (DONE, CONDITION_REFUSED):
            self._count(j, None)
            self._plane.watched[of_store(*self._place)].append(self._env.now - begin_ns)
            if fate == DONE and self._plane.plan.metered:
                self._plane.watched[of_served(*self._place, self._effect.is_write)].append(takes_ns)
        else:
            return LOST
        self._client.breaker.learn(self._env.now, epoch, fate not in (DONE, CONDITION_REFUSED, FENCED_CALL))
        self._client.limiter.learn(self._env.now, fate == THROTTLED_CALL)
        return fate

    def _takes_ns(self, j: int) -> int:
        if j == 0 and self._first == 0:
            u = self._work.request.uniform(STEP, self._step // 4, self._step % 4)
        else:
            u = self._uniform(j, 0)
        sampled = self._plane.draws.sample(self._dist, u)
        serving, way_ns = self._passing.endpoint, self._passing.way_ns(self._lane(j))
        takes_ns = int(sampled * self._work.factor * serving.factor + 0.5) + serving.add_ns
        return takes_ns + way_ns + self._effect.waits_ns(j)

    def _is_lost_by(self, t: int) -> Iterator[Any]:
        """Wait until t, and look whether the work is lost."""
        yield self._work.request.wait_until(t)
        return self._work.is_lost()

    def _consult(self) -> None:
        self._work.request.meet("endpoint", *self._place)

    def _count(self, j: int, cause: int | None) -> None:
        counts = self._plane.counts
        counts.call_tries[self._place] += 1
        counts.calls[self._place] += j == 0
        if cause is not None:
            counts.call_failures[cause, *self._place] += 1
            if cause == ERROR_CALL and self._plane.plan.metered:
                counts.store_errors[int(not self._effect.is_write), *self._place] += 1
            self._work.request.note(self._held_by(cause))
            if self._is_outside and cause != OPEN_CALL:
                self._plane.note_external_failure(self._store)

    def _held_by(self, cause: int) -> int:
        if self._is_outside:
            return CIRCUIT_BREAKERS if cause == OPEN_CALL else self._passing.held_by()
        if cause == ERROR_CALL and self._effect.lacks_quorum():
            return NO_QUORUM
        behind_a_cache = self._first == FIRST_TRY_AFTER_A_MISS
        throttled = COLD_CACHES if behind_a_cache else TABLE_LIMITS
        no_address = NAME_SERVERS if self._endpoint.empty else NEGATIVE_ANSWERS
        named = {THROTTLED_CALL: throttled, DNS_CALL: no_address, OPEN_CALL: CIRCUIT_BREAKERS}
        named |= {CONFLICT_CALL: WRITE_CONFLICTS, FENCED_CALL: FENCED_WRITES}
        return named.get(cause, self._passing.held_by())

    def _fate(self, j: int, begin_ns: int, late: bool) -> Iterator[Any]:
        """Held back, connected, answered: LOST, DONE, or a failure."""
        wait_ns = self._client.limiter.wait_ns(self._env.now)
        if wait_ns and (yield from self._is_lost_by(self._env.now + wait_ns)):
            return LOST
        self._consult()
        if not self._is_connected():
            handshakes_ns = self._passing.handshakes_ns(self._lane(j))
            failure = self._connect(begin_ns, handshakes_ns)
            if failure is not None:
                return failure
            if handshakes_ns and (yield from self._is_lost_by(self._env.now + handshakes_ns)):
                return LOST
        self._consult()
        return self._ask(j, begin_ns, late)

    # the connection

    def _is_connected(self) -> bool:
        now = self._env.now
        self._instance.recall(self._store, now)
        connection = self._instance.connections.get(self._store)
        if connection is None or connection.resets != self._endpoint.resets:
            return False
        return bool(now - connection.used_ns <= self._policy.keep_alive_ns and now < connection.until_ns)

    def _connect(self, begin_ns: int, takes_ns: int) -> Failure | None:
        now = self._env.now
        if self._leads_nowhere():
            return Failure(DNS_CALL, now)
        mode = self._passing.mode_of_new(takes_ns, self._policy.connect_timeout_ns)
        if mode == BLACK_HOLE:
            connect_ns = self._policy.connect_timeout_ns
            waits_ns = self._policy.timeout_ns if connect_ns < 0 else connect_ns
            return Failure(CONNECT_CALL, max(now, begin_ns + waits_ns))
        if mode == REFUSED:
            return Failure(REFUSED_CALL, now)
        connection = Connection(now, self._until_ns(), self._endpoint.resets)
        self._instance.connections[self._store] = connection
        self._plane.counts.connections_opened[self._place] += 1
        return None

    def _leads_nowhere(self) -> bool:
        """Whether the endpoint's name has no address, by the instance's cache or by asking."""
        plan, now = self._plane.plan, self._env.now
        known = self._instance.names.get(self._store)
        if known is None or now >= known[1]:
            ttl_ns = plan.negative_ttl_ns if self._endpoint.empty else plan.endpoint_ttl_ns
            known = self._instance.names[self._store] = self._endpoint.empty, now + ttl_ns
        return known[0]

    def _until_ns(self) -> float:
        age_ns, now = self._policy.age_ns, self._env.now
        if not age_ns:
            return math.inf
        entity = self._instance.index * len(self._plane.plan.store_items) + self._store
        u = self._plane.draws.uniform(CONNECTION, entity, now, 0, 0)
        return now + int(age_ns * (0.5 + u) + 0.5)

    # the answer

    def _ask(self, j: int, begin_ns: int, late: bool) -> Failure | int:
        """The request meets the store over an open connection."""
        now, mode = self._env.now, self._endpoint.mode
        if mode == BLACK_HOLE:
            self._close()
            return Failure(TIMEOUT_CALL, max(now, begin_ns + self._policy.timeout_ns))
        if mode == REFUSED:
            self._close()
            return Failure(REFUSED_CALL, now)
        cause = self._passing.failure()
        if cause is not None:
            return self._not_passed_on(cause, begin_ns)
        if self._passing.endpoint.absent:
            return Failure(ABSENT_CALL, now)
        fenced = self._effect.is_write and self._passing.endpoint.fenced
        if fenced and not self._passing.loses_answers():
            return Failure(FENCED_CALL, now)
        alone = self._effect.lacks_quorum()
        if late or self._passing.loses_answers():
            self._close()
            if not fenced:
                self._apply_unseen(not alone, begin_ns)
            return Failure(TIMEOUT_CALL, max(now, begin_ns + self._policy.timeout_ns))
        errs, throttles = self._passing.endpoint.error_share, self._passing.endpoint.throttle_share
        if alone or self._uniform(j, 1) < errs:
            applied = not alone and self._uniform(j, 2) < self._plane.plan.applied_share
            self._apply_unseen(applied, begin_ns)
            return Failure(ERROR_CALL, now)
        if self._uniform(j, 1) < errs + throttles * (1.0 - errs) or self._effect.is_throttled():
            kind = WRITES if self._effect.is_write else READS
            self._plane.counts.store_throttled[kind, *self._place] += 1
            return Failure(THROTTLED_CALL, now)
        refusal = self._effect.refusal(begin_ns)
        if refusal not in (None, CONDITION_REFUSED):
            return Failure(refusal, now)
        if refusal is None:
            self._work.ambiguous |= self._effect.is_write
            self._effect.apply()
        else:
            self._effect.note_refusal()
        if self._store in self._instance.connections:  # another call may have closed it meanwhile
            self._instance.connections[self._store].used_ns = now
        return DONE if refusal is None else CONDITION_REFUSED

    def _not_passed_on(self, cause: int, begin_ns: int) -> Failure:
        """The region that serves the call is silent, refuses, or there is none."""
        if cause == NO_WRITER_CALL:
            return Failure(cause, self._env.now)
        self._close()
        learned_ns = begin_ns + self._policy.timeout_ns if cause == TIMEOUT_CALL else self._env.now
        return Failure(cause, max(self._env.now, learned_ns))

    def _close(self) -> None:
        self._instance.connections.pop(self._store, None)

    def _apply_unseen(self, applied: bool, began_ns: int) -> None:
        """A write may take effect though its caller hears of a failure."""
        self._work.ambiguous |= self._effect.is_write
        if self._effect.is_write and applied and self._effect.refusal(began_ns) is None:
            self._effect.apply()
