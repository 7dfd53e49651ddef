"""Caches of names against closed forms and published shares."""

import pytest

from tests.validation import dns


@pytest.mark.parametrize("ttl_s", [60, 300, 3600])
@pytest.mark.parametrize("per_minute", [1, 6])
def test_hit_ratio_is_the_closed_form(per_minute: int, ttl_s: int) -> None:
    assert dns.hit_ratio(per_minute, ttl_s).holds


def test_traffic_moves_linearly_over_the_lifetime_of_cached_answers() -> None:
    # 2,400 devices: 99 % of distances (KS) of so many phases are below 1.63 / sqrt(2400) = 0.033;
    # acting every half second delays each by up to 0.5 s of 60 s, on average 0.004
    assert dns.cut_over(20, 0.037).holds


@pytest.mark.parametrize("after_s", [70, 3600])
def test_those_behind_resolvers_that_extend_ttls_stay_on_the_old_answer(after_s: int) -> None:
    figure = dns.extended(5_000, after_s)
    assert figure.holds, figure


def test_empty_answers_outlive_their_repair_by_up_to_a_quarter_of_an_hour() -> None:
    # about 12,500 failures: 99 % of Kolmogorov-Smirnov distances are below 1.63 / sqrt(12500) = 0.0146
    for figure in dns.negative_tail(50_000, 0.0146):
        assert figure.holds


def test_three_retries_carry_lookups_through_a_loss_of_half_of_all_queries() -> None:
    figure = dns.lost_queries(100_000)
    assert figure.holds
    assert figure.ours < 0.07
