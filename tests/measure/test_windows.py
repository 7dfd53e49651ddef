"""The share of actions that succeeded in a part of the run."""

from dataclasses import replace

import pytest

from simulator.boundary.measures import Asked
from simulator.measure.registry import READERS
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from tests.measure.handmade import OBJECTIVE, SECOND, outcome


def success_between(run: Outcome, from_s: int, to_s: int) -> object:
    asked = Asked(from_ns=from_s * SECOND, to_ns=to_s * SECOND)
    return READERS["success_between"](measure(run, OBJECTIVE), asked)


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
    found = success_between(outcome("..xx.-"), from_s, to_s)
    assert found == (share if share is None else pytest.approx(share, rel=1e-12))


def test_the_last_window_may_be_cut_short_by_the_end_of_the_run() -> None:
    run = outcome("..x")
    run = replace(run, plan=replace(run.plan, data=replace(run.plan.data, duration_ns=25 * SECOND)))
    assert success_between(run, 20, 25) == 0.5
    assert success_between(run, 20, 24) is None
