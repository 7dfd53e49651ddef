"""CloudWatch metrics: read at every full minute of the clock, and published some time later.

Rules: Amazon CloudWatch user guide, *CloudWatch concepts*; what each metric is, and when it has a point:
`simulator.boundary.metrics`. Specification: docs/monitoring.md.

Nothing runs where no metric is asked for. What is read changes nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.metric_terms import Each, Seen
from simulator.boundary.outcomes import UP
from simulator.boundary.readings import GAUGES, Reading, Readings
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.seen import SEEN
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.outcome import MetricSeries
from simulator.plan.metrics import OUTSIDE, Elements, MetricsPlan, SeriesPlan
from simulator.randomness.draws import METRIC

Ask = Callable[[World, SeriesPlan], float]
_ALWAYS = ("always", "while_running")
_COUNT, _TOTAL, _LOW, _HIGH = range(4)


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
    series, element, times = [], [], []
    for number, some in enumerate(chosen):
        for one in some:
            places = _places(readings, one)
            series += [number] * len(places)
            element += places
            times += [one.times] * len(places)
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


def _readings(world: World, plan: MetricsPlan) -> Readings:
    """All that the series need of the data plane, each once."""
    names = dict.fromkeys(one.name for series in plan.series for one in (*series.total, *series.samples))
    return Readings(
        world.plan.data,
        counters=[name for name in names if name not in GAUGES],
        gauges=[name for name in names if name in GAUGES],
    )


def _asked_of_control(series: Sequence[SeriesPlan]) -> Iterator[tuple[int, SeriesPlan, Ask]]:
    """The series whose values the control plane knows, by number, each with whom to ask."""
    for number, one in enumerate(series):
        if isinstance(one.metric.value, Seen):
            yield number, one, SEEN[one.metric.value.what]


class Metrics:
    """Every series of a run. `world.one(Metrics)` is the one; only where `MetricsPlan` is planned."""

    def __init__(self, world: World) -> None:
        (self.plan,) = world.plan.control.of(MetricsPlan)
        self._world, data = world, world.plan.data
        self.archive = Archive(len(self.plan.series), -data.day_offset_ns)
        self.number = {series.key: number for number, series in enumerate(self.plan.series)}
        """Of each series by metric, what it is of, and the region in which it is seen."""
        own = [series for series in self.plan.series if series.copy_of == OUTSIDE]
        self._own, self._copies = len(own), self.plan.series[len(own) :]
        readings = _readings(world, self.plan)
        self._total = _weights(readings, [series.total for series in own])
        self._samples = _weights(readings, [series.samples for series in own])
        self._readings = readings
        self._before: Reading | None = None
        self._minutes = 0
        self._due_ns = NEVER_NS
        self._seen = [*_asked_of_control(own)]
        self._has_samples = np.array([bool(series.samples) for series in own])
        self._of_ones = np.array([isinstance(series.metric.value, Each) for series in own])
        self._needs = np.array([_NEED[series.metric.emission] for series in own], np.int64)
        self._homes = np.array([series.home for series in self.plan.series], np.int64)
        self._last_ns = np.zeros(len(self.plan.series), np.int64)
        self._is_dark = np.zeros(len(self.plan.series), np.bool_)

    # the process

    def run(self) -> Process:
        """Read at every full minute of the clock, for ever."""
        self._reader = self._world.touch().reader(self._readings)
        origin_ns = self.archive.origin_ns
        first_ns = max(self._world.now_ns, self._world.plan.data.counts_from_ns)
        self._due_ns = origin_ns - (origin_ns - first_ns) // MINUTE_NS * MINUTE_NS
        while True:
            yield self._world.before(self._due_ns - self._world.now_ns)
            self._read()

    def follow_regions(self) -> Process:
        """What a region has not published when it goes down waits until it is back."""
        copies = np.arange(self._own, len(self._homes))
        sources = np.array([series.copy_of for series in self._copies], np.int64)
        while True:
            yield self._world.next_change()
            dark, now_ns = np.isin(self._homes, [*self._down()]), self._world.now_ns
            self.archive.hold_back(np.flatnonzero(dark & ~self._is_dark), now_ns)
            self.archive.hold_with(copies, sources, now_ns)
            lit = ~dark
            lit[copies] &= ~dark[sources]
            self.archive.let_go(np.flatnonzero(lit), now_ns)
            self._is_dark = dark

    def _down(self) -> Iterator[int]:
        return (region for region, mode in enumerate(self._world.region_mode) if mode != UP)

    # one minute

    def _read(self) -> None:
        self._world.touch()
        now = self._reader.read()
        if self._before is not None:
            self._publish(now.since(self._before))
        self._before = now
        self._due_ns += MINUTE_NS

    def _publish(self, reading: Reading) -> None:
        """One point of each series that has one in the minute that ends now."""
        self._minutes += 1
        minute = self.archive.minute_of(reading.at_ns) - 1
        values = self._values(reading)
        dark = np.isin(self._homes, [*self._down()])
        there = self._is_there(values) & ~dark[: self._own]
        chosen = np.flatnonzero(there)
        published_ns = self._published_ns(chosen, minute)
        self.archive.put(minute, chosen, values[:, chosen], published_ns)
        if self._copies:
            self._copy(minute, values, there, dark)

    def _values(self, reading: Reading) -> NDArray[np.float64]:
        """Count, total, least and greatest of each series [4, series]."""
        total, samples = self._total.of(reading.row), self._samples.of(reading.row)
        for number, series, ask in self._seen:
            total[number] = ask(self._world, series)
        samples = np.where(self._has_samples, samples, 1.0)
        level = np.where(self._has_samples, np.minimum(total, 1.0), total)
        low = np.where(self._has_samples & ~self._of_ones & (total < samples), 0.0, level)
        return np.stack([samples, total, low, level])

    def _is_there(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which series have a point, by their rules; what is not there cannot be told (NaN)."""
        enough = np.stack([np.ones(self._own, np.bool_), values[_COUNT] > 0, values[_TOTAL] != 0])
        there: NDArray[np.bool_] = enough[self._needs, np.arange(self._own)] & ~np.isnan(values[_TOTAL])
        return there

    def _published_ns(self, chosen: NDArray[np.int64], minute: int) -> NDArray[np.int64]:
        """When points are published: each after a delay of its own, and none before an earlier one."""
        end_ns, seed = self.archive.origin_ns + (minute + 1) * MINUTE_NS, self._world.plan.data.seed
        delay = self.plan.delay
        due = [end_ns + duration_ns(delay, uniform(seed, METRIC, int(one), minute)) for one in chosen]
        published = np.maximum(np.array(due, np.int64), self._last_ns[chosen])
        self._last_ns[chosen] = published
        return published

    def _copy(
        self,
        minute: int,
        values: NDArray[np.float64],
        there: NDArray[np.bool_],
        dark: NDArray[np.bool_],
    ) -> None:
        """Send copies of the points that are there to other regions, as far as they can be sent."""
        seed = self._world.plan.data.seed
        for number, series in enumerate(self._copies, self._own):
            source = series.copy_of
            if not there[source] or dark[number] or self._is_cut(self.plan.series[source].home, series.home):
                continue
            assert series.copy_delay is not None
            delay_ns = duration_ns(series.copy_delay, uniform(seed, METRIC, number, minute))
            at_ns = max(int(self._last_ns[source]) + delay_ns, int(self._last_ns[number]))
            self._last_ns[number] = at_ns
            self.archive.put(minute, np.array([number]), values[:, [source]], np.array([at_ns]))

    def collected(self) -> tuple[MetricSeries, ...]:
        """Every point that is kept at the end of the run, which may end with a minute."""
        if self._world.now_ns == self._due_ns:
            self._read()
        return tuple(
            MetricSeries(series, self._minutes // series.metric.period_min, self.archive.columns(number))
            for number, series in enumerate(self.plan.series)
        )

    def _is_cut(self, origin: int, target: int) -> bool:
        return OUTSIDE not in (origin, target) and self._world.link_looks[origin, target].cut


_NEED = {"always": 0, "while_running": 0, "when_something_arrives": 1, "when_non_zero": 2}
"""What a point needs: nothing, samples, or a sum."""


def _start(world: World) -> Iterator[Process]:
    if world.plan.control.of(MetricsPlan):
        metrics = world.one(Metrics)
        yield metrics.run()
        yield metrics.follow_regions()


SERVICE = Service("metrics", _start)
