"""Discarded writes, lost updates and lost writes against closed forms."""

import pytest

from tests.validation import writes


@pytest.mark.parametrize(("a", "b", "median"), writes.WRITERS)
def test_discarded_writes_and_lost_updates_are_the_closed_forms(a: float, b: float, median: str) -> None:
    for figure in writes.overwriting(a, b, median, 100_000):
        assert figure.holds, figure


@pytest.mark.parametrize(
    ("a", "b", "lag_s", "discarded", "lost"),
    [(1, 1, 0.5117, 0.401, 0.286), (1, 1, 1.0127, 0.637, 0.389), (0.2, 0.2, 1.0127, 0.183, 0.155)],
)
def test_the_closed_forms_are_those_of_hand_made_figures(
    a: float, b: float, lag_s: float, discarded: float, lost: float
) -> None:
    """Of equal rates r the line has its parent after (1 - x)/r + x/2r with x = exp(-r d): x/2 is lost less.

    With 1 and 1 and 0.5117 s: x = 0.5995, survivors 1 / (1 - 0.2997) = 1.428 of 2 a second, 28.6 % lost.
    """
    assert writes.discarded_share(a, b, lag_s) == pytest.approx(discarded, abs=0.001)
    assert writes.lost_share(a, b, lag_s) == pytest.approx(lost, abs=0.001)


def test_lost_writes_are_those_accepted_and_not_present_at_the_survivor() -> None:
    stops = writes.hard_stops(20)
    assert stops.lost.min() > 0
    assert writes.identity(stops).holds
    assert writes.mean_loss(stops).holds


def test_a_strong_table_loses_nothing_at_a_hard_stop() -> None:
    assert writes.synchronous(5).holds


@pytest.mark.parametrize(("multiple", "stop_min"), writes.DRAINS)
def test_a_backlog_is_drained_in_the_time_of_the_fluid_model(multiple: float, stop_min: int) -> None:
    figure = writes.drain(multiple, stop_min)
    assert figure.holds, figure
