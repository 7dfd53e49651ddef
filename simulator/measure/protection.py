"""When stores were protected by less than before (docs/measures.md, "Protection").

From a failover on, until the old side is up to date again, what is written has no second copy, or one less:
a second outage then hurts more. The log tells when replicators stand still, lags when they have caught up.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypeVar

import numpy as np

from simulator.boundary.events import (
    REPLICA_FORKED,
    REPLICATION_RESUMED,
    REPLICATION_STOPPED,
    EventKind,
)
from simulator.boundary.events_of_data import PROMOTION_DONE, REPLICA_ADDED, REPLICA_LEFT_BEHIND, SWAPPED
from simulator.boundary.measures import Asked
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import (
    OfReplica,
    OfReplicator,
    OfStore,
)
from simulator.measure.reading import Readers, Reasons
from simulator.measure.replication import Pair, pairs
from simulator.outcome import Outcome
from simulator.plan.faults.regions import RegionFaultPlan
from simulator.plan.replicas import AbsentPlan
from simulator.records import dataclass
from simulator.result.protection import Exposure
from simulator.result.whole import Sections

T = TypeVar("T")

Span = tuple[int, int]
"""From and until, in nanoseconds."""


@dataclass(frozen=True)
class _Lag:
    """A time in which the target of a pair was behind: until it had caught up, or the end of the run."""

    pair: Pair
    from_ns: int
    resumed_ns: int | None
    to_ns: int

    @property
    def span(self) -> Span:
        """From when until when."""
        return self.from_ns, self.to_ns

    def waited(self) -> tuple[int, int]:
        """How many copies arrived late when it went on, and the highest lag; pending ones if it did not."""
        t, data = self.pair.outcome.tallies, self.pair.outcome.plan.data
        if self.resumed_ns is None:
            return int(t.pending[self.pair.store]), 0
        steps = slice(self.resumed_ns // data.lag_step_ns, -(-self.to_ns // data.lag_step_ns))
        late = t.lag_step_late[self.pair.key][steps]
        highest_ns = t.lag_step_max_ns[self.pair.key][steps][late > 0]
        return int(late.sum()), int(highest_ns.max(initial=0))


def section(outcome: Outcome) -> tuple[Exposure, ...]:
    """The `protection` section: store by store, in order of time."""
    found = list[Exposure]()
    for _, of_store in groupby(pairs(outcome), key=lambda pair: pair.store):
        here = [*of_store]
        lags = [lag for pair in here for lag in _lags(pair)]
        if lags:
            found += _Store(outcome, here, lags).exposures()
    return tuple(found)


def _lags(pair: Pair) -> Iterator[_Lag]:
    """From each stop until the end of the last step with unusual lag after the resumption."""
    end_ns = pair.outcome.plan.data.duration_ns
    stops, resumptions = _times(pair, REPLICATION_STOPPED), _times(pair, REPLICATION_RESUMED)
    for stop_ns, following_ns in pairwise([*stops, end_ns]):
        place = bisect_right(resumptions, stop_ns)
        resumed_ns = resumptions[place] if place < len(resumptions) else None
        to_ns = end_ns if resumed_ns is None else _caught_up_ns(pair, resumed_ns, following_ns)
        yield _Lag(pair, stop_ns, resumed_ns, to_ns)


def _times(pair: Pair, kind: EventKind[OfReplicator]) -> list[int]:
    return pair.outcome.times_ns(kind, pair.subject)


def _caught_up_ns(pair: Pair, resumed_ns: int, next_stop_ns: int) -> int:
    width_ns = pair.outcome.plan.data.lag_step_ns
    first, last = resumed_ns // width_ns, -(-next_stop_ns // width_ns)
    late = np.flatnonzero(pair.outcome.tallies.lag_step_late[pair.key][first:last])
    return min((first + int(late[-1]) + 1) * width_ns, next_stop_ns) if len(late) else resumed_ns


_Behind = dict[int, list[_Lag]]
"""The lags of other replicas behind a region, by region."""


class _Store:
    """One store: who takes its writes, and which replicas have them."""

    def __init__(self, outcome: Outcome, here: list[Pair], lags: list[_Lag]) -> None:
        self._outcome, self._lags = outcome, lags
        self._name = outcome.plan.stores[here[0].store]
        self._replicas = sorted({pair.origin for pair in here})
        self._writers = _writers(outcome, here[0].store)
        self._downs = {region: downs(outcome, region) for region in self._replicas}
        self._away = _away(outcome, here[0].store)

    def exposures(self) -> Iterator[Exposure]:
        """Stretches of time without a break in which some replica is behind."""
        times = sorted({at for lag in self._lags for at in (lag.from_ns, lag.to_ns)} | self._more_times())
        lags = holding([(lag.span, lag) for lag in self._lags], times)
        downs = holding([(span, r) for r, spans in self._downs.items() for span in spans], times)
        behind = (self._behind(*one) for one in zip(times, lags, downs, strict=True))
        parts = [*zip(pairwise(times), behind, strict=False)]  # nothing begins with the last time
        for exposed, stretch in groupby(parts, key=lambda part: bool(part[1])):
            if exposed:
                yield self._exposure([*stretch])

    def _more_times(self) -> set[int]:
        end_ns = self._outcome.plan.data.duration_ns
        downs = {at for spans in self._downs.values() for span in spans for at in span}
        changes = {at for at, _ in self._writers} | {at for one in self._away for at in one.span}
        return {at for at in downs | changes | {end_ns} if 0 <= at <= end_ns}

    def _behind(self, at_ns: int, lags: list[_Lag], downs: list[int]) -> _Behind:
        """Which other replicas are behind a region that takes writes, if any are; of lags at an instant."""
        takers = self._takers(at_ns, downs) if lags else ()
        found = {region: [lag for lag in lags if lag.pair.origin == region] for region in takers}
        return {region: behind for region, behind in found.items() if behind}

    def _takers(self, at_ns: int, downs: list[int]) -> list[int]:
        """The regions that are up and take writes of the store."""
        up = [r for r in self._replicas if r not in downs]
        own = [r for r in up if not any(one.region == r and one.covers(at_ns) for one in self._away)]
        writer = next((w for since_ns, w in reversed(self._writers) if since_ns <= at_ns), None)
        return own if writer is None else [r for r in own if r == writer]

    def _leaves(self, lag: _Lag) -> bool:
        """Whether the target of a pair left the table while it was behind: nothing arrives there late."""
        spans = (one.span for one in self._away if one.left and one.region == lag.pair.target)
        return any(from_ns < lag.to_ns and lag.from_ns <= until_ns for from_ns, until_ns in spans)

    def _replicas_at(self, at_ns: int) -> int:
        """How many it had by then: one that has left is missed, one that was never made is not."""
        return len(self._replicas) - sum(one.covers(at_ns) for one in self._away if not one.left)

    def _exposure(self, parts: list[tuple[Span, _Behind]]) -> Exposure:
        """What all parts of a stretch come to."""
        to_ns, names = parts[-1][0][1], self._outcome.plan.regions
        alone = [
            (span, region, lags)
            for span, by_region in parts
            for region, lags in by_region.items()
            if len(lags) == self._replicas_at(span[0]) - 1
        ]
        behind = {lag.pair.target for _, by_region in parts for lags in by_region.values() for lag in lags}
        waited, oldest_ns = max((min(lag.waited() for lag in lags) for *_, lags in alone), default=(0, 0))
        left = any(self._leaves(lag) for *_, lags in alone for lag in lags)
        return Exposure(
            store=self._name,
            from_s=parts[0][0][0] / 10**9,
            to_s=None if to_ns == self._outcome.plan.data.duration_ns else to_ns / 10**9,
            unprotected_s=sum(until - since for since, until in {span for span, *_ in alone}) / 10**9,
            regions=tuple(names[region] for region in sorted({region for _, region, _ in alone})),
            behind=tuple(names[region] for region in sorted(behind)),
            waited=None if left else waited,
            oldest_s=oldest_ns / 10**9 if oldest_ns and not left else None,
        )


def holding(spans: Sequence[tuple[Span, T]], times: Sequence[int]) -> Iterator[list[T]]:
    """What holds at each of some instants, which are in order; in the order of the spans."""
    coming = sorted(range(len(spans)), key=lambda number: spans[number][0][0], reverse=True)
    here = list[int]()
    for at_ns in times:
        while coming and spans[coming[-1]][0][0] <= at_ns:
            insort(here, coming.pop())
        here = [number for number in here if at_ns < spans[number][0][1]]
        yield [spans[number][1] for number in here]


def _writers(outcome: Outcome, store: int) -> list[tuple[int, int]]:
    """Of a database: since when which region takes the writes; empty of other stores."""
    plan, writers = outcome.plan, outcome.plan.data.store_writer
    first = int(writers[store]) if len(writers) else -1
    if first < 0:
        return []
    events = (one for one in outcome.events_of(PROMOTION_DONE) if one.subject == OfStore(plan.stores[store]))
    return [(0, first), *((one.at_ns, plan.regions.index(one.detail["to"])) for one in events)]


def downs(outcome: Outcome, region: int) -> list[Span]:
    """When a fault took a region down: not for those in it, who could not write."""
    faults = (one for one in outcome.plan.control.faults if isinstance(one, RegionFaultPlan))
    down = (one for one in faults if one.region == region and one.look.mode != UP and one.faces is None)
    return [span for one in down for span in one.intervals(outcome.plan.data.duration_ns)]


@dataclass(frozen=True)
class _Away:
    """A time in which a region had no replica of a store: it had left, or was not made yet."""

    region: int
    span: Span
    left: bool

    def covers(self, at_ns: int) -> bool:
        """Whether it was so at an instant."""
        return self.span[0] <= at_ns < self.span[1]


def _away(outcome: Outcome, store: int) -> list[_Away]:
    plan, found = outcome.plan, list[_Away]()
    absent = {one.region for one in plan.control.of(AbsentPlan) if one.store == store}
    for region, name in enumerate(plan.regions):
        told = OfReplica(plan.stores[store], name)
        since, left = (0, False) if region in absent else (None, True)
        for one in outcome.events_of(REPLICA_FORKED, REPLICA_LEFT_BEHIND, REPLICA_ADDED, SWAPPED):
            if one.subject == told and one.kind in (REPLICA_FORKED.name, REPLICA_LEFT_BEHIND.name):
                since, left = one.at_ns, True
            elif one.subject == told and since is not None:
                found.append(_Away(region, (since, one.at_ns), left))
                since = None
        if since is not None:
            found.append(_Away(region, (since, plan.data.duration_ns), left))
    return found


# what expectations ask for


def _unprotected(run: Sections, asked: Asked) -> float:
    """The longest of a store, or of all."""
    return max(
        (one.unprotected_s for one in run.protection if asked.table in (None, one.store)),
        default=0.0,
    )


READERS: Readers = {"unprotected_time": _unprotected}

REASONS: Reasons = {}
