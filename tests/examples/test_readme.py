"""What the README shows is true: its files run as pasted, its tables are complete, its links lead on."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from simulator import errors
from simulator.boundary.modes import modes_of
from simulator.cli import main
from simulator.language.models import faults
from simulator.language.models.expectations import Expectation
from tests.examples.places import README, ROOT

TEXT = README.read_text(encoding="utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", TEXT, re.S)


@pytest.fixture
def pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the files of the README, as the current directory."""
    for kind, block in BLOCKS:
        if kind == "yaml":
            name = re.match(r"# (\S+\.yaml)\n", block)
            assert name is not None, block
            (tmp_path / name[1]).write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def commands() -> list[str]:
    consoles = [block for kind, block in BLOCKS if kind == "console"]
    return [
        line.removeprefix("$ ").split("  #")[0].strip() for block in consoles for line in block.splitlines()
    ]


def test_the_commands_on_its_files_succeed(pasted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ours = [shlex.split(command)[1:] for command in commands() if command.startswith("simulator ")]
    assert [*dict.fromkeys(words[0] for words in ours)] == ["check", "run", "why", "compare", "sweep"]
    for words in ours:
        if words[0] in ("compare", "sweep"):  # of which two seeds show that they can be read
            words = [*words, "--seeds", "2", "--jobs", "1"]
        if "main:shop-outage.yaml" in words or "--find" in words:
            continue  # there is no repository here, and two seeds find nothing
        done = CliRunner().invoke(main, words)
        assert done.exit_code == 0, done.output
        if words[0] == "why" or words[1] == ".":  # whose output is shown
            assert f"```text\n{done.output}```" in TEXT
    assert sorted(path.name for path in (pasted / "results" / "shop").iterdir()) == sorted(
        re.findall(r"`(\w+\.(?:jsonl?|csv|png))`", TEXT[TEXT.index("`--out` writes") :])[:8]
    )


def test_its_python_runs_as_pasted(pasted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = [block for kind, block in BLOCKS if kind == "python"]
    exec(compile(code, str(README), "exec"), {})
    first, *phases = capsys.readouterr().out.splitlines()
    verdict, recovery_s = first.split()
    assert verdict == "met"
    assert sum(float(phase.split()[1]) for phase in phases) == pytest.approx(float(recovery_s))
    assert (pasted / "results" / "shop" / "service.png").is_file()


def test_the_two_commands_stand_on_the_first_screen() -> None:
    first_screen = TEXT.splitlines()[:20]
    assert any(line.startswith("$ make demo") for line in first_screen)
    assert any(line.startswith("$ make test") for line in first_screen)


def test_every_make_target_that_it_names_exists() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    named = set(re.findall(r"\bmake ([a-z-]+)\b", "\n".join(commands())))
    assert named == {"demo", "test", "test-fast"} <= set(targets)


def table_after(heading: str, text: str = TEXT) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    lines = text[text.index(f"\n## {heading}\n") :].splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[first + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def test_the_table_of_expectations_is_complete() -> None:
    names = [row[0].strip("`") for row in table_after("What can be expected", REFERENCE)]
    assert sorted(names) == sorted(Expectation.model_fields)


def test_the_table_of_faults_names_every_target_and_mode() -> None:
    kinds = {kind: getattr(faults, tag.removeprefix(":")) for kind, tag in faults.FAULT_KINDS.items()}
    rows = {re.match(r"`(\w+)", row[0])[1]: row[1] for row in table_after("What can break", REFERENCE)}  # type: ignore[index]
    assert sorted(rows) == sorted(kinds)
    for kind, model in kinds.items():
        if "mode" in model.model_fields:
            assert re.findall(r"`(\w+)`", rows[kind]) == [*modes_of(kind)]


def test_its_table_of_commands_names_every_verb() -> None:
    verbs = main.list_commands(click.Context(main))
    found = (re.match(r"`simulator ([\w-]+)", row[0]) for row in table_after("Commands"))
    assert [*dict.fromkeys(one[1] for one in found if one is not None)] == verbs


def test_its_table_of_exit_codes_is_that_of_the_program() -> None:
    rows = re.findall(r"^\| (\d) \| (.+) \|$", TEXT, re.M)
    codes = [getattr(errors, name) for name in vars(errors) if name.startswith("EXIT_")]
    assert [int(code) for code, _ in rows] == sorted(codes)


def test_its_links_lead_to_files_of_the_repository() -> None:
    for text, place in ((TEXT, ROOT), (REFERENCE, ROOT / "docs")):
        links = re.findall(r"\]\(([^)#]+)\)", text)
        assert links
        assert [link for link in links if not (place / link).is_file()] == []
