"""What a minute's points hold: numbers of a reading of the data plane, and what the control plane knows.

All series are worked out together, by a kernel (`minutes`), since a month has millions of points.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary import metric_terms
from simulator.boundary.metric_terms import Each, Level, Mean, Seen
from simulator.boundary.readings import GAUGES, Reading, Readings
from simulator.boundary.statistics import Spread, joined
from simulator.control_plane.cloudwatch.minutes import (
    A_SUM,
    ALIKE,
    NO_CANARY,
    NOT_SHARED,
    NOTHING,
    ONE_SAMPLE,
    ONES,
    SAMPLES,
    ZEROS_AND_ONES,
)
from simulator.control_plane.cloudwatch.seen import SEEN, Ask
from simulator.control_plane.functions import claims_of
from simulator.control_plane.world import World
from simulator.kernels.blocks import Block
from simulator.plan.metrics import Elements, MetricsPlan, SeriesPlan

_REMEMBERED = 60
"""For how many minutes it is known among how many a value was shared."""


def _sums(readings: Readings, chosen: Sequence[tuple[Elements, ...]]) -> Any:
    """Which elements of a reading's row add up to a number of each series, and with what factors."""
    found = [[(place, one.times) for one in some for place in _places(readings, one)] for some in chosen]
    element, times = zip(*chain.from_iterable(found), strict=True) if any(found) else ((), ())
    return Block(
        "sums",
        first=np.array([*accumulate(map(len, found), initial=0)], np.int64),
        element=np.array(element, np.int64),
        times=np.array(times, np.float64),
    )


def _places(readings: Readings, elements: Elements) -> list[int]:
    """Where some elements lie in a row."""
    places = [0]
    for index, length in zip(elements.index, readings.shapes[elements.name], strict=True):
        along = range(length) if index is None else (index,) if isinstance(index, int) else index
        places = [place * length + one for place in places for one in along]
    return [place + readings.first[elements.name] for place in places]


def _lie(series: SeriesPlan) -> int:
    if not series.samples:
        return ONE_SAMPLE
    if isinstance(series.metric.value, Each):
        return ONES
    return ALIKE if isinstance(series.metric.value, Mean) else ZEROS_AND_ONES


def _needs(series: SeriesPlan) -> int:
    """What a point needs to be there."""
    emission = series.metric.emission
    if emission in ("always", "while_running"):
        return NOTHING
    counted = bool(series.samples) or series.timed is not None
    return SAMPLES if emission == "when_something_arrives" and counted else A_SUM


def _among(series: SeriesPlan) -> str:
    """Among what a series is shared; nothing if it is not."""
    return series.metric.value.among if isinstance(series.metric.value, Level) else ""


def _level(series: SeriesPlan) -> Level:
    assert isinstance(series.metric.value, Level)
    return series.metric.value


class Sharing:
    """A series of which each node, or environment kept warm, has a share; among how many each minute."""

    def __init__(self, series: SeriesPlan) -> None:
        self._series, self.level = series, _level(series)
        self._count: dict[int, int] = {}

    def among(self, world: World, minute: int) -> int:
        """Among how many a value is shared in a minute, the present one."""
        there = self._there(world)
        self._count[minute] = there
        self._count.pop(minute - _REMEMBERED, None)
        return there

    def _there(self, world: World) -> int:
        service, region = self._series.place
        if self.level.among == "nodes":
            return len(world.nodes.get((service, region), ()))
        return world.one(claims_of).warm.get((service, region), 0)

    def count(self, minute: int) -> int:
        """Among how many the value of a minute was shared; 0 if that is too long ago."""
        return self._count.get(minute, 0)


