"""Processes that are copies of the program: warm at once, and as separate as those that begin anew."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.explore.copying import can_be_copied
from simulator.explore.cores import cores
from simulator.explore.workers import Workers

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux alone")

COMMON = """
import os, signal, sys, threading, time
from tests.explore import test_copying as here
from simulator.explore.workers import Workers, on_workers, standing
"""


def program(code: str) -> str:
    """What a program prints that has no thread but its own, as that of pytest may have."""
    alone = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # as the command line has it
    command = [sys.executable, "-c", COMMON + code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=alone)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


KNOWN = ["imported"]


def known_and_process(_number: int) -> tuple[str, int]:
    time.sleep(0.01)  # so that nobody does all of them before the others have begun
    return KNOWN[0], os.getpid()


def shared_again(number: int) -> list[tuple[str, int]]:
    """Shares in its turn, as a task must be able to wherever it is done."""
    with Workers(1) as workers:
        return workers.do(known_and_process, [number])


KNOWING = """
here.KNOWN[0] = "changed"
found = {*on_workers(here.known_and_process, range(100), 3)}
print(sorted(known for known, _ in found), len({process for _, process in found}))
"""


def indented(code: str) -> str:
    return code.replace("\n", "\n    ")


def test_a_copy_knows_what_its_original_knows() -> None:
    assert program(f"with standing(3):{indented(KNOWING)}") == "['changed', 'changed', 'changed'] 3\n"


def test_nobody_else_s_program_is_copied() -> None:
    code = f"if __name__ == '__main__':{indented(KNOWING)}"
    assert program(code) == "['changed', 'imported', 'imported'] 3\n"


def test_a_process_with_threads_is_not_copied() -> None:
    thread = "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()"
    code = f"if __name__ == '__main__':\n  {thread}\n  with standing(3):{indented(KNOWING)}"
    assert program(code) == "['changed', 'imported', 'imported'] 3\n"


def test_a_thread_that_comes_later_ends_the_copies() -> None:
    """They share a counter that others cannot have."""
    code = """
if __name__ == "__main__":
    with standing(3):
        print(len({*on_workers(here.known_and_process, range(100), 2)}))
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        here.KNOWN[0] = "changed"
        print(sorted(known for known, _ in {*on_workers(here.known_and_process, range(100), 3)}))
"""
    assert program(code) == "2\n['changed', 'imported', 'imported']\n"


def test_what_is_not_yet_printed_is_printed_once() -> None:
    code = """
sys.stdout.write("begun, ")
with standing(3):
    on_workers(here.known_and_process, range(100), 3)
print("done")
"""
    assert program(code) == "begun, done\n"


def test_what_a_copy_does_may_share_work_itself() -> None:
    code = """
with standing(3):
    found = on_workers(here.shared_again, range(30), 3)
print(len({process for one in found for _, process in one}))
"""
    assert program(code) == "3\n"


def test_a_copy_ends_by_itself_when_its_original_is_killed(tmp_path: Path) -> None:
    """No copy keeps the line open at whose end another listens."""
    code = f"""
crew = standing(4).__enter__()
processes = {{process for _, process in crew.do(here.known_and_process, range(100))}} - {{os.getpid()}}
open({str(tmp_path / "processes")!r}, "w").write(" ".join(map(str, processes)))
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", COMMON + code], check=False)
    processes = (tmp_path / "processes").read_text().split()
    assert len(processes) == 3
    assert wait_until(lambda: not any(is_alive(one) for one in processes))


