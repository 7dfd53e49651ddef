"""Session continuity: in which class the sessions alive during a fault ended up."""

from simulator.boundary.outcomes import SESSION_CLASSES
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Outcome
from simulator.result.continuity import Continuity


def section(outcome: Outcome) -> Continuity:
    """The `continuity` section: the five shares (null without a session alive during a fault), and counts."""
    counts = dict(zip(SESSION_CLASSES, outcome.tallies.sessions_during_fault.tolist(), strict=True))
    total = sum(counts.values())
    shares = {name: count / total if total else None for name, count in counts.items()}
    all_sessions = outcome.tallies.sessions_ended + outcome.tallies.sessions_alive
    return Continuity(
        **shares,
        sessions=total,
        counts=counts,
        sessions_in_run=outcome.tallies.sessions_started,
        counts_in_run=dict(zip(SESSION_CLASSES, all_sessions.tolist(), strict=True)),
    )


READERS: Readers = {
    "sessions_undisturbed": lambda run, _: run.continuity.undisturbed,
    "sessions_recovered": lambda run, _: run.continuity.recovered,
    "sessions_interrupted": lambda run, _: run.continuity.interrupted,
    "sessions_logged_out": lambda run, _: run.continuity.logged_out,
    "sessions_abandoned": lambda run, _: run.continuity.abandoned,
}

REASONS: Reasons = {}
