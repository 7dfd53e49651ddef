"""Series of metrics: their points by minute, as long and as finely as CloudWatch keeps them.

    points = archive.points(series, period_ns=300 * SECOND, count=3, until_ns=t, now_ns=t)
    points[-1].value("sum")    # of the newest period; None where there is no point

Amazon CloudWatch user guide, *CloudWatch concepts*, metrics retention: points of a minute are kept for
15 days, of five minutes for 63, of an hour for 455. Older ones are joined into longer periods and then
dropped, so memory does not grow with the run.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.statistics import (
    Spread,
    Statistics,
    joined,
    percentile_share,
    percentiles_of,
    summaries_of,
)
from simulator.control_plane.cloudwatch.adding_up import COUNT, HIGH, LOW, TOTAL, aggregate, of_one, value_of
from simulator.records import dataclass

MINUTE_NS = 60 * 10**9
_DAY_NS = 24 * 60 * MINUTE_NS
_KEPT = ((MINUTE_NS, 15), (5 * MINUTE_NS, 63), (60 * MINUTE_NS, 455))
"""Period, and for how many days points of it are kept."""

_MARKS = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
"""Percentiles that are kept of each point."""
_COLUMNS = ("begin_ns", "period_ns", "published_ns", "count", "total", "minimum", "maximum")
_MINUTES_A_DAY = _DAY_NS // MINUTE_NS
_TOGETHER = 60
"""So many spreads at once give way to their percentiles."""


@dataclass(frozen=True)
class Point:
    """One period of a series: what was published of it by a given instant, or that it is missing."""

    begin_ns: int
    period_ns: int
    statistics: Statistics | None
    published_ns: int
    """When the last of what it holds was published; `NEVER_NS` while it is missing."""

    def value(self, statistic: str) -> float | None:
        """A statistic of it; None if it is missing."""
        return None if self.statistics is None else self.statistics.value(statistic)


class _Day:
    """The points of all series in one day of one period."""

    def __init__(self, points: int, series: int) -> None:
        self.values = np.full((4, points, series), np.nan)
        self.published_ns = np.full((points, series), NEVER_NS, np.int64)


class _Tier:
    """Points of one period, in days that are made when they are first written to."""

    def __init__(self, period_ns: int, days: int, series: int) -> None:
        self.period_ns, self._most, self._series = period_ns, days, series
        self.days = OrderedDict[int, _Day]()
        self._points = _DAY_NS // period_ns

    def place(self, number: int) -> tuple[_Day, int]:
        """The day of a period, and its row there."""
        day, row = divmod(number, self._points)
        if day not in self.days:
            self.days[day] = _Day(self._points, self._series)
        return self.days[day], row

    def rows(self, first: int, count: int) -> Iterator[tuple[_Day, slice]]:
        """The days that hold some periods in a row, each with the rows that are meant."""
        while count > 0:
            day, row = divmod(first, self._points)
            taken = min(count, self._points - row)
            if day in self.days:
                yield self.days[day], slice(row, row + taken)
            first, count = first + taken, count - taken

    def outdated(self) -> Iterator[tuple[int, _Day]]:
        """Take away the days that are older than points are kept, oldest first."""
        while len(self.days) > self._most:
            yield self.days.popitem(last=False)


class Archive:
    """Every point of some series. Periods begin at full minutes of the clock.

    `origin_ns` is the instant of the run from which minutes are numbered; none of them begins earlier.
    """

    def __init__(self, series: int, origin_ns: int) -> None:
        self.origin_ns, self._series = origin_ns, series
        self.version = 0
        """How often anything has changed."""
        self._tiers = [_Tier(period_ns, days, series) for period_ns, days in _KEPT]
        self._spreads = [OrderedDict[int, Spread]() for _ in range(series)]
        self._untold: list[list[int]] = [[] for _ in range(series)]
        """Of each series the minutes whose points do not say yet what their spreads add up to."""
        self.latest = np.full(series, -NEVER_NS, np.int64)
        """The minute of the newest point of each series."""
        self._marks = [OrderedDict[int, list[float]]() for _ in range(series)]
        self._is_held = np.zeros(series, np.bool_)
        """Whether anything of a series may be held back."""

    # writing

    def minute_of(self, t_ns: int) -> int:
        """The number of the minute that holds an instant."""
        return (t_ns - self.origin_ns) // MINUTE_NS

    def opened(self, minute: int) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
        """Where the points of a minute are written: values, instants of publishing, and the row in both.

        Whoever writes there notes it in `latest`.
        """
        self.version += 1
        day, row = self._tiers[0].place(minute)
        if len(self._tiers[0].days) > _KEPT[0][1]:
            self._tell_all()
            self._age()
        return day.values, day.published_ns, row

    def put(
        self,
        minute: int,
        series: NDArray[np.int64],
        values: NDArray[np.float64],
        published_ns: NDArray[np.int64],
    ) -> None:
        """Write one point of each of some series: count, total, least, greatest [4, series]."""
        day_values, day_published_ns, row = self.opened(minute)
        day_values[:, row, series] = values
        day_published_ns[row, series] = published_ns
        self.latest[series] = minute

    def put_spread(self, minute: int, series: int, spread: Spread) -> None:
        """Keep how the samples of a point lie, for a day, and then some percentiles, as long as the point.

        What they add up to stands in the point once somebody looks.
        """
        self.version += 1
        spreads = self._spreads[series]
        spreads[minute] = spread
        self._untold[series].append(minute)
        if len(spreads) >= _MINUTES_A_DAY + _TOGETHER:
            self._tell(series)
            old = dict(spreads.popitem(last=False) for _ in range(_TOGETHER))
            marks = self._marks[series]
            marks.update(_marks_of(old))
            while len(marks) > (_KEPT[0][1] - 1) * _MINUTES_A_DAY:
                marks.popitem(last=False)

    def _tell(self, series: int) -> None:
        """Write what spreads add up to into their points."""
        minutes, self._untold[series] = self._untold[series], []
        if not minutes:
            return
        kept = self._spreads[series]
        for minute, summary in zip(minutes, summaries_of([kept[one] for one in minutes]).T, strict=True):
            day, row = self._tiers[0].place(minute)
            day.values[:, row, series] = summary

    def _tell_all(self) -> None:
        for series in range(self._series):
            self._tell(series)

    def add(self, minute: int, series: int, total: float) -> None:
        """Some samples of a point that were zeros turn out to be ones."""
        self.version += 1
        day, row = self._tiers[0].place(minute)
        values = day.values[:, row, series]
        if not np.isnan(values[TOTAL]):
            values[TOTAL] += total
            values[HIGH] = 1.0
            values[LOW] = 1.0 if values[TOTAL] >= values[COUNT] else 0.0

    def hold_back(self, series: NDArray[np.int64], now_ns: int) -> None:
        """What is not published yet is not until `let_go`."""
        self._hold(series, lambda some, _: (some > now_ns) & (some < NEVER_NS))

    def hold_with(self, copies: NDArray[np.int64], sources: NDArray[np.int64], now_ns: int) -> None:
        """Copies of points that are held back are, too."""
        chosen = self._is_held[sources]
        of = sources[chosen]
        self._hold(
            copies[chosen],
            lambda some, day: (day.published_ns[:, of] < 0) & (some > now_ns) & (some < NEVER_NS),
        )

    def _hold(
        self, series: NDArray[np.int64], which: Callable[[NDArray[np.int64], _Day], NDArray[np.bool_]]
    ) -> None:
        """Hold back some points of some series, by when they are published."""
        self.version += 1
        for day in self._newest_days() if len(series) else ():
            some = day.published_ns[:, series]
            held = which(some, day)
            day.published_ns[:, series] = np.where(held, -some, some)
            self._is_held[series] |= held.any(axis=0)

    def let_go(self, series: NDArray[np.int64], now_ns: int) -> None:
        """What was held back is published when it was due, or now."""
        held = series[self._is_held[series]]
        self.version += 1
        for day in self._newest_days() if len(held) else ():
            some = day.published_ns[:, held]
            day.published_ns[:, held] = np.where(some < 0, np.maximum(-some, now_ns), some)
        self._is_held[held] = False

    def _newest_days(self) -> list[_Day]:
        """Today and the day before, which hold all that is not published yet."""
        return [*self._tiers[0].days.values()][-2:]

    def _age(self) -> None:
        """Join days that are too old for their period into the next longer one."""
        for finer, coarser in zip(self._tiers, [*self._tiers[1:], None], strict=True):
            for number, day in finer.outdated():
                if coarser is not None:
                    self._join(number, day, finer.period_ns, coarser)

    def _join(self, number: int, day: _Day, period_ns: int, coarser: _Tier) -> None:
        """One day of points as a day of longer periods."""
        ratio = coarser.period_ns // period_ns
        points = len(day.published_ns) // ratio
        target, row = coarser.place(number * points)
        assert row == 0
        values = day.values.reshape(4, points, ratio, self._series)
        there = ~np.isnan(values[TOTAL])
        joined_values = aggregate(values, there, axis=1)
        target.values[:] = joined_values
        published = day.published_ns.reshape(points, ratio, self._series)
        last = np.where(there, published, 0).max(axis=1)
        target.published_ns[:] = np.where(there.any(axis=1), last, NEVER_NS)

    # reading

    def is_silent(self, series: int, minutes: int, until_ns: int) -> bool:
        """Whether a series has no point at all, seen or not, in the last so many minutes."""
        return bool(self.latest[series] < self.minute_of(until_ns) - minutes)

    def points(
        self, series: int, *, period_ns: int, count: int, until_ns: int, now_ns: int = NEVER_NS - 1
    ) -> list[Point]:
        """The last `count` periods of a length that end by `until_ns`, oldest first, as seen at `now_ns`.

        The length is in whole minutes, and the last period ends with the last full minute by `until_ns`:
        longer periods may begin at any minute.
        """
        minutes = period_ns // MINUTE_NS
        end = self.minute_of(until_ns)
        return [
            self._point(series, end - (back + 1) * minutes, minutes, now_ns)
            for back in range(count - 1, -1, -1)
        ]

    def values(
        self, series: int, statistic: str, *, period_ns: int, count: int, until_ns: int, now_ns: int
    ) -> list[float | None]:
        """A statistic of those periods, None where it is missing: quick, for who asks every minute.

        The periods are as young as minutes are kept.
        """
        if percentile_share(statistic):
            points = self.points(series, period_ns=period_ns, count=count, until_ns=until_ns, now_ns=now_ns)
            return [point.value(statistic) for point in points]
        minutes = period_ns // MINUTE_NS
        first = self.minute_of(until_ns) - count * minutes
        seen = self._seen(series, first, count * minutes, now_ns)
        if minutes == 1:
            return [None if one is None else of_one(one, statistic) for one in seen]
        return [value_of(seen[place : place + minutes], statistic) for place in range(0, len(seen), minutes)]

    def _seen(self, series: int, first: int, count: int, now_ns: int) -> list[tuple[float, ...] | None]:
        """The points of some minutes, None where none is seen at an instant."""
        self._tell(series)
        tier, found = self._tiers[0], list[tuple[float, ...] | None]()
        while count > 0:
            number, row = divmod(first, _DAY_NS // MINUTE_NS)
            taken = min(count, _DAY_NS // MINUTE_NS - row)
            day = tier.days.get(number)
            if day is None:
                found += [None] * taken
            else:
                rows = slice(row, row + taken)
                kept = zip(*day.values[:, rows, series].tolist(), strict=True)
                published = day.published_ns[rows, series].tolist()
                found += [
                    one if 0 <= at_ns <= now_ns else None for one, at_ns in zip(kept, published, strict=True)
                ]
            first, count = first + taken, count - taken
        return found

    def _point(self, series: int, first: int, minutes: int, now_ns: int) -> Point:
        begin_ns, period_ns = self.origin_ns + first * MINUTE_NS, minutes * MINUTE_NS
        values, published = self._found(series, first, minutes)
        seen = (published >= 0) & (published <= now_ns)
        if not seen.any():
            return Point(begin_ns, period_ns, None, NEVER_NS)
        count, total, low, high = aggregate(values, seen, axis=0).tolist()
        spread = joined(self._spreads_of(series, first, minutes, now_ns))
        last_ns = int(published[seen].max())
        return Point(begin_ns, period_ns, Statistics(count, total, low, high, spread), last_ns)

    def _found(self, series: int, first: int, minutes: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """The kept points of some minutes, the finest that are left."""
        self._tell(series)
        values, published = [np.empty((4, 0))], [np.empty(0, np.int64)]
        for tier in self._tiers:
            ratio = tier.period_ns // MINUTE_NS
            if minutes % ratio or first % ratio:
                continue
            for day, rows in tier.rows(first // ratio, minutes // ratio):
                values.append(day.values[:, rows, series])
                published.append(day.published_ns[rows, series])
        return np.concatenate(values, axis=1), np.concatenate(published)

    def _spreads_of(self, series: int, first: int, minutes: int, now_ns: int) -> Iterator[Spread]:
        kept = self._spreads[series]
        for minute in range(first, first + minutes) if kept else ():
            spread = kept.get(minute)
            if spread is not None:
                day, row = self._tiers[0].place(minute)
                if 0 <= day.published_ns[row, series] <= now_ns:
                    yield spread

    def columns(self) -> list[dict[str, NDArray[Any]]]:
        """All points of each series that are left, oldest first: times, and what each holds."""
        self._tell_all()
        of, *found = self._of_all()
        ends = of.searchsorted(np.arange(self._series), side="right").tolist()
        columns = [
            dict(zip(_COLUMNS, (one[first:end] for one in found), strict=True))
            for first, end in pairwise([0, *ends])
        ]
        for some, old, spreads in zip(columns, self._marks, self._spreads, strict=True):
            if old or spreads:
                some |= self._marked(some["begin_ns"], old | _marks_of(spreads))
        return columns

    def _of_all(self) -> list[NDArray[Any]]:
        """The points of all series, one series after the other: its number, then the columns."""
        days = [*self._days()]
        if len(days) == 1:
            return [*days[0]]
        found = [np.concatenate([day[place] for day in days]) for place in range(1 + len(_COLUMNS))]
        order = found[0].astype(np.int32).argsort(kind="stable")
        return [one[order] for one in found]

    def _days(self) -> Iterator[tuple[NDArray[Any], ...]]:
        """The same of each day, or of none."""
        days = [(tier, *one) for tier in reversed(self._tiers) for one in tier.days.items()]
        for tier, number, day in days or [(self._tiers[0], 0, _Day(0, self._series))]:
            of, rows = (day.published_ns.T < NEVER_NS).nonzero()
            published_ns = day.published_ns[rows, of]
            published_ns[published_ns < 0] = NEVER_NS - 1  # held back
            begin_ns = self.origin_ns + (number * len(day.published_ns) + rows) * tier.period_ns
            yield of, begin_ns, np.full(len(rows), tier.period_ns), published_ns, *day.values[:, rows, of]

    def _marked(self, begin_ns: NDArray[np.int64], marks: dict[int, list[float]]) -> dict[str, NDArray[Any]]:
        """The percentiles that are kept of points, by when they begin."""
        minutes, nothing = ((begin_ns - self.origin_ns) // MINUTE_NS).tolist(), [np.nan] * len(_MARKS)
        rows = np.array([marks.get(minute, nothing) for minute in minutes], np.float64).reshape(
            -1, len(_MARKS)
        )
        return {name: rows[:, place] for place, name in enumerate(_MARKS)}


def _marks_of(spreads: Mapping[int, Spread]) -> dict[int, list[float]]:
    """The percentiles that are kept, by minute."""
    return dict(zip(spreads, percentiles_of([*spreads.values()], [*_MARKS.values()]), strict=True))
