"""Pictures that another process draws are those that this one would draw, and never missing."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator import Result
from simulator.report import drawing
from simulator.report.drawing import Drawer, drawn_pictures
from simulator.report.files import write_report
from simulator.report.pictures import PICTURE_FILES
from simulator.report.pictures.album import PICTURES
from tests.report.conftest import Run


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a new process: what draws has not been imported."""
    monkeypatch.delitem(sys.modules, "matplotlib")


def test_all_pictures_are_listed() -> None:
    assert tuple(PICTURES) == PICTURE_FILES


@pytest.mark.usefixtures("elsewhere")
def test_another_process_draws_the_same(small: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    result = small()
    with Drawer(2) as drawer:
        drawer.begin(result)
        found = drawer.pictures()
    monkeypatch.undo()
    assert found == drawn_pictures(result)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("code", ["raise SystemExit(3)", "print('no pictures')", "pass"])
def test_a_process_that_fails_is_done_without(
    small: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    result = small()
    monkeypatch.setattr(drawing, "_SERVE", code)
    with Drawer(2) as drawer:
        monkeypatch.undo()
        drawer.begin(result)
        paths = write_report(result, tmp_path, drawer)
    assert {path.name for path in paths if path.suffix == ".png"} == {"service.png", "replication.png"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process draws all")
def test_several_processes_draw_each_picture_once(milan: Result) -> None:
    alone = drawn_pictures(milan)
    together = drawing._drawn_side_by_side(milan, 3)
    assert [*together] == [*alone]
    assert together == alone


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere one process draws all")
def test_a_copy_that_fails_is_told_from_one_that_found_nothing() -> None:
    assert drawing._copied(dict)() == {}
    with pytest.raises(EOFError):
        drawing._copied(lambda: 1 / 0)()


def test_no_process_is_started_where_what_draws_is_imported(
    small: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with Drawer(2) as drawer:
        drawer.begin(small())
        assert drawer.pictures() is None


@pytest.mark.usefixtures("elsewhere")
def test_no_process_is_started_on_a_single_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)
    with Drawer(1) as drawer:
        assert drawer.pictures() is None


@pytest.mark.usefixtures("elsewhere")
def test_a_process_that_is_given_nothing_ends() -> None:
    with Drawer(2) as drawer:
        process = drawer._process
        assert process is not None
    assert process.returncode is not None
