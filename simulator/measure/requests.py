"""Requests: what was tried, what became of it, how long it took, and what readers saw."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import OUTCOMES, OVERLOADED, SESSION_CLASSES, SUCCEEDED, THROTTLED
from simulator.measure.histogram import summary_s
from simulator.measure.shares import share
from simulator.outcome import Outcome


def _by_outcome(counts: NDArray[np.int64]) -> dict[str, int]:
    return dict(zip(OUTCOMES, counts.tolist(), strict=True))


def section(outcome: Outcome) -> dict[str, Any]:
    """The `requests` section. Latencies include failures: a dying service must not look fast."""
    t = outcome.tallies
    return {
        "success": share(int(t.actions[SUCCEEDED]), int(t.actions.sum())),
        "actions": {"started": t.actions_started, "in_flight": t.actions_in_flight, "gave_up": t.gave_up}
        | _by_outcome(t.actions),
        "action_latency": summary_s(t.action_latency),
        "attempts": {"started": t.attempts_started, "in_flight": t.attempts_in_flight}
        | _by_outcome(t.attempts),
        "attempt_latency": summary_s(t.attempt_latency),
        "throttled_share": share(int(t.attempts[[THROTTLED, OVERLOADED]].sum()), int(t.attempts.sum())),
        "retry_amplification": _retry_amplification(outcome),
        "retries_denied": t.retries_denied,
        "held_back_s": t.held_back_ns / 10**9,
        "token_requests": {"started": t.token_started, "in_flight": t.token_in_flight}
        | _by_outcome(t.token_attempts),
        "attempts_by_region": {
            region: _by_outcome(t.attempts_by_region[number])
            for number, region in enumerate(outcome.plan.regions)
        },
        "causes": _causes(outcome),
        "bots": _bots(outcome),
        "consistency": _consistency(outcome),
    }


def _retry_amplification(outcome: Outcome) -> dict[str, float | None]:
    """How much each hop multiplies: users' clients, then the services' own. Bots act and try, too."""
    t = outcome.tallies
    actions = t.actions_started + int(t.bot_actions.sum())
    attempts = share(t.attempts_started, actions)
    tries = share(int(t.call_tries.sum()), int(t.calls.sum()))
    total = None if attempts is None else attempts * (1.0 if tries is None else tries)
    return {"attempts_per_action": attempts, "tries_per_call": tries, "total": total}


def _causes(outcome: Outcome) -> dict[str, dict[str, int]]:
    """Sessions by class and by the outcome of their first failed attempt; only what occurred."""
    counts = outcome.tallies.sessions_by_cause
    return {
        name: {cause: count for cause, count in _by_outcome(counts[number]).items() if count}
        for number, name in enumerate(SESSION_CLASSES)
        if number
    }


def _bots(outcome: Outcome) -> dict[str, Any]:
    counts = outcome.tallies.bot_actions
    finished = int(counts.sum())
    return {"finished": finished, "success": share(int(counts[SUCCEEDED]), finished)} | _by_outcome(counts)


def _consistency(outcome: Outcome) -> dict[str, Any]:
    """Anomalies that readers and writers met."""
    t = outcome.tallies
    reads, writes = int(t.reads.sum()), int(t.writes.sum())
    return {
        "reads": reads,
        "stale_reads": int(t.stale_reads.sum()),
        "stale_share": share(int(t.stale_reads.sum()), reads),
        "read_your_writes_violations": int(t.ryw_violations.sum()),
        "monotonic_reads_violations": int(t.monotonic_violations.sum()),
        "lost_updates": int(t.suppressed.sum()),
        "lost_update_share": share(int(t.suppressed.sum()), writes),
        "double_applied": t.double_applied,
        "deduplicated": t.deduplicated,
    }
