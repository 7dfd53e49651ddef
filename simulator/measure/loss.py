"""Recovery point and the fate of every acknowledged write (docs/model.md §6)."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from simulator.boundary.causes import GONE_BY
from simulator.boundary.events import DATA_UNREACHABLE
from simulator.boundary.kinds import CACHE, EXTERNAL, SHARED_CACHE
from simulator.boundary.measures import (
    NO_CONDITION,
    NOT_UNREACHABLE,
    NOTHING_INCREMENTED,
    NOTHING_OUT_OF_REACH,
    NOTHING_SERVED,
    NOTHING_WRITTEN,
    Asked,
)
from simulator.boundary.outcomes import CONFLICT_CALL
from simulator.boundary.tallies import AtRisk
from simulator.measure.failback import hazards
from simulator.measure.overtaken import overtaken
from simulator.measure.reading import Readers, Reasons
from simulator.measure.restores import worst_point_s
from simulator.outcome import Outcome
from simulator.result.loss import Fates, GoneWrite, ItemLoss, Loss, TableLoss
from simulator.result.whole import Sections

_WORST = 5  # items told of each table
_COUNTS = [field.name for field in fields(Fates) if field.name != "recovery_point_s"]


def recovery_point_ns(marks: list[AtRisk]) -> int | None:
    """Age of the oldest write at risk, at the worst instant; 0 if none was, None without such an instant."""
    if not marks:
        return None
    return max(mark.at_ns - mark.oldest_ns if mark.writes else 0 for mark in marks)


def _decisive(outcome: Outcome) -> Iterator[AtRisk]:
    """Without those of a store that was restored when no replica was left: the restore tells what is gone."""
    stores = outcome.plan.data.snapshot_store
    restored = [(int(stores[one.snapshot]), one.at_ns) for one in outcome.restored if one.alone]
    for mark in outcome.at_risk:
        if not any(store == mark.store and mark.at_ns <= at_ns for store, at_ns in restored):
            yield mark


def section(outcome: Outcome) -> Loss:
    """The `loss` section: totals, and the same by table, bucket and multi-region cache.

    A cache that is in one region each holds nothing that is not elsewhere, and has no versions to lose.
    """
    plan, t = outcome.plan, outcome.tallies
    kept = [number for number, kind in enumerate(plan.data.store_kind) if kind not in (CACHE, EXTERNAL)]
    tables = {plan.stores[number]: _table(outcome, number) for number in kept}
    point_ns = recovery_point_ns([mark for mark in _decisive(outcome) if mark.store in kept])
    return Loss(
        None if point_ns is None else point_ns / 10**9,
        **{name: sum(getattr(table, name) for table in tables.values()) for name in _COUNTS},
        increments=int(t.increments.sum()),
        lost_increments=int(t.lost_increments.sum()),
        tables=tables,
        overtaken=tuple(overtaken(outcome)),
        failback=tuple(hazards(outcome)),
    )


def _table(outcome: Outcome, number: int) -> TableLoss:
    t, marks = outcome.tallies, [mark for mark in outcome.at_risk if mark.store == number]
    point_ns = recovery_point_ns([mark for mark in _decisive(outcome) if mark.store == number])
    counts = outcome.plan.data.store_kind[number] == SHARED_CACHE
    return TableLoss(
        recovery_point_s=None if point_ns is None else point_ns / 10**9,
        acknowledged=int(t.writes[number]),
        under_way=int(t.under_way[number]),
        at_risk=sum(mark.writes for mark in marks),
        late=int(t.risk_late[number]),
        discarded=int(t.discarded[number]),
        lost=int(t.lost[number]),
        lost_after_point=int(t.lost_after_point[number]),
        lost_in_merge=int(t.lost_in_merge[number]),
        brought_back=int(t.brought_back[number]),
        lost_with_table=int(t.lost_with_table[number]),
        lost_by_fork=int(t.lost_by_fork[number]),
        fork_writes=int(t.fork_writes[number]),
        fork_reads=int(t.fork_reads[number]),
        pending=int(t.pending[number]),
        discarded_at_risk=int(t.risk_discarded[number]),
        pending_at_risk=int(t.risk_pending[number]),
        conflicts=int(t.conflicts[number]),
        write_conflicts=int(t.call_failures[CONFLICT_CALL, number].sum()),
        held_conditions=int(t.held_conditions[number].sum()),
        refused_conditions=int(t.refused_conditions[number].sum()),
        refused_by_own=int(t.refused_by_own[number].sum()),
        broken_conditions=int(t.broken_conditions[number].sum()),
        lost_updates=int(t.lost_updates[number].sum()),
        missing=int(t.missing[number]),
        visible=int(t.visible[number]),
        **_items(outcome, number),
        increments=int(t.increments[number]) if counts else None,
        lost_increments=int(t.lost_increments[number]) if counts else None,
    )


def _items(outcome: Outcome, number: int) -> dict[str, Any]:
    """How many items of a store lost updates, and which lost most."""
    data = outcome.plan.data
    ends = np.cumsum(data.store_items)
    lost = outcome.tallies.lost_updates_of_item[ends[number] - data.store_items[number] : ends[number]]
    worst = np.argsort(-lost, kind="stable")[:_WORST].tolist()
    found = tuple(ItemLoss(item, int(lost[item])) for item in worst if lost[item])
    return {
        "items": int(np.count_nonzero(lost)),
        "worst_items": found,
        "sample": tuple(_sample(outcome, number)),
    }


def _sample(outcome: Outcome, number: int) -> Iterator[GoneWrite]:
    """The first writes of a store that are gone."""
    t, regions = outcome.tallies, outcome.plan.regions
    for place in np.flatnonzero(t.gone_cause[number]):
        at, winner = (number, place), int(t.gone_for[number, place]) - 1
        yield GoneWrite(
            item=int(t.gone_item[at]),
            origin=regions[int(t.gone_origin[at])],
            at_s=int(t.gone_ns[at]) / 10**9,
            cause=GONE_BY[int(t.gone_cause[at])],
            by_region=None if winner < 0 else regions[winner],
            by_at_s=None if winner < 0 else int(t.gone_for_ns[at]) / 10**9,
        )


# what expectations ask for


def _asked(run: Sections, asked: Asked) -> Fates:
    """The fates of one table's writes, or of all."""
    return run.loss if asked.table is None else run.loss.tables[asked.table]


