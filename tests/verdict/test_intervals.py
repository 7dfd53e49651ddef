"""Intervals against numbers worked out by hand, and against what they promise."""

from math import inf

import numpy as np
import pytest
from scipy.special import bdtr, betaincinv

from simulator.verdict.intervals import quantile, ranks, share


def test_the_median_of_ten_lies_between_the_second_and_the_ninth() -> None:
    """With 1 - 2 · 11 / 2^10 = 97.9 %; between the third and the eighth with 1 - 2 · 56 / 2^10 = 89.1 %."""
    assert ranks(10, 0.5) == (2, 9)
    assert ranks(10, 0.5, of_confidence=0.89) == (3, 8)


def test_so_few_values_do_not_bound_a_median() -> None:
    """Six do, with 1 - 2 / 2^6 = 96.9 %; of five all lie on one side with 2 / 2^5 = 6.3 %."""
    assert ranks(6, 0.5) == (1, 6)
    assert ranks(5, 0.5) == (0, 6)


def test_the_maximum_bounds_a_high_quantile_only_where_there_are_enough_values() -> None:
    """0.95^n is at most 2.5 % from n = 72 on: ln 0.025 / ln 0.95 = 71.9."""
    assert ranks(71, 0.95)[1] == 71 + 1
    assert ranks(72, 0.95)[1] == 72


@pytest.mark.parametrize("wanted", [0.5, 0.05, 0.95])
@pytest.mark.parametrize("confidence", [0.95, 0.9375, 0.999])
def test_ranks_are_those_that_another_library_s_binomial_distribution_gives(
    wanted: float, confidence: float
) -> None:
    """With 93.75 % a tail is 1/32: exactly how likely it is that all of five lie above a median."""
    tail = (1.0 - confidence) / 2
    for count in (*range(1, 80), 999, 1000, 1001, 3000):
        low, high = ranks(count, wanted, of_confidence=confidence)
        assert low == sum(bdtr(np.arange(count), count, wanted) <= tail)
        assert high == count + 1 - sum(1.0 - bdtr(np.arange(count), count, wanted) <= tail)


def test_a_share_that_was_never_seen_is_below_what_would_have_been() -> None:
    """(1 - p)^10 = 2.5 % at p = 1 - 0.025^(1/10) = 30.8 %; the other way round for one always seen."""
    never, always = share(0, 10), share(10, 10)
    assert (never.value, never.low, never.high) == (0.0, 0.0, pytest.approx(1 - 0.025**0.1))
    assert (always.value, always.low, always.high) == (1.0, pytest.approx(0.025**0.1), 1.0)


@pytest.mark.parametrize("count", [1, 2, 20, 77, 1000])
def test_what_was_never_seen_or_always_is_to_the_last_bit_what_another_library_says(count: int) -> None:
    """It is written to files, which stay the same."""
    tail = (1.0 - 0.95) / 2
    assert share(0, count).high == betaincinv(1, count, 1.0 - tail)
    assert share(count, count).low == betaincinv(count, 1, tail)


def test_half_of_ten_is_what_clopper_and_pearson_say() -> None:
    """P[Bin(10, 0.18709) ≥ 5] = 2.5 %, and so for its mirror image."""
    found = share(5, 10)
    assert (found.value, found.low, found.high) == (0.5, pytest.approx(0.187086), pytest.approx(0.812914))


def test_runs_that_tell_nothing_widen_a_share_both_ways() -> None:
    found, without, with_them = share(6, 10, unknown=2), share(6, 10), share(8, 10)
    assert (found.value, found.low, found.high) == (0.75, without.low, with_them.high)
    nothing = share(0, 3, unknown=3)
    assert (nothing.low, nothing.high) == (0.0, 1.0)


def test_what_may_be_longer_has_no_upper_end() -> None:
    lows = [float(one) for one in range(1, 11)]
    known, open_ = quantile(lows, lows, 0.5), quantile(lows, [*lows[:8], inf, inf], 0.5)
    assert (known.value, known.low, known.high) == (5.0, 2.0, 9.0)
    assert (open_.value, open_.low, open_.high) == (5.0, 2.0, inf)
    assert quantile(lows, lows, 0.95).high == inf
    assert quantile([3.0], [3.0], 0.5).low == -inf


@pytest.mark.parametrize(("hits", "count", "unknown"), [(0, 0, 0), (3, 2, 0), (1, 2, 2), (-1, 2, 0)])
def test_what_cannot_be_counted_is_refused(hits: int, count: int, unknown: int) -> None:
    with pytest.raises(ValueError):
        share(hits, count, unknown=unknown)
    with pytest.raises(ValueError):
        quantile([], [], 0.5)


@pytest.mark.parametrize("which", [0.5, 0.95])
def test_quantiles_are_covered_as_often_as_is_said(which: int) -> None:
    """Of an exponential distribution; 2,000 intervals miss at most 5 % + 3 standard errors, 6.5 %."""
    true = -np.log(1 - which)
    drawn = np.random.default_rng(1).exponential(size=(2000, 80))
    found = [quantile([*one], [*one], which) for one in drawn.tolist()]
    assert sum(not one.low <= true <= one.high for one in found) <= 0.065 * 2000


@pytest.mark.parametrize("true", [0.02, 0.5, 0.9])
def test_shares_are_covered_as_often_as_is_said(true: float) -> None:
    hits = np.random.default_rng(2).binomial(50, true, size=2000)
    by_hits = {int(one): share(int(one), 50) for one in np.unique(hits)}
    missed = sum(not by_hits[one].low <= true <= by_hits[one].high for one in hits.tolist())
    assert missed <= 0.065 * 2000
