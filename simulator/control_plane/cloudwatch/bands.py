"""Bands of what is expected at each time of the week, learned from the past.

Specification: docs/monitoring.md, "Bands". How CloudWatch's own models work is not published; this one is a
robust seasonal estimate. Pure functions of what has been seen:

    model = Model(values, first=-20_160, period_ns=60 * SECOND)
    band = model.band(begin_ns, deviations=2.0)    # None if too little is known

Instants are counted from a Monday 00:00, and periods are numbered from there.
"""

from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass

Values = NDArray[np.float64]

HOUR_NS = 3_600 * 10**9
SLOT_NS = HOUR_NS // 4
_DAY_NS, _WEEK_NS = 24 * HOUR_NS, 7 * 24 * HOUR_NS
_SLOTS = _DAY_NS // SLOT_NS
_WORK_DAYS = 5
_NEIGHBOURS = 2
"""Slots to either side whose values tell how wide a band is."""

LEAST_VALUES = 3
"""With fewer nothing is expected."""

_NORMAL_OF_MEDIAN, _NORMAL_OF_MEAN = 1.4826, 1.2533
"""Standard deviation of normal values by the median, or the mean, of their distances to the middle."""


@dataclass(frozen=True)
class Band:
    """What is expected of a period, and between what."""

    lower: float
    expected: float
    upper: float


Instants = TypeVar("Instants", int, NDArray[np.int64])


def slots_of(begin_ns: Instants) -> Instants:
    """The slot in which each period begins: those of work days, then those of weekends."""
    is_weekend = begin_ns % _WEEK_NS // _DAY_NS >= _WORK_DAYS
    return begin_ns % _DAY_NS // SLOT_NS + _SLOTS * is_weekend


@lru_cache(maxsize=32)
def _order(first: int, count: int, period_ns: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Values]:
    """Of some periods: by slot, which come first; their slots in that order; the weeks until each begins.

    All bands of a run learn from the same periods, but for those that have been there for less time.
    """
    begin_ns = (first + np.arange(count)) * period_ns
    slots = slots_of(begin_ns)
    order = np.argsort(slots, kind="stable")
    return order, slots[order], begin_ns / _WEEK_NS


class Model:
    """What has been learned from a series of values, one for each period of the clock; NaN is left out."""

    def __init__(self, values: Values, first: int, period_ns: int) -> None:
        order, slots, weeks = _order(first, len(values), period_ns)
        self._growth = _growth(values, round(_WEEK_NS / period_ns))
        sorted_values = (values - self._growth * weeks)[order]
        there = ~np.isnan(sorted_values)
        self._slots, self._values = slots[there], sorted_values[there]
        self._seasons: dict[int, tuple[float, float] | None] = {}
        self._middles: dict[int, float] = {}
        self._far: dict[int, Values] = {}
        """Of slots how far their values are from the middle."""

    def band(self, begin_ns: int, deviations: float) -> Band | None:
        """The band of a period by its begin; None if too little is known."""
        slot = slots_of(begin_ns)
        if slot not in self._seasons:
            self._seasons[slot] = self._season(slot)
        season = self._seasons[slot]
        if season is None:
            return None
        expected = season[0] + self._growth * (begin_ns / _WEEK_NS)
        half = deviations * season[1]
        return Band(expected - half, expected, expected + half)

    def _season(self, slot: int) -> tuple[float, float] | None:
        """The middle of a slot, and how far values lie from theirs around it; None if too few are known."""
        if len(self._values) < LEAST_VALUES:
            return None
        near = [one for one in _around(slot) if len(self._values_in(one)) >= LEAST_VALUES]
        told = near if slot in near else [slot]
        return self._middle(slot), spread_of(np.concatenate([self._distances(one) for one in told]))

    def _middle(self, slot: int) -> float:
        if slot not in self._middles:
            self._middles[slot] = _median(self._values_for(slot))
        return self._middles[slot]

    def _values_for(self, slot: int) -> Values:
        """The values of a slot; if they are few, those of all days, or all."""
        other = (slot + _SLOTS) % (2 * _SLOTS)
        own = self._values_in(slot)
        if len(own) >= LEAST_VALUES:
            return own
        days = np.concatenate([own, self._values_in(other)])
        return days if len(days) >= LEAST_VALUES else self._values

    def _values_in(self, slot: int) -> Values:
        begin, end = np.searchsorted(self._slots, [slot, slot + 1])
        return self._values[begin:end]

    def _distances(self, slot: int) -> Values:
        if slot not in self._far:
            self._far[slot] = np.abs(self._values_for(slot) - self._middle(slot))
        return self._far[slot]


def _around(slot: int) -> list[int]:
    """A slot and its neighbours on the same kind of day."""
    kind, place = divmod(slot, _SLOTS)
    return [kind * _SLOTS + (place + step) % _SLOTS for step in range(-_NEIGHBOURS, _NEIGHBOURS + 1)]


def _median(values: Values) -> float:
    """The median of values that are all there: as NumPy's, without its looks for others."""
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    near = np.partition(values, (half - 1, half))
    return float((near[half - 1] + near[half]) / 2)


def _growth(values: Values, a_week: int) -> float:
    """From one week to the next, the median of all changes; 0 if nothing tells."""
    changes = values[a_week:] - values[:-a_week]
    changes = changes[~np.isnan(changes)]
    return _median(changes) if len(changes) else 0.0


def spread_of(distances: Values) -> float:
    """The standard deviation of values by their distances to the middle, if they are normal."""
    middle = _median(distances)
    return _NORMAL_OF_MEDIAN * middle if middle > 0 else _NORMAL_OF_MEAN * float(np.mean(distances))
