"""`simulator trace`: what is asked, what is printed, exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.explore.test_stories import FAILOVER, SILENCE
from tests.small import HERE, experiment, topology, write


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    people = {"near": HERE, "sessions": 8, "think_time": "4 s", "actions": {"view": 1}}
    run = experiment(users={"people": people}, faults=[SILENCE], duration="5 min")
    write(tmp_path, topology(**FAILOVER), run)


def trace(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["trace", "experiment.yaml", *arguments])


def test_the_worst_story_is_told_in_80_columns() -> None:
    result = trace("--worst")
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("Session ")
    assert "of people, near eu-central-1, seed 1" in lines[0]
    assert "without service." in result.stdout
    assert any(line.startswith("1 min ") and "──" in line for line in lines)
    assert "Route 53 answers for api.example: eu-west-1" in result.stdout
    assert result.stdout == trace("--worst").stdout


def test_each_try_is_told_if_all_are_asked_for() -> None:
    short, long = trace("--session", "0").stdout, trace("--session", "people:0", "--all").stdout
    story = json.loads(trace("--session", "0", "--format", "json").stdout)
    tries = sum(len(act["tries"]) for act in story["acts"])
    words = " ".join(long.split())
    assert words.count("served after") + words.count("no answer in time after") == tries
    assert len(short.splitlines()) < len(long.splitlines())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give --session N to follow one session, or --worst to find one"),
        (("--session", "1", "--worst"), "give --session N to follow one session, or --worst"),
        (("--session", "x"), "--session takes a number from 0, or POPULATION:NUMBER, not 'x'"),
        (("--session", "lions:1"), "there is no population 'lions'; there is people"),
        (("--session", "8"), "no session 8 of people took place"),
    ],
)
def test_2_and_a_remedy_if_there_is_no_story(arguments: tuple[str, ...], said: str) -> None:
    result = trace(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
