"""Bands against a second, plain implementation of docs/monitoring.md, and against figures by hand."""

from datetime import timedelta
from statistics import mean, median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.control_plane.cloudwatch.bands import Band, Model

MINUTE_NS = 60 * 10**9
HOUR_NS = 60 * MINUTE_NS
DAY_NS, WEEK_NS = 24 * HOUR_NS, 7 * 24 * HOUR_NS


def plain_band(values: list[float], first: int, period_ns: int, begin_ns: int, k: float) -> Band | None:
    """The same from the specification, value by value."""
    known = {(first + i) * period_ns: v for i, v in enumerate(values) if not np.isnan(v)}
    week_ns = round(WEEK_NS / period_ns) * period_ns
    changes = [known[t + week_ns] - v for t, v in known.items() if t + week_ns in known]
    growth = median(changes) if changes else 0.0
    level = {t: v - growth * (t / WEEK_NS) for t, v in known.items()}

    def quarter(t: int) -> int:
        return t % DAY_NS // (15 * MINUTE_NS)

    def weekend(t: int) -> bool:
        return timedelta(microseconds=t % WEEK_NS // 1000).days >= 5

    slots: dict[tuple[int, bool], list[float]] = {
        (place, kind): [] for place in range(96) for kind in (False, True)
    }
    for t, v in level.items():
        slots[quarter(t), weekend(t)].append(v)

    def taken(place: int, kind: bool) -> list[float]:
        here, days = slots[place, kind], slots[place, False] + slots[place, True]
        return next((some for some in (here, days) if len(some) >= 3), [*level.values()])

    def has_own(place: int, kind: bool) -> bool:
        return len(slots[place, kind]) >= 3

    if len(level) < 3:
        return None
    place, kind = quarter(begin_ns), weekend(begin_ns)
    around = [(place + step) % 96 for step in (-2, -1, 0, 1, 2)]
    told = [one for one in around if has_own(one, kind)] if has_own(place, kind) else [place]
    middles = {one: median(taken(one, kind)) for one in told}
    distances = [abs(v - middles[one]) for one in told for v in taken(one, kind)]
    spread = 1.4826 * median(distances) or 1.2533 * mean(distances)
    expected = median(taken(place, kind)) + growth * (begin_ns / WEEK_NS)
    return Band(expected - k * spread, expected, expected + k * spread)


def three_weeks(seed: int, minutes: int, absent: float, growth: int) -> NDArray[np.float64]:
    """Values from 0 to 9, each week so much more, a share of which is not there."""
    draws = np.random.default_rng(seed)
    values = draws.integers(0, 10, 21 * 1440 // minutes).astype(np.float64)
    values += growth * np.repeat([0, 1, 2], len(values) // 3)
    values[draws.random(len(values)) < absent] = np.nan
    return values


@given(
    seed=st.integers(0, 2**32 - 1),
    absent=st.sampled_from([0.0, 0.3, 0.8, 0.95, 0.99]),
    growth=st.integers(-3, 3),
    first=st.integers(-3000, 100),
    minutes=st.sampled_from([15, 30, 60]),
    place=st.floats(0, 1.1),
    k=st.floats(0.5, 4),
)
def test_the_model_of_three_weeks_is_the_plain_one(
    seed: int, absent: float, growth: int, first: int, minutes: int, place: float, k: float
) -> None:
    """If all are there, a slot has fifteen values of work days and six of weekends; of 5 %, one or none."""
    values = three_weeks(seed, minutes, absent, growth)
    begin = first + int(place * len(values))
    compare(values, first, minutes * MINUTE_NS, begin, k)


FEW = st.lists(st.one_of(st.integers(0, 9).map(float), st.just(float("nan"))), max_size=7)


@given(FEW, st.integers(-800, 100), st.integers(-700, 700), st.floats(0.5, 4))
def test_the_model_of_a_few_values_is_the_plain_one(
    values: list[float], first: int, begin: int, k: float
) -> None:
    compare(np.array(values, np.float64), first, HOUR_NS, begin, k)


def compare(values: NDArray[np.float64], first: int, period_ns: int, begin: int, k: float) -> None:
    found = Model(values, first, period_ns).band(begin * period_ns, k)
    expected = plain_band(values.tolist(), first, period_ns, begin * period_ns, k)
    if expected is None:
        assert found is None
        return
    assert found is not None
    numbers = (found.lower, found.expected, found.upper)
    assert numbers == pytest.approx((expected.lower, expected.expected, expected.upper), rel=1e-9, abs=1e-9)


# by hand; two weeks of minutes, from Monday 00:00 to Monday 00:00

TWO_WEEKS = 20_160


def at(day: int, hour: float) -> int:
    """An instant of the week after them."""
    return day * DAY_NS + round(hour * HOUR_NS)


def minutes_of_week() -> NDArray[np.int64]:
    return np.arange(-TWO_WEEKS, 0) % (7 * 24 * 60)


def test_normal_values_give_their_own_mean_and_deviation() -> None:
    """75 minutes on ten days: the deviation is known to 1.17 / sqrt(750) = 4 %, the mean to a tenth of it."""
    values = np.random.default_rng(1).normal(100.0, 10.0, TWO_WEEKS)
    model = Model(values, -TWO_WEEKS, MINUTE_NS)
    bands = [model.band(at(2, hour), 2.0) for hour in range(24)]
    half = [(one.upper - one.lower) / 2 for one in bands if one is not None]
    assert np.mean(half) == pytest.approx(20.0, rel=0.04)
    assert np.mean([one.expected for one in bands if one is not None]) == pytest.approx(100.0, abs=0.7)


def test_hours_and_kinds_of_day_are_told_apart() -> None:
    week = minutes_of_week()
    hour, is_weekend = week // 60 % 24, week // 1440 >= 5
    values = np.where(is_weekend, 5.0, 10.0 + hour)
    model = Model(values, -TWO_WEEKS, MINUTE_NS)
    # nothing varies within a slot, so that the band has no width
    assert model.band(at(0, 9.5), 2.0) == Band(19.0, 19.0, 19.0)
    assert model.band(at(4, 14.0), 2.0) == Band(24.0, 24.0, 24.0)
    assert model.band(at(6, 14.0), 2.0) == Band(5.0, 5.0, 5.0)


def test_what_grows_by_seven_a_week_is_expected_to_go_on() -> None:
    values = 100.0 + np.arange(-TWO_WEEKS, 0) * (7.0 / 10_080)
    band = Model(values, -TWO_WEEKS, MINUTE_NS).band(at(3, 12.0), 2.0)
    assert band is not None
    assert band.expected == pytest.approx(100.0 + 7.0 * 3.5 / 7, abs=0.01)


def test_mostly_alike_values_have_a_width_by_their_mean_distance() -> None:
    """One minute in five is 1 rather than 0: the mean distance to the middle, 0, is 0.2."""
    values = (np.arange(TWO_WEEKS) % 5 == 0).astype(np.float64)
    band = Model(values, -TWO_WEEKS, MINUTE_NS).band(at(0, 9.0), 2.0)
    assert band is not None
    assert band.expected == 0.0
    assert band.upper == pytest.approx(2 * 1.2533 * 0.2)


def test_an_outage_in_the_training_data_moves_and_widens_later_bands() -> None:
    """A dark Saturday: of the four weekend days that it knows, one has nothing.

    The middle of the rest's values is then their third, 0.43 deviations of 10 lower. Of the changes from week
    to week (deviation 14.1) one in seven is far below, so that their median is 0.21 deviations lower: 3.0 a
    week, over the 11.5 days from the middle of those weekends on. Together 9.2 lower.
    """
    values = np.random.default_rng(1).normal(100.0, 10.0, TWO_WEEKS)
    clean = Model(values, -TWO_WEEKS, MINUTE_NS).band(at(5, 12.0), 2.0)
    begin, end = TWO_WEEKS - 2 * 1440, TWO_WEEKS - 1440
    values[begin:end] = 0.0
    struck = Model(values, -TWO_WEEKS, MINUTE_NS).band(at(5, 12.0), 2.0)
    values[begin:end] = np.nan  # excluded
    mended = Model(values, -TWO_WEEKS, MINUTE_NS).band(at(5, 12.0), 2.0)
    assert clean is not None
    assert struck is not None
    assert mended is not None
    assert struck.expected == pytest.approx(clean.expected - 9.2, abs=3.0)
    assert struck.upper - struck.lower > 1.3 * (clean.upper - clean.lower)
    assert mended.expected == pytest.approx(clean.expected, abs=2.5)
    assert mended.upper - mended.lower == pytest.approx(clean.upper - clean.lower, rel=0.15)
