"""`simulator run --seeds`: exit codes, the table, what is written, and seeds that are none."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.language.writing import changed
from tests.own_shelves import keep_in
from tests.small import HERE, experiment, topology, write

FAULT = {"at": "1 min", "for": "30 s", "region": HERE, "mode": "black_hole"}
EXPECT = [{"success": {"at_least": "50 %"}}, {"success": {"at_least": "50 %", "in": "90 %"}}]


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    kept = tmp_path / "kept"
    kept.mkdir()
    keep_in(kept, monkeypatch)
    write(Path(), topology(), experiment(duration="3 min", faults=[FAULT], expect=EXPECT))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", "experiment.yaml", "--jobs", "1", *arguments])


def test_a_few_seeds_are_told_in_a_table_and_do_not_decide() -> None:
    result = run("--seeds", "3", "--out", "out")
    assert result.exit_code == 4
    lines = result.stdout.splitlines()
    assert lines[0].startswith("UNDECIDED: so few runs do not tell  (3 runs, seeds 1 to 3)")
    assert "3 of 3" in result.stdout
    assert "about 36 would, if they go on so" in " ".join(result.stdout.split())
    assert max(map(len, lines)) <= 80
    assert sorted(path.name for path in Path("out").iterdir()) == ["replications.json", "replications.png"]
    written = json.loads(Path("out/replications.json").read_text())
    assert [one["verdict"] for one in written["expectations"]] == ["met", "undecided"]


def test_what_is_printed_as_json_is_what_is_written() -> None:
    printed = run("--seeds", "4..5", "--format", "json", "--out", "out")
    assert printed.stdout == Path("out/replications.json").read_text()
    assert [one["seed"] for one in json.loads(printed.stdout)["runs"]] == [4, 5]


def test_a_line_is_all_that_a_quiet_one_tells() -> None:
    result = run("--seeds", "2", "--quiet", "--fail-on", "missed")
    assert result.exit_code == 0
    (line,) = result.stdout.splitlines()
    said = "1 of 2 expectations met; success at least 50 % in 90 % of runs in 2 of 2"
    assert line == f"INCONCLUSIVE experiment.yaml  2 runs  {said}"


def test_reports_of_other_programs_tell_of_all_runs() -> None:
    result = run("--seeds", "2", "--format", "github", "--report", "junit:out/results.xml")
    assert result.exit_code == 4
    assert "title=" in result.stdout
    assert "met in 2 of 2 runs, which does not decide; about 36 would" in result.stdout
    found = Path("out/results.xml").read_text()
    assert 'tests="2"' in found
    assert "simulator run experiment.yaml --seeds 1..2" in found


def test_of_several_files_one_that_is_invalid_stops_no_other_and_all_are_one_report() -> None:
    Path("bad.yaml").write_text(changed(Path("experiment.yaml").read_text(), "at: 1 min", "at: 1 h"))
    result = run("bad.yaml", "--seeds", "3..4", "--format", "json", "--report", "junit:all.xml")
    assert result.exit_code == 2
    assert "bad.yaml:" in result.stderr
    files = json.loads(result.stdout)["files"]
    assert [(one["file"], one["verdict"], one["seeds"]) for one in files] == [
        ("experiment.yaml", "inconclusive", "3..4"),
        ("bad.yaml", "invalid", "3..4"),
    ]
    assert 'errors="1"' in Path("all.xml").read_text()
    assert "INVALID bad.yaml  1 problem\n" in run("bad.yaml", "--seeds", "2", "--quiet").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--seeds", "many"), "--seeds 'many': say how many, as 100, or which, as 1..100"),
        (("--seeds", "9..3"), "there are none from 9 to 3"),
        (("--seeds", "0"), "there are none from 1 to 0"),
        (("--seeds", "5", "--seed", "2"), "--seed is of a single run"),
        (("--cluster", "tcp://127.0.0.1:9"), "--cluster plays many seeds; say which, as --seeds 100"),
        (("--seeds", "5", "--pairs"), "--pairs is of a single run"),
    ],
)
def test_seeds_that_are_none_are_refused(arguments: tuple[str, ...], said: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not result.stdout


def test_what_an_interruption_leaves_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    from simulator.explore import cells

    played = cells.run

    def interrupted(*arguments: Any, seed: int, **more: Any) -> object:
        if seed == 3:
            raise KeyboardInterrupt
        return played(*arguments, seed=seed, **more)

    monkeypatch.setattr(cells, "run", interrupted)
    result = run("--seeds", "1..4", "--report", "junit:done.xml")
    assert result.exit_code == 130
    assert 'tests="0"' in Path("done.xml").read_text()
    assert "interrupted after 2 of 4 runs; they are kept, and the same command goes on" in result.stderr
