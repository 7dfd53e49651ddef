"""`simulator schema`: printed or written."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from simulator.cli import main
from simulator.language.schema import schema_text
from simulator.result.schema import schema_text as schema_of_result

TEXTS = {kind: schema_text(kind) for kind in ("topology", "experiment")}
TEXTS |= {kind: schema_of_result(kind) for kind in ("result", "comparison", "replications", "sweep")}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_schema_is_printed(kind: str) -> None:
    result = CliRunner().invoke(main, ["schema", kind])
    assert result.exit_code == 0
    assert result.stdout == TEXTS[kind]


def test_all_schemas_are_written(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["schema", "--write", str(tmp_path / "a" / "b")])
    assert result.exit_code == 0
    paths = [tmp_path / "a" / "b" / f"{kind}.schema.json" for kind in TEXTS]
    assert result.stdout.splitlines() == [str(path) for path in paths]
    assert [path.read_text(encoding="utf-8") for path in paths] == [*TEXTS.values()]


@pytest.mark.parametrize("arguments", [[], ["topology", "--write", "x"]])
def test_one_schema_or_all(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, ["schema", *arguments])
    assert result.exit_code == 2
    kinds = "'topology', 'experiment', 'result', 'comparison', 'replications' or 'sweep'"
    assert result.stderr == f"say {kinds}, or '--write DIRECTORY' for all\n"
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_code_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(main, ["schema", "--write", str(tmp_path / "file" / "below")])
    assert result.exit_code == 2
    assert result.stderr == f"cannot write to {tmp_path / 'file' / 'below'}: Not a directory\n"
