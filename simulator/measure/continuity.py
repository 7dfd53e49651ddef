"""Session continuity: in which class the sessions alive during a fault ended up."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.measures import Asked
from simulator.boundary.outcomes import ARRIVING, SESSION_CLASSES, SIGNED_IN, SessionClass
from simulator.measure.reading import Reader, Readers, Reasons
from simulator.outcome import Outcome
from simulator.result.continuity import Continuity, Sessions
from simulator.result.whole import Sections


def section(outcome: Outcome) -> Continuity:
    """The `continuity` section: the five shares (null without a session alive during a fault), and counts."""
    t = outcome.tallies
    by_presence = t.sessions_by_presence.sum(axis=0)
    all_sessions = t.sessions_ended + t.sessions_alive
    return Continuity(
        **_by_class(t.sessions_during_fault),
        signed_in=sessions(by_presence[SIGNED_IN]),
        arriving=sessions(by_presence[ARRIVING]),
        sessions_in_run=t.sessions_started,
        counts_in_run=dict(zip(SESSION_CLASSES, all_sessions.tolist(), strict=True)),
    )


def sessions(counted: NDArray[np.int64]) -> Sessions:
    """Some sessions, from their number in each class."""
    return Sessions(**_by_class(counted))


def _by_class(counted: NDArray[np.int64]) -> dict[str, Any]:
    """The fields of `Sessions`."""
    counts = dict(zip(SESSION_CLASSES, counted.tolist(), strict=True))
    total = sum(counts.values())
    shares = {name: count / total if total else None for name, count in counts.items()}
    return {**shares, "sessions": total, "counts": counts}


# what expectations ask for


def _asked(run: Sections, asked: Asked) -> Sessions:
    """The sessions that an expectation is about."""
    whose = run.continuity if asked.population is None else run.slices.populations[asked.population]
    if asked.who is not None:
        return whose.signed_in if asked.who == "signed_in" else whose.arriving
    return whose if isinstance(whose, Continuity) else whose.sessions


def _share_of(class_: SessionClass) -> Reader:
    return lambda run, asked: getattr(_asked(run, asked), class_)


READERS: Readers = {f"sessions_{class_}": _share_of(class_) for class_ in SESSION_CLASSES}

REASONS: Reasons = {}
