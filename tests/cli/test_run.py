"""`simulator run`: exit codes, what is printed, and what is written."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from errno import EACCES
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import simulator
from simulator.cli import main
from simulator.errors import REPORT_IT
from simulator.measure import laws
from tests.language.writing import EXPERIMENT, FAULT, TOPOLOGY, changed

ROOT = Path(__file__).parents[2]
MISSED = changed(EXPERIMENT, "{recovery_time: {at_most: 5 min}}", "{success: {at_least: 100 %}}")
NOT_EXERCISED = changed(EXPERIMENT, f"faults:\n  - {FAULT}\n", "")


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t.yaml").write_text(TOPOLOGY)
    write("e.yaml", EXPERIMENT)


def write(name: str, text: str) -> None:
    Path(name).write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", *arguments])


def outcome_of(name: str) -> dict[str, object]:
    result = run(name, "--format", "json")
    return {"code": result.exit_code, **json.loads(result.stdout)}


def test_0_if_every_expectation_is_met() -> None:
    result = run("e.yaml")
    assert result.exit_code == 0
    assert "MET" in result.stdout.splitlines()[0]


def test_0_without_expectations() -> None:
    write("e.yaml", EXPERIMENT.split("expect:")[0])
    found = outcome_of("e.yaml")
    assert (found["code"], found["verdict"]) == (0, "no_expectations")


def test_1_if_one_is_missed() -> None:
    write("e.yaml", changed(MISSED, "expect:\n", "expect:\n  - {recovery_time: {at_most: 5 min}}\n"))
    found = outcome_of("e.yaml")
    assert (found["code"], found["verdict"]) == (1, "missed")
    assert [one["verdict"] for one in found["expectations"]] == ["met", "missed"]  # type: ignore[attr-defined]


def test_4_if_nothing_happened_that_could_be_judged() -> None:
    write("e.yaml", NOT_EXERCISED)
    found = outcome_of("e.yaml")
    assert (found["code"], found["verdict"]) == (4, "inconclusive")


def test_missed_wins_over_not_exercised() -> None:
    write("e.yaml", changed(NOT_EXERCISED, "expect:\n", "expect:\n  - {success: {at_most: 50 %}}\n"))
    assert outcome_of("e.yaml")["code"] == 1


@pytest.mark.parametrize("text", [changed(EXPERIMENT, "at: 1 min", "at: 1 h"), "a: [", ""])
def test_2_if_the_input_is_invalid_and_nothing_is_written(text: str) -> None:
    write("e.yaml", text)
    result = run("e.yaml", "--out", "out")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("e.yaml:")
    assert result.stderr.endswith("\n1 problem; nothing was run or written.\n")
    assert not Path("out").exists()


def test_2_if_there_are_several_problems() -> None:
    write("e.yaml", changed(changed(EXPERIMENT, "at: 1 min", "at: 1"), "sessions: 10", "sessions: 0"))
    result = run("e.yaml")
    assert result.exit_code == 2
    assert result.stderr.endswith("\n2 problems; nothing was run or written.\n")


def test_2_if_the_file_is_missing_or_a_topology() -> None:
    assert run("missing.yaml").exit_code == 2
    result = run("t.yaml")
    assert result.exit_code == 2
    assert result.stderr.startswith("t.yaml:1:1: this is a topology; give an experiment")


def test_3_if_a_law_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_outcome: object) -> Iterator[tuple[str, object, object]]:
        yield "one = two", 1, 2

    monkeypatch.setattr(laws, "_laws", broken)
    result = run("e.yaml", "--out", "out")
    assert result.exit_code == 3
    assert result.stdout == ""
    assert result.stderr == f"a conservation law is broken: one = two: 1 is not 2\n{REPORT_IT}\n"
    assert not Path("out").exists()


def test_3_if_something_breaks_that_nobody_foresaw(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen exception must not end with Python's own code 1, which means a missed expectation."""

    def explode(_outcome: object) -> None:
        raise ZeroDivisionError("a surprise")

    monkeypatch.setattr(laws, "check", explode)
    result = run("e.yaml")
    assert result.exit_code == 3
    assert "ZeroDivisionError: a surprise\n" in result.stderr
    assert result.stderr.endswith(f"{REPORT_IT}\n")


