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
    assert result.stdout == "t.yaml: ok\ne.yaml: ok\n"
    assert result.stderr == ""


def test_good_and_bad_files() -> None:
    result = check("bad.yaml", "t.yaml", "worse.yaml", "missing.yaml", "e.yaml")
    assert result.exit_code == 2
    assert result.stdout == "t.yaml: ok\ne.yaml: ok\n"
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


def test_single_points_of_failure_are_noted_and_no_problem() -> None:
    Path("alone.yaml").write_text(changed(TOPOLOGY, "policy: failover, health_check: deep", "policy: simple"))
    result = check("alone.yaml")
    assert result.exit_code == 0
    assert result.stdout == (
        "alone.yaml: ok\n"
        "  note: api.example has policy simple: its answers never leave out an unhealthy region\n"
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_every_shipped_example_is_valid(path: Path) -> None:
    result = check(path)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{path}: ok\n")
