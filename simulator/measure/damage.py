"""Damaged data: wrong writes, wrong answers, where and for how long (docs/measures.md, "Damage")."""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.kinds import EXTERNAL
from simulator.boundary.measures import NO_DAMAGE, Asked
from simulator.measure.narrowed import asked_both
from simulator.measure.path_laws import at_most
from simulator.measure.reading import Readers, Reasons
from simulator.measure.slices import people_of, rows_of
from simulator.outcome import Outcome
from simulator.plan.faults.stores import StoreFaultPlan
from simulator.result.damage import Damage, RegionDamage, StoreDamage, WrongWindows
from simulator.result.whole import Sections


def section(outcome: Outcome) -> Damage:
    """The `damage` section: totals, and the same by table, bucket and cache."""
    plan, t = outcome.plan, outcome.tallies
    people = [row for one in people_of(outcome) for row in rows_of(outcome, one)]
    return Damage(
        corrupted_writes=int(t.corrupted_writes.sum()),
        damaged_writes=int(t.damaged_writes.sum()),
        damaged_reads=int(t.damaged_reads.sum()),
        edge_wrong=t.edge_wrong,
        wrong_answers=int(t.wrong_by_mix[people].sum()),
        stores={
            name: _store(outcome, number)
            for number, name in enumerate(plan.stores)
            if plan.data.store_kind[number] != EXTERNAL
        },
        windows=_windows(outcome),
    )


def _windows(outcome: Outcome) -> WrongWindows:
    plan, reads = outcome.plan, outcome.tallies.window_damaged_reads
    start_ns = plan.data.window_first_ns + plan.data.window_ns * np.arange(len(reads))
    regions = {region: reads[:, number] for number, region in enumerate(plan.regions)}
    return WrongWindows(start_ns / 10**9, regions)


def _store(outcome: Outcome, number: int) -> StoreDamage:
    plan, t = outcome.plan, outcome.tallies
    there = np.flatnonzero(plan.data.store_replica[number]).tolist()
    return StoreDamage(
        since_s=_since_s(outcome, number),
        struck_items=int(t.struck_items[number].sum()),
        corrupted_writes=int(t.corrupted_writes[number].sum()),
        damaged_writes=int(t.damaged_writes[number].sum()),
        damaged_reads=int(t.damaged_reads[number].sum()),
        deletes=int(t.deletes[number]),
        absent_reads=int(t.absent_reads[number]),
        expired_reads=int(t.expired_reads[number]),
        regions={plan.regions[region]: _region(outcome, number, region) for region in there},
    )


def _region(outcome: Outcome, store: int, region: int) -> RegionDamage:
    t, place = outcome.tallies, (store, region)
    return RegionDamage(
        struck_items=int(t.struck_items[place]),
        damaged_writes=int(t.damaged_writes[place]),
        damaged_copies=int(t.damaged_copies[place]),
        damaged_reads=int(t.damaged_reads[place]),
        first_read_s=_instant_s(int(t.first_damaged_ns[place])),
        last_read_s=_instant_s(int(t.last_damaged_ns[place])),
    )


def _instant_s(noted_ns: int) -> float | None:
    """An instant that is noted plus 1, so that 0 is none."""
    return (noted_ns - 1) / 10**9 if noted_ns else None


def _since_s(outcome: Outcome, store: int) -> float | None:
    """When the first fault began that damaged a store, or a table from which it is filled."""
    plan = outcome.plan
    behind = {store, *plan.data.step_miss[plan.data.step_store == store].tolist()}
    began_ns = [
        fault.start_ns
        for fault in plan.control.faults
        if isinstance(fault, StoreFaultPlan) and fault.damages and fault.store in behind
        if fault.start_ns < plan.data.duration_ns
    ]
    return min(began_ns) / 10**9 if began_ns else None


def laws_of_damage(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    """Each law: its name and two plain values that are equal if it holds."""
    t = outcome.tallies
    yield at_most("no more writes corrupted than damaged", t.corrupted_writes, t.damaged_writes)
    damaged, reads = t.damaged_reads.sum(axis=1), t.reads + t.cache_hits.sum(axis=1)
    missing = np.where(t.lost_with_table > 0, t.missing - t.lost, 0)
    yield at_most("what is lost with its table is missing", -missing, 0)
    yield at_most("no more damaged reads than reads and hits", damaged, reads)
    by_window = t.window_damaged_reads.sum(axis=0).tolist()
    yield "damaged reads = their sum over windows", t.damaged_reads.sum(axis=0).tolist(), by_window
    dated = (t.first_damaged_ns > 0).tolist()
    yield "what was read damaged has a first time", dated, (t.damaged_reads > 0).tolist()
    yield at_most("the first damaged read comes before the last", t.first_damaged_ns, t.last_damaged_ns)
    yield at_most("no more wrong answers than successes", t.wrong_by_mix, t.actions_by_mix[:, 0])


# what expectations ask for


def _stores(run: Sections, asked: Asked) -> list[StoreDamage]:
    """One store, or all."""
    return [*run.damage.stores.values()] if asked.table is None else [run.damage.stores[asked.table]]


def _regions(run: Sections, asked: Asked) -> Iterator[tuple[StoreDamage, RegionDamage]]:
    for store in _stores(run, asked):
        for region, found in store.regions.items():
            if asked.region in (None, region):
                yield store, found


def _after_s(store: StoreDamage, at_s: float | None) -> float | None:
    return None if at_s is None or store.since_s is None else max(at_s - store.since_s, 0.0)


def _first_s(run: Sections, asked: Asked) -> float | None:
    times = [_after_s(store, found.first_read_s) for store, found in _regions(run, asked)]
    return min((time for time in times if time is not None), default=None)


def _last_s(run: Sections, asked: Asked) -> float | None:
    times = [_after_s(store, found.last_read_s) for store, found in _regions(run, asked)]
    return max((time for time in times if time is not None), default=None)


def _wrong_answers(run: Sections, asked: Asked) -> int | None:
    """Of the actions that an expectation asks for."""
    chosen = [one for one in asked_both(run, asked) if one.actions]
    return sum(one.wrong_answers for one in chosen) if chosen else None


READERS: Readers = {
    "damaged_writes": lambda run, asked: sum(found.damaged_writes for _, found in _regions(run, asked)),
    "damaged_reads": lambda run, asked: sum(found.damaged_reads for _, found in _regions(run, asked)),
    "first_damaged_read": _first_s,
    "last_damaged_read": _last_s,
    "wrong_answers": _wrong_answers,
}

REASONS: Reasons = {
    NO_DAMAGE: lambda run, asked: all(store.since_s is None for store in _stores(run, asked)),
}
