"""How much policies want, by hand."""

import pytest

from simulator.boundary.thresholds import Threshold
from simulator.control_plane.scaling.amounts import by_steps, gently, may_be_lowered, next_time_ns, whole
from simulator.plan.scaling import StepsPlan

HOUR = 3600 * 10**9
DAY = 24 * HOUR


def steps(change: str, *bounds: tuple[float, int], comparison: str = ">") -> StepsPlan:
    return StepsPlan("a", Threshold(comparison, 60.0), change, bounds)


def test_capacity_is_whole_and_a_rounding_error_is_no_node() -> None:
    assert [whole(one) for one in (3.0, 3.0 + 1e-12, 3.001)] == [3.0, 3.0, 4.0]


def test_the_bound_is_chosen_by_how_far_the_metric_is_beyond_the_threshold() -> None:
    """60 to below 80 adds one node, 80 and more adds five."""
    plan = steps("nodes", (0, 1), (20, 5))
    assert [by_steps(plan, value, 10, 10) for value in (61, 79.9, 80, 500)] == [11, 11, 15, 15]


def test_below_a_threshold_the_metric_is_beyond_it_downwards() -> None:
    plan = steps("nodes", (0, -1), (40, -3), comparison="<")
    assert [by_steps(plan, value, 10, 10) for value in (59, 21, 20, 0)] == [9, 9, 7, 7]


@pytest.mark.parametrize(
    ("there", "percent", "to"),
    [(10, 10, 11), (10, 15, 11), (10, 3, 11), (10, -3, 9), (10, -19, 9), (3, 75, 5)],
)
def test_percent_are_rounded_towards_zero_but_to_one_at_least(there: int, percent: int, to: int) -> None:
    """1.5 is one more, 0.3 is one, 1.9 fewer is one fewer, and of three 2.25 more are two."""
    assert by_steps(steps("percent", (0, percent)), 70, there, there) == to


def test_exact_is_exact_and_nothing_is_below_nothing() -> None:
    assert by_steps(steps("exact", (0, 4)), 70, 10, 10) == 4
    assert by_steps(steps("nodes", (0, -40)), 70, 10, 10) == 0


def test_what_warms_up_is_not_added_to_and_what_leaves_is_not_taken_again() -> None:
    assert by_steps(steps("nodes", (0, 2)), 70, 10, 12) == 12
    assert by_steps(steps("nodes", (0, -2)), 70, 10, 12) == 10


@pytest.mark.parametrize(("there", "least"), [(100, 90), (19, 18), (5, 4), (1, 0)])
def test_target_tracking_takes_away_a_tenth_and_one_at_least(there: int, least: int) -> None:
    assert gently(0, there, 0.1) == least
    assert gently(there, there, 0.1) == there


def test_a_table_is_lowered_four_times_in_the_first_hour_and_then_once_an_hour() -> None:
    """The guide's example: 4 in the first hour and 23 more, 27 in a day."""
    lowered: list[int] = []
    for minute in range(24 * 60):
        if may_be_lowered(lowered, minute * 60 * 10**9, 0):
            lowered.append(minute * 60 * 10**9)
    assert len(lowered) == 27
    assert [at // (60 * 10**9) for at in lowered[:6]] == [0, 1, 2, 3, 63, 123]


def test_a_new_day_begins_at_midnight_of_the_runs_clock() -> None:
    """Three at 23:55 forbid none of the four of the next day, which begins 5 min later."""
    lowered = [0, 1, 2, 3]
    offset_ns = DAY - 300 * 10**9
    assert not may_be_lowered(lowered, 200 * 10**9, offset_ns)
    assert may_be_lowered(lowered, 301 * 10**9, offset_ns)


def test_the_next_time_of_the_day_is_after_now() -> None:
    """At 01:00 that is 03:00, or 01:00 tomorrow; a run that began at 20:00 is at 23:00 after 3 h."""
    assert next_time_ns([HOUR, 3 * HOUR], HOUR, 0) == (2 * HOUR, 3 * HOUR)
    assert next_time_ns([HOUR], HOUR, 0) == (DAY, HOUR)
    assert next_time_ns([HOUR], 3 * HOUR, 20 * HOUR) == (2 * HOUR, HOUR)