class Measuring:
    """The numbers of each minute's points, for series that are no copies: `fill`, then `make_points`."""

    def __init__(self, world: World, plan: MetricsPlan, latest: NDArray[np.int64]) -> None:
        self._world, series = world, [one for one in plan.series if not one.is_copy]
        self._series = series
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
        self._told: list[int] = []
        """The series whose spreads were there in the minute before."""
        self._seen = [*self._asked()]
        self.sharing = {number: Sharing(one) for number, one in enumerate(series) if _among(one)}
        """Of what is told by node or environment: among how many, by the series' number."""
        self.points = self._block(plan, latest)

    def _block(self, plan: MetricsPlan, latest: NDArray[np.int64]) -> Any:
        """What the kernel knows of each series, and its room: see `minutes`."""
        series, count = self._series, len(self._series)
        ones = _sums(self.readings, [() if one.late is None else (one.late,) for one in series])
        most, (kind, a, b) = np.zeros(count), plan.delay
        for number, sharing in self.sharing.items():
            most[number] = sharing.level.most
        return Block(
            "points",
            seed=self._world.plan.data.seed,
            counted=self.readings.counted,
            total=_sums(self.readings, [one.total for one in series]),
            samples=_sums(self.readings, [one.samples for one in series]),
            ones=ones,
            lies=np.array([_lie(one) for one in series], np.int64),
            needs=np.array([_needs(one) for one in series], np.int64),
            is_slow=np.array([one.metric.period_min > 1 for one in series], np.int64),
            is_timed=np.array([one.timed is not None for one in series], np.int64),
            is_known=np.array([isinstance(one.metric.value, Seen) for one in series], np.int64),
            known=np.zeros(count),
            among=np.full(count, NOT_SHARED),
            most=most,
            base=np.array([one.base for one in series], np.float64),
            **_canaries(series),
            delay_kind=kind,
            delay_a=float(a),
            delay_b=float(b),
            last_ns=np.zeros(len(plan.series), np.int64),
            latest=latest,
            values=np.zeros((4, count)),
            there=np.zeros(count, np.int64),
            is_dark=np.zeros(count, np.int64),
            late_count=np.zeros(1, np.int64),
            late_minute=np.zeros(len(ones.element), np.int64),
            late_series=np.zeros(len(ones.element), np.int64),
            late_ones=np.zeros(len(ones.element)),
        )

    def _asked(self) -> Iterator[tuple[int, Ask]]:
        """The series whose values the control plane knows, by number, each with whom to ask."""
        for number, one in enumerate(self._series):
            if isinstance(one.metric.value, Seen):
                yield number, SEEN[one.metric.value.what](self._world, one)

    def fill(self, reading: Reading, minute: int) -> dict[int, Spread]:
        """Tell the kernel what only the control plane knows, and which series have a spread; these by series.

        NaN is what nobody can tell. `reading` is at the end of the minute. What a spread adds up to is worked
        out when somebody looks (`Archive.put_spread`): there is a sample in it, and more need not be known.
        """
        points, world = self.points, self._world
        for number, ask in self._seen:
            points.known[number] = ask()
        for number, sharing in self.sharing.items():
            points.among[number] = sharing.among(world, minute)
        spreads = dict(self._spreads(reading, minute))
        if (told := [*spreads]) != self._told:
            points.values[:, self._told] = 0.0
            points.values[:, told] = 1.0
            self._told = told
        return spreads

    def _spreads(self, reading: Reading, minute: int) -> Iterator[tuple[int, Spread]]:
        """The spreads of series whose period is over with this minute."""
        for number, bins in zip(self._timed, reading.spreads, strict=False):
            series, gathered = self._series[number], self._gathered[number]
            period_min = series.metric.period_min
            if len(bins[0]):
                spread = Spread(*bins, series.unit_ns)
                if period_min == 1:
                    yield number, spread
                    continue
                gathered.append(spread)
            if gathered and (minute + 1) % period_min == 0:
                whole = joined(gathered)
                gathered.clear()
                if whole is not None:
                    yield number, whole


def _canaries(series: Sequence[SeriesPlan]) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Of the series whose runs may fail by themselves: which canary, with what share, and how it is told."""
    is_one = [one.metric.of is metric_terms.CANARY and bool(one.total) for one in series]
    canary = [one.failing[0] if is_so else NO_CANARY for one, is_so in zip(series, is_one, strict=True)]
    return {
        "canary": np.array(canary, np.int64),
        "canary_share": np.array([one.failing[1] for one in series], np.float64),
        "canary_counts": np.array([isinstance(one.metric.value, Level) for one in series], np.int64),
    }
