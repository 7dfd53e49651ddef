"""Figures that are kept, and what later runs are held against them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator import SpecError, UsageError
from simulator.cli import main
from simulator.explore import cells
from simulator.explore.baselines import check, read_baseline, save
from simulator.explore.cells import Cell, Record
from simulator.report.baseline import baseline_lines
from simulator.result.baseline import BaselineCheck
from simulator.verdict.figures import Figure
from tests import small

SEEDS = range(1, 11)
KEYS = ("recovery_time", "success")


def played(monkeypatch: pytest.MonkeyPatch, recovery_s: float | None, success: float = 0.9) -> None:
    """Runs whose recovery takes so long, give or take 5 s by seed, and no simulator; None: never."""

    def play(each: list[Cell], **_: object) -> list[Record]:
        return [Record("", cell.seed, "met", figures=tuple(figures(cell.seed))) for cell in each]

    def figures(seed: int) -> list[Figure]:
        value = None if recovery_s is None else recovery_s + seed % 11 - 5
        state = "never" if value is None else "shown"
        return [
            Figure("recovery_time", "recovery_time", {}, "s", "lower", state, value, ""),  # type: ignore[arg-type]
            Figure("success", "success", {}, "share", "higher", "shown", success, ""),
        ]

    monkeypatch.setattr(cells, "play_cells", play)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "experiments").mkdir()
    return small.write(tmp_path / "experiments", small.topology(), small.experiment())


@pytest.fixture
def path(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A baseline of recoveries of 60 s."""
    played(monkeypatch, 60.0)
    path = tmp_path / "baseline.json"
    path.write_text(save([file], path, SEEDS))
    return path


def states(found: BaselineCheck) -> list[str]:
    (one,) = found.files
    assert [held.key for held in one.figures] == [*KEYS]
    return [held.state for held in one.figures]


def test_a_baseline_is_read_by_people_and_named_from_its_directory(path: Path) -> None:
    said = json.loads(path.read_text())
    assert [*said["files"]] == ["experiments/experiment.yaml"]
    figure = said["files"]["experiments/experiment.yaml"]["figures"]["recovery_time"]
    assert (figure["median"], figure["unit"], figure["better"]) == ("1 min", "s", "lower")
    assert len(figure["by_seed"]) == 10
    assert any(line.strip().startswith('"by_seed": [56.0, 57.0,') for line in path.read_text().splitlines())


def test_the_same_figures_are_the_same(path: Path) -> None:
    found = check(path)
    assert states(found) == ["same", "same"]
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("recovery_s", "success", "said", "code"),
    [
        (61.0, 0.9, ["within", "same"], 0),  # a second longer under every seed, within the seeds' scatter
        (80.0, 0.9, ["worse", "same"], 1),
        (30.0, 0.9, ["better", "same"], 0),
        (None, 0.9, ["worse", "same"], 1),  # never recovers
        (60.0, 0.8, ["same", "worse"], 1),
        (60.0, 0.95, ["same", "better"], 0),
    ],
)
def test_what_becomes_of_a_figure(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    recovery_s: float | None,
    success: float,
    said: list[str],
    code: int,
) -> None:
    played(monkeypatch, recovery_s, success)
    found = check(path)
    assert states(found) == said
    assert found.exit_code == code


def test_files_that_have_changed_are_told(path: Path, file: Path) -> None:
    assert not check(path, [file]).files[0].has_changed
    file.write_text(file.read_text() + "# more\n")
    assert check(path, [file]).files[0].has_changed


def test_saving_adds_to_what_is_kept(path: Path, file: Path) -> None:
    other = file.with_name("other.yaml")
    other.write_text(file.read_text())
    path.write_text(save([other], path, SEEDS))
    assert [*read_baseline(path).files] == ["experiments/experiment.yaml", "experiments/other.yaml"]
    with pytest.raises(UsageError, match=r"other seeds \(--seeds 1\.\.10\); name these, or remove it"):
        save([other], path, range(1, 6))


def test_a_file_of_which_nothing_is_kept(path: Path, file: Path) -> None:
    with pytest.raises(UsageError, match=r"keeps nothing of experiments/new\.yaml"):
        check(path, [file.with_name("new.yaml")])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"simulator-baseline-1"', '"other"', "this is no baseline"),
        ("{", "[", "this is no baseline"),
        ('"unit": "s"', '"unit": "years"', "has been spoiled"),
        ('"by_seed": [56.0, ', '"by_seed": [', "has not one value a seed"),
        ('"better"', '"bitter"', "has been spoiled"),
        ('"figures"', '"figure"', "has been spoiled"),
        ('"seeds"', '"seed"', "has been spoiled"),
        ('"files": {', '"files": {}, "others": {', "it keeps nothing"),
    ],
)
def test_a_spoiled_baseline_is_refused(path: Path, old: str, new: str, said: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(SpecError, match=said):
        check(path)
    with pytest.raises(SpecError, match=said):
        save([path.parent / "experiments" / "experiment.yaml"], path, SEEDS)


def test_what_has_no_sense_is_told_when_it_has_changed_and_fails_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(path.read_text().replace('"better": "lower"', '"better": "neither"', 1))
    played(monkeypatch, 200.0)
    found = check(path)
    assert states(found) == ["changed", "same"]
    assert found.exit_code == 0
    assert any("→ 3 min 20 s, changed: +2 min 20 s" in line for line in baseline_lines(found))


def test_without_a_baseline_it_is_said_how_one_is_made(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no such file; `simulator baseline save"):
        check(tmp_path / "none.json")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["baseline", *map(str, arguments)])


def test_the_command(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    saved = call("save", file, "--seeds", 10, "--jobs", 1)
    assert saved.stdout == "Kept in baseline.json: 1 file, 10 seeds each\n"
    checked = call("check", "--jobs", 1)
    assert checked.exit_code == 0
    assert checked.stdout.startswith("PASS experiments/experiment.yaml: ")
    file.write_text(file.read_text().replace("duration: 5 min", "duration: 5 min\nobjective: {within: 1 ms}"))
    worse = call("check", "-v", "--jobs", 1)
    assert worse.exit_code == 1
    assert worse.stdout.splitlines()[0].startswith("FAIL experiments/experiment.yaml: ")
    assert worse.stdout.splitlines()[0].endswith(", its files have changed")
    for arguments, said in (
        (("save",), "name the experiments"),
        (("check", "--seeds", 5), "leave --seeds out"),
    ):
        refused = call(*arguments)
        assert refused.exit_code == 2
        assert said in refused.stderr
