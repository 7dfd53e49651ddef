"""Alarms that are evaluated together: against each of them by itself, as the specification says."""

import math
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.boundary.alarm_states import POLICIES
from simulator.boundary.thresholds import Threshold
from simulator.control_plane.cloudwatch.evaluating import ABSENT, BAD, GOOD, next_state
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.control_plane.cloudwatch.standing import Standing, groups_of, rule_of
from simulator.control_plane.cloudwatch.windows import Window
from simulator.plan.alarms import AlarmPlan, ThresholdPlan, WatchedPlan

KEY = ("m", "api", "here")
MINUTES, PERIODS, LOOKED_AT = 12, 3, 5
DELAY_NS = 17 * 10**9


def standing(number: int, comparison: str, value: float, points: int, missing: int) -> Standing:
    """An alarm of `points` of three minutes."""
    on = ThresholdPlan(
        (("", WatchedPlan(KEY, "sum")),), None, Threshold(comparison, value),
        MINUTE_NS, points, PERIODS, LOOKED_AT, missing, False,
    )  # fmt: skip
    return Standing(cast(AlarmPlan, SimpleNamespace(number=number, name=str(number), on=on)))


class OneWindow:
    """Where everybody looks at the same."""

    def __init__(self, archive: Archive) -> None:
        self._metrics = cast(Any, SimpleNamespace(archive=archive, number={KEY: 0}))
        self._window: Window | None = None

    def of(self, on: ThresholdPlan) -> Window:
        """The one window."""
        self._window = self._window or Window(self._metrics, on, 0)
        return self._window


def plainly(archive: Archive, one: Standing, state: int, now_ns: int) -> tuple[int, list[float]]:
    """The state that follows for one alarm, and the values that decide; before the run all was well."""
    on = one.plan.on
    assert isinstance(on, ThresholdPlan)
    assert isinstance(on.limit, Threshold)
    points = archive.points(0, period_ns=MINUTE_NS, count=LOOKED_AT, until_ns=now_ns, now_ns=now_ns)
    kinds = []
    for point in points:
        value = point.value("sum")
        is_bad = value is not None and on.limit.is_breached(value)
        kind = ABSENT if value is None else BAD if is_bad else GOOD
        kinds.append(GOOD if point.begin_ns < 0 else kind)
    there = [value for point in points if (value := point.value("sum")) is not None]
    return next_state(kinds, rule_of(on), state), there[-PERIODS:]


@given(
    values=st.lists(st.sampled_from([None, None, 0.0, 1.0, 2.0, 3.0]), min_size=MINUTES, max_size=MINUTES),
    alarms=st.lists(
        st.tuples(
            st.sampled_from([">", ">=", "<", "<="]),
            st.sampled_from([0.0, 1.0, 2.0]),
            st.integers(1, PERIODS),
            st.sampled_from(range(len(POLICIES))),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_alarms_of_a_group_become_what_each_becomes_by_itself(
    values: list[float | None], alarms: list[tuple[str, float, int, int]]
) -> None:
    """Their states, how many points they saw, how many breached at most, and how near they came."""
    archive = Archive(1, 0)
    some = [standing(number, *one) for number, one in enumerate(alarms)]
    groups = [*groups_of(some, cast(Any, OneWindow(archive)))]
    seen: list[list[list[float]]] = [[] for _ in some]
    for minute, value in enumerate(values):
        if value is not None:
            point = np.array([[1.0], [value], [value], [value]])
            archive.put(minute, np.array([0]), point, np.array([(minute + 1) * MINUTE_NS]))
        now_ns = (minute + 1) * MINUTE_NS + DELAY_NS
        expected = [plainly(archive, one, one.state, now_ns) for one in some]
        before = [one.state for one in some]
        for one, state in (change for group in groups for change in group.changes(now_ns)):
            assert state != one.state
            one.state = state
        assert [one.state for one in some] == [state for state, _ in expected], before
        for looked, (_, decided) in zip(seen, expected, strict=True):
            looked.append(decided)
    for one, looked in zip(some, seen, strict=True):
        _check_seen(one, looked)


def _check_seen(one: Standing, looked: list[list[float]]) -> None:
    on = one.plan.on
    assert isinstance(on, ThresholdPlan)
    assert isinstance(on.limit, Threshold)
    everything = [value for decided in looked for value in decided]
    nearest = max if on.limit.comparison[0] == ">" else min
    assert one.seen.points == len(everything)
    assert one.breaching == max(sum(map(on.limit.is_breached, decided)) for decided in looked)
    assert one.seen.extreme == nearest(everything, default=None)
    assert one.seen.newest == (looked[-1][-1] if looked[-1] else None)
    assert math.isfinite(one.seen.beyond) == bool(everything)
