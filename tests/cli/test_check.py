"""`simulator check`: several files, good ones and bad ones."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted([*(ROOT / "topologies").glob("*.yaml"), *(ROOT / "experiments").glob("*.yaml")])


def check(*files: object) -> Result:
    return CliRunner().invoke(main, ["check", *map(str, files)])


def files_told(result: Result) -> list[str]:
    """The lines about files, without what is told of their systems."""
    return [line for line in result.stdout.splitlines() if not line.startswith(" ")]


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(TOPOLOGY)
    Path("e.yaml").write_text(EXPERIMENT)
    Path("bad.yaml").write_text(changed(EXPERIMENT, "at: 1 min", "at: 1 h"))
    Path("worse.yaml").write_text(changed(TOPOLOGY, "policy: failover", "polcy: failover"))


def test_good_files() -> None:
    result = check("t.yaml", "e.yaml")
    assert result.exit_code == 0
    assert files_told(result) == ["t.yaml: ok", "e.yaml: ok"]
    assert result.stderr == ""


def test_good_and_bad_files() -> None:
    result = check("bad.yaml", "t.yaml", "worse.yaml", "missing.yaml", "e.yaml")
    assert result.exit_code == 2
    assert files_told(result) == ["t.yaml: ok", "e.yaml: ok"]
    assert result.stderr == (
        "bad.yaml:7:10: starts at 1 h, but the run ends at 10 min\n"
        "worse.yaml:15:31: unknown key 'polcy'; did you mean 'policy'?\n"
        "missing.yaml:1:1: there is no such file\n"
        "3 problems\n"
    )


def test_one_problem_is_counted_as_one() -> None:
    result = check("bad.yaml")
    assert result.exit_code == 2
    assert result.stderr.endswith("\n1 problem\n")


def test_settings_standbys_and_what_is_single_are_told_and_are_no_problem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    alone = changed(TOPOLOGY, "policy: failover, health_check: deep", "policy: simple")
    Path("alone.yaml").write_text(changed(alone, "scores: {replicas: [eu-south-1, ", "scores: {replicas: ["))
    result = check("alone.yaml")
    assert result.exit_code == 0
    assert (
        result.stdout
        == """\
alone.yaml: ok
  alone.yaml:15:31: warning: api.example has policy simple: its answers never
    leave out an unhealthy region [never-leaves-out]
  alone.yaml:17:3: warning: no name, plan or other check uses health check deep
    [unused-health-check]
  standby eu-central-1 (Frankfurt)
    no load is declared under 'users', so nobody can say how much of it this
    region could take
    ✓ service     api
    ✓ replica     progress
    ✗ record      nothing turns api.example to it when another region is lost
                  [standby-without-record]
    ✓ quota       writes of a table: 40,000 units/s
    ✓ capacity    progress: 4,000 write, 12,000 read units/s
  single: table scores has one replica, in eu-central-1: if that region is lost,
    so is the table [single-replica]
"""
    )


def test_an_experiment_tells_what_its_own_load_would_need(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people, who think for 5 s, and 20 ms, the way to Milan and a write: some two requests a second."""
    monkeypatch.setenv("COLUMNS", "80")
    said = check("e.yaml").stdout
    assert "could take 100 % of today's 1.98 requests a second; the narrowest would bear" in " ".join(
        said.split()
    )
    assert "    ✓ quota       writes of a table: 2 of 40,000 units/s (progress)\n" in said


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_shipped_example_is_valid(path: Path) -> None:
    result = check(path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{path}: ok\n")
