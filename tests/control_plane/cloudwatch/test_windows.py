"""What alarms see of a series, read once for all of them: against what its points say one by one."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simulator.boundary.alarm_states import ALARM, INSUFFICIENT_DATA, OK, POLICIES
from simulator.boundary.thresholds import Threshold
from simulator.control_plane.cloudwatch.evaluating import ABSENT, BAD, GOOD, Rule, next_state
from simulator.control_plane.cloudwatch.limits import Fixed
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.control_plane.cloudwatch.windows import Window, state_by
from simulator.plan.alarms import ThresholdPlan, WatchedPlan

KEY = ("m", "api", "here")
MINUTES = 14


def plan(comparison: str, period: int, points: int, periods: int, missing: int, clock: bool) -> ThresholdPlan:
    """At a value of two; two periods more than N are looked at."""
    watched = (("", WatchedPlan(KEY, "sum")),)
    limit = Threshold(comparison, 2.0)
    more = 0 if clock else 2
    return ThresholdPlan(
        watched, None, limit, period * MINUTE_NS, points, periods, periods + more, missing, clock
    )


def plainly(archive: Archive, on: ThresholdPlan, first_ns: int, state: int, now_ns: int) -> int:
    """Each point by itself, as the specification says; what began before the run is good."""
    behind_ns = (now_ns - archive.origin_ns) % on.period_ns if on.is_wall_clock else 0
    points = archive.points(
        0, period_ns=on.period_ns, count=on.looked_at, until_ns=now_ns - behind_ns, now_ns=now_ns
    )
    kinds = []
    for point in points:
        value = point.value("sum")
        assert isinstance(on.limit, Threshold)
        is_bad = value is not None and on.limit.is_breached(value)
        kind = ABSENT if value is None else BAD if is_bad else GOOD
        kinds.append(GOOD if point.begin_ns < first_ns else kind)
    return next_state(kinds, Rule(on.points, on.periods, on.missing), state)


@given(
    values=st.lists(st.sampled_from([None, 0.0, 1.0, 2.0, 3.0]), min_size=MINUTES, max_size=MINUTES),
    late=st.lists(st.integers(60, 180), min_size=MINUTES, max_size=MINUTES),
    comparison=st.sampled_from([">", ">=", "<", "<="]),
    period=st.sampled_from([1, 5]),
    periods=st.integers(1, 5),
    share=st.floats(0, 1),
    missing=st.sampled_from(range(len(POLICIES))),
    clock=st.booleans(),
    first=st.integers(0, 8),
    state=st.sampled_from([OK, ALARM, INSUFFICIENT_DATA]),
)
def test_a_window_gives_the_state_that_its_points_give(
    values: list[float | None],
    late: list[int],
    comparison: str,
    period: int,
    periods: int,
    share: float,
    missing: int,
    clock: bool,
    first: int,
    state: int,
) -> None:
    """At a second of each minute in turn, and once more after a point has changed at the same instant."""
    archive, first_ns = Archive(1, 0), first * MINUTE_NS
    on = plan(comparison, period, 1 + int(share * (periods - 1)), periods, missing, clock)
    window = Window(cast(Any, SimpleNamespace(archive=archive, number={KEY: 0})), on, first_ns)
    rule, limit = Rule(on.points, on.periods, on.missing), Fixed(cast(Threshold, on.limit))
    for minute, (value, after_s) in enumerate(zip(values, late, strict=True)):
        if value is not None and minute >= first:
            point = np.array([[1.0], [value], [value], [value]])
            published_ns = (minute + 1) * MINUTE_NS + after_s * 10**9
            archive.put(minute, np.array([0]), point, np.array([published_ns]))
        now_ns = (minute + 1) * MINUTE_NS + 17 * 10**9
        window.look(now_ns)
        assert state_by(window, limit, rule, state) == plainly(archive, on, first_ns, state, now_ns)
        if minute >= first + 3:
            archive.add(minute - 3, 0, 2.0)
            window.look(now_ns)
            assert state_by(window, limit, rule, state) == plainly(archive, on, first_ns, state, now_ns)
