"""The defaults that no source backs, and which of them matter most to a result."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from simulator.boundary.phases import (
    CAPACITY,
    COPIES,
    DATABASES,
    HOLDS,
    LATENCY,
    PHASES,
    RETRIES,
    TOKENS,
    phase_of,
)
from simulator.result.recovery import Phase
from simulator.result.whole import Assumption, Result

_SHOWN = 3
_LONG_PHASE = 0.05  # of the recovery time: a phase that is shorter decides nothing

_OF_MEASURES = {
    r"promotion_.*|unshipped_writes|writes_past_promotion|split_brain_.*": DATABASES,
    r"recovery_point|.*_writes|lost_.*|replication_lag.*|catch_up.*|lag_peaks|stale.*|.*_violations": COPIES,
    r"throttled|cold_starts|queue_wait.*|.*_amplification": CAPACITY,
    r"rejected_tokens|forced_logins|sessions_logged_out": TOKENS,
    r"action_latency|attempt_latency": LATENCY,
}
"""Assumptions by the measures (a pattern of their names) that rest on them."""


def gist(result: Result, most: int = _SHOWN) -> Iterator[str]:
    """The three that matter most to this result, or fewer, and how many there are."""
    count = len(result.assumptions)
    chosen = relevant(result)[:most]
    if chosen:
        said = "; ".join(f"{one.name} {one.value}" for one in chosen)
        more = f"; {count - len(chosen)} more (-v)" if count > len(chosen) else ""
        yield said + more


def relevant(result: Result) -> list[Assumption]:
    """The assumptions, those first that decide the longest phases and what was asked, in turn."""
    lists = [_matching(result.assumptions, patterns) for patterns in _topics(result)]
    in_turn = [one for turn in zip_longest(*lists) for one in turn if one is not None]
    return [*dict.fromkeys([*in_turn, *result.assumptions])]


def _topics(result: Result) -> Iterator[Sequence[str]]:
    phases = sorted(result.recovery.phases, key=lambda phase: phase.start_s - phase.end_s)
    least_s = _LONG_PHASE * (result.recovery.recovery_time_s or 0)
    for phase in phases:
        if phase.end_s - phase.start_s >= least_s:
            yield _of_phase(phase)
    for one in result.expectations:
        yield next((found for names, found in _OF_MEASURES.items() if re.fullmatch(names, one.measure)), ())
    yield RETRIES


def _of_phase(phase: Phase) -> Sequence[str]:
    """What decides how long a phase takes."""
    cause = next(iter(phase.held_by), None)
    alone = HOLDS[cause].decided_by if cause and phase_of(cause) == phase.phase else ()
    return alone or PHASES[phase.phase].decided_by


def _matching(assumptions: Sequence[Assumption], patterns: Sequence[str]) -> list[Assumption]:
    return [
        one
        for pattern in patterns
        for one in assumptions
        if re.fullmatch(pattern.replace(".", r"\.").replace("*", ".*"), one.name)
    ]
