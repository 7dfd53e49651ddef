"""Conservation laws, checked at the end of every run; a broken one is a defect of the simulator."""

from collections.abc import Iterator

import numpy as np

from simulator.errors import DefectError
from simulator.outcome import Outcome


def check(outcome: Outcome) -> None:
    """Raise DefectError with every law that the tallies break."""
    broken = [
        f"{law}: {left} is not {right}"
        for law, left, right in _laws(outcome)
        if not np.array_equal(left, right)
    ]
    if broken:
        raise DefectError("a conservation law is broken: " + "; ".join(broken))


def _laws(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    t = outcome.tallies
    yield (
        "attempts = finished by outcome + in flight",
        t.attempts_started,
        t.attempts.sum() + t.attempts_in_flight,
    )
    yield "token requests = finished + in flight", t.token_started, t.token_attempts.sum() + t.token_in_flight
    yield (
        "actions = finished by outcome + in flight",
        t.actions_started,
        t.actions.sum() + t.actions_in_flight,
    )
    yield (
        "sessions = ended by class + alive",
        t.sessions_started,
        t.sessions_ended.sum() + t.sessions_alive.sum(),
    )
    yield "succeeded actions = their sum over windows", t.actions[0], t.window_succeeded.sum()
    yield "failed actions = their sum over windows", t.actions[1:].sum(), t.window_failed.sum()
    yield "attempts begun by region = finished + in flight", *_by_region(outcome)
    fates = t.visible + t.pending + t.suppressed + t.lost
    yield "acknowledged writes = visible + pending + suppressed + lost", t.writes.tolist(), fates.tolist()
    marked = sum(mark.writes for mark in outcome.at_risk)
    fates_at_risk = t.risk_late + t.risk_suppressed + t.risk_lost + t.risk_pending
    yield "writes at risk = late + suppressed + lost + pending", marked, fates_at_risk.sum()
    yield "finished actions = their latencies", t.actions.sum(), t.action_latency.sum()
    yield "finished attempts = their latencies", t.attempts.sum(), t.attempt_latency.sum()
    yield "copies by lag = copies by time", t.lag.sum(), t.lag_bucket_count.sum()
    yield "no count is negative", min(0, *(int(np.min(value)) for value in _counts(outcome))), 0


def _by_region(outcome: Outcome) -> tuple[bool, bool]:
    """Attempts that were sent somewhere are at least those that finished, and exceed them by at most those in flight."""
    t = outcome.tallies
    begun = int((t.window_fresh + t.window_cached + t.window_pinned).sum())
    finished = int(t.attempts_by_region.sum())
    return 0 <= begun - finished <= t.attempts_in_flight, True


def _counts(outcome: Outcome) -> list[object]:
    values = [value for value in vars(outcome.tallies).values() if np.size(value)]
    return values or [0]
