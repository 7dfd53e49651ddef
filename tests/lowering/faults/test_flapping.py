"""Faults that come and go: for a share of each period, or in whole periods at random."""

from itertools import pairwise
from typing import Any

import pytest

from tests.small import HERE, experiment, plan_of, topology

SECOND = 10**9


def intervals(seed: int = 0, **fault: Any) -> list[tuple[int, int]]:
    """Begin and end of each time in which a fault acts, in seconds, of a run of 1,000 minutes."""
    written = {"region": HERE, "mode": "error", "at": "10 s"} | fault
    run = experiment(faults=[written], duration="60_000 s")
    (plan,) = plan_of(topology(), run, seed).control.faults
    return [(start // SECOND, end // SECOND) for start, end in plan.intervals(60_000 * SECOND)]


def test_for_a_share_of_each_period() -> None:
    found = intervals(**{"for": "25 s"}, flapping={"period": "10 s", "duty": "30 %"})
    assert found == [(10, 13), (20, 23), (30, 33)]


def test_whole_periods_at_random_begin_with_a_bad_one() -> None:
    for seed in range(1, 21):
        found = intervals(seed, flapping={"period": "300 s", "bad": "50 %"})
        assert found[0][0] == 10
        assert all((edge - 10) % 300 == 0 for pair in found for edge in pair if edge < 60_000)
        # those that follow each other are one, so that nothing ends where it begins again
        assert all(end < start for (_, end), (start, _) in pairwise(found))


@pytest.mark.parametrize("share", [10, 50, 90])
def test_the_share_of_bad_periods_is_the_one_that_is_written(share: int) -> None:
    """5,999 periods of 10 s, all but the first drawn: four deviations of a binomial are 2.6 % at most."""
    found = intervals(flapping={"period": "10 s", "bad": f"{share} %"})
    bad_s = sum(end - start for start, end in found)
    assert bad_s / 59_990 == pytest.approx(share / 100, abs=0.026)


def test_spells_are_as_long_as_luck_makes_them() -> None:
    """At a half, a bad spell is over after each period with the probability 1/2: two periods on average.

    Some 1,500 spells, whose lengths have a deviation of sqrt(2) periods: four errors are 0.15.
    """
    found = intervals(flapping={"period": "10 s", "bad": "50 %"})
    mean = sum(end - start for start, end in found) / len(found) / 10
    assert mean == pytest.approx(2, abs=0.15)


def test_another_seed_has_other_periods_and_two_faults_have_theirs() -> None:
    flaps = {"period": "300 s", "bad": "50 %"}
    assert intervals(1, flapping=flaps) != intervals(2, flapping=flaps)
    assert intervals(1, flapping=flaps) == intervals(1, flapping=flaps, mode="black_hole")
    written = {"region": HERE, "mode": "error", "at": "10 s", "flapping": flaps}
    one, other = plan_of(topology(), experiment(faults=[written] * 2, duration="60_000 s")).control.faults
    assert one.bad != other.bad


def test_an_end_within_a_period_ends_it() -> None:
    found = intervals(1, **{"for": "301 s"}, flapping={"period": "300 s", "bad": "99.9 %"})
    assert found == [(10, 311)]
