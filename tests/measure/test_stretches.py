"""Stretches of a waterfall: slight ones go to their neighbours, however many there are."""

import time

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.measure import stretches as module
from simulator.measure.stretches import Stretch, stretches

NOBODY = [0, 0]


def of(*held: list[int]) -> list[tuple[int, int, int]]:
    return [(one.first, one.last, one.kind) for one in stretches(np.array(held))]


def test_nobody_is_no_stretch() -> None:
    assert of(NOBODY, NOBODY) == []


def test_each_stretch_has_what_holds_most() -> None:
    assert of([100, 0], [90, 2], [0, 80], [0, 70]) == [(0, 2, 0), (2, 4, 1)]


def test_a_slight_one_goes_to_the_heavier_of_its_neighbours() -> None:
    """One of 351 is less than a hundredth; what is before it weighs 100, what is behind it 250."""
    assert of([100, 0], [0, 1], [250, 0]) == [(0, 3, 0)]
    assert stretches(np.array([[100, 0, 0], [0, 0, 1], [0, 250, 0]])) == [Stretch(0, 1, 0), Stretch(1, 3, 1)]


def test_a_stretch_goes_on_while_it_holds_one_in_twenty() -> None:
    """Ten of the window's hundred are still held by the first kind, then four of a hundred."""
    assert of([100, 0], [100, 0], [10, 90], [4, 96], [0, 100]) == [(0, 3, 0), (3, 5, 1)]


def _plain(held: NDArray[np.int64]) -> list[list[int]]:
    """The slightest of all stretches, joined to a neighbour, again and again: [first, last, kind]."""
    kinds, found = held.argmax(axis=1).tolist(), list[list[int]]()
    for number, kind in enumerate(kinds):
        found.append([number, number + 1, kind])
    while True:
        joined = found[:1]
        for one in found[1:]:
            if one[2] == joined[-1][2]:
                joined[-1] = [joined[-1][0], one[1], one[2]]
            else:
                joined.append(one)
        found, weights = joined, [int(held[one[0] : one[1]].sum()) for one in joined]
        least = int(np.argmin(weights))
        if len(found) == 1 or (weights[least] >= 0.01 * held.sum() and len(found) <= 10):
            return found
        before = weights[least - 1] if least else -1
        behind = weights[least + 1] if least + 1 < len(found) else -1
        first = least - 1 if before >= behind else least
        kind = found[first][2] if weights[first] >= weights[first + 1] else found[first + 1][2]
        found[first : first + 2] = [[found[first][0], found[first + 1][1], kind]]


@pytest.mark.parametrize("seed", range(50))
def test_the_slightest_go_first_whatever_their_number(seed: int) -> None:
    draw = np.random.default_rng(seed)
    held = draw.poisson(draw.choice([1.0, 5.0, 100.0]), (60, 3)) + draw.integers(0, 2, (60, 3))
    held[:, 0] += 1  # somebody in each window
    found = module._without_slight_ones(held, module._runs(held))
    assert [[one.first, one.last, one.kind] for one in found] == _plain(held)


def test_a_long_run_of_short_stretches_takes_no_time() -> None:
    """Hundreds of thousands of windows in which now one kind, now another holds most."""
    held = np.random.default_rng(1).poisson(3, (200_000, 4))
    begin = time.process_time()
    assert 1 <= len(stretches(held)) <= 10
    assert time.process_time() - begin < 20
