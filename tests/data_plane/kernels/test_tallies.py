"""Where counters count: the windows of an instant."""

from types import SimpleNamespace

import pytest

from simulator.data_plane.tallies import window_after, window_of


@pytest.mark.parametrize(
    ("t", "within", "after"),
    [(-100, 0, 0), (-7, 0, 0), (-6, 0, 1), (2, 0, 1), (3, 1, 1), (4, 1, 2), (93, 10, 10), (102, 10, 11)],
)
def test_windows_of_ten_that_begin_at_minus_seven(t: int, within: int, after: int) -> None:
    plan = SimpleNamespace(window_first_ns=-7, window_ns=10)
    assert (window_of(plan, t), window_after(plan, t)) == (within, after)