def _recovery_point(run: Sections, asked: Asked) -> float | None:
    """The worst: of regions that went down, and of restores."""
    points = (_asked(run, asked).recovery_point_s, worst_point_s(run, asked))
    return max((point for point in points if point is not None), default=None)


def _counters(run: Sections, asked: Asked) -> Loss | TableLoss:
    return run.loss if asked.cache is None else run.loss.tables[asked.cache]


def _lost_updates(run: Sections, asked: Asked) -> int:
    """Those of a table, a pair and a part of the run."""
    chosen = [
        one
        for one in run.loss.overtaken
        if asked.table in (None, one.table)
        and asked.origin in (None, one.origin)
        and asked.target in (None, one.target)
    ]
    return sum(
        int(count)
        for one in chosen
        for start_s, end_s, count in zip(one.start_s, one.end_s, one.windows, strict=True)
        if asked.spans(start_s * 10**9, end_s * 10**9)
    )


def _nothing_served(run: Sections) -> bool:
    """Regions that never served a request had no data of their own to lose."""
    dark = {event.target for event in run.events if event.kind == DATA_UNREACHABLE.name}
    return bool(dark) and not any(run.requests.attempts_by_region[region]["succeeded"] for region in dark)


READERS: Readers = {
    "recovery_point": lambda run, asked: _recovery_point(run, asked),
    "at_risk_writes": lambda run, asked: _asked(run, asked).at_risk,
    "late_writes": lambda run, asked: _asked(run, asked).late,
    "missing_writes": lambda run, asked: _asked(run, asked).missing,
    "lost_updates": _lost_updates,
    "write_conflicts": lambda run, asked: _asked(run, asked).write_conflicts,
    "refused_conditions": lambda run, asked: _asked(run, asked).refused_conditions,
    "broken_conditions": lambda run, asked: _asked(run, asked).broken_conditions,
    "discarded_writes": lambda run, asked: _asked(run, asked).discarded,
    "lost_writes": lambda run, asked: _asked(run, asked).lost,
    "lost_increments": lambda run, asked: _counters(run, asked).lost_increments,
}

REASONS: Reasons = {
    NOT_UNREACHABLE: lambda run, asked: _asked(run, asked).recovery_point_s is None,
    NOTHING_OUT_OF_REACH: lambda run, asked: _recovery_point(run, asked) is None,
    NOTHING_WRITTEN: lambda run, asked: not _asked(run, asked).written,
    NO_CONDITION: lambda run, asked: not _asked(run, asked).conditions,
    NOTHING_SERVED: lambda run, _: _nothing_served(run),
    NOTHING_INCREMENTED: lambda run, asked: not _counters(run, asked).increments,
}
