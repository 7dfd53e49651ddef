"""`simulator worst`: what is printed and written, and what is refused before anything is played."""

import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.small import HERE, experiment, topology, write


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "runs").mkdir()
    run = experiment(expect=[{"recovery_time": {"at_most": "1 min"}}], duration="20 min")
    write(tmp_path, topology(), run)


def worst(*arguments: str) -> Result:
    few = ("--tries", "4", "--kinds", "region", "--no-cache", "--jobs", "1")
    return CliRunner().invoke(main, ["worst", "experiment.yaml", *few, *arguments])


def test_the_worst_is_told_in_80_columns_and_written_as_an_experiment_that_runs() -> None:
    result = worst("--write", "runs/worst.yaml")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.startswith("- {at: ") and "region: " in line for line in lines)
    assert "missed: recovery_time at most 1 min" in result.stdout
    written = yaml.safe_load(Path("runs/worst.yaml").read_text())
    assert written["topology"] == "../topology.yaml"
    assert written["experiment"] == "The worst that was found in place of: small"
    run = CliRunner().invoke(main, ["run", "runs/worst.yaml", "--no-levers", "--format", "json"])
    assert run.exit_code == 1
    found = json.loads(worst("--format", "json").stdout)
    lost = json.loads(run.stdout)["recovery"]["user_minutes_lost"]
    assert lost == pytest.approx(found["kept"]["user_minutes_lost"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--budget", "soon"), "--budget: "),
        (("--longest", "2 h"), "an outage may last"),
        (("--kinds", "sun"), "there is no kind 'sun'"),
        (("--hurts", "joy"), "there is no measure 'joy'"),
        (("--write", "topology.yaml"), "topology.yaml exists"),
        (("--write", "nowhere/w.yaml"), "is not a directory"),
    ],
)
def test_2_and_nothing_is_written_for_what_makes_no_sense(arguments: tuple[str, ...], said: str) -> None:
    before = Path("topology.yaml").read_text()
    result = worst(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert Path("topology.yaml").read_text() == before
    assert HERE in before
