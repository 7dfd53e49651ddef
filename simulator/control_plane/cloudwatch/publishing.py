"""CloudWatch metrics: read at every full minute of the clock, and published some time later.

Rules: Amazon CloudWatch user guide, *CloudWatch concepts*; what each metric is, and when it has a point:
`simulator.boundary.metrics`. Specification: docs/monitoring.md.

Nothing runs where no metric is asked for. What is read changes nothing.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import UP
from simulator.boundary.readings import Reading
from simulator.boundary.statistics import Spread
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.measuring import Measuring
from simulator.control_plane.cloudwatch.minutes import make_points
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.kernels.compiling import warm_up
from simulator.outcome import MetricSeries
from simulator.plan.metrics import OUTSIDE, MetricsPlan, SeriesPlan
from simulator.randomness.draws import METRIC


class Metrics:
    """Every series of a run. `world.one(Metrics)` is the one; only where `MetricsPlan` is planned."""

    def __init__(self, world: World) -> None:
        (self.plan,) = world.plan.control.of(MetricsPlan)
        self._world, series = world, self.plan.series
        self.archive = Archive(len(series), -world.plan.data.day_offset_ns)
        self.number = {one.key: number for number, one in enumerate(series)}
        """Of each series by metric, what it is of, and the region in which it is seen."""
        self._own = sum(not one.is_copy for one in series)
        self._copies = series[self._own :]
        self._measuring = Measuring(world, self.plan, self.archive.latest)
        self.points = self._measuring.points
        """What the kernel knows of each series, and its room: see `minutes`."""
        self._slow = [one for one in range(self._own) if series[one].metric.period_min > 1]
        self._homes = np.array([one.home for one in series], np.int64)
        self._is_dark = np.zeros(len(series), np.bool_)
        self._none = np.zeros(len(series), np.bool_)
        self._none.flags.writeable = False
        self._before: Reading | None = None
        self._minutes = 0
        self._due_ns = NEVER_NS

    def shared_among(self, key: tuple[str, str, str], minute: int) -> int:
        """Of a series that is told by node or environment: among how many in a minute; 0: nobody knows."""
        return self._measuring.sharing[self.number[key]].count(minute)

    # processes

    def run(self) -> Process:
        """Read at every full minute of the clock, for ever."""
        self._reader = self._world.touch().reader(self._measuring.readings)
        origin_ns = self.archive.origin_ns
        first_ns = max(self._world.now_ns, self._world.plan.data.counts_from_ns)
        self._due_ns = origin_ns - (origin_ns - first_ns) // MINUTE_NS * MINUTE_NS
        while True:
            yield self._world.before(self._due_ns - self._world.now_ns)
            self._read()

    def follow_regions(self) -> Process:
        """What a region has not published when it goes down waits until it is back."""
        copies = np.arange(self._own, len(self._homes))
        sources = np.array([one.copy_of for one in self._copies], np.int64)
        while True:
            yield self._world.next_change()
            dark, now_ns = self._dark(), self._world.now_ns
            if not (dark.any() or self._is_dark.any()):
                continue
            self.archive.hold_back(np.flatnonzero(dark & ~self._is_dark), now_ns)
            self.archive.hold_with(copies, sources, now_ns)
            lit = ~dark
            lit[copies] &= ~dark[sources]
            self.archive.let_go(np.flatnonzero(lit), now_ns)
            self._is_dark = dark

    def _dark(self) -> NDArray[np.bool_]:
        """The series whose regions are down."""
        down = [region for region, mode in enumerate(self._world.region_mode) if mode != UP]
        return np.isin(self._homes, down) if down else self._none

    # one minute

    def _read(self) -> None:
        self._world.touch()
        now = self._reader.read()
        if self._before is not None:
            self._publish(now, self._before)
        self._before = now
        self._due_ns += MINUTE_NS

    def _publish(self, now: Reading, before: Reading) -> None:
        """One point of each series that has one in the minute, or longer period, that ends now."""
        self._minutes += 1
        archive, points = self.archive, self.points
        minute = archive.minute_of(now.at_ns) - 1
        spreads, dark = self._measuring.fill(now, minute), self._dark()
        points.is_dark[:] = dark[: self._own]
        end_ns = archive.origin_ns + (minute + 1) * MINUTE_NS
        make_points(points, now.row, before.row, minute, end_ns, *archive.opened(minute))
        self._put_slow(minute)
        for number, spread in spreads.items():
            if points.there[number]:
                archive.put_spread(self._begin(number, minute), number, spread)
        for late in range(points.late_count[0]):
            archive.add(
                int(points.late_minute[late]), int(points.late_series[late]), float(points.late_ones[late])
            )
        for number, source in self._sent(dark):
            self._copy(number, source, self._begin(source, minute), spreads.get(source))

    def _put_slow(self, minute: int) -> None:
        """Write the points of longer periods, each where it begins."""
        points = self.points
        for number in self._slow:
            if points.there[number]:
                one, begin = np.array([number]), self._begin(number, minute)
                self.archive.put(begin, one, points.values[:, one], points.last_ns[one])

    def _begin(self, number: int, minute: int) -> int:
        """The minute with which the period of a series begins that ends with a minute."""
        return minute + 1 - self.plan.series[number].metric.period_min

    # copies

    def _sent(self, dark: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
        """The copies that can be sent now, each with the number of its source."""
        for number, series in enumerate(self._copies, self._own):
            source = series.copy_of
            is_cut = self._is_cut(self.plan.series[source].home, series.home)
            if self.points.there[source] and not dark[number] and not is_cut:
                yield number, source

    def _is_cut(self, origin: int, target: int) -> bool:
        return OUTSIDE not in (origin, target) and self._world.link_looks[origin, target].cut

    def _copy(self, number: int, source: int, minute: int, spread: Spread | None) -> None:
        """Send a copy of a point; it is there so much later than the point was published."""
        delay, last_ns = self.plan.series[number].copy_delay, self.points.last_ns
        assert delay is not None
        delay_ns = duration_ns(delay, uniform(self._world.plan.data.seed, METRIC, number, minute))
        last_ns[number] = max(int(last_ns[source]) + delay_ns, int(last_ns[number]))
        one = np.array([number])
        self.archive.put(minute, one, self.points.values[:, [source]], last_ns[one])
        if spread is not None:
            self.archive.put_spread(minute, number, spread)

    # the end

    def collected(self) -> tuple[MetricSeries, ...]:
        """Every point that is kept at the end of the run, which may end with a minute."""
        if self._world.now_ns == self._due_ns:
            self._read()
        return tuple(
            MetricSeries(one, self._minutes // one.metric.period_min, _with_period(columns, one))
            for one, columns in zip(self.plan.series, self.archive.columns(), strict=True)
        )


def _with_period(columns: dict[str, NDArray[Any]], series: SeriesPlan) -> dict[str, NDArray[Any]]:
    """Points of a longer period say so."""
    if series.metric.period_min > 1:
        columns["period_ns"] = np.maximum(columns["period_ns"], series.metric.period_min * MINUTE_NS)
    return columns


def _start(world: World) -> Iterator[Process]:
    if world.plan.control.of(MetricsPlan):
        metrics = world.one(Metrics)
        warm_up([metrics.points])  # now: nothing is compiled in the middle of a run
        yield metrics.run()
        yield metrics.follow_regions()


SERVICE = Service("metrics", _start)
