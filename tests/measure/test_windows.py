"""The share of actions that succeeded in a part of the run."""

from dataclasses import replace

import pytest

from simulator.measure.windows import Windows
from tests.measure.handmade import OBJECTIVE, SECOND, outcome


@pytest.mark.parametrize(
    ("from_s", "to_s", "share"),
    [
        (0, 60, 400 / 500),  # four windows of 100 actions, two of which half failed; and one without any
        (20, 40, 0.5),
        (20, 50, 200 / 300),
        (11, 49, 0.5),  # only the windows that lie wholly within
        (10, 30, 0.75),
        (50, 60, None),  # nobody was there
        (21, 29, None),  # no window
    ],
)
def test_success_between_two_times_is_that_of_the_windows_within(
    from_s: int, to_s: int, share: float | None
) -> None:
    windows = Windows.of(outcome("..xx.-"), OBJECTIVE)
    found = windows.success_between(from_s * SECOND, to_s * SECOND)
    assert found == (share if share is None else pytest.approx(share, rel=1e-12))


def test_the_last_window_may_be_cut_short_by_the_end_of_the_run() -> None:
    run = outcome("..x")
    run = replace(run, plan=replace(run.plan, data=replace(run.plan.data, duration_ns=25 * SECOND)))
    windows = Windows.of(run, OBJECTIVE)
    assert windows.success_between(20 * SECOND, 25 * SECOND) == 0.5
    assert windows.success_between(20 * SECOND, 24 * SECOND) is None
