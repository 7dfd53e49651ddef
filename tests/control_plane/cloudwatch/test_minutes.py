"""The points of a minute by the kernel, against the same in a few operations on whole arrays."""

from typing import Any

import numpy as np
import pytest

from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.minutes import (
    A_SUM,
    ALIKE,
    NO_CANARY,
    NOT_SHARED,
    NOTHING,
    ONE_SAMPLE,
    SAMPLES,
    ZEROS_AND_ONES,
    make_points,
)
from simulator.kernels.blocks import Block
from simulator.randomness.distributions import UNIFORM
from simulator.randomness.draws import METRIC

SERIES, WIDTH, COUNTED, MINUTES = 12, 30, 20, 32
SEED, MINUTE, END_NS = 7, 70, 71 * 60 * 10**9
DELAY = (UNIFORM, 60e9, 180e9)


def sums(rng: np.random.Generator, most: int) -> Any:
    """Up to so many elements of each series, some of them with factors."""
    counts = rng.integers(0, most + 1, SERIES)
    return Block(
        "sums",
        first=np.concatenate(([0], counts.cumsum())),
        element=rng.integers(0, WIDTH, counts.sum()),
        times=rng.choice([1.0, -1.0, 0.5], counts.sum()),
    )


def no_sums() -> Any:
    first, nothing = np.zeros(SERIES + 1, np.int64), np.zeros(0, np.int64)
    return Block("sums", first=first, element=nothing, times=np.zeros(0))


def points(rng: np.random.Generator, **changes: Any) -> Any:
    """Series of all kinds, none of which has a spread, and none a canary's failures."""
    fields = {
        "seed": SEED,
        "counted": COUNTED,
        "total": sums(rng, 3),
        "samples": sums(rng, 2),
        "ones": no_sums(),
        "lies": rng.choice([ONE_SAMPLE, ZEROS_AND_ONES, ALIKE], SERIES),
        "needs": rng.choice([NOTHING, SAMPLES, A_SUM], SERIES),
        "is_slow": rng.integers(0, 2, SERIES),
        "is_timed": np.zeros(SERIES, np.int64),
        "is_known": rng.integers(0, 2, SERIES),
        "known": rng.choice([np.nan, 0.0, 3.0], SERIES),
        "among": rng.choice([NOT_SHARED, 0, 4], SERIES),
        "most": np.full(SERIES, 2.5),
        "base": rng.choice([0.0, 0.25], SERIES),
        "canary": np.full(SERIES, NO_CANARY),
        "canary_share": np.zeros(SERIES),
        "canary_counts": np.zeros(SERIES, np.int64),
        "delay_kind": DELAY[0],
        "delay_a": DELAY[1],
        "delay_b": DELAY[2],
        "last_ns": rng.choice([0, END_NS + 10**15], SERIES),
        "latest": np.zeros(SERIES, np.int64),
        "values": np.zeros((4, SERIES)),
        "there": np.zeros(SERIES, np.int64),
        "is_dark": rng.integers(0, 2, SERIES),
        "late_count": np.zeros(1, np.int64),
        "late_minute": np.zeros(MINUTES, np.int64),
        "late_series": np.zeros(MINUTES, np.int64),
        "late_ones": np.zeros(MINUTES),
    }
    return Block("points", **(fields | changes))


def since(now: Any, before: Any) -> Any:
    """Counters since the reading before, gauges as they are."""
    return np.concatenate([now[:COUNTED] - before[:COUNTED], now[COUNTED:]])


def added(some: Any, row: Any) -> Any:
    series = np.repeat(np.arange(SERIES), np.diff(some.first))
    return np.bincount(series, row[some.element] * some.times, SERIES).astype(float)


