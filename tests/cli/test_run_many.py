"""`simulator run` of several files and of folders: one line a file, one exit code."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.explore.cells import Cell, Record
from simulator.gate import playing
from simulator.gate.played import Played
from tests.language.writing import EXPERIMENT, FAULT, TOPOLOGY, changed

ROOT = Path(__file__).parents[2]
MISSED = changed(EXPERIMENT, "{recovery_time: {at_most: 5 min}}", "{success: {at_least: 100 %}}")
NOT_EXERCISED = changed(EXPERIMENT, f"faults:\n  - {FAULT}\n", "")
BAD = changed(EXPERIMENT, "at: 1 min", "at: 1 h")


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    texts = {"bad": BAD, "met": EXPERIMENT, "missed": MISSED, "open": NOT_EXERCISED, "t": TOPOLOGY}
    for name, text in texts.items():
        Path(f"{name}.yaml").write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments])


def test_a_folder_is_told_in_one_line_a_file_with_what_is_not_met() -> None:
    result = run(".")
    assert result.exit_code == 2
    assert result.stderr.endswith("bad.yaml:7:10: starts at 1 h, but the run ends at 10 min\n")
    lines = result.stdout.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "INVALID bad.yaml  1 problem",
        "PASS met.yaml  RTO 2 min 10 s (≤ 5 min)  RPO 590 ms  lost 0",
        "FAIL missed.yaml  RTO 2 min 10 s  RPO 590 ms  lost 0  1 of 1 not met",
        "INCONCLUSIVE open.yaml  lost 0  1 of 1 not met",
        "4 experiments: 1 passed, 1 failed, 1 inconclusive, 1 invalid",
    ]
    assert "     missed.yaml:9: success at least 100 %: 95.9 % is less than 100 %" in lines
    assert "     open.yaml:7: recovery time at most 5 min: not exercised: no fault acted" in lines
    assert "     simulator run missed.yaml --seed 1" in lines
    assert max(map(len, lines)) <= 80


def test_quiet_prints_the_lines_alone() -> None:
    assert run("met.yaml", "missed.yaml", "--quiet").stdout.splitlines() == [
        "PASS met.yaml  RTO 2 min 10 s (≤ 5 min)  RPO 590 ms  lost 0",
        "FAIL missed.yaml  RTO 2 min 10 s  RPO 590 ms  lost 0  1 of 1 not met",
    ]
    result = run("met.yaml", "-q")
    assert result.stdout == "PASS met.yaml  RTO 2 min 10 s (≤ 5 min)  RPO 590 ms  lost 0\n"
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("files", "fail_on", "code"),
    [
        (("met", "open"), "inconclusive", 4),
        (("met", "open"), "missed", 0),
        (("missed", "open"), "inconclusive", 1),
        (("missed", "open"), "never", 0),
        (("missed", "bad"), "inconclusive", 2),
        (("missed", "bad"), "never", 2),
        (("open",), "missed", 0),
        (("missed",), "never", 0),
    ],
)
def test_the_exit_code_is_the_worst_of_those_that_somebody_minds(
    files: tuple[str, ...], fail_on: str, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    verdicts = {"met": "met", "missed": "missed", "open": "inconclusive", "bad": "invalid"}

    def judged(_asked: playing.Asked, task: playing.Task) -> Played:
        return Played(task.file, 1, verdicts[Path(task.file).stem])

    if len(files) > 1:
        monkeypatch.setattr(playing, "play_task", judged)
    named = [f"{file}.yaml" for file in files]
    assert run(*named, "--fail-on", fail_on, "--no-levers").exit_code == code


def test_a_defect_of_one_file_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    play = playing.play_cells

    def explode(cells: Sequence[Cell], **given: Any) -> list[Record]:
        if cells[0].loaded.file == "missed.yaml":
            raise ZeroDivisionError("a surprise")
        return play(cells, **given)

    monkeypatch.setattr(playing, "play_cells", explode)
    result = run("missed.yaml", "met.yaml")
    assert result.exit_code == 3
    assert "DEFECT missed.yaml  a defect of the simulator\nPASS met.yaml" in result.stdout
    assert "ZeroDivisionError: a surprise" in result.stderr


@pytest.mark.parametrize(("arguments", "cached"), [((), True), (("--no-cache",), False)])
def test_what_was_played_before_is_taken_unless_somebody_says_no(
    arguments: tuple[str, ...], cached: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list[object]()
    play = playing.play_cells

    def noted(cells: Sequence[Cell], *, cache: bool) -> list[Record]:
        found.append(cache)
        return play(cells, cache=cache)

    monkeypatch.setattr(playing, "play_cells", noted)
    run("met.yaml", "open.yaml", *arguments)
    assert found == [cached, cached]


def test_a_folder_without_experiments_is_wrong_usage() -> None:
    Path("empty").mkdir()
    result = run("empty")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "no experiment is in 'empty': one has the key 'experiment'\n"


def test_each_file_has_a_folder_of_its_own() -> None:
    result = run("met.yaml", "missed.yaml", "--out", "out", "--quiet")
    assert result.exit_code == 1
    assert sorted(path.name for path in Path("out").iterdir()) == ["met", "missed"]
    assert json.loads(Path("out/missed/result.json").read_text())["verdict"] == "missed"


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    files = [str(tmp_path / "a" / "x.yaml"), str(tmp_path / "b" / "x.yaml"), str(tmp_path / "b" / "y.yaml")]
    assert playing.folders_of(files) == ["a/x", "b/x", "b/y"]
    assert playing.folders_of(files[1:]) == ["x", "y"]


@pytest.mark.middle
def test_the_same_lines_for_any_number_of_jobs() -> None:
    assert run(".", "--jobs", "2").stdout == run(".").stdout


def test_ctrl_c_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    play = playing.run

    def interrupted(loaded: object, **given: object) -> object:
        if getattr(loaded, "file", "") == "missed.yaml":
            raise KeyboardInterrupt
        return play(loaded, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(playing, "run", interrupted)
    result = run("met.yaml", "missed.yaml", "open.yaml", "--out", "out")
    assert result.exit_code == 130
    assert result.stdout.splitlines()[-1] == "3 experiments: 1 passed, 2 not run"
    assert result.stderr.endswith("interrupted\n")
    assert Path("out/met/result.json").exists()


@pytest.mark.middle
def test_ctrl_c_ends_the_workers_too() -> None:
    """Of two files the long one begins first, by this process or another; the other is told as it is done."""
    long = changed(EXPERIMENT, "duration: 10 min", "duration: 100 h")
    Path("long.yaml").write_text(long)
    command = [sys.executable, "-m", "simulator.cli", "run", "met.yaml", "long.yaml", "--jobs", "2"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NUMBA_DISABLE_JIT": "1"},
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("PASS met.yaml")
        (helper,) = others_of(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert output.splitlines()[-1] == "2 experiments: 1 passed, 1 not run"
    assert errors == "interrupted\n"
    assert not Path(f"/proc/{helper}").exists()


def others_of(process: int) -> list[int]:
    """The processes that another one has started to share its work."""
    if not Path("/proc/self/task").exists():
        pytest.skip("this system does not list them")
    children = map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())
    return [one for one in children if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]
