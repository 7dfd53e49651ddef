"""Availability arithmetic: products of independent regions, failovers that cost more, outages in common."""

from itertools import pairwise

import pytest

from tests.validation import availability


def test_two_regions_of_ordinary_availability_are_down_together_for_minutes_a_year() -> None:
    """789 s of 99.5 %, as published; but failing over costs more: 100 s in each of 14.5 outages."""
    found = availability.published(5e-3, 2, 2_000)
    assert found.holds
    assert found.expected == pytest.approx(789, abs=1)
    _, outages = availability.together_s(5e-3, 2, 2_000)
    mean_s, _ = availability.lost_per_outage_s(20)
    assert outages * mean_s > 1.5 * found.ours


def test_with_a_standby_failing_over_is_all_that_counts() -> None:
    """Of two outages of 180 min a year the product rule would leave 15 s."""
    with_standby, alone = availability.a_year(20)
    assert with_standby.holds
    assert alone.holds
    assert with_standby.ours > 10 * (alone.ours / availability.YEAR_S) ** 2 * availability.YEAR_S


@pytest.mark.middle
@pytest.mark.parametrize("regions", [2, 3])
def test_independent_regions_fail_together_as_often_as_the_product_says(regions: int) -> None:
    assert availability.product(regions, runs=6).holds


@pytest.mark.middle
def test_outages_in_common_are_worth_more_than_the_product() -> None:
    """A tenth of the outages strikes both: 5.3 % instead of 4 %."""
    found = availability.product(2, common=0.1, runs=6)
    assert found.holds
    assert found.ours - found.tolerance > availability.UNAVAILABLE**2


def test_outages_are_drawn_as_long_and_as_often_as_they_are_meant_to_be() -> None:
    """The share down, over 40 years: 7,000 outages, or 1.2 % of it per deviation."""
    spans = availability.outages(1, 0, 350_000, availability.UP_H, availability.DOWN_H)
    assert sum(end - begin for begin, end in spans) / 350_000 == pytest.approx(0.2, rel=0.05)
    assert all(begin < end <= after for (begin, end), (after, _) in pairwise(spans))
