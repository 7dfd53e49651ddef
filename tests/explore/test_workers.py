"""Work shared among processes: in order, whatever their number, and though some of them die."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from simulator.errors import UsageError
from simulator.explore.packing import Packed, Parcel, unpack
from simulator.explore.workers import Workers, on_workers, standing


def square(number: int) -> int:
    return number * number


def square_and_process(number: int) -> tuple[int, int]:
    time.sleep(0.01)  # so that nobody does all of them before the others have begun
    return number * number, os.getpid()


def square_at_home(home: int, number: int) -> int:
    """Only where process `home` does it; any other dies on every task, like one without memory."""
    if os.getpid() != home:
        os._exit(1)
    time.sleep(0.05)
    return number * number


def square_once_killed(home: int, place: Path, number: int) -> int:
    """The first that does a task away from home is killed; every task leaves its process behind."""
    if os.getpid() != home and not (place / "died").exists():
        (place / "died").write_text(str(number))
        os.kill(os.getpid(), signal.SIGKILL)
    while os.getpid() == home and not (place / "died").exists():
        time.sleep(0.01)
    (place / f"{number}").write_text(str(os.getpid()))
    return number * number


def fail_on_odd(number: int) -> int:
    if number % 2:
        raise UsageError(f"{number} is odd")
    return number


def wait_long(place: Path, number: int) -> int:
    """Away from home, so long that a test would notice; the first task is over when that has begun."""
    (place / str(number)).touch()
    if number:
        time.sleep(60)
    while not (place / "1").exists():
        time.sleep(0.01)
    return number


@pytest.mark.parametrize("processes", [1, 2, 9])
def test_what_comes_of_tasks_is_in_their_order(processes: int) -> None:
    assert on_workers(square, [3, 1, 2], processes) == [9, 1, 4]


def test_this_process_does_its_share() -> None:
    """Two processes in all for two jobs: this one and another, which does its share, too."""
    found = on_workers(square_and_process, range(200), 2)
    assert [square for square, _ in found] == [number * number for number in range(200)]
    processes = {process for _, process in found}
    assert len(processes) == 2
    assert os.getpid() in processes


def test_what_no_worker_survives_is_done_here(caplog: pytest.LogCaptureFixture) -> None:
    assert on_workers(partial(square_at_home, os.getpid()), range(40), 2) == [n * n for n in range(40)]
    assert "a process that shares the work ended with code 1; it was doing task " in caplog.text


def test_what_a_killed_worker_leaves_is_done_by_a_new_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = list[tuple[int, int]]()
    one = partial(square_once_killed, os.getpid(), tmp_path)
    found = on_workers(one, [1, 2, 3, 4, 5], 2, heard=lambda *what: told.append(what))
    assert found == [1, 4, 9, 16, 25]
    assert told == [*enumerate(found)]
    killed_at = int((tmp_path / "died").read_text())
    assert (tmp_path / f"{killed_at}").read_text() != str(os.getpid())
    said = f"a process that shares the work was killed (signal 9); it was doing task {killed_at} of 5"
    assert said in caplog.text


def test_a_task_is_told_by_its_name(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tasks = [Packed(number, f"the square of {number}") for number in range(3)]
    one = partial(opened, partial(square_once_killed, os.getpid(), tmp_path))
    assert on_workers(one, tasks, 2) == [0, 1, 4]
    assert f"it was doing the square of {(tmp_path / 'died').read_text()}" in caplog.text


def opened(one: Callable[[int], int], task: Packed[int]) -> int:
    return one(task.value)


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_failure_is_raised_whoever_meets_it(processes: int) -> None:
    with pytest.raises(UsageError, match="3 is odd"):
        on_workers(fail_on_odd, [0, 2, 3, 5, 7, 8, 9], processes, costs=[1, 2, 3, 4, 5, 6, 7])


def test_workers_go_on_after_a_failure() -> None:
    with Workers(2) as workers:
        with pytest.raises(UsageError):
            workers.do(fail_on_odd, [1, 3, 5])
        assert workers.do(square, [1, 2, 3]) == [1, 4, 9]


def test_tasks_of_several_rounds_are_done_by_the_same_workers() -> None:
    with Workers(2) as workers:
        rounds = [workers.do(square_and_process, range(100)) for _ in range(3)]
    assert len({process for found in rounds for _, process in found}) == 2


def test_whoever_stands_by_does_what_others_would_be_started_for() -> None:
    with standing(2):
        rounds = [on_workers(square_and_process, range(100), 5) for _ in range(2)]
    assert len({process for found in rounds for _, process in found}) == 2


def test_what_is_large_or_shared_is_sent_once_and_nothing_is_left_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shared = Packed(bytes(10**6))
    with Parcel([(number, shared) for number in range(5)]) as parcel:
        assert len(parcel.message) < 1000
        (file,) = tmp_path.iterdir()
        assert 10**6 < file.stat().st_size < 10**6 + 1000
        found = unpack(parcel.message)
        assert [(number, len(packed.value)) for number, packed in found] == [(n, 10**6) for n in range(5)]
        assert found[0][1] is found[4][1]
    assert not [*tmp_path.iterdir()]
    with Parcel([(1, Packed("small"))]) as parcel:
        assert not [*tmp_path.iterdir()]
        assert unpack(parcel.message)[0][1].value == "small"


def test_workers_end_at_once_when_their_user_is_interrupted(tmp_path: Path) -> None:
    begun = time.monotonic()

    def interrupt(_number: int, _found: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Workers(2) as workers:
        workers.do(partial(wait_long, tmp_path), [0, 1, 2], heard=interrupt)
    assert time.monotonic() - begun < 30  # the task that was begun takes a minute


def test_a_worker_ends_by_itself_when_whoever_began_it_is_killed() -> None:
    """Its process is not left behind, and neither is it interrupted by what is pressed at a terminal."""
    code = """
import os, signal, time
from tests.explore.test_workers import square_and_process
from simulator.explore.workers import Workers
if __name__ == "__main__":
    crew = Workers(2)
    print(*{process for _, process in crew.do(square_and_process, range(200))} - {os.getpid()}, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    (other,) = map(int, done.stdout.split())
    for _ in range(500):
        if not is_alive(other):
            return
        time.sleep(0.01)
    pytest.fail("it goes on")


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{process}/status")
    return not (status.exists() and "State:\tZ" in status.read_text())