def test_a_killed_copy_is_replaced_by_another(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from functools import partial
from tests.explore.test_workers import square_once_killed
import logging
logging.disable()
with standing(2):
    print(on_workers(partial(square_once_killed, os.getpid(), Path({str(tmp_path)!r})), [1, 2, 3, 4, 5], 2))
"""
    assert program(code) == "[1, 4, 9, 16, 25]\n"
    assert (tmp_path / "died").exists()


def test_a_copy_hears_nothing_of_an_interruption() -> None:
    code = """
with standing(2):
    on_workers(here.known_and_process, range(100), 2)
    for helper in os.popen("pgrep -P %d" % os.getpid()).read().split():
        try:
            os.kill(int(helper), signal.SIGINT)
        except ProcessLookupError:  # the shell of that list
            pass
    print(len({*on_workers(here.known_and_process, range(100), 2)}))
"""
    assert program(code) == "2\n"


def test_what_is_begun_ahead_is_there_when_it_is_asked_for() -> None:
    code = """
with standing(2), Workers(2) as workers, workers.ahead(here.known_and_process, range(6)) as rest:
    time.sleep(0.3)
    found = rest()
    print(len(found), [process for _, process in found].count(os.getpid()) < 3)
"""
    assert program(code) == "6 True\n"


def test_what_is_begun_ahead_and_not_asked_for_is_given_up(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
with standing(2), Workers(2) as workers:
    with workers.ahead(Path.touch, [Path({str(tmp_path / "begun")!r})]):
        while not Path({str(tmp_path / "begun")!r}).exists():
            time.sleep(0.01)
    with workers.ahead(time.sleep, [60]):
        pass
    print(len({{*workers.do(here.known_and_process, range(100))}}))
"""
    begun = time.monotonic()
    assert program(code) == "2\n"
    assert time.monotonic() - begun < 30  # the task that was given up takes a minute


def test_what_a_killed_copy_has_begun_ahead_is_done_by_the_program(tmp_path: Path) -> None:
    code = f"""
from functools import partial
from pathlib import Path
from tests.explore.test_workers import square_once_killed
import logging
logging.disable()
here, one = Path({str(tmp_path)!r}), partial(square_once_killed, os.getpid(), Path({str(tmp_path)!r}))
with standing(2), Workers(2) as workers, workers.ahead(one, [1, 2, 3]) as rest:
    while not (here / "died").exists():
        time.sleep(0.01)
    print(rest())
"""
    assert program(code) == "[1, 4, 9]\n"


def test_on_a_full_disk_nothing_is_begun_ahead() -> None:
    code = """
import logging
from simulator.explore import sharing
logging.disable()
def full(_thing):
    raise OSError(28, "No space left on device")
sharing.Parcel = full
with standing(2), Workers(2) as workers, workers.ahead(here.known_and_process, range(3)) as rest:
    print({process for _, process in rest()} == {os.getpid()})
"""
    assert program(code) == "True\n"


def test_nothing_is_begun_ahead_where_a_process_would_begin_anew() -> None:
    with Workers(2) as workers, workers.ahead(known_and_process, range(3)) as rest:
        assert workers._team.helpers == []
        assert [known for known, _ in rest()] == ["imported"] * 3


def test_less_work_is_shared_where_processes_begin_anew() -> None:
    """One second, by the estimate: copies pay from half a second on, others from five."""
    code = """
from types import SimpleNamespace
from simulator.explore.workers import copies_stand_by
from simulator.gate.playing import Task, jobs_worth
tasks = [Task("a", SimpleNamespace(costs=[SimpleNamespace(seconds=0.5)]))] * 2
print(copies_stand_by(), jobs_worth(tasks, None))
with standing(2):
    print(copies_stand_by(), jobs_worth(tasks, None))
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    print(copies_stand_by(), jobs_worth(tasks, None))
"""
    assert program(code) == f"False 1\nTrue {min(cores(), 2)}\nFalse 1\n"


def test_a_library_that_cannot_be_copied_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "listdir", lambda _: ["1"])
    for name in ("numba", "llvmlite", "matplotlib", "dask", "distributed"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    assert can_be_copied()
    monkeypatch.setitem(sys.modules, "numba", os)
    assert not can_be_copied()


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether it does, within five seconds."""
    for _ in range(500):
        if holds():
            return True
        time.sleep(0.01)
    return False


def is_alive(process: str) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()
