"""Replication lag as it was, and as the ReplicationLatency metric showed it.

The metric (Amazon DynamoDB developer guide, metrics and dimensions): one series per source table and
receiving region, produced when an item arrives, at five-minute granularity; no arrival, no datapoint.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import numpy as np

from simulator.boundary.events import (
    REPLICATION_RESUMED,
    REPLICATION_STOPPED,
    EventKind,
)
from simulator.boundary.kinds import CACHE
from simulator.boundary.measures import Asked
from simulator.boundary.measures_of_replication import NEVER_STOPPED, NO_COPY, NO_COPY_OF_STOPPED
from simulator.boundary.subjects import OfReplicator
from simulator.measure.histogram import summary_of
from simulator.measure.reading import Readers, Reasons
from simulator.measure.shares import exact_ns
from simulator.outcome import Outcome
from simulator.records import dataclass
from simulator.result import replication as result
from simulator.result.whole import Sections

METRIC_PERIOD_NS = 300 * 10**9


@dataclass(frozen=True)
class Pair:
    """One directed replicator of one table."""

    outcome: Outcome
    store: int
    origin: int
    target: int

    @property
    def key(self) -> tuple[int, int, int]:
        """Index in the tallies."""
        return self.store, self.origin, self.target

    @property
    def subject(self) -> OfReplicator:
        """As in the event log."""
        plan = self.outcome.plan
        return OfReplicator(plan.stores[self.store], plan.regions[self.origin], plan.regions[self.target])

    def peaks(self) -> list[result.Peak]:
        """The humps of the true lag, in order."""
        t, width_ns = self.outcome.tallies, self.outcome.plan.data.lag_step_ns
        highest, late = t.lag_step_max_ns[self.key], t.lag_step_late[self.key]
        found, rising = list[tuple[int, int]](), False
        for step in np.flatnonzero(t.lag_step_count[self.key]):
            peak = (int(highest[step]), int(step) * width_ns)
            if not late[step]:
                rising = False
            elif not rising:
                found.append(peak)
                rising = True
            elif peak[0] > found[-1][0]:
                found[-1] = peak
        return [result.Peak(at_ns / 10**9, lag_ns / 10**9) for lag_ns, at_ns in found]

    def highest_s(self) -> float | None:
        """The highest true lag, to the nanosecond; None if no copy became visible."""
        t = self.outcome.tallies
        seen = t.lag_step_count[self.key].any()
        return int(t.lag_step_max_ns[self.key].max()) / 10**9 if seen else None

    @property
    def stops(self) -> list[int]:
        """When replication was stopped."""
        return self._times_ns(REPLICATION_STOPPED)

    def catch_up_s(self) -> float | None:
        """From the last resumption to the end of the last step with unusual lag; None if still behind."""
        resumed = self._times_ns(REPLICATION_RESUMED)
        if not resumed or resumed[-1] < self.stops[-1]:
            return None
        data, t = self.outcome.plan.data, self.outcome.tallies
        first = resumed[-1] // data.lag_step_ns
        arrived, behind = (steps[self.key][first:] > 0 for steps in (t.lag_step_count, t.lag_step_late))
        late, normal = np.flatnonzero(behind), np.flatnonzero(arrived & ~behind)
        if not len(late):
            return 0
        if not len(normal) or normal[-1] < late[-1]:
            return None
        return int((first + late[-1] + 1) * data.lag_step_ns - resumed[-1]) / 10**9

    def _times_ns(self, kind: EventKind[OfReplicator]) -> list[int]:
        return self.outcome.times_ns(kind, self.subject)

    def metric(self) -> result.Metric | None:
        """What ReplicationLatency showed; None of a strong table, which has no such metric."""
        if self.outcome.plan.data.store_strong[self.store]:
            return None
        points = tuple(self._metric_points())
        periods = -(-self.outcome.plan.data.duration_ns // METRIC_PERIOD_NS)
        return result.Metric(
            datapoints=len(points),
            periods_without_data=max(periods - len(points), 0),
            highest_average_s=max((point.average_s for point in points), default=None),
            points=points,
            period_s=METRIC_PERIOD_NS / 10**9,
        )

    def _metric_points(self) -> Iterator[result.MetricPoint]:
        data, t = self.outcome.plan.data, self.outcome.tallies
        per_point = METRIC_PERIOD_NS // data.lag_step_ns
        for start in range(0, t.lag_step_count.shape[-1], per_point):
            chosen = (*self.key, slice(start, start + per_point))
            count = int(t.lag_step_count[chosen].sum())
            if count:
                average_s = exact_ns(t.lag_step_sum[chosen].sum(axis=0)) / count / 10**9
                highest_s = int(t.lag_step_max_ns[chosen].max()) / 10**9
                yield result.MetricPoint(start * data.lag_step_ns / 10**9, average_s, highest_s)

    def steps(self) -> result.LagSteps:
        """The highest true lag over time."""
        highest_ns = self.outcome.tallies.lag_step_max_ns[self.key]
        at_s = np.arange(len(highest_ns)) * self.outcome.plan.data.lag_step_ns / 10**9
        return result.LagSteps(at_s, np.where(highest_ns > 0, highest_ns, np.nan) / 10**9)

    def gauges(self) -> result.PairGauges | None:
        """What was under way over time; None if gauges were not sampled."""
        samples, here = self.outcome.samples, (slice(None), *self.key)
        if samples is None:
            return None
        return result.PairGauges(samples.pending[here], samples.true_lag_ns[here] / 10**9)


def pairs(outcome: Outcome) -> list[Pair]:
    """Every directed pair of replicas of every table, bucket and multi-region cache."""
    data = outcome.plan.data
    copied = data.store_replica * (data.store_kind != CACHE)[:, np.newaxis]
    return [
        Pair(outcome, store, origin, target)
        for store, origin, target in np.ndindex(data.lag_mu.shape)
        if origin != target and copied[store, origin] and copied[store, target]
    ]


def section(outcome: Outcome) -> tuple[result.Pair, ...]:
    """The `replication` section: one entry per table and directed pair."""
    return tuple(_pair(pair) for pair in pairs(outcome))


def _pair(pair: Pair) -> result.Pair:
    plan = pair.outcome.plan
    return result.Pair(
        table=plan.stores[pair.store],
        from_=plan.regions[pair.origin],
        to=plan.regions[pair.target],
        true=replace(summary_of(pair.outcome.tallies.lag[pair.key]), max_s=pair.highest_s()),
        metric=pair.metric(),
        peaks=tuple(pair.peaks()),
        catch_up_time_s=pair.catch_up_s(),
        stops=len(pair.stops),
        steps=pair.steps(),
        gauges=pair.gauges(),
    )


# what expectations ask for


def _chosen(run: Sections, asked: Asked) -> list[result.Pair]:
    """The pairs that an expectation is about."""
    return [
        pair
        for pair in run.replication
        if asked.table in (None, pair.table)
        and asked.origin in (None, pair.from_)
        and asked.target in (None, pair.to)
    ]


def _moving(run: Sections, asked: Asked) -> list[result.Pair]:
    return [pair for pair in _chosen(run, asked) if pair.true.count]


def _worst(lags_s: Iterable[float | None]) -> float | None:
    return max((lag_s for lag_s in lags_s if lag_s is not None), default=None)


def _catch_up(run: Sections, asked: Asked) -> float | None:
    """The longest; None if one of the pairs has not caught up."""
    times_s = [pair.catch_up_time_s for pair in _moving(run, asked) if pair.stops]
    return None if None in times_s else _worst(times_s)


def _gaps(run: Sections, asked: Asked) -> list[float]:
    """The shortest and the longest time between consecutive peaks."""
    gaps_s = [b.at_s - a.at_s for pair in _moving(run, asked) for a, b in pairwise(pair.peaks)]
    return sorted({min(gaps_s), max(gaps_s)}) if gaps_s else []


READERS: Readers = {
    "replication_lag_max": lambda run, asked: _worst(pair.true.max_s for pair in _chosen(run, asked)),
    "replication_lag_p50": lambda run, asked: _worst(pair.true.p50_s for pair in _chosen(run, asked)),
    "replication_lag_p99": lambda run, asked: _worst(pair.true.p99_s for pair in _chosen(run, asked)),
    "catch_up_time": _catch_up,
    "lag_peaks.count": lambda run, asked: sorted({len(pair.peaks) for pair in _moving(run, asked)}),
    "lag_peaks.apart": _gaps,
}

REASONS: Reasons = {
    NO_COPY: lambda run, asked: not _moving(run, asked),
    NO_COPY_OF_STOPPED: lambda run, asked: not any(pair.stops for pair in _moving(run, asked)),
    NEVER_STOPPED: lambda run, asked: not any(pair.stops for pair in _chosen(run, asked)),
}
