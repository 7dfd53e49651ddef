"""Conservation laws of the request path: gateways, compute, calls, tokens (docs/measures.md, "Laws")."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import SERVICE
from simulator.boundary.outcomes import (
    BLOCKED,
    OPEN_CALL,
    OVERLOADED,
    SUCCEEDED,
    THROTTLED,
    THROTTLED_CALL,
    UNAUTHORIZED,
)
from simulator.boundary.tallies import Tallies
from simulator.measure.shares import exact_ns
from simulator.outcome import Outcome

Law = tuple[str, object, object]
_AT_MOST = "no more"


def laws_of_path(outcome: Outcome) -> Iterator[Law]:
    """Each law: its name and two plain values that are equal if it holds."""
    t = outcome.tallies
    of_services = outcome.plan.data.store_kind == SERVICE
    laws = chain(
        _laws_of_attempts(t),
        _laws_of_sessions(t),
        _laws_of_compute(t),
        _laws_of_calls(t, of_services),
        _laws_of_service_calls(t, of_services),
    )
    for law, left, right in laws:
        yield law, _without_earlier(t, left) if law.startswith(_AT_MOST) else left, right


def _without_earlier(t: Tallies, excess: Any) -> int:
    """Of an excess, what is not explained by requests under way when counting began."""
    return int(max(excess - t.begun_before, 0))


def at_most(law: str, part: Any, whole: Any) -> Law:
    """No entry of `part` is above that of `whole`: the sum of what is above is zero."""
    return law, int(np.maximum(np.subtract(part, whole), 0).sum()), 0


def _laws_of_attempts(t: Tallies) -> Iterator[Law]:
    region = t.attempts_by_region
    yield "attempts served by window = by region", *_equal(t.window_served.sum(0), region[:, SUCCEEDED])
    failed = region.sum(1) - region[:, SUCCEEDED]
    yield "attempts failed by window = by region", *_equal(t.window_failed_region.sum(0), failed)
    rejected = region[:, THROTTLED] + region[:, OVERLOADED]
    by_window, functions = t.window_rejected.sum(0), t.lambda_throttled.sum(0)
    yield at_most("no fewer attempts rejected by window than by region", rejected, by_window)
    yield at_most("no more but those that Lambda throttled", by_window, rejected + functions)
    yield at_most("no more attempts by region than in all", region.sum(0), t.attempts)
    answers = t.attempts + t.token_attempts
    calls = np.minimum(t.call_failures[THROTTLED_CALL], t.calls_failed).sum()
    limits = t.gateway_throttled.sum() + t.lambda_throttled.sum() + calls
    yield at_most("no more throttled attempts than limits met", answers[THROTTLED], limits)
    full = t.overloaded.sum() + t.lambda_throttled.sum() + t.shed.sum()
    yield at_most(
        "no more overloaded attempts than were turned away as such",
        answers[OVERLOADED],
        full,
    )
    yield at_most("no more blocked attempts than web ACLs blocked", t.attempts[BLOCKED], t.acl_blocked.sum())
    unauthorized = region[:, UNAUTHORIZED]
    yield at_most("no more unauthorized attempts than tokens rejected", unauthorized, t.tokens_rejected)
    edges = t.edge_hits + t.edge_misses + t.edge_errors
    yield at_most("no more looks at edges than attempts", edges, t.attempts_started)


def _equal(left: Any, right: Any) -> tuple[object, object]:
    return left.tolist(), right.tolist()


def _laws_of_sessions(t: Tallies) -> Iterator[Law]:
    classes = t.sessions_ended + t.sessions_alive
    with_failure = np.concatenate(([0], classes[1:]))  # an undisturbed session has no failed attempt
    yield "sessions by class = by cause", *_equal(with_failure, t.sessions_by_cause.sum(1))
    unauthorized = t.attempts[UNAUTHORIZED]
    yield at_most("no more forced logins than unauthorized attempts", t.forced_logins, unauthorized)
    yield at_most("no more token requests by kind than tries", t.token_kinds.sum(), t.token_started)


def _laws_of_compute(t: Tallies) -> Iterator[Law]:
    waited = "waiting in queues = queue length over time (Little)"
    yield waited, *_equal(t.queue_wait_time, t.queue_integral_time)
    yield "requests that waited = their waits", int(t.queued.sum()), int(t.queue_wait.sum())
    begun = t.attempts_started + t.token_started + t.asked.sum()
    yield at_most("no more work than requests", t.started.sum(), begun)
    yield at_most("no more requests that waited than work", t.queued, t.started)
    yield at_most("no more cold starts than work", t.cold_starts, t.started)
    yield at_most("no more work at once than in all", t.peak_in_use, t.started)
    yield at_most("no more time in compute steps than at work", *map(exact_ns, (t.compute_time, t.busy_time)))


def _laws_of_service_calls(t: Tallies, of_services: NDArray[np.bool_]) -> Iterator[Law]:
    """A request of a service is answered once; its caller counts the try, unless it has been lost itself."""
    yield at_most("no more answers to services than requests", t.answered.sum(1), t.asked)
    sent = t.call_tries[of_services].sum() - t.call_failures[OPEN_CALL][of_services].sum()
    yield at_most("no more tries of services than answers", sent, t.answered.sum())
    failed = t.call_failures[:, of_services].sum() - t.call_failures[OPEN_CALL][of_services].sum()
    failures = t.answered.sum() - t.answered[:, SUCCEEDED].sum()
    yield at_most("no more failed tries of services than failed requests", failed, failures)


def _laws_of_calls(t: Tallies, of_services: NDArray[np.bool_]) -> Iterator[Law]:
    """A call ends with the try that succeeds, or is given up: each other try was followed by one more."""
    failures, not_given_up = t.call_failures.sum(0), t.calls - t.calls_failed
    yield at_most("no more calls than tries", t.calls, t.call_tries)
    yield at_most("no more calls given up than calls", t.calls_failed, t.calls)
    yield at_most("no more failed tries than tries", failures, t.call_tries)
    yield at_most("no more calls given up than failed tries", t.calls_failed, failures)
    yield at_most("no more tries than failures and one a call", t.call_tries, failures + not_given_up)
    throttled = t.call_failures[THROTTLED_CALL]
    over = t.store_throttled.sum(0)[~of_services]
    yield "throttled tries = tries over a table's capacity", *_equal(throttled[~of_services], over)
    looks = t.cache_hits + t.cache_misses
    yield at_most("no more hits and misses than calls", looks, not_given_up)
    yield at_most("no more increments lost than made", t.lost_increments, t.increments)
