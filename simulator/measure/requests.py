"""Requests: what was tried, what became of it, how long it took, and what readers saw."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.measures import NO_ACTION, NO_ATTEMPT, NOTHING_READ, Asked
from simulator.boundary.outcomes import (
    OUTCOMES,
    SESSION_CLASSES,
    SUCCEEDED,
    SessionClass,
)
from simulator.measure.histogram import percentile_s, summary_of
from simulator.measure.narrowed import asked_both, is_narrowed, is_of
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import exact_ns, share
from simulator.outcome import Outcome
from simulator.result.requests import (
    ActionLatency,
    Actions,
    Amplification,
    Attempts,
    Bots,
    ByOutcome,
    Consistency,
    Latency,
    Requests,
)
from simulator.result.whole import Sections


def by_outcome(counts: NDArray[np.int64]) -> ByOutcome:
    """Counts by the name of the outcome."""
    return dict(zip(OUTCOMES, counts.tolist(), strict=True))


def section(outcome: Outcome) -> Requests:
    """The `requests` section. Latencies include failures: a dying service must not look fast."""
    t = outcome.tallies
    return Requests(
        success=share(int((t.window_begun - t.window_bad).sum()), int(t.window_begun.sum())),
        actions=Actions(t.actions_started, t.actions_in_flight, t.gave_up, by_outcome(t.actions)),
        action_latency=latency_of(t.action_latency),
        action_latencies=tuple(_action_latencies(outcome)),
        attempts=Attempts(t.attempts_started, t.attempts_in_flight, by_outcome(t.attempts)),
        attempt_latency=latency_of(t.attempt_latency),
        throttled_share=share(int(t.window_rejected.sum()), int(t.attempts.sum())),
        retry_amplification=_retry_amplification(outcome),
        retries_denied=t.retries_denied,
        held_back_s=exact_ns(t.held_back_time) / 10**9,
        token_requests=Attempts(t.token_started, t.token_in_flight, by_outcome(t.token_attempts)),
        attempts_by_region={
            region: by_outcome(t.attempts_by_region[number])
            for number, region in enumerate(outcome.plan.regions)
        },
        causes=_causes(outcome),
        bots=_bots(outcome),
        consistency=_consistency(outcome),
    )


def _action_latencies(outcome: Outcome) -> Iterator[ActionLatency]:
    """One for each operation that a population of users asks for; bots have no actions of their own here."""
    plan = outcome.plan
    for population in np.flatnonzero(plan.data.pop_bots == 0).tolist():
        first = int(plan.data.pop_mix_first[population])
        for row in range(first, first + int(plan.data.pop_mix_count[population])):
            operation = plan.operations[int(plan.data.mix_operation[row])]
            histogram = outcome.tallies.latency_by_mix[row]
            yield ActionLatency(plan.populations[population], operation, **_latency(histogram))


def latency_of(histogram: NDArray[np.int64]) -> Latency:
    """Percentiles of a histogram, which they keep."""
    return Latency(**_latency(histogram))


def _latency(histogram: NDArray[np.int64]) -> dict[str, Any]:
    """The fields of a `Latency`."""
    return {**vars(summary_of(histogram)), "p99_9_s": percentile_s(histogram, 0.999), "histogram": histogram}


def _retry_amplification(outcome: Outcome) -> Amplification:
    """How much each hop multiplies: users' clients, then the services' own. Bots act and try, too."""
    t = outcome.tallies
    actions = t.actions_started + int(t.bot_actions.sum())
    attempts = share(t.attempts_started, actions)
    tries = share(int(t.call_tries.sum()), int(t.calls.sum()))
    total = None if attempts is None else attempts * (1.0 if tries is None else tries)
    return Amplification(attempts, tries, total)


def _causes(outcome: Outcome) -> dict[SessionClass, ByOutcome]:
    """Sessions by class and by the outcome of their first failed attempt; only what occurred."""
    counts = outcome.tallies.sessions_by_cause
    return {
        name: {cause: count for cause, count in by_outcome(counts[number]).items() if count}
        for number, name in enumerate(SESSION_CLASSES)
        if number
    }


def _bots(outcome: Outcome) -> Bots:
    counts = outcome.tallies.bot_actions
    finished = int(counts.sum())
    return Bots(finished, share(int(counts[SUCCEEDED]), finished), by_outcome(counts))


def _consistency(outcome: Outcome) -> Consistency:
    """Anomalies that readers and writers met."""
    t = outcome.tallies
    reads, writes = int(t.reads.sum()), int(t.writes.sum())
    return Consistency(
        reads=reads,
        stale_reads=int(t.stale_reads.sum()),
        stale_share=share(int(t.stale_reads.sum()), reads),
        read_your_writes_violations=int(t.ryw_violations.sum()),
        monotonic_reads_violations=int(t.monotonic_violations.sum()),
        lost_updates=int(t.lost_updates.sum()),
        lost_update_share=share(int(t.lost_updates.sum()), writes),
        conflicts=int(t.conflicts.sum()),
        double_applied=t.double_applied,
        deduplicated=t.deduplicated,
    )


def _asked_latency(run: Sections, asked: Asked) -> float | None:
    """A percentile over all that an expectation asks for."""
    chosen = [
        one.histogram for one in run.requests.action_latencies if is_of(asked, one.population, one.operation)
    ]
    return _percentile_asked(np.sum(chosen, axis=0), asked) if chosen else None


def _percentile_asked(histogram: NDArray[np.int64], asked: Asked) -> float | None:
    return percentile_s(histogram, (asked.percentile or 0.0) / 100)


def _success(run: Sections, asked: Asked) -> float | None:
    if not is_narrowed(asked):
        return run.requests.success
    chosen = asked_both(run, asked)
    actions, bad = sum(one.actions for one in chosen), sum(one.bad for one in chosen)
    return share(actions - bad, actions)


def _unknown_outcomes(run: Sections, asked: Asked) -> float | None:
    if not is_narrowed(asked):
        return run.requests.actions.by_outcome["unknown"]
    chosen = [one for one in asked_both(run, asked) if any(one.by_outcome.values())]
    return sum(one.by_outcome["unknown"] for one in chosen) if chosen else None


READERS: Readers = {
    "action_latency": _asked_latency,
    "attempt_latency": lambda run, asked: _percentile_asked(run.requests.attempt_latency.histogram, asked),
    "success": _success,
    "stale_reads": lambda run, _: run.requests.consistency.stale_share,
    "read_your_writes_violations": lambda run, _: run.requests.consistency.read_your_writes_violations,
    "monotonic_reads_violations": lambda run, _: run.requests.consistency.monotonic_reads_violations,
    "unknown_outcomes": _unknown_outcomes,
    "double_applied": lambda run, _: run.requests.consistency.double_applied,
    "throttled": lambda run, _: run.requests.throttled_share,
    "retry_amplification": lambda run, _: run.requests.retry_amplification.attempts_per_action,
    "call_amplification": lambda run, _: run.requests.retry_amplification.tries_per_call,
}

REASONS: Reasons = {
    NO_ACTION: lambda run, _: run.requests.success is None,
    NO_ATTEMPT: lambda run, _: run.requests.throttled_share is None,
    NOTHING_READ: lambda run, _: not run.requests.consistency.reads,
}
