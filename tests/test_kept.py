"""A run that was kept is the one that its files would come to today, or is not taken."""

import sys
from contextlib import chdir
from pathlib import Path
from types import SimpleNamespace

import pytest

from simulator import kept
from simulator.pipeline import prepared, ready_of
from simulator.ready import Ready, played
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed


@pytest.fixture(autouse=True)
def _in_a_directory_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a cache of its own, and a program that is as new as its sources."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SIMULATOR_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(kept, "REMEMBERED", SimpleNamespace(is_sound=True))
    Path("t.yaml").write_text(TOPOLOGY, encoding="utf-8")
    Path("e.yaml").write_text(EXPERIMENT, encoding="utf-8")


def keep(seed: int = 1) -> Ready:
    """Keep the run of the experiment as it is now."""
    loaded = prepared("e.yaml", seed)
    ready = ready_of(loaded, seed)
    kept.keep(ready, "e.yaml", (), loaded.source.texts)
    return ready


def test_what_was_kept_is_played_to_the_same_bytes() -> None:
    ready = keep()
    found = kept.read("e.yaml", (), 1)
    assert found is not None
    again = found.ready
    assert played(lambda: again).to_json() == played(lambda: ready).to_json()


def test_files_of_the_same_name_in_other_folders_are_other_runs() -> None:
    keep()
    Path("other").mkdir()
    for name in ("t.yaml", "e.yaml"):
        Path("other", name).write_text(Path(name).read_text(encoding="utf-8"), encoding="utf-8")
    with chdir("other"):
        assert kept.read("e.yaml", (), 1) is None
        keep()
        assert kept.read("e.yaml", (), 1) is not None
    assert kept.read("e.yaml", (), 1) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can remove it there")
def test_who_stands_in_a_folder_that_is_gone_has_no_such_file() -> None:
    Path("gone").mkdir()
    with chdir("gone"):
        Path.cwd().rmdir()
        assert kept.read("e.yaml", (), 1) is None


def test_another_seed_setting_or_name_is_another_run() -> None:
    keep()
    Path("other.yaml").write_text(EXPERIMENT, encoding="utf-8")
    assert kept.read("e.yaml", (), 2) is None
    assert kept.read("e.yaml", ("duration=20 min",), 1) is None
    assert kept.read("other.yaml", (), 1) is None
    assert kept.read("e.yaml", (), 1) is not None


@pytest.mark.parametrize("file", ["e.yaml", "t.yaml"])
def test_an_edit_counts_whatever_its_time(file: str) -> None:
    keep()
    before = Path(file).read_text(encoding="utf-8")
    Path(file).write_text(f"{before}# edited\n", encoding="utf-8")
    assert kept.read("e.yaml", (), 1) is None
    Path(file).write_text(before, encoding="utf-8")
    assert kept.read("e.yaml", (), 1) is not None


@pytest.mark.parametrize("file", ["e.yaml", "t.yaml"])
def test_a_file_that_is_gone_or_no_text_is_read_to_be_told_so(file: str) -> None:
    keep()
    Path(file).write_bytes(b"\xff\xfe")
    assert kept.read("e.yaml", (), 1) is None
    Path(file).unlink()
    assert kept.read("e.yaml", (), 1) is None


def test_another_program_or_library_makes_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    keep()
    with monkeypatch.context() as changes:
        changes.setattr(kept, "program_digest", lambda: "another")
        assert kept.read("e.yaml", (), 1) is None
    with monkeypatch.context() as changes:
        changes.setattr(kept, "versions", lambda: {"numpy": "9"})
        assert kept.read("e.yaml", (), 1) is None


def test_a_program_that_may_be_older_than_its_sources_neither_keeps_nor_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as changes:
        changes.setattr(kept, "REMEMBERED", SimpleNamespace(is_sound=False))
        keep()
    assert kept.read("e.yaml", (), 1) is None
    keep()
    monkeypatch.setattr(kept, "REMEMBERED", SimpleNamespace(is_sound=False))
    assert kept.read("e.yaml", (), 1) is None


def test_what_is_damaged_is_made_anew() -> None:
    keep()
    (file,) = Path("cache").glob("*.ready")
    file.write_bytes(file.read_bytes()[:-1])
    assert kept.read("e.yaml", (), 1) is None


def test_what_is_large_is_not_kept() -> None:
    """A million ranked items have alias tables of 16 MB."""
    ranked = "  scores: {items: 1_000_000, popularity: {zipf: 0.9}, replicas:"
    Path("t.yaml").write_text(changed(TOPOLOGY, "  scores: {replicas:", ranked), encoding="utf-8")
    keep()
    assert not [*Path("cache").glob("*.ready")]
