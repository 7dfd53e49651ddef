"""Reading the twin while the run goes on: what it has counted, and what it looks like now."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.boundary.fields import NUMBER
from simulator.boundary.readings import Bins, Lag, Latency, Reading, Readings, Watched
from simulator.measure.histogram import value_of
from tests.twin.compute import Fleet, Function
from tests.twin.counts import bin_of


class TwinReader:
    """Reads for one observer."""

    def __init__(self, plane: Any, readings: Readings) -> None:
        self._plane, self._readings = plane, readings
        self._seen = {latency: len(self._of(latency)) for latency in readings.latencies}
        self._counted = [self._counts_of(watched) for watched in readings.spreads]
        self._read_ns = plane.env.now

    def _of(self, latency: Latency) -> list[int]:
        took: list[int] = self._plane.watched[replace(latency, shares=())]
        return took

    def read(self) -> Reading:
        """The present instant."""
        self._plane.stores.arrive_due()
        if self._read_ns < self._plane.plan.counts_from_ns <= self._plane.env.now:
            for number, watched in enumerate(self._readings.spreads):
                if isinstance(watched, Lag):
                    self._counted[number] = Counter()
        self._read_ns = self._plane.env.now
        row = np.zeros(self._readings.width, np.int64)
        fates = self._plane.by_fate()
        for field in self._readings.counters:
            counts = self._plane.counts
            counted = counts[field.name] if field.axes == (NUMBER,) else getattr(counts, field.name)
            self._readings.put(row, field.name, fates.get(field.name, counted))
        for field in self._readings.gauges:
            self._readings.put(
                row, field.name, getattr(self, f"_{field.name}")(field.shape(self._plane.plan))
            )
        for latency, first in self._readings.first_latency.items():
            row[first : first + 1 + len(latency.shares)] = self._latency(latency)
        spreads = tuple(self._spread(number) for number in range(len(self._counted)))
        return Reading(self._plane.env.now, self._readings, row, spreads)

    def _counts_of(self, watched: Watched) -> Counter[int]:
        """How many there have been so far, by histogram bin."""
        if isinstance(watched, Lag):
            lags = self._plane.counts.lag[watched.store, watched.origin, watched.target]
            return Counter({int(place): int(lags[place]) for place in np.flatnonzero(lags)})
        return Counter(map(bin_of, self._of(watched)))

    def _spread(self, number: int) -> Bins:
        now = self._counts_of(self._readings.spreads[number])
        new = Counter(now)
        new.subtract(self._counted[number])
        self._counted[number] = now
        bins = sorted(one for one in new if new[one])
        return np.array(bins, np.int64), np.array([new[one] for one in bins], np.int64)

    def _latency(self, latency: Latency) -> list[int]:
        """How many since the reading before, and the smallest bin that a share of them does not exceed."""
        took = sorted(self._of(latency)[self._seen[latency] :])
        self._seen[latency] += len(took)
        if not took:
            return [0] + [-1] * len(latency.shares)
        ranks = [max(int(np.ceil(share * len(took))), 1) for share in latency.shares]
        return [len(took), *(value_of(bin_of(took[rank - 1])) for rank in ranks)]

    # gauges

    def _sessions(self, shape: tuple[int, ...]) -> Any:
        return np.bincount([session.population for session in self._plane.alive()], minlength=shape[0])

    def _by_site(self, shape: tuple[int, ...], of: Any) -> Any:
        values = np.zeros(shape, np.int64)
        for key, site in self._plane.sites.items():
            values[key] = of(site)
        return values

    def _at_work(self, shape: tuple[int, ...]) -> Any:
        return self._by_site(shape, lambda site: site.in_use)

    def _peak_at_work(self, shape: tuple[int, ...]) -> Any:
        metered = int(self._plane.plan.metered)
        return self._by_site(shape, lambda site: site.peak_at_work * metered)

    def _queue_length(self, shape: tuple[int, ...]) -> Any:
        return self._by_site(shape, lambda site: site.waiting if isinstance(site, Fleet) else 0)

    def _idle(self, shape: tuple[int, ...]) -> Any:
        return self._by_site(shape, lambda site: site.idle if isinstance(site, Function) else 0)

    def _by_pair(self, shape: tuple[int, ...], of: Any) -> Any:
        values, stores = np.zeros(shape, np.int64), self._plane.stores
        for (store, origin, target), replicator in stores.replicators.items():
            if replicator.under_way and {origin, target} <= stores.surviving(store):
                values[store, origin, target] = of(replicator.under_way)
        return values

    def _backlog(self, shape: tuple[int, ...]) -> Any:
        return self._by_pair(shape, len)

    def _backlog_age_ns(self, shape: tuple[int, ...]) -> Any:
        now = self._plane.env.now
        return self._by_pair(shape, lambda under_way: now - min(w.time_ns for w in under_way))
