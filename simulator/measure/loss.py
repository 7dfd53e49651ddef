"""Recovery point and the fate of every acknowledged write (docs/model.md §6, §8)."""

from typing import Any

from simulator.outcome import Outcome
from simulator.seam import AtRisk


def recovery_point_ns(marks: list[AtRisk]) -> int | None:
    """Age of the oldest write at risk, at the worst instant; 0 if none was, None without such an instant."""
    if not marks:
        return None
    return max(mark.at_ns - mark.oldest_ns if mark.writes else 0 for mark in marks)


def section(outcome: Outcome) -> dict[str, Any]:
    """The `loss` section: totals, and the same by table."""
    tables = {name: _table(outcome, number) for number, name in enumerate(outcome.plan.tables)}
    point_ns = recovery_point_ns([*outcome.at_risk])
    counts = (
        "acknowledged",
        "at_risk",
        "late",
        "suppressed",
        "lost",
        "pending",
        "suppressed_at_risk",
        "pending_at_risk",
    )
    totals = {name: sum(table[name] for table in tables.values()) for name in counts}
    return {"recovery_point_s": None if point_ns is None else point_ns / 10**9} | totals | {"tables": tables}


def _table(outcome: Outcome, number: int) -> dict[str, Any]:
    t, marks = outcome.tallies, [mark for mark in outcome.at_risk if mark.table == number]
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
    }
