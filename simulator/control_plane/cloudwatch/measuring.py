"""What a minute's points hold: numbers of a reading of the data plane, and what the control plane knows.

All series are worked out together, as a few operations on arrays, since a month has millions of points.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.boundary import metric_terms
from simulator.boundary.metric_terms import Each, Level, Mean, Seen
from simulator.boundary.readings import GAUGES, Bins, Reading, Readings
from simulator.boundary.statistics import Spread, joined, values_of
from simulator.control_plane.chance import uniform
from simulator.control_plane.cloudwatch.seen import SEEN
from simulator.control_plane.functions import claims_of
from simulator.control_plane.world import World
from simulator.plan.metrics import Elements, SeriesPlan
from simulator.randomness.draws import CANARY

COUNT, TOTAL, LOW, HIGH = range(4)
_REMEMBERED = 60
"""For how many minutes it is known among how many a value was shared."""
Ask = Callable[[World, SeriesPlan], float]

_ONE_SAMPLE, _ONES, _ZEROS_AND_ONES, _ALIKE = range(4)
"""How the samples of a series lie: one a period; ones; zeros and ones; all alike."""


@dataclass(frozen=True)
class _Weights:
    """Which elements of a reading's row add up to a number of each series: series, element, factor."""

    series: NDArray[np.int64]
    element: NDArray[np.int64]
    times: NDArray[np.float64]
    count: int

    def of(self, row: NDArray[np.int64]) -> NDArray[np.float64]:
        """The sum of every series."""
        weights = row[self.element] * self.times
        return np.bincount(self.series, weights, self.count).astype(np.float64)


def _weights(readings: Readings, chosen: Sequence[tuple[Elements, ...]]) -> _Weights:
    found = [
        (number, place, one.times)
        for number, some in enumerate(chosen)
        for one in some
        for place in _places(readings, one)
    ]
    series, element, times = zip(*found, strict=True) if found else ((), (), ())
    return _Weights(
        np.array(series, np.int64), np.array(element, np.int64), np.array(times, np.float64), len(chosen)
    )


def _places(readings: Readings, elements: Elements) -> list[int]:
    """Where some elements lie in a row."""
    shape, first = readings.shapes[elements.name], readings.first[elements.name]
    axes = (
        range(length) if index is None else (index,) if isinstance(index, int) else index
        for index, length in zip(elements.index, shape, strict=True)
    )
    grid = np.meshgrid(*(np.array([*axis], np.int64) for axis in axes), indexing="ij")
    return [int(place) + first for place in np.ravel_multi_index(grid, shape).ravel()]


def _lie(series: SeriesPlan) -> int:
    if not series.samples:
        return _ONE_SAMPLE
    if isinstance(series.metric.value, Each):
        return _ONES
    return _ALIKE if isinstance(series.metric.value, Mean) else _ZEROS_AND_ONES


def _among(series: SeriesPlan) -> str:
    """Among what a series is shared; nothing if it is not."""
    return series.metric.value.among if isinstance(series.metric.value, Level) else ""


class Sharing:
    """A series of which each node, or environment kept warm, has a share; among how many each minute."""

    def __init__(self, series: SeriesPlan) -> None:
        assert isinstance(series.metric.value, Level)
        self._series, self._level = series, series.metric.value
        self._count: dict[int, int] = {}

    def each(self, world: World, total: float, minute: int) -> float:
        """The share of each of those that are there; NaN where none is."""
        there = self._there(world)
        self._count[minute] = there
        self._count.pop(minute - _REMEMBERED, None)
        return min(self._series.base + total / there, self._level.most) if there else math.nan

    def _there(self, world: World) -> int:
        service, region = self._series.place
        if self._level.among == "nodes":
            return len(world.nodes.get((service, region), ()))
        return world.one(claims_of).warm.get((service, region), 0)

    def count(self, minute: int) -> int:
        """Among how many the value of a minute was shared; 0 if that is too long ago."""
        return self._count.get(minute, 0)


@dataclass(frozen=True)
class Late:
    """Samples of an earlier minute that turn out to be ones."""

    minute: int
    series: int
    ones: float


