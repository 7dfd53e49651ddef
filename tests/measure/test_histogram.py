"""Log-bucket histograms: small error, exact merging, no percentile of nothing."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.data_plane import tallies as kernels
from simulator.measure.histogram import bin_of, percentile, summary_of, value_of
from simulator.result.summaries import Summary

VALUES = st.integers(0, 2**62)


@given(VALUES)
def test_bin_holds_its_values_within_one_part_in_256(value: int) -> None:
    assert abs(value_of(bin_of(value)) - value) <= value / 256


@given(VALUES, VALUES)
def test_bins_are_in_the_order_of_their_values(a: int, b: int) -> None:
    assert (bin_of(a) <= bin_of(b)) == (a <= b) or bin_of(a) == bin_of(b)


@settings(deadline=None)
@given(VALUES)
def test_data_plane_uses_the_same_bins(value: int) -> None:
    assert kernels.bin_of(value) == bin_of(value) < HISTOGRAM_BINS


@settings(max_examples=200)
@given(st.lists(st.integers(0, 10**15), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_percentile_is_within_one_percent(values: list[int], share: float) -> None:
    exact = sorted(values)[math.ceil(share * len(values)) - 1]
    found = percentile(histogram(values), share)
    assert found is not None
    assert abs(found - exact) <= exact / 100


def histogram(values: list[int]) -> NDArray[np.int64]:
    counts = np.zeros(HISTOGRAM_BINS, np.int64)
    for value in values:
        counts[bin_of(value)] += 1
    return counts


def test_histograms_merge_by_addition() -> None:
    assert (histogram([1, 900]) + histogram([10**9]) == histogram([1, 900, 10**9])).all()


def test_nothing_has_no_percentile() -> None:
    assert percentile(histogram([]), 0.5) is None
    assert summary_of(histogram([])) == Summary(0, None, None, None, None)


@pytest.mark.parametrize(
    ("share", "value"), [(0.5, 2), (0.51, 3), (0.75, 3), (0.76, 200), (1.0, 200), (0.0, 1)]
)
def test_percentile_is_the_smallest_value_that_the_share_does_not_exceed(share: float, value: int) -> None:
    assert percentile(histogram([1, 2, 3, 200]), share) == value


def test_summary_is_in_seconds() -> None:
    found = summary_of(histogram([10**9] * 99 + [3 * 10**9]))
    assert found.count == 100
    assert found.p50_s == pytest.approx(1, rel=1 / 256)
    assert found.p99_s == pytest.approx(1, rel=1 / 256)
    assert found.max_s == pytest.approx(3, rel=1 / 256)
