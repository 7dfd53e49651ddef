"""Series of points: what is seen when, longer periods, retention."""

from itertools import pairwise

import numpy as np
import pytest

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.statistics import Spread, percentile_share, percentiles_of
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.measure.histogram import bin_of

MINUTES_A_DAY = 1440


def put(archive: Archive, minute: int, count: float, total: float, low: float, high: float) -> None:
    """A point of the first series, published a minute and a half after it ended."""
    values = np.array([[count], [total], [low], [high]])
    published_ns = archive.origin_ns + (minute + 1) * MINUTE_NS + 90 * 10**9
    archive.put(minute, np.array([0]), values, np.array([published_ns]))


def test_a_point_is_seen_from_when_it_was_published() -> None:
    archive = Archive(1, 0)
    put(archive, 0, 4, 10.0, 1.0, 5.0)
    at_ns = MINUTE_NS + 90 * 10**9
    (before,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=MINUTE_NS, now_ns=at_ns - 1)
    (after,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=MINUTE_NS, now_ns=at_ns)
    assert before.statistics is None
    assert before.published_ns == NEVER_NS
    assert (after.begin_ns, after.period_ns, after.published_ns) == (0, MINUTE_NS, at_ns)
    named = ("sample_count", "sum", "average", "minimum", "maximum")
    assert [after.value(one) for one in named] == [4, 10.0, 2.5, 1.0, 5.0]


def test_longer_periods_add_up_and_begin_at_any_minute() -> None:
    """Minutes 0, 1, 3 have points; three minutes up to the fourth are 1 to 3, of which 2 is missing."""
    archive = Archive(1, 0)
    for minute, (count, total, low, high) in {0: (1, 9, 9, 9), 1: (2, 6, 1, 5), 3: (2, 2, 0, 2)}.items():
        put(archive, minute, count, total, low, high)
    (point,) = archive.points(0, period_ns=3 * MINUTE_NS, count=1, until_ns=4 * MINUTE_NS)
    assert point.begin_ns == MINUTE_NS
    assert [point.value(one) for one in ("sample_count", "sum", "average", "minimum", "maximum")] == [
        4, 8.0, 2.0, 0.0, 5.0,
    ]  # fmt: skip


def test_minutes_are_those_of_the_clock() -> None:
    """A run that begins at 10:41:25 begins 25 s into a minute."""
    archive = Archive(1, -(10 * 3600 + 41 * 60 + 25) * 10**9)
    put(archive, archive.minute_of(35 * 10**9), 1, 1, 1, 1)
    (point,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=100 * 10**9)
    assert point.begin_ns == 35 * 10**9
    assert point.value("sum") == 1


