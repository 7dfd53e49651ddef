"""`--report FORMAT:FILE` and `--format`: where reports go, and what if one cannot be written."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator.cli import main
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed

BAD = changed(EXPERIMENT, "at: 1 min", "at: 1 h")


@pytest.fixture(autouse=True)
def _in_a_directory_with_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    for name, text in {"bad": BAD, "e": EXPERIMENT, "t": TOPOLOGY}.items():
        Path(f"{name}.yaml").write_text(text)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["run", "--no-levers", *arguments])


def test_one_run_writes_several_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("page.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "page.md")
    reports = ("junit:r/junit.xml", "github=notes.txt", "json:all.json", "markdown:page.md")
    result = run("e.yaml", *(word for one in reports for word in ("--report", one)))
    assert (result.exit_code, "MET" in result.stdout) == (0, True)
    assert 'tests="1" failures="0"' in Path("r/junit.xml").read_text()
    assert Path("notes.txt").read_text() == ""
    assert json.loads(Path("all.json").read_text())["files"][0]["verdict"] == "met"
    assert Path("page.md").read_text().startswith("before\n### 1 experiment: 1 passed")
    assert [path.name for path in Path().glob(".*")] == []


def test_a_file_that_is_invalid_stands_in_the_reports_too() -> None:
    result = run("bad.yaml", "--report", "junit:one.xml")
    assert result.exit_code == 2
    assert "starts at 1 h, but the run ends at 10 min" in Path("one.xml").read_text()
    assert run("bad.yaml", "--format", "github").stdout == (
        "::error file=bad.yaml,line=7,col=10,title=simulator::starts at 1 h, but the run ends at 10 min\n"
    )


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("jnit:x.xml", "'jnit' is no format; one of: text, json, junit, github, markdown"),
        ("junit", "'junit' names no file; write for example junit:results.xml"),
        ("junit:", "'junit:' names no file"),
        ("junit:.", "it is a directory"),
        ("junit:e.yaml/x.xml", "e.yaml is not a directory"),
        ("junit:/proc/nowhere/x.xml", "cannot write to /proc/nowhere/x.xml: nothing can be made in /"),
    ],
)
def test_a_report_that_cannot_be_written_is_told_before_anything_is_run(report: str, said: str) -> None:
    result = run("e.yaml", "--report", report)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in " ".join(result.stderr.split())


def test_a_link_leads_to_its_report_and_what_is_no_file_of_a_disk_stays_what_it_is() -> None:
    Path("there").mkdir()
    Path("link.xml").symlink_to("there/r.xml")
    os.mkfifo("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        result = run("e.yaml", "--report", "junit:link.xml", "--report", "markdown:pipe")
        told = os.read(reader, 100_000).decode()
    finally:
        os.close(reader)
    assert (result.exit_code, Path("link.xml").is_symlink()) == (0, True)
    assert "<testsuites" in Path("there/r.xml").read_text()
    assert (Path("pipe").is_fifo(), told.splitlines()[0]) == (True, "### 1 experiment: 1 passed")


def test_two_reports_are_not_meant_for_one_file() -> None:
    result = run("e.yaml", "--report", "junit:x", "--report", "markdown:./x")
    assert (result.exit_code, result.stderr) == (2, "two reports, junit and markdown, are meant for ./x\n")


def test_a_report_that_cannot_be_written_in_the_end_changes_no_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_given: object, **_named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = run("e.yaml", "--report", "junit:x.xml", "--quiet")
    assert result.exit_code == 0
    assert result.stderr.endswith("cannot write to x.xml: No space left on device; the verdict stands\n")
    assert not Path("x.xml").exists()
