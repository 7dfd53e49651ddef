"""Session continuity: in which class the sessions alive during a fault ended up."""

from typing import Any

from simulator.boundary.outcomes import SESSION_CLASSES
from simulator.outcome import Outcome


def section(outcome: Outcome) -> dict[str, Any]:
    """The `continuity` section: the five shares (null without a session alive during a fault), and counts."""
    counts = dict(zip(SESSION_CLASSES, outcome.tallies.sessions_during_fault.tolist(), strict=True))
    total = sum(counts.values())
    shares = {name: count / total if total else None for name, count in counts.items()}
    all_sessions = outcome.tallies.sessions_ended + outcome.tallies.sessions_alive
    return shares | {
        "sessions": total,
        "counts": counts,
        "sessions_in_run": outcome.tallies.sessions_started,
        "counts_in_run": dict(zip(SESSION_CLASSES, all_sessions.tolist(), strict=True)),
    }