def test_130_if_the_user_interrupts(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_outcome: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(laws, "check", interrupt)
    result = run("e.yaml", "--out", "out")
    assert (result.exit_code, result.stderr) == (130, "interrupted\n")
    assert not Path("out").exists()


def test_json_prints_the_bytes_of_result_json() -> None:
    result = run("e.yaml", "--format", "json", "--out", "out")
    assert result.exit_code == 0
    assert result.stdout_bytes == Path("out/result.json").read_bytes()
    assert result.stdout_bytes == run("e.yaml", "--format", "json").stdout_bytes


def test_the_command_line_and_python_give_the_same_result() -> None:
    """But that the command line asks what would have helped, where that costs little."""
    json = ("e.yaml", "--format", "json", "--seed", "7")
    assert run(*json, "--no-levers").stdout == simulator.run("e.yaml", seed=7).to_json()
    assert run(*json).stdout == simulator.run("e.yaml", seed=7, levers=True).to_json()


def test_the_seed_is_1_unless_given_and_shown() -> None:
    default, one, two = (
        run("e.yaml", "--format", "json", *seed).stdout for seed in ([], ["--seed", "1"], ["--seed", "2"])
    )
    assert default == one
    assert [json.loads(text)["recipe"]["seed"] for text in (one, two)] == [1, 2]
    assert json.loads(one)["requests"] != json.loads(two)["requests"]
    assert "seed 2" in run("e.yaml", "--seed", "2").stdout


def test_a_directory_is_made_with_every_file_and_no_other() -> None:
    result = run("e.yaml", "--out", "a/b")
    assert result.exit_code == 0
    names = {path.name for path in Path("a/b").iterdir()}
    assert {"result.json", "events.jsonl", "windows.csv", "gauges.csv"} <= names
    assert sum(name.endswith(".png") for name in names) == 4
    assert len(names) == 8
    assert result.stderr == "Written to a/b: result.json, event log, 2 time series, 4 pictures\n"


def test_earlier_results_are_replaced_and_other_files_left_alone() -> None:
    Path("out").mkdir()
    write("out/result.json", "old")
    write("out/notes.txt", "mine")
    assert run("e.yaml", "--out", "out").exit_code == 0
    assert json.loads(Path("out/result.json").read_text())["recipe"]["seed"] == 1
    assert Path("out/notes.txt").read_text() == "mine"
    assert not [name for name in os.listdir("out") if name.startswith(".")]


def test_a_file_in_the_way_is_told_before_the_run() -> None:
    write("out", "a file")
    result = run("e.yaml", "--out", "out")
    assert result.exit_code == 2
    assert "Directory 'out' is a file." in result.stderr
    below = run("e.yaml", "--out", "out/below")
    assert below.exit_code == 2
    assert below.stderr == f"cannot write to out/below: {Path('out').absolute()} is not a directory\n"
    assert Path("out").read_text() == "a file"


def test_a_place_that_may_not_be_written_is_told_before_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions do not bind the superuser, under whom tests may run: so the answer of the system is set."""

    def denied(path: Path, *_: object) -> None:
        raise PermissionError(EACCES, os.strerror(EACCES), path)

    monkeypatch.setattr(os, "mkdir", denied)
    monkeypatch.setattr(laws, "check", lambda _: pytest.fail("it ran"))
    result = run("e.yaml", "--out", "out/deep")
    assert result.exit_code == 2
    assert result.stderr == (
        f"cannot write to out/deep: nothing can be made in {Path.cwd()} (Permission denied); "
        "name another place\n"
    )


def test_a_result_that_cannot_be_written_leaves_nothing_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("out").mkdir()
    write("out/result.json", "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = run("e.yaml", "--out", "out")
    assert result.exit_code == 0  # the verdict's: the run was made and judged
    assert result.stderr == "cannot write to out: No space left on device; the verdict stands\n"
    assert "MET" in result.stdout
    assert os.listdir("out") == ["result.json"]
    assert Path("out/result.json").read_text() == "old"


def test_the_program_itself_ends_with_these_codes() -> None:
    """As a process: standard output is the result alone, and the code is the shell's."""
    write("e.yaml", MISSED)
    command = [sys.executable, "-m", "simulator.cli", "run", "e.yaml", "--format", "json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    result = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert result.returncode == 1, result.stderr
    assert json.loads(result.stdout)["verdict"] == "missed"


def test_pairs_are_printed_and_written() -> None:
    """The check of the first region turns within two minutes and leads users to the other."""
    found = run("e.yaml", "--pairs", "--no-levers", "--out", "results")
    assert found.exit_code in (0, 1, 4)
    assert "failover of api.example" in found.output
    page = Path("results/countermeasures.md").read_text(encoding="utf-8")
    assert page.startswith("# Countermeasures: a black hole")
    assert json.loads(Path("results/result.json").read_text())["countermeasures"]["pairs"]


def test_a_page_of_an_earlier_run_goes_with_it() -> None:
    run("e.yaml", "--pairs", "--no-levers", "--out", "results")
    assert Path("results/countermeasures.md").exists()
    run("e.yaml", "--no-levers", "--out", "results")
    assert Path("results/result.json").exists()
    assert not Path("results/countermeasures.md").exists()
