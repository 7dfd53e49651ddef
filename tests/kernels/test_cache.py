"""Machine code is found again, never stale, and compiled by one process at a time."""

import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.kernels.copies import BEGUN, SAMPLE, Copy, copied

OWN_THE_LOCK = """
import threading
from filelock import FileLock
lock = FileLock(PATH)
lock.acquire()
print("taken", flush=True)
threading.Event().wait()
"""


def figures(copy: Copy, **variables: str) -> tuple[str, str]:
    """What the small program prints, and what it says of compiling."""
    done = copy.run(SAMPLE, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


def test_what_was_compiled_is_found_again(copy: Copy) -> None:
    first, said = figures(copy)
    assert said.splitlines()[0].startswith(BEGUN)
    assert len(said.splitlines()) == 2
    assert figures(copy) == (first, "")


def test_after_the_environment_has_moved(copy: Copy, tmp_path: Path) -> None:
    first, _ = figures(copy)
    assert figures(copied(tmp_path / "elsewhere" / "deeper", copy.cache)) == (first, "")


def test_a_constant_of_another_file_compiles_it_anew(copy: Copy) -> None:
    before, _ = figures(copy)
    copy.edit("randomness/distributions.py", "EXPONENTIAL = 2", "EXPONENTIAL = 3")
    copy.edit("randomness/distributions.py", "UNIFORM = 3 ", "UNIFORM = 2 ")
    after, said = figures(copy)
    assert BEGUN in said
    assert after == figures(copy, NUMBA_DISABLE_JIT="1")[0] != before


@pytest.mark.parametrize("damage", [b"", b"simulator", None], ids=["emptied", "another file's", "one byte"])
def test_a_damaged_file_is_compiled_anew_with_a_line(copy: Copy, damage: bytes | None) -> None:
    first, _ = figures(copy)
    (file,) = (path for path in copy.files() if path.name.startswith("draws.sample-"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content if damage is None else damage)
    again, said = figures(copy)
    assert again == first
    assert [line for line in said.splitlines() if "damaged" in line] == [
        f"{file} is damaged; it is compiled anew."
    ]
    assert figures(copy) == (first, "")


def test_so_is_a_damaged_library(copy: Copy) -> None:
    first, _ = figures(copy)
    (library,) = copy.cache.glob("draws.sample-*.so")
    content = bytearray(library.read_bytes())
    content[len(content) // 2] ^= 1
    library.write_bytes(content)
    again, said = figures(copy)
    assert again == first
    assert f"{library} is damaged; it is compiled anew." in said.splitlines()
    assert figures(copy) == (first, "")


def test_a_place_that_cannot_be_written_is_told_and_a_temporary_one_serves(
    copy: Copy, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    variables = {"SIMULATOR_CACHE_DIR": str(tmp_path / "file" / "cache"), "TMPDIR": str(tmp_path)}
    first, said = figures(copy, **variables)
    assert said.startswith(f"cannot write to {tmp_path / 'file' / 'cache'}: ")
    assert f"kept in {tmp_path}" in said.splitlines()[0]
    assert figures(copy, **variables) == (first, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a temporary directory is the user's own there")
def test_a_temporary_place_that_others_can_write_is_not_used(copy: Copy, tmp_path: Path) -> None:
    open_to_all = tmp_path / f"multiregion-simulator-{os.getuid()}"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (tmp_path / "file").touch()
    variables = {"SIMULATOR_CACHE_DIR": str(tmp_path / "file" / "cache"), "TMPDIR": str(tmp_path)}
    _, said = figures(copy, **variables)
    assert "machine code is not kept" in said
    assert not [*open_to_all.iterdir()]


def test_of_two_processes_one_compiles_and_the_other_waits(copy: Copy) -> None:
    copy.cache.mkdir()
    with FileLock(copy.cache / "compiling.lock"):
        both = [copy.start(SAMPLE), copy.start(SAMPLE)]
        for process in both:
            assert process.stderr is not None
            assert "waiting" in process.stderr.readline()
    done = [process.communicate() for process in both]
    assert done[0][0] == done[1][0]
    assert sorted(BEGUN in err for _, err in done) == [False, True]


def test_a_killed_owner_is_not_waited_for(copy: Copy) -> None:
    copy.cache.mkdir()
    lock = copy.cache / "compiling.lock"
    owner = copy.start(OWN_THE_LOCK.replace("PATH", repr(str(lock))))
    assert owner.stdout is not None
    assert owner.stdout.readline() == "taken\n"
    waiting = copy.start(SAMPLE)
    assert waiting.stderr is not None
    assert "waiting" in waiting.stderr.readline()
    owner.kill()
    _, said = waiting.communicate()
    owner.communicate()
    assert BEGUN in said
