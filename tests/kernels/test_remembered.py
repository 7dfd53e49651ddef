"""What is remembered of sources is forgotten once any of them is another, however it was put there."""

import os
import sys
from pathlib import Path

import pytest

import simulator
from simulator.kernels import remembered


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one source of a package that was imported long after it was written."""
    (tmp_path / "room").mkdir()
    path = tmp_path / "room" / "kinds.py"
    path.write_text("LAMBDA = 2", encoding="utf-8")
    monkeypatch.setattr(remembered, "_ROOT", str(tmp_path))
    monkeypatch.setattr(simulator, "_IMPORTED_NS", sys.maxsize)
    return path


def test_nothing_is_remembered_across_an_edit(source: Path) -> None:
    before = remembered._key()
    assert before == remembered._key() is not None
    source.write_text("LAMBDA = 3", encoding="utf-8")
    assert remembered._key() != before


@pytest.mark.skipif(sys.platform == "win32", reason="a file's last change is not told there")
def test_nor_if_the_time_of_the_edit_is_set_back(source: Path) -> None:
    """As by a copy that keeps times: the size is the same, too."""
    before, about = remembered._key(), source.stat()
    source.write_text("LAMBDA = 3", encoding="utf-8")
    os.utime(source, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert (source.stat().st_size, source.stat().st_mtime_ns) == (about.st_size, about.st_mtime_ns)
    assert remembered._key() != before


@pytest.mark.parametrize("name", ["other.py", "defaults.yaml"])
def test_a_source_that_is_new_or_gone_counts(source: Path, name: str) -> None:
    before = remembered._key()
    other = source.with_name(name)
    other.touch()
    with_another = remembered._key()
    other.unlink()
    assert with_another != before == remembered._key()


def test_a_process_that_may_be_older_than_a_source_remembers_nothing(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulator, "_IMPORTED_NS", source.stat().st_mtime_ns)
    assert remembered._key() is None


def test_what_is_found_out_is_kept_for_the_next_process(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMULATOR_CACHE_DIR", str(tmp_path / "cache"))
    first = remembered.Remembered()
    assert first.of("kernel", lambda: "digest") == first.of("kernel", lambda: "another") == "digest"
    first._keep()
    assert remembered.Remembered().of("kernel", lambda: "another") == "digest"
    source.write_text("LAMBDA = 3", encoding="utf-8")
    assert remembered.Remembered().of("kernel", lambda: "another") == "another"


def test_a_function_from_elsewhere_is_not_remembered() -> None:
    assert remembered.Remembered().of_function(lambda: None, lambda: "found out") == "found out"  # type: ignore[arg-type]
