"""`simulator why`: times, exit codes, and what is printed."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.language.writing import EXPERIMENT, TOPOLOGY


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("t.yaml").write_text(TOPOLOGY)
    Path("e.yaml").write_text(EXPERIMENT)


def why(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["why", "e.yaml", *arguments])


def test_the_end_of_a_fault_explains_what_came_back() -> None:
    result = why("--at", "8m", "--about", "eu-")
    assert result.exit_code == 0, result.output
    first, _, second, *_ = result.stdout.splitlines()
    assert first.startswith("Why ")
    assert second.startswith("3 min ")
    assert "00:03:00  eu-south-1 does not answer" in second
    assert "fault_off: " in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_a_time_may_be_of_the_run_or_of_the_clock() -> None:
    times = ("8m", "8m0s", "8 min", "00:08", "00:08:00")
    found = {why("--at", at, "--about", "eu-").stdout for at in times}
    assert len(found) == 1
    assert found != {""}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--at", "soon"), "--at 'soon' is no time: "),
        (("--at", "99 d"), "is after the end of the run; give a time from 0 s to "),
        (
            ("--at", "8m", "--about", "lima"),
            "nothing about 'lima' is in the event log of",
        ),
    ],
)
def test_2_and_a_remedy_if_there_is_no_answer(arguments: tuple[str, ...], said: str) -> None:
    result = why(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_2_if_the_file_cannot_be_read() -> None:
    result = CliRunner().invoke(main, ["why", "none.yaml", "--at", "1m"])
    assert result.exit_code == 2
    assert "none.yaml" in result.stderr
