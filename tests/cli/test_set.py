"""`--set` on the command line: of runs, checks and drills."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from simulator.gate.playing import Asked, play_all, read_all
from simulator.language.settings import parse_settings
from tests import small
from tests.language.writing import EXPERIMENT, TOPOLOGY


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [*map(str, arguments)])


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(TOPOLOGY)
    Path("e.yaml").write_text(EXPERIMENT)


def test_a_check_with_a_value_set() -> None:
    assert call("check", "e.yaml", "--set", "dns.api.example.ttl=5 min").exit_code == 0
    refused = call("check", "e.yaml", "t.yaml", "--set", "dns.api.example.ttl=5")
    assert refused.exit_code == 2
    assert refused.stderr.splitlines() == [
        "--set dns.api.example.ttl=5: 5 has no unit; write '5 s' or another of ns us ms s min h d",
        "1 problem",
    ]


def test_a_setting_that_is_none_is_told_before_anything_else() -> None:
    refused = call("check", "missing.yaml", "--set", "ttl", "--set", "x=")
    assert refused.exit_code == 2
    assert [line.partition(":")[0] for line in refused.stderr.splitlines()[:2]] == ["--set ttl", "--set x="]


def test_a_run_records_what_was_set(tmp_path: Path) -> None:
    file = small.write(tmp_path, small.topology(), small.experiment(duration="1 min"))
    made = call("run", file, "--format", "json", "--set", "users.people.sessions=3", "--set", "duration=30 s")
    recipe = json.loads(made.stdout)["recipe"]
    assert recipe["settings"] == ["users.people.sessions=3", "duration=30 s"]
    assert recipe["duration_s"] == 30.0
    plain = json.loads(call("run", file, "--format", "json").stdout)["recipe"]
    assert "settings" not in plain
    assert plain["sha256"] == recipe["sha256"]


def test_each_of_several_files_has_the_value_and_says_how_to_run_it_again(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        small.write(tmp_path / name, small.topology(), small.experiment(duration="1 min"))
    asked = Asked(settings=parse_settings(["users.people.sessions=3"]))
    files = [str(tmp_path / name / "experiment.yaml") for name in "ab"]
    played = play_all(read_all(files, asked), asked, heard=lambda _one: None)
    assert [one.command for one in played] == [
        f"simulator run {file} --seed 1 --set users.people.sessions=3" for file in files
    ]


def test_a_drill_says_at_its_setting_what_it_cannot_set() -> None:
    refused = call("drill", "t.yaml", "--set", "duration=5 min")
    assert refused.exit_code == 2
    assert refused.stderr.startswith("--set duration=5 min: there is no 'duration'")
