"""`simulator drill`: what is refused before anything runs."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests import small
from tests.explore.drilled import system


@pytest.fixture
def topology(tmp_path: Path) -> Path:
    return small.write(tmp_path, system(), small.experiment()).parent / "topology.yaml"


@pytest.fixture(autouse=True)
def nothing_is_played(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.explore.drill.running import Stage

    monkeypatch.setattr(Stage, "play", lambda *_: pytest.fail("played"))


def drilled(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["drill", *map(str, arguments)])


def test_a_bad_date_is_refused(topology: Path) -> None:
    told = drilled(topology, "--date", "26.11.2026")
    assert (told.exit_code, told.stderr) == (
        2,
        "--date: '26.11.2026' is no date; write it as 2026-11-26\n",
    )


def test_a_place_that_cannot_hold_the_report_is_refused(topology: Path) -> None:
    told = drilled(topology, "--out", topology)
    assert told.exit_code == 2
    told = drilled(topology, "--out", topology / "more")
    assert told.exit_code == 2
    assert "is not a directory" in told.stderr


def test_a_history_that_cannot_be_written_or_read_is_refused(topology: Path, tmp_path: Path) -> None:
    assert drilled(topology, "--history", tmp_path).exit_code == 2
    told = drilled(topology, "--history", topology / "h.jsonl")
    assert told.exit_code == 2
    assert "is not a directory" in told.stderr
    told = drilled(topology, "--history", topology)
    assert told.exit_code == 2
    assert "topology.yaml:1:1: this is no line of a drill's history" in told.stderr


def test_a_topology_without_users_is_refused(tmp_path: Path) -> None:
    path = small.write(tmp_path, small.topology(), small.experiment()).parent / "topology.yaml"
    told = drilled(path)
    assert told.exit_code == 2
    assert "topology.yaml:1:1: a drill needs the usual load" in told.stderr


def test_an_experiment_is_no_topology(topology: Path) -> None:
    told = drilled(topology.parent / "experiment.yaml")
    assert told.exit_code == 2
    assert "this is an experiment; give a topology" in told.stderr
