"""`simulator new`: each design is a whole project, which is checked without a finding that stops it."""

from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simulator import versions
from simulator.cli import main
from simulator.starting.designs import DESIGNS, WORKFLOW

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def simulator(*arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments])


def test_eight_designs_are_listed_in_80_columns() -> None:
    lines = simulator("new", "--list").stdout.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == [*DESIGNS]
    assert len(DESIGNS) == 8


@pytest.mark.parametrize("name", DESIGNS)
def test_a_new_project_is_whole(name: str) -> None:
    result = simulator("new", name, "project")
    assert result.exit_code == 0, result.output
    written = {str(path.relative_to("project")) for path in Path("project").rglob("*") if path.is_file()}
    assert len(written) == 7
    assert all(str(Path("project") / path) in result.stdout for path in written)
    checked = simulator("check", *(f"project/{path}" for path in sorted(written) if path.endswith(".yaml")))
    assert checked.exit_code == 0, checked.output
    for path in written:
        if path.endswith(".yaml"):
            schema = (Path("project") / path).read_text().splitlines()[0].partition("$schema=")[2]
            assert (Path("project") / Path(path).parent / schema).is_file()


def test_its_files_are_the_shipped_ones_and_its_workflow_that_of_the_documentation() -> None:
    simulator("new", "pilot-light", "project")
    for path in ("topologies/pilot-light.yaml", "experiments/dublin-lost-pilot-light.yaml"):
        assert (Path("project") / path).read_text() == (ROOT / path).read_text()
    assert f"```yaml\n{WORKFLOW.read_text()}```" in (ROOT / "docs/ci.md").read_text()


@pytest.mark.parametrize(
    ("version", "asked"), [("9.8.7", "multiregion-simulator==9.8.7\n"), (None, "multiregion-simulator\n")]
)
def test_a_project_asks_for_the_version_that_is_installed_or_else_for_any(
    version: str | None, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(_name: str) -> str:
        if version is None:
            raise PackageNotFoundError
        return version

    monkeypatch.setattr(versions, "version", found)
    assert simulator("new", "single-region", "project").exit_code == 0
    assert Path("project/requirements.txt").read_text() == asked


def test_an_empty_directory_is_filled_and_nothing_else_is_touched() -> None:
    Path("empty").mkdir()
    assert simulator("new", "single-region", "empty").exit_code == 0
    Path("full").mkdir()
    Path("full/mine").write_text("mine")
    refused = simulator("new", "single-region", "full")
    assert refused.exit_code == 2
    assert "full is not empty" in refused.stderr
    assert [path.name for path in Path("full").iterdir()] == ["mine"]
    assert sorted(path.name for path in Path().iterdir()) == ["empty", "full"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "say which design and where"),
        (("warm-standby",), "say which design and where"),
        (("hot", "there"), "there is no design 'hot'; there is single-region, backup-and-restore"),
    ],
)
def test_2_and_a_remedy_for_what_there_is_not(arguments: tuple[str, ...], said: str) -> None:
    result = simulator("new", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
