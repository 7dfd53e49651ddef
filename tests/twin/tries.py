"""A run of tries: what a client does until it succeeds or gives up (docs/model-request-path.md §6)."""

from collections.abc import Iterator
from typing import Any

from simulator.boundary.causes import CIRCUIT_BREAKERS
from simulator.boundary.kinds import REPEATS_ALL, REPEATS_READS
from simulator.boundary.outcomes import (
    BLOCKED,
    CIRCUIT_OPEN,
    RESET,
    SUCCEEDED,
    THROTTLED,
    TIMEOUT,
    UNAUTHORIZED,
    UNKNOWN,
)
from simulator.boundary.tallies import TracedAttempt
from tests.twin.counts import add_time
from tests.twin.requests import NO_READ, NOWHERE, Request


class Tries:
    """The tries of an operation, or of a token request that first asks a certain issuer."""

    def __init__(self, session: Any, operation: int, issuers: list[int] | None = None) -> None:
        self._session, self._operation, self._issuers = session, operation, issuers
        self._plane, self._env, self._client = session.plane, session.plane.env, session.client
        self._failed = 0
        self._last_cost: int | None = None
        self.region = NOWHERE  # of the last try

    def run(self) -> Iterator[Any]:
        """Try until success, the last attempt, or the end of the user's patience: the outcome.

        None if the user left before a try.
        """
        while True:
            outcome = yield from self._ask_issuer() if self._issuers else self._ask_service()
            if outcome is None:
                return None
            self._session.attempts += 1
            if outcome == SUCCEEDED:
                self._succeed()
                return outcome
            self._failed += 1
            self._session.note_failure(outcome)
            next_ns = self._next_ns(outcome)
            if next_ns is None:
                return outcome
            yield self._session.wait_until(min(next_ns, self._session.patience_end_ns))
            if next_ns >= self._session.patience_end_ns:
                self._session.leave()
                return outcome

    def _succeed(self) -> None:
        if not self._issuers:
            self._client.quota.give_back(self._last_cost)

    # one try

    def _ask_issuer(self) -> Iterator[Any]:
        assert self._issuers is not None
        self.region = self._issuers[self._failed % len(self._issuers)]
        request = Request(self._session, self._operation, self._session.patience_end_ns, self.region)
        return (yield from request.attempt())

    def _ask_service(self) -> Iterator[Any]:
        """One try of the operation, if breaker and limiter allow it."""
        if not self._client.breaker.admits(self._env.now):
            return self._turn_away()
        epoch = self._client.breaker.epoch
        is_held = yield from self._hold_back()
        if is_held:
            self._session.leave()
            return None
        request = Request(self._session, self._operation, self._session.patience_end_ns)
        outcome = yield from request.attempt()
        if self._repeats(request, outcome):
            self._plane.counts["repeated"] += 1
            self._session.attempts += 1
            self._session.note_failure(outcome)
            request = Request(self._session, self._operation, self._session.patience_end_ns)
            outcome = yield from request.attempt()
        self.region = request.region
        self._client.breaker.learn(self._env.now, epoch, outcome != SUCCEEDED)
        self._client.limiter.learn(self._env.now, outcome == THROTTLED)
        return outcome

    def _repeats(self, request: Request, outcome: int) -> bool:
        """Whether the client sends the same again by itself: a reused connection was reset."""
        what = self._session.policy.repeats
        allowed = what == REPEATS_ALL or (
            what == REPEATS_READS and not self._plane.plan.op_writes[self._operation]
        )
        in_time = self._env.now < self._session.patience_end_ns
        return outcome == RESET and request.is_reused and allowed and bool(in_time)

    def _turn_away(self) -> int:
        session, now = self._session, self._env.now
        self._plane.counts["attempts_started"] += 1
        Request(session, self._operation, session.patience_end_ns).meet("population", session.population)
        who = session.number, session.attempts
        traced = TracedAttempt(*who, now, now, self._operation, NOWHERE, CIRCUIT_OPEN, NO_READ)
        self._plane.attempt_ended(traced, False)
        self.region = NOWHERE
        session.held = CIRCUIT_BREAKERS
        return CIRCUIT_OPEN

    def _hold_back(self) -> Iterator[Any]:
        """Wait as long as the limiter says; whether the user's patience ends before."""
        wait_ns = self._client.limiter.wait_ns(self._env.now)
        add_time(self._plane.counts.held_back_time, wait_ns)
        begin_ns, end_ns = self._env.now + wait_ns, self._session.patience_end_ns
        if wait_ns:
            yield self._session.wait_until(max(min(begin_ns, end_ns), self._env.now))
        return wait_ns > 0 and begin_ns >= end_ns

    # after a failure

    def _next_ns(self, outcome: int) -> int | None:
        """When the next try begins; None if there is none."""
        session, policy = self._session, self._session.policy
        if self._env.now >= session.patience_end_ns:
            session.leave()
            return None
        if (
            outcome in (UNAUTHORIZED, BLOCKED)
            or self._failed >= policy.attempts
            or not self._is_granted(outcome)
        ):
            return None
        u = session.backoff_draw()
        return int(self._env.now + policy.backoff_ns(self._failed, outcome == THROTTLED, u))

    def _is_granted(self, outcome: int) -> bool:
        if self._issuers:
            return True
        self._last_cost = self._client.quota.grant(outcome in (TIMEOUT, UNKNOWN), outcome == THROTTLED)
        self._plane.counts["retries_denied"] += self._last_cost is None
        return self._last_cost is not None
