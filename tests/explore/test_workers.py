"""Work shared among processes: in order, whatever their number, and though some of them die."""

import os
import time
from functools import partial
from pathlib import Path

import pytest

from simulator.explore.workers import Workers, on_workers


def square(number: int) -> int:
    return number * number


def square_at_home(home: int, number: int) -> int:
    """Only where process `home` does it; any other dies on the third task, like one without memory."""
    if os.getpid() != home and number == 3:
        os._exit(1)
    return number * number


def square_once_killed(place: Path, number: int) -> int:
    """The first that does the third task dies; every task leaves the number of its process behind."""
    if number == 3 and not (place / "died").exists():
        (place / "died").touch()
        os._exit(1)
    with (place / str(number)).open("a") as file:
        print(os.getpid(), file=file)
    return number * number


def wait_long(place: Path, number: int) -> int:
    (place / str(number)).touch()
    time.sleep(60)
    return number


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_what_comes_of_tasks_is_in_their_order(processes: int) -> None:
    assert on_workers(square, [3, 1, 2], processes) == [9, 1, 4]


def test_a_task_that_no_worker_survives_is_done_here() -> None:
    assert on_workers(partial(square_at_home, os.getpid()), [1, 2, 3, 4], 2) == [1, 4, 9, 16]


def test_what_a_dead_worker_leaves_is_done_by_new_ones(tmp_path: Path) -> None:
    told = list[tuple[int, int]]()
    one = partial(square_once_killed, tmp_path)
    found = on_workers(one, [1, 2, 3, 4, 5], 2, heard=lambda *what: told.append(what))
    assert found == [1, 4, 9, 16, 25]
    assert told == [*enumerate(found)]
    assert (tmp_path / "died").exists()
    assert (tmp_path / "3").read_text().split() != [str(os.getpid())]


def test_tasks_of_several_rounds_are_done_by_the_same_workers(tmp_path: Path) -> None:
    (tmp_path / "died").touch()
    with Workers(2) as workers:
        for _ in range(3):
            assert workers.do(partial(square_once_killed, tmp_path), [6, 7]) == [36, 49]
    found = [(tmp_path / name).read_text().split() for name in ("6", "7")]
    processes = {process for lines in found for process in lines}
    assert len(processes) <= 2
    assert str(os.getpid()) not in processes


def test_workers_end_at_once_when_their_user_is_interrupted(tmp_path: Path) -> None:
    begun = time.monotonic()

    def interrupt(_number: int, _found: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        workers.do(partial(wait_long_after_first, tmp_path), [0, 1, 2], heard=interrupt)
    assert time.monotonic() - begun < 30  # the tasks that were begun take a minute


def wait_long_after_first(place: Path, number: int) -> int:
    return wait_long(place, number) if number else number
