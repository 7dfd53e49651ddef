"""When the service is OK: blocks of windows, and the recovery that they show."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.measure.service import (
    Block,
    State,
    Windows,
    at_least,
    blocks,
    decide,
    flawless_actions,
    is_isolated,
    recovery,
)

WIDTH = 10


def windows(*rows: tuple[int, int, int], first: int = 0) -> Windows:
    """Windows of 10 ns with these begun, bad and carried actions."""
    begun, bad, carried = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return Windows(first, WIDTH, first + WIDTH * len(rows), begun, bad, carried)


def states(found: list[Block]) -> list[tuple[int, int, State]]:
    return [(block.start_ns, block.end_ns, block.state) for block in found]


@pytest.mark.parametrize(
    ("failures", "actions"),
    [
        # the smallest n with (1 - 2f)^n < 1/10,000: ln(10,000) / -ln(1 - 2f)
        (0.05, 88),
        (0.01, 456),
        (0.001, 4601),
        # an objective of 100 % is told apart from 99.9 %
        (0.0, 9206),
    ],
)
def test_so_many_actions_without_a_failure_show_that_the_service_is_ok(failures: float, actions: int) -> None:
    assert flawless_actions(failures) == actions
    assert decide(actions, 0, failures) is State.OK
    assert decide(actions - 1, 0, failures) is State.OPEN


def test_whatever_happens_is_ok_where_nothing_need_succeed() -> None:
    assert flawless_actions(1.0) == 1
    assert decide(1, 1, 1.0) is decide(100, 0, 1.0) is State.OK
    found = blocks(windows((5, 5, 0), (5, 0, 0)), 1.0, [])
    assert {block.state for block in found} == {State.OK}


def test_the_tail_of_the_binomial_is_right() -> None:
    # four coins: at least three heads in 5 of 16 cases
    assert at_least(3, 4, 0.5) == pytest.approx(5 / 16)
    assert at_least(0, 4, 0.5) == 1.0
    assert at_least(5, 4, 0.5) == pytest.approx(0.0, abs=1e-15)
    # 1 - 0.99^100
    assert at_least(1, 100, 0.01) == pytest.approx(0.6339676587, rel=1e-9)


def test_with_thirty_failures_allowed_the_count_decides() -> None:
    assert decide(3000, 30, 0.01) is State.OK
    assert decide(3000, 31, 0.01) is State.NOT_OK


def test_a_window_of_thirty_requests_decides_nothing() -> None:
    assert decide(30, 0, 0.01) is State.OPEN
    assert decide(30, 1, 0.01) is State.OPEN
    # 5 or more of 30 have a chance of 1.2e-5 at 1 %
    assert decide(30, 5, 0.01) is State.NOT_OK


def test_windows_are_added_until_they_decide() -> None:
    found = blocks(windows(*[(100, 0, 0)] * 10), 0.01, [])
    assert states(found) == [(0, 50, State.OK), (50, 100, State.OK)]


def test_those_who_wait_count_where_nobody_begins() -> None:
    found = blocks(windows((500, 0, 0), (20, 20, 0), (0, 0, 20), (0, 0, 20), (500, 0, 0)), 0.01, [])
    assert [block.state for block in found] == [State.OK, State.NOT_OK, State.NOT_OK, State.NOT_OK, State.OK]


def test_a_window_in_which_nobody_wants_anything_is_no_data() -> None:
    found = blocks(windows((460, 0, 0), (0, 0, 0), (0, 0, 0), (460, 460, 0)), 0.01, [])
    assert states(found) == [(0, 10, State.OK), (30, 40, State.NOT_OK)]


def test_a_fault_cuts_a_block_which_stays_open() -> None:
    found = blocks(windows(*[(100, 0, 0)] * 4), 0.01, [20])
    assert states(found) == [(0, 20, State.OPEN), (20, 40, State.OPEN)]


rows = st.integers(0, 200).flatmap(
    lambda begun: st.tuples(st.just(begun), st.integers(0, min(begun, 3)), st.sampled_from([0, 0, 0, 1, 5]))
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(rows, min_size=1, max_size=40),
    st.sampled_from([0.0, 0.001, 0.01, 0.05, 0.5]),
    st.integers(1, 39),
)
def test_blocks_are_those_of_the_definition(
    drawn: list[tuple[int, int, int]], failures: float, cut: int
) -> None:
    """Against the definition word by word: one window after the other, n and k anew for each block."""
    expected: list[tuple[int, int, int, int, State]] = []
    for part in (range(min(cut, len(drawn))), range(cut, len(drawn))):
        members: list[int] = []
        for number in part:
            if drawn[number][0] + drawn[number][2] == 0:
                continue
            members.append(number)
            carried = drawn[members[0]][2]
            n = carried + sum(drawn[one][0] for one in members)
            k = carried + sum(drawn[one][1] for one in members)
            if (state := decide(n, k, failures)) is not State.OPEN:
                expected.append((members[0] * WIDTH, (number + 1) * WIDTH, n, k, state))
                members = []
        if members:
            carried = drawn[members[0]][2]
            n = carried + sum(drawn[one][0] for one in members)
            k = carried + sum(drawn[one][1] for one in members)
            expected.append((members[0] * WIDTH, (members[-1] + 1) * WIDTH, n, k, State.OPEN))
    found = blocks(windows(*drawn), failures, [cut * WIDTH])
    assert sum(block.actions for block in found) == sum(one[2] for one in expected)
    assert sum(block.bad for block in found) == sum(one[3] for one in expected)
    merged = [block for block in found if block.state is not State.OK]
    assert [(b.start_ns, b.end_ns, b.actions, b.bad, b.state) for b in merged] == [
        one for one in expected if one[4] is not State.OK
    ]
    covered = {number for b in found if b.state is State.OK for number in range(b.start_ns, b.end_ns, WIDTH)}
    starts = {one[0] for one in expected if one[4] is State.OK}
    assert starts <= covered
    assert {b.end_ns for b in found if b.state is State.OK} <= {one[1] for one in expected}


OK, BAD = (500, 0, 0), (500, 100, 0)
THIN = (20, 0, 0)


def recovered(*rows: tuple[int, int, int], start: int = 20, hold: int = 30) -> tuple[int, bool, int]:
    counts = windows(*rows)
    found = recovery(blocks(counts, 0.01, [start]), start, counts.end_ns, hold, 0.01)
    return found.took_ns, found.is_shown, found.missing_ns


def test_recovery_is_the_end_of_the_last_block_that_was_not_ok() -> None:
    assert recovered(OK, OK, BAD, OK, BAD, OK, OK, OK) == (30, True, 0)


def test_one_good_window_at_the_end_shows_nothing() -> None:
    assert recovered(OK, OK, BAD, BAD, OK) == (20, False, 20)


def test_a_service_that_stayed_ok_recovered_at_once() -> None:
    assert recovered(OK, OK, OK, OK, OK, OK) == (0, True, 0)


def test_too_few_actions_show_nothing() -> None:
    assert recovered(OK, OK, BAD, THIN, THIN, THIN, THIN, THIN) == (10, False, 30)


def test_an_open_last_block_must_not_speak_against_it() -> None:
    assert recovered(OK, OK, BAD, OK, OK, OK, (20, 0, 0)) == (10, True, 0)
    assert recovered(OK, OK, BAD, OK, OK, OK, (20, 1, 0)) == (10, False, 0)


def test_how_many_actions_are_missing_is_said() -> None:
    counts = windows(OK, OK, BAD, THIN)
    found = recovery(blocks(counts, 0.01, [20]), 20, counts.end_ns, 30, 0.01)
    assert found.missing_actions == 456 - 20


@pytest.mark.parametrize(
    ("rows", "isolated"),
    [((OK, OK, OK, OK), True), ((OK, OK, BAD, OK), False), ((OK, OK, THIN, THIN), None), ((OK, OK), None)],
)
def test_isolated_is_ok_through_the_whole_fault(
    rows: tuple[tuple[int, int, int], ...], isolated: bool | None
) -> None:
    assert is_isolated(blocks(windows(*rows), 0.01, [20]), [(20, 40)]) is isolated
