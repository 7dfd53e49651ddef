"""Lost updates and lost writes against closed forms."""

import pytest

from tests.validation import writes


@pytest.mark.parametrize(("a", "b"), [(1, 1), (2, 0.5), (0.2, 0.2)])
def test_lost_updates_are_the_closed_form(a: float, b: float) -> None:
    assert writes.lost_updates(a, b, 100_000).holds


def test_lost_writes_are_those_accepted_and_not_present_at_the_survivor() -> None:
    stops = writes.hard_stops(20)
    assert stops.lost.min() > 0
    assert writes.identity(stops).holds
    assert writes.mean_loss(stops).holds
