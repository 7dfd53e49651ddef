"""An alarm's states: the guide's own examples, and a second, plain reading of its rules on drawn series."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.boundary.alarm_states import (
    ALARM,
    BREACHING,
    IGNORE,
    INSUFFICIENT_DATA,
    MISSING,
    NOT_BREACHING,
    OK,
)
from simulator.control_plane.cloudwatch.evaluating import (
    ABSENT,
    BAD,
    GOOD,
    Rule,
    next_state,
    next_state_of_good,
)

KEEP = -1
POINTS = {"0": GOOD, "X": BAD, "-": ABSENT}

# Amazon CloudWatch user guide, *How alarm state is evaluated when data is missing*: both of its tables, N = 3
# and five points in range; the last four columns are the states by policy.
PUBLISHED = [
    ("0-X-X", 3, OK, OK, OK, OK),
    ("0----", 3, OK, OK, OK, OK),
    ("-----", 3, INSUFFICIENT_DATA, KEEP, ALARM, OK),
    ("0XX-X", 3, ALARM, ALARM, ALARM, ALARM),
    ("--X--", 3, ALARM, KEEP, ALARM, OK),
    ("0-X-X", 2, ALARM, ALARM, ALARM, ALARM),
    ("00X0X", 2, ALARM, ALARM, ALARM, ALARM),
    ("0-X--", 2, OK, OK, ALARM, OK),
    ("----0", 2, OK, OK, ALARM, OK),
    ("---X-", 2, ALARM, KEEP, ALARM, OK),
]


def points_of(text: str) -> list[int]:
    return [POINTS[one] for one in text]


@pytest.mark.parametrize("before", [OK, ALARM, INSUFFICIENT_DATA])
@pytest.mark.parametrize("policy", [MISSING, IGNORE, BREACHING, NOT_BREACHING])
@pytest.mark.parametrize("example", PUBLISHED, ids=lambda example: f"{example[0]} {example[1]}")
def test_published_examples(example: tuple[str, int, int, int, int, int], policy: int, before: int) -> None:
    text, m, *by_policy = example
    expected = before if by_policy[policy] == KEEP else by_policy[policy]
    assert next_state(points_of(text), Rule(m, 3, policy), before) == expected


def test_what_is_late_does_not_alarm_prematurely() -> None:
    # The guide's own sequence with M = 3: one breaching point moves through the range, and nothing follows.
    rule, states = Rule(3, 3), [OK]
    for text in ("----X", "---X-", "--X--"):
        states.append(next_state(points_of(text), rule, states[-1]))
    assert states[1:] == [OK, OK, ALARM]


def test_a_breaching_point_that_has_left_the_last_periods_alarms_no_more() -> None:
    assert next_state(points_of("X----"), Rule(2, 3), OK) == OK
    assert next_state(points_of("X----"), Rule(2, 3), ALARM) == ALARM


def second_reading(points: list[int], rule: Rule, state: int) -> int:
    """The guide read sentence by sentence, with fillers written into the list."""
    newest_first = [point for point in reversed(points) if point != ABSENT]
    if len(newest_first) >= rule.periods:
        considered = newest_first[: rule.periods]
        return ALARM if sum(point == BAD for point in considered) >= rule.points else OK
    filler = {BREACHING: BAD, NOT_BREACHING: GOOD}.get(rule.missing)
    if filler is not None:
        considered = newest_first + [filler] * (rule.periods - len(newest_first))
        return ALARM if sum(point == BAD for point in considered) >= rule.points else OK
    if sum(point == BAD for point in newest_first) >= rule.points:
        return ALARM
    if any(point == GOOD for point in newest_first):
        return OK
    if rule.missing == IGNORE:
        return state
    if not newest_first:
        return INSUFFICIENT_DATA
    ages = [
        age for age, point in enumerate(reversed(points), start=1) if point == BAD and age <= rule.periods
    ]
    return ALARM if ages and max(ages) >= rule.points else state


@given(
    points=st.lists(st.sampled_from([GOOD, BAD, ABSENT]), min_size=1, max_size=12),
    periods=st.integers(1, 10),
    share=st.floats(0, 1),
    policy=st.sampled_from([MISSING, IGNORE, BREACHING, NOT_BREACHING]),
    state=st.sampled_from([OK, ALARM, INSUFFICIENT_DATA]),
)
def test_a_second_reading_agrees(
    points: list[int], periods: int, share: float, policy: int, state: int
) -> None:
    rule = Rule(1 + int(share * (periods - 1)), periods, policy)
    assert next_state(points, rule, state) == second_reading(points, rule, state)


@given(
    points=st.lists(st.sampled_from([GOOD, ABSENT]), min_size=1, max_size=12),
    periods=st.integers(1, 10),
    share=st.floats(0, 1),
    policy=st.sampled_from([MISSING, IGNORE, BREACHING, NOT_BREACHING]),
    state=st.sampled_from([OK, ALARM, INSUFFICIENT_DATA]),
)
def test_without_a_breach_it_matters_only_how_many_are_there(
    points: list[int], periods: int, share: float, policy: int, state: int
) -> None:
    rule = Rule(1 + int(share * (periods - 1)), periods, policy)
    assert next_state_of_good(points.count(GOOD), rule, state) == second_reading(points, rule, state)