@pytest.mark.parametrize("statistic", ["sum", "average", "minimum", "maximum", "sample_count"])
@pytest.mark.parametrize("until", [7, 1442, 1500])
def test_the_quick_way_gives_what_the_other_gives(statistic: str, until: int) -> None:
    archive, rng = Archive(1, 0), np.random.default_rng(1)
    for minute in [*range(10), *range(1430, 1460)]:
        if rng.random() < 0.7:
            put(archive, minute, 2, float(minute), 0.0, float(minute))
    for now_ns in range((until - 8) * MINUTE_NS, (until + 3) * MINUTE_NS, MINUTE_NS // 2):
        asked = {"period_ns": 2 * MINUTE_NS, "count": 3, "until_ns": until * MINUTE_NS, "now_ns": now_ns}
        expected = [point.value(statistic) for point in archive.points(0, **asked)]
        assert archive.values(0, statistic, **asked) == expected


def test_points_are_kept_as_long_as_cloudwatch_keeps_them() -> None:
    """After 80 days: the last 15 by minute, the 63 before by five minutes, the others by the hour.

    Each minute has one sample of one: a day has 1,440 of them at whatever period.
    """
    archive = Archive(1, 0)
    for day in range(80):
        for minute in range(day * MINUTES_A_DAY, (day + 1) * MINUTES_A_DAY, 1):
            put(archive, minute, 1, 1.0, 1.0, 1.0)
    (columns,) = archive.columns()
    periods = dict(zip(*np.unique(columns["period_ns"] // MINUTE_NS, return_counts=True), strict=True))
    assert periods == {1: 15 * 1440, 5: 63 * 288, 60: 2 * 24}
    assert columns["total"].sum() == 80 * 1440
    begins = columns["begin_ns"].tolist()
    assert all(one < other for one, other in pairwise(begins))
    (old,) = archive.points(0, period_ns=60 * MINUTE_NS, count=1, until_ns=60 * MINUTE_NS)
    assert old.value("sum") == 60
    (too_fine,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=60 * MINUTE_NS)
    assert too_fine.statistics is None


def test_what_is_held_back_is_published_when_it_is_let_go() -> None:
    """Points are due at 150 s and 210 s; from 160 s to 400 s the region is down."""
    archive = Archive(1, 0)
    put(archive, 0, 1, 1, 1, 1)
    put(archive, 1, 1, 2, 2, 2)
    first = np.array([0])
    archive.hold_back(first, 160 * 10**9)
    seen = archive.points(0, period_ns=MINUTE_NS, count=2, until_ns=2 * MINUTE_NS)
    assert [point.value("sum") for point in seen] == [1, None]
    archive.let_go(first, 400 * 10**9)
    seen = archive.points(0, period_ns=MINUTE_NS, count=2, until_ns=2 * MINUTE_NS)
    assert [point.published_ns // 10**9 for point in seen] == [150, 400]


def test_an_error_that_is_told_later_belongs_to_its_minute() -> None:
    """Ten invocations, no error yet; then three of them turn out to have failed, then all."""
    archive = Archive(1, 0)
    put(archive, 0, 10, 0, 0, 0)

    def named() -> list[float | None]:
        (point,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=MINUTE_NS)
        return [point.value(one) for one in ("average", "minimum", "maximum")]

    archive.add(0, 0, 3.0)
    assert named() == [0.3, 0.0, 1.0]
    archive.add(0, 0, 7.0)
    assert named() == [1.0, 1.0, 1.0]


def test_percentiles_of_longer_periods_are_those_of_all_samples() -> None:
    """99 samples of 100 ns in one minute, 101 of 200 ns in the next: p49 is 100 ns, p50 is 200 ns.

    The mean of the two minutes' medians would be 150 ns.
    """
    archive = Archive(1, 0)
    for minute, (value, count) in enumerate([(100, 99), (200, 101)]):
        put(archive, minute, count, count * value, value, value)
        archive.put_spread(minute, 0, Spread(np.array([bin_of(value)]), np.array([count]), 1))
    (point,) = archive.points(0, period_ns=2 * MINUTE_NS, count=1, until_ns=2 * MINUTE_NS)
    assert (point.value("p49"), point.value("p50"), point.value("p100")) == (100, 200, 200)


@pytest.mark.parametrize(
    ("statistic", "share"),
    [("p99", 0.99), ("p99.9", 0.999), ("p100", 1.0), ("p0", None), ("p101", None), ("sum", None)],
)
def test_what_a_percentile_is(statistic: str, share: float | None) -> None:
    assert percentile_share(statistic) == (None if share is None else pytest.approx(share))


def test_percentiles_of_many_spreads_are_those_of_each() -> None:
    """The smallest sample that at least the share do not exceed, found by sorting; samples of whole bins."""
    rng, shares = np.random.default_rng(1), (0.5, 0.9, 0.99, 1.0)
    samples = [np.sort(rng.integers(0, 200, rng.integers(1, 40))) for _ in range(20)]
    counted = [np.unique(one, return_counts=True) for one in samples]
    spreads = [Spread(bins, counts, unit) for unit, (bins, counts) in enumerate(counted, 1)]
    expected = [
        [one[int(np.ceil(share * len(one))) - 1] / unit for share in shares]
        for unit, one in enumerate(samples, 1)
    ]
    assert percentiles_of(spreads, shares) == expected
    assert [one.percentiles(shares) for one in spreads] == expected


def test_percentiles_stay_when_what_they_were_taken_from_has_gone() -> None:
    """Two days of one sample a minute, of 100 ns on the first and 200 ns on the second."""
    archive = Archive(1, 0)
    for minute in range(2 * MINUTES_A_DAY):
        value = 100 if minute < MINUTES_A_DAY else 200
        put(archive, minute, 1, value, value, value)
        archive.put_spread(minute, 0, Spread(np.array([value]), np.array([1]), 1))
    marks = archive.columns()[0]["p99"]
    assert (marks[:MINUTES_A_DAY] == 100).all()
    assert (marks[MINUTES_A_DAY:] == 200).all()
    (old,) = archive.points(0, period_ns=MINUTE_NS, count=1, until_ns=60 * MINUTE_NS)
    assert (old.value("sum"), old.value("p99")) == (100, None)
