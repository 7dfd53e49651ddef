"""Work shared among processes: in order, whatever their number, and though some of them die."""

import os
from functools import partial

import pytest

from simulator.explore.workers import on_workers


def square(number: int) -> int:
    return number * number


def square_at_home(home: int, number: int) -> int:
    """Only where process `home` does it; any other dies on the third task, like one without memory."""
    if os.getpid() != home and number == 3:
        os._exit(1)
    return number * number


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_what_comes_of_tasks_is_in_their_order(processes: int) -> None:
    assert on_workers(square, [3, 1, 2], processes) == [9, 1, 4]


def test_what_a_dead_worker_leaves_is_done_here() -> None:
    assert on_workers(partial(square_at_home, os.getpid()), [1, 2, 3, 4], 2) == [1, 4, 9, 16]
