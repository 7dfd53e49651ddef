"""The plateau of a recovery on windows made by hand."""

import numpy as np

from simulator.boundary.causes import CAUSES, Cause
from simulator.measure.holding import Holding
from simulator.measure.plateau import plateau
from simulator.measure.service import Windows
from simulator.result.recovery import Plateau

WIDTH_NS = 10 * 10**9


def of(*bad: int, causes: tuple[Cause, ...] = ("stores",)) -> Plateau | None:
    """Of a recovery in which so many of 100 actions were bad in each window, by cause in equal parts."""
    count = len(bad)
    begun = np.zeros((count, len(CAUSES)), np.int64)
    begun[:, [CAUSES.index(cause) for cause in causes]] = np.array(bad)[:, None] // len(causes)
    nobody = np.zeros(count, np.int64)
    windows = Windows(0, WIDTH_NS, count * WIDTH_NS, np.full(count, 100), np.array(bad), nobody)
    return plateau(windows, Holding(begun, np.zeros_like(begun)), 0, count * WIDTH_NS)


def test_the_longest_level_stretch_after_the_first_improvement() -> None:
    found = of(100, 100, 90, 40, 50, 48, 44, 52, 10, 8)
    assert found is not None
    assert (found.start_s, found.end_s) == (30, 80)
    assert found.share == (40 + 50 + 48 + 44 + 52) / 500
    assert found.held_by == {"stores": 234}


def test_a_short_tail_is_none() -> None:
    assert of(100, 100, 50, 10, 1) is None


def test_what_never_improves_has_none() -> None:
    assert of(100, 95, 100, 98, 100) is None


def test_a_longer_tail_counts_for_more_than_a_higher_shelf() -> None:
    found = of(100, 60, 60, 60, 4, 4, 4, 4, 4)
    assert found is not None
    assert (found.start_s, found.end_s, found.share) == (40, 90, 0.04)


def test_causes_stand_in_order() -> None:
    found = of(100, 40, 40, 40, causes=("device_answers", "issuers"))
    assert found is not None
    assert found.held_by == {"device_answers": 60, "issuers": 60}
