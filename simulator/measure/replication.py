"""Replication lag as it was, and as the ReplicationLatency metric showed it.

The metric (Amazon DynamoDB developer guide, metrics and dimensions): one series per source table and
receiving region, produced when an item arrives, at five-minute granularity; no arrival, no datapoint.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.boundary.kinds import CACHE
from simulator.measure.histogram import summary_s
from simulator.outcome import Event, Outcome

METRIC_PERIOD_NS = 300 * 10**9
_HUMP_NS = 30 * 10**9  # a hump is lag above 30 s and fifty times the usual median
_HUMP_MEDIANS = 50


@dataclass(frozen=True)
class Peak:
    """The top of one hump of the true lag: when a copy became visible, and how late it was."""

    at_ns: int
    lag_ns: int


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
    def label(self) -> str:
        """As in the event log."""
        plan = self.outcome.plan
        return f"{plan.stores[self.store]} {plan.regions[self.origin]}→{plan.regions[self.target]}"

    @property
    def normal_ns(self) -> int:
        """Lag above this is a hump."""
        return max(_HUMP_NS, _HUMP_MEDIANS * int(np.exp(self.outcome.plan.data.lag_mu[self.key])))

    def peaks(self) -> list[Peak]:
        """The humps of the true lag, in order."""
        t, width_ns = self.outcome.tallies, self.outcome.plan.data.lag_step_ns
        highest, found, normal_ns = t.lag_step_max_ns[self.key], list[Peak](), self.normal_ns
        rising = False
        for bucket in np.flatnonzero(t.lag_step_count[self.key]):
            lag_ns = int(highest[bucket])
            if lag_ns <= normal_ns:
                rising = False
            elif not rising:
                found.append(Peak(int(bucket) * width_ns, lag_ns))
                rising = True
            elif lag_ns > found[-1].lag_ns:
                found[-1] = Peak(int(bucket) * width_ns, lag_ns)
        return found

    def highest_s(self) -> float | None:
        """The highest true lag, to the nanosecond; None if no copy became visible."""
        t = self.outcome.tallies
        seen = t.lag_step_count[self.key].any()
        return int(t.lag_step_max_ns[self.key].max()) / 10**9 if seen else None

    def catch_up_ns(self) -> int | None:
        """From the last resumption to the end of the last bucket with unusual lag; None if still behind."""
        resumed = [event.at_ns for event in self._events("replication_resumed")]
        stopped = [event.at_ns for event in self._events("replication_stopped")]
        if not resumed or resumed[-1] < stopped[-1]:
            return None
        data, t = self.outcome.plan.data, self.outcome.tallies
        first = resumed[-1] // data.lag_step_ns
        arrived, highest = t.lag_step_count[self.key][first:] > 0, t.lag_step_max_ns[self.key][first:]
        late = np.flatnonzero(highest > self.normal_ns)
        normal = np.flatnonzero(arrived & (highest <= self.normal_ns))
        if not len(late):
            return 0
        if not len(normal) or normal[-1] < late[-1]:
            return None
        return int((first + late[-1] + 1) * data.lag_step_ns - resumed[-1])

    def _events(self, kind: str) -> list[Event]:
        return [event for event in self.outcome.events if event.kind == kind and event.target == self.label]

    def metric(self) -> list[dict[str, Any]]:
        """The datapoints of ReplicationLatency: start, average and maximum, in seconds."""
        data, t = self.outcome.plan.data, self.outcome.tallies
        per_point = METRIC_PERIOD_NS // data.lag_step_ns
        points = []
        for start in range(0, t.lag_step_count.shape[-1], per_point):
            chosen = (*self.key, slice(start, start + per_point))
            count = int(t.lag_step_count[chosen].sum())
            if count:
                average = int(t.lag_step_sum_ns[chosen].sum()) / count / 10**9
                highest = int(t.lag_step_max_ns[chosen].max()) / 10**9
                points.append(
                    {"start_s": start * data.lag_step_ns / 10**9, "average_s": average, "max_s": highest}
                )
        return points


def pairs(outcome: Outcome) -> list[Pair]:
    """Every directed pair of replicas of every table, bucket and multi-region cache."""
    data = outcome.plan.data
    copied = data.store_replica * (data.store_kind != CACHE)[:, np.newaxis]
    return [
        Pair(outcome, store, origin, target)
        for store, origin, target in np.ndindex(data.lag_mu.shape)
        if origin != target and copied[store, origin] and copied[store, target]
    ]


def section(outcome: Outcome) -> list[dict[str, Any]]:
    """The `replication` section: one entry per table and directed pair."""
    return [_pair(pair) for pair in pairs(outcome)]


def _pair(pair: Pair) -> dict[str, Any]:
    plan, points, catch_up_ns = pair.outcome.plan, pair.metric(), pair.catch_up_ns()
    periods = -(-pair.outcome.plan.data.duration_ns // METRIC_PERIOD_NS)
    return {
        "table": plan.stores[pair.store],
        "from": plan.regions[pair.origin],
        "to": plan.regions[pair.target],
        "true": summary_s(pair.outcome.tallies.lag[pair.key]) | {"max_s": pair.highest_s()},
        "metric": {
            "datapoints": len(points),
            "periods_without_data": max(periods - len(points), 0),
            "highest_average_s": max((point["average_s"] for point in points), default=None),
        },
        "peaks": [{"at_s": peak.at_ns / 10**9, "lag_s": peak.lag_ns / 10**9} for peak in pair.peaks()],
        "catch_up_time_s": None if catch_up_ns is None else catch_up_ns / 10**9,
    }
