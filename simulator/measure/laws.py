"""Conservation laws, checked at the end of every run; a broken one is a defect of the simulator."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from simulator.errors import DefectError
from simulator.measure.damage import laws_of_damage
from simulator.measure.holding import laws_of_holding
from simulator.measure.path_laws import at_most, laws_of_path
from simulator.measure.slice_laws import laws_of_slices
from simulator.outcome import Outcome
from simulator.result.plain import plain
from simulator.result.whole import Sections


def check(outcome: Outcome) -> None:
    """Raise DefectError with every law that the tallies break."""
    broken = [f"{law}: {left} is not {right}" for law, left, right in _laws(outcome) if left != right]
    if broken:
        raise DefectError("a conservation law is broken: " + "; ".join(broken))


def check_finite(sections: Sections) -> None:
    """Raise DefectError if any number of a result is not finite."""
    leaves = _leaves(plain(sections), "")
    wrong = [path for path, value in leaves if isinstance(value, float) and not math.isfinite(value)]
    if wrong:
        raise DefectError("not a finite number: " + ", ".join(wrong))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if children is None:
        yield path, value
        return
    for key, child in children:
        yield from _leaves(child, f"{path}.{key}" if path else str(key))


_BEFORE_ZERO = ("gone_ns", "gone_item")
"""Times and items of writes, which may have been under way at zero: of objects that nobody asks for, -1."""


def _laws(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    """Each law: its name and two plain values that are equal if it holds."""
    yield from _laws_of_requests(outcome)
    yield from laws_of_slices(outcome)
    yield from _laws_of_writes(outcome)
    yield from laws_of_damage(outcome)
    yield from laws_of_path(outcome)
    yield from laws_of_holding(outcome)
    counts = (value for name, value in vars(outcome.tallies).items() if name not in _BEFORE_ZERO)
    smallest = min(int(np.min(value)) for value in counts if np.size(value))
    yield "no count is negative", min(smallest, 0), 0


def _laws_of_requests(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    t = outcome.tallies
    finished = int(t.attempts.sum())
    yield "attempts = finished by outcome + in flight", t.attempts_started, finished + t.attempts_in_flight
    tokens = int(t.token_attempts.sum())
    yield "token requests = finished by outcome + in flight", t.token_started, tokens + t.token_in_flight
    actions = int(t.actions.sum())
    yield "actions = finished by outcome + in flight", t.actions_started, actions + t.actions_in_flight
    sessions = int(t.sessions_ended.sum() + t.sessions_alive.sum())
    yield "sessions = ended by class + alive", t.sessions_started, sessions
    yield "succeeded actions = their sum over windows", int(t.actions[0]), int(t.window_succeeded.sum())
    yield "failed actions = their sum over windows", int(t.actions[1:].sum()), int(t.window_failed.sum())
    yield "finished actions = their latencies", actions, int(t.action_latency.sum())
    latencies, by_mix = t.action_latency.tolist(), t.latency_by_mix.sum(axis=0).tolist()
    yield "latencies of actions = of each population and operation", latencies, by_mix
    yield "finished attempts = their latencies", finished, int(t.attempt_latency.sum())
    begun = int((t.window_fresh + t.window_cached + t.window_pinned).sum())
    left = begun - int(t.attempts_by_region.sum())
    yield (
        "attempts begun towards a region are finished or in flight",
        min(max(left, -t.begun_before), t.attempts_in_flight),
        left,
    )


def _laws_of_writes(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    t = outcome.tallies
    fates = t.visible + t.pending + t.discarded + t.lost
    written = t.writes + t.under_way
    yield (
        "acknowledged writes + under way at zero = visible + pending + discarded + lost",
        written.tolist(),
        fates.tolist(),
    )
    by_promotions = t.lost_unshipped + t.lost_past_promotion
    yield at_most("no more writes lost by forks than lost", t.lost_by_fork + t.fork_writes, t.lost)
    yield at_most("no more reads of forked replicas than reads", t.fork_reads, t.reads)
    yield at_most("no more writes lost by promotions than lost", by_promotions, t.lost)
    marked = sum(mark.writes for mark in outcome.at_risk)
    fates_at_risk = int((t.risk_late + t.risk_discarded + t.risk_lost + t.risk_pending).sum())
    yield "writes at risk = late + discarded + lost + pending", marked, fates_at_risk
    yield at_most("no more conditions broken than held", t.broken_conditions, t.held_conditions)
    yield at_most("no more refused by an own write than refused", t.refused_by_own, t.refused_conditions)
    strong = outcome.plan.data.store_strong == 1
    yield "no condition of a strong table is broken", int(t.broken_conditions[strong].sum()), 0
    lost_updates = t.lost_updates.sum(axis=(1, 2, 3))
    yield at_most("no more lost updates than discarded writes", lost_updates, t.discarded)
    yield at_most("no more writes missing than acknowledged", t.missing, written)
    by_item = int(t.lost_updates_of_item.sum())
    yield "lost updates = their sum over items", int(lost_updates.sum()), by_item
    yield "copies by lag = copies by time", int(t.lag.sum()), int(t.lag_step_count.sum())
