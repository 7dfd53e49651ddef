"""Time until Route 53 finds a failure and its end, and the partition that few checker regions never find."""

import math

import numpy as np
import pytest

from tests.validation import route53
from tests.validation.route53 import Case

# 5th, 50th and 95th percentile of the time to unhealthy: 16 checkers with uniform phases, no travel
PERCENTILES_S = {
    (30, "http", "refused"): (80, 85, 88),
    (30, "http", "black_hole"): (92, 97, 100),
    (30, "tcp", "black_hole"): (110, 115, 118),
    (10, "http", "refused"): (27, 28, 29),
    (10, "http", "black_hole"): (39, 40, 41),
    (10, "tcp", "black_hole"): (57, 58, 59),
}


def named(case: Case) -> str:
    return case.what


def four_standard_errors(seconds: route53.Floats) -> float:
    """A correct mean is outside once in 16,000 times."""
    return 4 * float(np.std(seconds, ddof=1)) / math.sqrt(len(seconds))


def deviations(case: Case, failures: int) -> list[tuple[float, float, float, float]]:
    """Detection and recovery: ours, closed form, the same with travel times, four standard errors (s)."""
    found = []
    travelling = route53.travelling(case, failures)
    forms = zip(case.closed_form(), travelling, route53.outages(case, failures), strict=True)
    for closed_s, travelling_s, seconds in forms:
        assert len(seconds) == failures, "every failure is found once, and its end once"
        found.append((float(np.mean(seconds)), closed_s, travelling_s, four_standard_errors(seconds)))
    return found


def test_closed_form_is_the_published_one() -> None:
    """84.6 s and 65.4 s for 30 s × 3, 28.2 s and 21.8 s for 10 s × 3, from shares of 0.82 and 0.18."""
    published = {30: (84.6, 65.4), 10: (28.2, 21.8)}
    for interval_s, expected in published.items():
        assert Case(interval_s, 3, "http", "refused").closed_form() == pytest.approx(expected, abs=0.2)
    assert Case(30, 3, "http", "black_hole").closed_form()[0] == pytest.approx(96.7, abs=0.05)
    assert Case(30, 3, "tcp", "black_hole").closed_form()[0] == pytest.approx(114.7, abs=0.05)


@pytest.mark.parametrize("case", route53.CASES, ids=named)
def test_mean_of_300_failures_is_the_closed_form(case: Case) -> None:
    """Within four standard errors once the round trips count, and so within those and 1 s without them."""
    for ours, closed_s, travelling_s, error_s in deviations(case, 300):
        assert ours == pytest.approx(travelling_s, abs=error_s)
        assert ours == pytest.approx(closed_s, abs=1 + error_s)


@pytest.mark.slow
@pytest.mark.parametrize("case", route53.CASES, ids=named)
def test_mean_of_10_000_failures_is_within_a_second_of_the_closed_form(case: Case) -> None:
    for until, (ours, closed_s, travelling_s, error_s) in zip(
        ("unhealthy", "healthy"), deviations(case, 10_000), strict=True
    ):
        print(
            f"{case.what}: {until} after {ours:.2f} s; closed form {closed_s:.2f} s,"
            f" with round trips {travelling_s:.2f} ± {error_s:.2f} s"
        )
        assert ours == pytest.approx(closed_s, abs=1)
        assert ours == pytest.approx(travelling_s, abs=error_s)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "expected"), PERCENTILES_S.items(), ids=str)
def test_detection_times_spread_as_published(
    key: tuple[int, str, str], expected: tuple[int, int, int]
) -> None:
    """Within the rounding of whole seconds, 0.5 s, and the 1 s that round trips may add."""
    interval_s, protocol, mode = key
    seconds, _ = route53.outages(Case(interval_s, 3, protocol, mode), 10_000)
    assert np.percentile(seconds, [5, 50, 95]) == pytest.approx(expected, abs=1.5)


def test_recovery_is_found_sooner_than_failure() -> None:
    detection_s, recovery_s = (float(np.mean(seconds)) for seconds in route53.outages(route53.CASES[0], 100))
    assert detection_s - recovery_s == pytest.approx(30 * 11 / 17, abs=2)  # 4 standard errors of each mean


@pytest.mark.parametrize("regions", [3, 4, 5])
def test_a_partition_is_never_found_when_few_checker_regions_include_the_isolated_one(regions: int) -> None:
    """Its own two checkers still see it: 2/6, 2/8 and 2/10 are more than 18 %."""
    assert route53.found_partitions(regions) == 0.0


@pytest.mark.parametrize("regions", [6, 7, 8])
def test_six_checker_regions_or_more_find_it(regions: int) -> None:
    """2/12, 2/14 and 2/16 are less than 18 %."""
    assert route53.found_partitions(regions) == 1.0