class Measuring:
    """Makes the numbers of each minute's points, for series that are no copies."""

    def __init__(self, world: World, series: Sequence[SeriesPlan]) -> None:
        self._world, self._series = world, series
        timed = [(number, one.timed) for number, one in enumerate(series) if one.timed is not None]
        names = dict.fromkeys(one.name for some in series for one in some.elements)
        self.readings = Readings(
            world.plan.data,
            counters=[name for name in names if name not in GAUGES],
            gauges=[name for name in names if name in GAUGES],
            spreads=[watched for _, watched in timed],
        )
        self._timed = [number for number, _ in timed]
        self._gathered = {number: list[Spread]() for number in self._timed}
        self._total = _weights(self.readings, [one.total for one in series])
        self._samples = _weights(self.readings, [one.samples for one in series])
        self._late = [
            (number, one.late.times, np.array(_places(self.readings, one.late)))
            for number, one in enumerate(series)
            if one.late is not None
        ]
        self._seen = [*self._asked()]
        self._canaries = [
            (number, one)
            for number, one in enumerate(series)
            if one.metric.of is metric_terms.CANARY and one.total
        ]
        self._lies = np.array([_lie(one) for one in series], np.int64)
        self.sharing = {number: Sharing(one) for number, one in enumerate(series) if _among(one)}
        """Of what is told by node or environment: among how many, by the series' number."""

    def _asked(self) -> Iterator[tuple[int, SeriesPlan, Ask]]:
        """The series whose values the control plane knows, by number, each with whom to ask."""
        for number, one in enumerate(self._series):
            if isinstance(one.metric.value, Seen):
                yield number, one, SEEN[one.metric.value.what]

    def numbers(self, reading: Reading, minute: int) -> tuple[NDArray[np.float64], dict[int, Spread]]:
        """Count, total, least and greatest of each series [4, series], and spreads by series.

        NaN is what nobody can tell. `reading` is since the one before, and `minute` is what it is about.
        """
        total, samples = self._total.of(reading.row), self._samples.of(reading.row)
        for number, series, ask in self._seen:
            total[number] = ask(self._world, series)
        for number, ones in self._ones(reading):
            total[number] += ones[minute % len(ones)]
        for number, sharing in self.sharing.items():
            total[number] = sharing.each(self._world, total[number], minute)
        self._let_canaries_fail(total, minute)
        values = self._with_bounds(total, samples)
        spreads = dict(self._spreads(reading, minute))
        for number in self._timed:
            values[:, number] = _of_spread(spreads.get(number))
        return values, spreads

    def _let_canaries_fail(self, total: NDArray[np.float64], minute: int) -> None:
        """Some runs fail by themselves: they count as such, and do not succeed."""
        for number, series in self._canaries:
            is_count = isinstance(series.metric.value, Level)
            failed = self._failed_runs(
                series, minute, int(total[number] if is_count else total[number] / 100)
            )
            total[number] = failed if is_count else total[number] - 100.0 * failed

    def _failed_runs(self, series: SeriesPlan, minute: int, runs: int) -> int:
        """How many of the runs in a minute fail by themselves."""
        (canary, share), seed = series.failing, self._world.plan.data.seed
        return sum(uniform(seed, CANARY, canary, 1 + minute, run) < share for run in range(runs))

    def late(self, reading: Reading, minute: int) -> Iterator[Late]:
        """What belongs to earlier minutes."""
        for number, ones in self._ones(reading):
            for place in np.flatnonzero(ones).tolist():
                back = (minute - place) % len(ones)
                if back:
                    yield Late(minute - back, number, float(ones[place]))

    def _ones(self, reading: Reading) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Of each series that is told by minutes, the ones of each."""
        for number, times, places in self._late:
            yield number, reading.row[places] * times

    def _with_bounds(self, total: NDArray[np.float64], samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Count, total, least and greatest, by how samples lie."""
        count = np.where(self._lies == _ONE_SAMPLE, 1.0, samples)
        mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
        is_one_or_zero = self._lies == _ZEROS_AND_ONES
        low = np.where(is_one_or_zero, total >= count, mean)
        high = np.where(is_one_or_zero, total > 0, mean)
        return np.stack([count, total, low, high])

    def _spreads(self, reading: Reading, minute: int) -> Iterator[tuple[int, Spread]]:
        """The spreads of series whose period is over with this minute."""
        for number, bins in zip(self._timed, reading.spreads, strict=False):
            series, gathered = self._series[number], self._gathered[number]
            if len(bins[0]):
                gathered.append(_spread(bins, series.unit_ns))
            if (minute + 1) % series.metric.period_min == 0:
                whole = joined(gathered)
                gathered.clear()
                if whole is not None:
                    yield number, whole


def _spread(bins: Bins, unit_ns: int) -> Spread:
    return Spread(*bins, unit_ns)


def _of_spread(spread: Spread | None) -> tuple[float, float, float, float]:
    """Count, total, least and greatest."""
    if spread is None:
        return 0.0, 0.0, 0.0, 0.0
    values = values_of(spread.bins) / spread.unit_ns
    total = float((values * spread.counts).sum())
    return float(spread.counts.sum()), total, float(values[0]), float(values[-1])
