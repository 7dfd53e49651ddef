"""Requests: what was tried, what became of it, how long it took, and what readers saw."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.measure.histogram import summary_s
from simulator.outcome import Outcome
from simulator.seam import OUTCOMES


def _by_outcome(counts: NDArray[np.int64]) -> dict[str, int]:
    return dict(zip(OUTCOMES, counts.tolist(), strict=True))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def section(outcome: Outcome) -> dict[str, Any]:
    """The `requests` section. Latencies include failures: a dying service must not look fast."""
    t = outcome.tallies
    finished = int(t.actions.sum())
    return {
        "success": _share(int(t.actions[0]), finished),
        "actions": {"started": t.actions_started, "in_flight": t.actions_in_flight, "gave_up": t.gave_up}
        | _by_outcome(t.actions),
        "action_latency": summary_s(t.action_latency),
        "attempts": {"started": t.attempts_started, "in_flight": t.attempts_in_flight}
        | _by_outcome(t.attempts),
        "attempt_latency": summary_s(t.attempt_latency),
        "token_requests": {"started": t.token_started, "in_flight": t.token_in_flight}
        | _by_outcome(t.token_attempts),
        "attempts_by_region": {
            region: _by_outcome(t.attempts_by_region[number])
            for number, region in enumerate(outcome.plan.regions)
        },
        "consistency": _consistency(outcome),
    }


def _consistency(outcome: Outcome) -> dict[str, Any]:
    """Anomalies that readers and writers met."""
    t = outcome.tallies
    reads, writes = int(t.reads.sum()), int(t.writes.sum())
    return {
        "reads": reads,
        "stale_reads": int(t.stale_reads.sum()),
        "stale_share": _share(int(t.stale_reads.sum()), reads),
        "read_your_writes_violations": int(t.ryw_violations.sum()),
        "monotonic_reads_violations": int(t.monotonic_violations.sum()),
        "lost_updates": int(t.suppressed.sum()),
        "lost_update_share": _share(int(t.suppressed.sum()), writes),
        "double_applied": t.double_applied,
    }
