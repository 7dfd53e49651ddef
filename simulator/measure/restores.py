"""What restores took, and what is missing because of them (docs/model-stores.md §2)."""

from collections.abc import Iterator

from simulator.boundary.events_of_data import (
    ITEMS_COPIED,
    MERGED,
    REPLICA_ADDED,
    REPLICA_CREATED,
    REPLICA_REFUSED,
    RESTORE_BEGUN,
    RESTORED,
    SETTINGS_REBUILT,
    STRONG_TABLE_CREATED,
    SWAPPED,
    TABLE_DELETED,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.measures import NO_RESTORE, Asked
from simulator.boundary.subjects import OfReplica
from simulator.boundary.tallies import Restored
from simulator.measure.protection import downs
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Event, Outcome
from simulator.plan.replicas import AbsentPlan
from simulator.plan.restores import RestorePlan
from simulator.result.restores import Restore, Step
from simulator.result.whole import Sections

_ENDS = {
    RESTORE_BEGUN.name: "wait",
    TABLE_DELETED.name: "delete",
    RESTORED.name: "restore",
    SETTINGS_REBUILT.name: "settings",
    REPLICA_CREATED.name: "replica",
    STRONG_TABLE_CREATED.name: "create",
    ITEMS_COPIED.name: "copy",
    MERGED.name: "merge",
    SWAPPED.name: "swap",
}
"""The step that an entry of the log ends."""

_S_NS = 10**9


def section(outcome: Outcome) -> tuple[Restore, ...]:
    """The `restores` section: those of the file in its order, then those of plans as they started."""
    plans = outcome.plan.control.of(RestorePlan)
    return tuple(_restore(outcome, plan) for plan in plans)


def _restore(outcome: Outcome, plan: RestorePlan) -> Restore:
    run = outcome.plan
    events = _events_of(outcome, plan)
    found = next((one for one in outcome.restored if one.snapshot == plan.snapshot), None)
    swapped_ns = None if found is None else found.at_ns
    from_ns = plan.start_ns if plan.damage_ns == NEVER_NS else plan.damage_ns
    steps = tuple(_steps(outcome, plan, events))
    last_use_ns = _last_use_ns(plan, events, swapped_ns)
    if swapped_ns is not None and _is_new(outcome, plan):
        last_use_ns = min(_out_of_reach_ns(outcome, plan, swapped_ns), plan.deleted_ns)
    lost = 0 if found is None else found.lost
    return Restore(
        table=run.stores[plan.store],
        region=run.regions[plan.region],
        strong=plan.strong is not None,
        source=plan.source,
        point_s=plan.point_ns / _S_NS,
        damage_s=None if plan.damage_ns == NEVER_NS else plan.damage_ns / _S_NS,
        start_s=plan.start_ns / _S_NS,
        swapped_s=_seconds(swapped_ns),
        complete_s=steps[-1].end_s if steps and steps[-1].done and swapped_ns is not None else None,
        restore_time_s=None if swapped_ns is None else (swapped_ns - from_ns) / _S_NS,
        steps=steps,
        replicas=dict(_in_use(outcome, plan, events, swapped_ns)),
        refused=tuple(run.regions[region] for region in plan.refused),
        unprotected_s=_unprotected_s(outcome, plan, events, swapped_ns),
        point_age_s=None if last_use_ns is None else (last_use_ns - plan.point_ns) / _S_NS,
        recovery_point_s=_recovery_point_s(found, last_use_ns),
        items=0 if found is None else found.items,
        lost=lost,
        lost_after_point=0 if plan.merges else lost,
        lost_in_merge=lost if plan.merges else 0,
        brought_back=0 if found is None else found.brought_back,
    )


def _events_of(outcome: Outcome, plan: RestorePlan) -> list[Event]:
    """What it has logged."""
    return [event for event in outcome.events if event.detail.get("restore") == plan.snapshot]


def _seconds(at_ns: int | None) -> float | None:
    return None if at_ns is None else at_ns / _S_NS


def _last_use_ns(plan: RestorePlan, events: list[Event], swapped_ns: int | None) -> int | None:
    """When the old table was in use for the last time: it is deleted, or the new one takes its place."""
    if swapped_ns is None:
        return None
    deleted = [event.at_ns for event in events if event.kind == TABLE_DELETED.name]
    return min(swapped_ns, plan.deleted_ns, *deleted)


def _out_of_reach_ns(outcome: Outcome, plan: RestorePlan, swapped_ns: int) -> int:
    """Since when the old table could not be used anywhere before a new one was: all its regions were down."""
    since = [_down_since_ns(outcome, region, swapped_ns) for region in plan.others]
    return max(since, default=swapped_ns)


def _down_since_ns(outcome: Outcome, region: int, at_ns: int) -> int:
    """Since when a region was down at an instant; the instant itself if it was up."""
    spans = (span for span in downs(outcome, region) if span[0] <= at_ns <= span[1])
    return min((from_ns for from_ns, _ in spans), default=at_ns)


def _recovery_point_s(found: Restored | None, last_use_ns: int | None) -> float | None:
    if found is None or last_use_ns is None:
        return None
    has_all = found.oldest_ns == NEVER_NS if found.alone else found.lost == 0
    return 0 if has_all else (last_use_ns - found.oldest_ns) / _S_NS


def _steps(outcome: Outcome, plan: RestorePlan, events: list[Event]) -> Iterator[Step]:
    """Each from the end of the one before; one that has not ended lasts to the end of the run."""
    at_ns, end_ns = plan.start_ns, outcome.plan.data.duration_ns
    for event in events:
        step, place = _ENDS.get(event.kind), str(event.subject).rpartition("@")[2]
        if step is None:
            continue
        if event.at_ns > at_ns:
            yield Step(step, at_ns / _S_NS, event.at_ns / _S_NS, place, True)
        at_ns = event.at_ns
    due = _due(plan, [event.kind for event in events], is_new=_is_new(outcome, plan))
    if due and not _is_refused(plan, events) and at_ns < end_ns and plan.start_ns < end_ns:
        yield Step(due, at_ns / _S_NS, end_ns / _S_NS, outcome.plan.regions[plan.region], False)


def _is_new(outcome: Outcome, plan: RestorePlan) -> bool:
    """Whether the table was absent in the region, so that the new one took the place of none."""
    place = OfReplica(outcome.plan.stores[plan.store], outcome.plan.regions[plan.region])
    absent = AbsentPlan(plan.store, plan.region) in outcome.plan.control.of(AbsentPlan)
    came = (one for one in outcome.events_of(REPLICA_ADDED, SWAPPED) if one.subject == place)
    earlier = (one for one in came if one.detail.get("restore") != plan.snapshot)
    return absent and not any(one.at_ns < plan.start_ns for one in earlier)


def _due(plan: RestorePlan, kinds: list[str], *, is_new: bool) -> str | None:
    """The step that has not ended."""
    made = len(plan.others) - len(plan.refused)
    rebuilt = [(REPLICA_CREATED.name, made), (SETTINGS_REBUILT.name, 1)]
    order = [(RESTORE_BEGUN.name, 1), (RESTORED.name, 1)]
    merges = [(MERGED.name, 1)] if plan.merges else []
    deletes = [(TABLE_DELETED.name, 1)] if plan.same_name and plan.deleted_ns == NEVER_NS else []
    if is_new:
        order = [*order, (SWAPPED.name, 1), (SETTINGS_REBUILT.name, 1)]
    elif plan.strong is not None:
        filled = [(STRONG_TABLE_CREATED.name, 1), (ITEMS_COPIED.name, 1)]
        last = [(SETTINGS_REBUILT.name, 1), *merges, (SWAPPED.name, 1)]
        order = [*order, *deletes, *filled, *(reversed(last) if plan.same_name else last)]
    elif plan.same_name:
        order = [*deletes, *order, (SWAPPED.name, 1), *rebuilt]
    else:
        order = [*order, *reversed(rebuilt), *merges, (SWAPPED.name, 1)]
    return next((_ENDS[kind] for kind, count in order if kinds.count(kind) < count), None)


def _is_refused(plan: RestorePlan, events: list[Event]) -> bool:
    """Whether it has ended without a table: a strong one has all of its members."""
    return plan.strong is not None and any(event.kind == REPLICA_REFUSED.name for event in events)


def _in_use(
    outcome: Outcome, plan: RestorePlan, events: list[Event], swapped_ns: int | None
) -> Iterator[tuple[str, float]]:
    """When the new table was in use in each region."""
    if swapped_ns is None:
        return
    regions, created = outcome.plan.regions, {}
    for event in events:
        if event.kind == REPLICA_CREATED.name:
            created[str(event.subject).rpartition("@")[2]] = event.at_ns
    yield regions[plan.region], swapped_ns / _S_NS
    for region in plan.others:
        if plan.strong is not None:
            yield regions[region], swapped_ns / _S_NS
        elif regions[region] in created:
            yield regions[region], max(created[regions[region]], swapped_ns) / _S_NS


def _unprotected_s(
    outcome: Outcome, plan: RestorePlan, events: list[Event], swapped_ns: int | None
) -> float | None:
    """From the swap to when point-in-time recovery was on again; 0 if it was before."""
    if swapped_ns is None or not plan.has_history:
        return None
    rebuilt = [event.at_ns for event in events if event.kind == SETTINGS_REBUILT.name]
    until_ns = rebuilt[0] if rebuilt else outcome.plan.data.duration_ns
    return max(until_ns - swapped_ns, 0) / _S_NS


# what the waterfall asks for

_STAGE = {
    "wait": "await_restore",
    "delete": "delete_old",
    "settings": "rebuild_settings",
    "replica": "create_replicas",
    "create": "create_strong_table",
    "copy": "copy_items",
}


def stages(outcome: Outcome) -> list[tuple[str, int, int]]:
    """What the first restore of damaged data did, from the begin of the damage on: stage, begin and end."""
    plans = [plan for plan in outcome.plan.control.of(RestorePlan) if plan.damage_ns != NEVER_NS]
    if not plans:
        return []
    plan = min(plans, key=lambda one: (one.start_ns, one.snapshot))
    found = [("notice_damage", plan.damage_ns, plan.start_ns)]
    for step in _steps(outcome, plan, _events_of(outcome, plan)):
        stage, begun, ended = (
            _STAGE.get(step.step, step.step),
            round(step.start_s * _S_NS),
            round(step.end_s * _S_NS),
        )
        if found[-1][0] == stage:
            found[-1] = (stage, found[-1][1], ended)
        else:
            found.append((stage, begun, ended))
    return [one for one in found if one[1] < one[2]]


# what expectations ask for


def _asked(run: Sections, asked: Asked) -> list[Restore]:
    return [one for one in run.restores if asked.table in (None, one.table)]


def worst_point_s(run: Sections, asked: Asked) -> float | None:
    """The recovery point of the worst restore; None if none has been made."""
    found = (one.recovery_point_s for one in _asked(run, asked))
    return max((point for point in found if point is not None), default=None)


def _time(run: Sections, asked: Asked) -> float | None:
    """The longest; None if one of them was not in use when the run ended."""
    times = [one.restore_time_s for one in _asked(run, asked)]
    return None if None in times else max(filter(None, times), default=None)


READERS: Readers = {"restore_time": _time}

REASONS: Reasons = {NO_RESTORE: lambda run, asked: not _asked(run, asked)}