def expected(block: Any, row: Any) -> tuple[Any, Any]:
    """Count, total, least and greatest; and which points there are."""
    total, samples = added(block.total, row), added(block.samples, row)
    total = np.where(block.is_known == 1, block.known, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(block.among == 0, np.nan, np.fmin(block.base + total / block.among, block.most))
        each = np.where(np.isnan(total), np.nan, each)
        total = np.where(block.among == NOT_SHARED, total, each)
        count = np.where(block.lies == ONE_SAMPLE, 1.0, samples)
        mean = np.where(count > 0, total / count, 0.0)
    is_share = block.lies == ZEROS_AND_ONES
    low, high = np.where(is_share, total >= count, mean), np.where(is_share, total > 0, mean)
    enough = np.where(block.needs == SAMPLES, count > 0, (block.needs == NOTHING) | (total != 0))
    return np.stack([count, total, low, high]), enough & ~np.isnan(total) & (block.is_dark == 0)


def make(block: Any, now: Any, before: Any) -> tuple[Any, Any]:
    """The points of a minute; the day into which those of a minute are written."""
    values, published_ns = np.full((4, 1440, SERIES), np.nan), np.zeros((1440, SERIES), np.int64)
    make_points(block, now, before, MINUTE, END_NS, values, published_ns, MINUTE)
    return values, published_ns


@pytest.mark.parametrize("seed", range(8))
def test_points_hold_what_operations_on_arrays_give(seed: int) -> None:
    rng = np.random.default_rng(seed)
    block, now, before = points(rng), rng.integers(5, 10, WIDTH), rng.integers(0, 6, WIDTH)
    last_ns = block.last_ns.copy()
    wanted, there = expected(block, since(now, before))
    values, published_ns = make(block, now, before)
    assert np.array_equal(block.there, there)
    assert np.array_equal(block.values, wanted, equal_nan=True)
    for series in range(SERIES):
        due_ns = END_NS + duration_ns(DELAY, uniform(SEED, METRIC, series, MINUTE))
        seen_ns = max(due_ns, int(last_ns[series])) if there[series] else int(last_ns[series])
        assert block.last_ns[series] == seen_ns
        is_written = bool(there[series]) and not block.is_slow[series]
        assert np.array_equal(values[:, MINUTE, series], wanted[:, series], equal_nan=True) or not is_written
        assert published_ns[MINUTE, series] == (seen_ns if is_written else 0)
        assert block.latest[series] == (MINUTE if is_written else 0)


def test_ones_of_minutes_before_are_noted() -> None:
    """The eighth element of the row is the first of 32 minutes; ones of minutes 70 and 68 are new.

    70 is 6 modulo 32: the minute itself; the fourth place is two minutes before.
    """
    rng = np.random.default_rng(1)
    first = np.array([0] + [MINUTES] * SERIES)
    ones = Block("sums", first=first, element=np.arange(MINUTES) + 8, times=np.ones(MINUTES))
    lies, nothing = np.full(SERIES, ZEROS_AND_ONES), np.zeros(SERIES, np.int64)
    samples = Block(
        "sums", first=np.arange(SERIES + 1), element=np.zeros(SERIES, np.int64), times=np.ones(SERIES)
    )
    plain = {"is_known": nothing, "is_dark": nothing, "among": np.full(SERIES, NOT_SHARED)}
    block = points(rng, total=no_sums(), samples=samples, ones=ones, lies=lies, counted=40, **plain)
    now, before = np.zeros(40, np.int64), np.zeros(40, np.int64)
    now[0], now[8 + 6], now[8 + 4] = 10, 3, 2
    make(block, now, before)
    assert block.values[:, 0].tolist() == [10.0, 3.0, 0.0, 1.0]
    found = block.late_count[0], block.late_minute[0], block.late_series[0], block.late_ones[0]
    assert found == (1, 68, 0, 2.0)


def test_runs_of_canaries_that_fail_by_themselves_are_failures_and_no_successes() -> None:
    """All do: of five runs none succeeds, and five have failed. Successes are told in percent."""
    rng = np.random.default_rng(1)
    nothing = np.zeros(SERIES, np.int64)
    total: Any = Block("sums", first=np.arange(SERIES + 1), element=nothing, times=np.full(SERIES, 1.0))
    is_count = np.arange(SERIES) % 2
    total.times[is_count == 0] = 100.0
    plain = {"is_known": nothing, "is_dark": nothing, "among": np.full(SERIES, NOT_SHARED)}
    canary = {"canary": nothing, "canary_share": np.ones(SERIES), "canary_counts": is_count}
    block = points(rng, total=total, **plain, **canary)
    now = np.full(WIDTH, 5)
    make(block, now, np.zeros(WIDTH, np.int64))
    assert block.values[1].tolist() == [5.0 * one for one in is_count]
