"""Recovery point and the fate of every acknowledged write (docs/model.md §6)."""

from typing import Any

from simulator.boundary.kinds import CACHE, SHARED_CACHE
from simulator.boundary.tallies import AtRisk
from simulator.outcome import Outcome

_COUNTS = (
    "acknowledged",
    "at_risk",
    "late",
    "suppressed",
    "lost",
    "pending",
    "suppressed_at_risk",
    "pending_at_risk",
)


def recovery_point_ns(marks: list[AtRisk]) -> int | None:
    """Age of the oldest write at risk, at the worst instant; 0 if none was, None without such an instant."""
    if not marks:
        return None
    return max(mark.at_ns - mark.oldest_ns if mark.writes else 0 for mark in marks)


def section(outcome: Outcome) -> dict[str, Any]:
    """The `loss` section: totals, and the same by table, bucket and multi-region cache.

    A cache that is in one region each holds nothing that is not elsewhere, and has no versions to lose.
    """
    plan, t = outcome.plan, outcome.tallies
    kept = [number for number, kind in enumerate(plan.data.store_kind) if kind != CACHE]
    tables = {plan.stores[number]: _table(outcome, number) for number in kept}
    point_ns = recovery_point_ns([mark for mark in outcome.at_risk if mark.store in kept])
    totals = {name: sum(table[name] for table in tables.values()) for name in _COUNTS}
    increments = {"increments": int(t.increments.sum()), "lost_increments": int(t.lost_increments.sum())}
    point_s = None if point_ns is None else point_ns / 10**9
    return {"recovery_point_s": point_s} | totals | increments | {"tables": tables}


def _table(outcome: Outcome, number: int) -> dict[str, Any]:
    t, marks = outcome.tallies, [mark for mark in outcome.at_risk if mark.store == number]
    point_ns = recovery_point_ns(marks)
    return {
        "recovery_point_s": None if point_ns is None else point_ns / 10**9,
        "acknowledged": int(t.writes[number]),
        "at_risk": sum(mark.writes for mark in marks),
        "late": int(t.risk_late[number]),
        "suppressed": int(t.suppressed[number]),
        "lost": int(t.lost[number]),
        "pending": int(t.pending[number]),
        "suppressed_at_risk": int(t.risk_suppressed[number]),
        "pending_at_risk": int(t.risk_pending[number]),
        "visible": int(t.visible[number]),
    } | _increments(outcome, number)


def _increments(outcome: Outcome, number: int) -> dict[str, int]:
    """Of a multi-region cache: counters travel as final values, so concurrent increments are lost."""
    if outcome.plan.data.store_kind[number] != SHARED_CACHE:
        return {}
    t = outcome.tallies
    return {"increments": int(t.increments[number]), "lost_increments": int(t.lost_increments[number])}
