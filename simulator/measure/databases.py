"""Promotions of databases with one writer, and what they cost (docs/model-stores.md §4)."""

from collections.abc import Iterator
from itertools import chain, zip_longest

import numpy as np

from simulator.boundary.events_of_data import (
    PROMOTION_BEGAN,
    PROMOTION_CALLED_OFF,
    PROMOTION_DONE,
    PROMOTION_REFUSED,
    SPLIT_BRAIN_BEGAN,
    SPLIT_BRAIN_ENDED,
)
from simulator.boundary.kinds import DATABASE
from simulator.boundary.measures_of_databases import NO_DATABASE_WRITTEN, NO_PROMOTION
from simulator.boundary.scopes import Asked
from simulator.measure.reading import Readers, Reasons
from simulator.outcome import Event, Outcome
from simulator.result.databases import DatabaseLoss, Databases, Promotion, SplitBrain
from simulator.result.whole import Sections

_S = 10**9


def section(outcome: Outcome) -> Databases:
    """The `databases` section."""
    plan = outcome.plan
    numbers = np.flatnonzero(plan.data.store_kind == DATABASE).tolist()
    splits = tuple(chain.from_iterable(_splits(outcome, plan.stores[number]) for number in numbers))
    promotions = chain.from_iterable(_promotions(outcome, plan.stores[number]) for number in numbers)
    return Databases(
        promotions=tuple(sorted(promotions, key=lambda one: one.began_s)),
        split_brains=tuple(sorted(splits, key=lambda one: one.from_s)),
        refused=len(outcome.events_of(PROMOTION_REFUSED)),
        by_name={plan.stores[number]: _of_database(outcome, number, splits) for number in numbers},
    )


def _of_database(outcome: Outcome, number: int, splits: tuple[SplitBrain, ...]) -> DatabaseLoss:
    t, plan, name = outcome.tallies, outcome.plan, outcome.plan.stores[number]
    done = [event.detail["to"] for event in _events(outcome, name, PROMOTION_DONE.name)]
    writes = {region: int(count) for region, count in zip(plan.regions, t.split_writes[number], strict=True)}
    return DatabaseLoss(
        writer=str(done[-1]) if done else plan.regions[int(plan.data.store_writer[number])],
        unshipped=int(t.lost_unshipped[number]),
        past_promotion=int(t.lost_past_promotion[number]),
        split_brain_s=sum(one.took_s for one in splits if one.database == name),
        split_brain_writes={region: count for region, count in writes.items() if count},
    )


def _events(outcome: Outcome, name: str, *kinds: str) -> list[Event]:
    return [event for event in outcome.events if event.kind in kinds and event.target == name]


def _promotions(outcome: Outcome, name: str) -> Iterator[Promotion]:
    """Each begin with its end: they follow each other."""
    ends = (PROMOTION_DONE.name, PROMOTION_CALLED_OFF.name)
    for began, end in _spans(_events(outcome, name, PROMOTION_BEGAN.name, *ends), PROMOTION_BEGAN.name):
        done = end is not None and end.kind == PROMOTION_DONE.name
        yield Promotion(
            database=name,
            old=str(began.detail["from"]),
            new=str(began.detail["to"]),
            planned=bool(began.detail["planned"]),
            began_s=began.at_ns / _S,
            took_s=(end.at_ns - began.at_ns) / _S if done and end is not None else None,
            unshipped=int(began.detail["unshipped"]),
            recovery_point_s=float(began.detail["recovery_point_s"]),
        )


def _splits(outcome: Outcome, name: str) -> Iterator[SplitBrain]:
    duration_ns = outcome.plan.data.duration_ns - outcome.plan.data.counts_from_ns
    events = _events(outcome, name, SPLIT_BRAIN_BEGAN.name, SPLIT_BRAIN_ENDED.name)
    for began, end in _spans(events, SPLIT_BRAIN_BEGAN.name):
        until_ns = duration_ns if end is None else end.at_ns
        to_s = None if end is None else end.at_ns / _S
        yield SplitBrain(name, began.at_ns / _S, to_s, (until_ns - began.at_ns) / _S)


def _spans(events: list[Event], begin: str) -> Iterator[tuple[Event, Event | None]]:
    """Each begin and what follows it; None if nothing does."""
    for event, following in zip_longest(events, events[1:]):
        if event.kind == begin:
            yield event, following


# what expectations ask for


def _chosen(run: Sections, asked: Asked) -> list[DatabaseLoss]:
    found = run.databases.by_name
    return [*found.values()] if asked.database is None else [found[asked.database]]


def promotions_of(run: Sections, asked: Asked) -> list[Promotion]:
    """The promotions of one database, or of all."""
    return [one for one in run.databases.promotions if asked.database in (None, one.database)]


def _longest_s(run: Sections, asked: Asked) -> float | None:
    took = [one.took_s for one in promotions_of(run, asked)]
    return None if None in took else max((one for one in took if one is not None), default=None)


def _split_writes(run: Sections, asked: Asked) -> int:
    return sum(
        count
        for one in _chosen(run, asked)
        for region, count in one.split_brain_writes.items()
        if asked.region in (None, region)
    )


def _nothing_written(run: Sections, asked: Asked) -> bool:
    names = run.databases.by_name if asked.database is None else (asked.database,)
    return not any(run.loss.tables[name].written for name in names)


READERS: Readers = {
    "promotion_time": _longest_s,
    "promotion_recovery_point": lambda run, asked: max(
        (one.recovery_point_s for one in promotions_of(run, asked)), default=None
    ),
    "unshipped_writes": lambda run, asked: sum(one.unshipped for one in _chosen(run, asked)),
    "writes_past_promotion": lambda run, asked: sum(one.past_promotion for one in _chosen(run, asked)),
    "split_brain_writes": _split_writes,
    "split_brain_time": lambda run, asked: sum(one.split_brain_s for one in _chosen(run, asked)),
}

REASONS: Reasons = {
    NO_PROMOTION: lambda run, asked: not promotions_of(run, asked),
    NO_DATABASE_WRITTEN: _nothing_written,
}
