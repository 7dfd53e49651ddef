"""Rules of web ACLs count by key, by slices of the window; what is above the limit is told at a check."""

from typing import Any

import numpy as np
import pytest

from simulator.data_plane.plane import CompiledPlane
from simulator.data_plane.way.rates import FLAGGED, LIMITED, count_request
from tests.small import HERE, experiment, guarded, plan_of

SECOND = 10**9


def plane(window: str = "60 s", **more: Any) -> CompiledPlane:
    """A REST API with a rule whose limit is 10, and an office of ten people who share two addresses."""
    office = {"near": HERE, "sessions": 10, "think_time": "1000 h", "actions": {"view": 1}, "addresses": 2}
    system = guarded(limit=10, window=window, **more)
    return CompiledPlane(plan_of(system, experiment(duration="1 h", users={"office": office})).data)


def ask(plane: CompiledPlane, key: int, times_ns: list[int]) -> None:
    """Requests of a shared address at instants after the rule's phase."""
    acls = plane._memory.web_acls
    arrays = (acls.suspects, acls.requests, acls.newest, acls.slices, acls.marks)
    for t in times_ns:
        count_request(plane._plan, *arrays, key, 0, t)


def over(plane: CompiledPlane, since_phase_ns: int) -> list[int]:
    """Who is above the limit at an instant after the phase."""
    plane._now_ns = int(plane._plan.rule_phase_ns[0]) + since_phase_ns
    return [int(key) for key in plane.over_limit(0)]


def test_more_than_the_limit_within_the_window_is_above_it() -> None:
    guarded = plane()
    ask(guarded, 0, [k * SECOND for k in range(10)])  # the limit itself is not above it
    ask(guarded, 1, [k * SECOND for k in range(11)])
    assert over(guarded, 10 * SECOND) == [1]


def test_a_window_of_a_minute_is_exact_at_each_check() -> None:
    """Eleven requests at 5 s: a minute later they are 65 s old at the check at 70 s, and 55 s at 60 s."""
    guarded = plane()
    ask(guarded, 0, [5 * SECOND] * 11)
    assert over(guarded, 60 * SECOND) == [0]
    assert over(guarded, 70 * SECOND) == []


@pytest.mark.parametrize(("at_s", "counted"), [(300, 12), (310, 9), (320, 7), (340, 2), (350, 0)])
def test_of_the_oldest_slice_a_part_counts(at_s: int, counted: int) -> None:
    """Of a window of 5 min a slice has 50 s.

    Twelve requests in the first: at 310 s, 10 s into the seventh, four fifths of the first are left, 9.6; at
    340 s a fifth, 2.4; at 350 s it is gone.
    """
    guarded = plane("300 s")
    ask(guarded, 0, [k * SECOND for k in range(12)])
    acls = guarded._memory.web_acls
    guarded._now_ns = int(guarded._plan.rule_phase_ns[0]) + at_s * SECOND
    found, at_most = guarded._counted(0, acls.newest[:1, 0], acls.slices[:1])
    assert found.tolist() == [counted]
    assert at_most.tolist() == [12 if at_s < 350 else 0]


def test_a_key_is_suspected_once_and_no_longer_than_its_requests_are_kept() -> None:
    guarded = plane()
    suspects = guarded._memory.web_acls.suspects
    ask(guarded, 0, [0] * 30)
    assert suspects[0] == 1
    assert over(guarded, 60 * SECOND) == [0]  # that is [0 s, 60 s)
    assert over(guarded, 69 * SECOND) == []  # a tenth of the oldest slice, 3 requests, is below
    assert suspects[0] == 1
    assert over(guarded, 70 * SECOND) == []
    assert suspects[0] == 0


def test_old_slices_are_forgotten_when_the_next_request_comes() -> None:
    """Seven slices are kept; a request long after has nothing of them beside it."""
    guarded = plane()
    ask(guarded, 0, [0] * 9)
    ask(guarded, 0, [1000 * SECOND, 1001 * SECOND])
    assert guarded._memory.web_acls.requests[:, 0].tolist() == [2, 0]
    assert guarded._memory.web_acls.slices.sum() == 2


def test_marks_are_set_by_key_and_taken_away() -> None:
    """Behind two shared addresses a key is the number of a session plus two."""
    guarded = plane()
    guarded.advance(SECOND)
    number = int(guarded._memory.sessions.number.max())
    slot = int(np.flatnonzero(guarded._memory.sessions.number == number)[0])
    keys = np.array([1, 2 + number], np.int64)
    guarded.set_limited(0, keys, True)
    guarded.set_flagged(0, keys[:1], True)
    assert guarded._memory.web_acls.marks[:, 0].tolist() == [0, LIMITED + FLAGGED]
    assert guarded._memory.sessions.rule_marks[slot, 0] == LIMITED
    guarded.set_limited(0, keys, False)
    assert guarded._memory.web_acls.marks[:, 0].tolist() == [0, FLAGGED]
    assert not guarded._memory.sessions.rule_marks.any()
