"""Files of a revision: a topology comes from the same one, and what is missing is said with its place."""

import subprocess
from pathlib import Path

import pytest

from simulator import SpecError, UsageError
from simulator.language.files import read_experiment
from simulator.language.revisions import revision, split_revision
from tests.language.writing import EXPERIMENT, TOPOLOGY, changed

AUTHOR = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", *AUTHOR, *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two revisions: in the second, the topology has another title, and a file is gone."""
    monkeypatch.chdir(tmp_path)
    for name in ("topologies", "experiments"):
        Path(name).mkdir()
    Path("topologies/t.yaml").write_text(TOPOLOGY)
    outage = changed(EXPERIMENT, "topology: t.yaml", "topology: ../topologies/t.yaml")
    for name in ("e", "gone"):
        Path(f"experiments/{name}.yaml").write_text(outage)
    git(tmp_path, "init", "-q", "-b", "work")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    git(tmp_path, "tag", "first")
    Path("topologies/t.yaml").write_text(changed(TOPOLOGY, "two regions", "as it is now"))
    git(tmp_path, "rm", "-q", "experiments/gone.yaml")
    git(tmp_path, "commit", "-qam", "second")
    return tmp_path


@pytest.mark.parametrize(
    ("named", "title"), [("first", "two regions"), ("HEAD~1", "two regions"), ("work", "as it is now")]
)
def test_an_experiment_and_its_topology_of_a_revision(repository: Path, named: str, title: str) -> None:
    loaded = read_experiment("experiments/e.yaml", source=revision(named))
    assert loaded.topology.topology == title
    assert loaded.with_("duration", "11 min").topology.topology == title


def test_paths_begin_at_the_working_directory(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "experiments")
    assert read_experiment("gone.yaml", source=revision("first")).topology.topology == "two regions"


def test_what_is_wrong_is_said_with_the_revision(repository: Path) -> None:
    with pytest.raises(
        SpecError, match=r"^work:experiments/gone\.yaml:1:1: there is no such file in this revision"
    ):
        read_experiment("experiments/gone.yaml", source=revision("work"))
    with pytest.raises(SpecError, match=r"work:experiments/e\.yaml:7:.* did you mean"):
        read_experiment("experiments/e.yaml", source=_Spoiled(revision("work")))
    with pytest.raises(UsageError, match="no revision 'nowhere'"):
        revision("nowhere")


class _Spoiled:
    """A source whose experiments break another region."""

    def __init__(self, source: object) -> None:
        self._source = source

    def __getattr__(self, name: str) -> object:
        return getattr(self._source, name)

    def text(self, path: Path) -> object:
        return str(self._source.text(path)).replace("region: eu-south-1", "region: eu-suth-1")  # type: ignore[attr-defined]


def test_without_a_repository_there_is_no_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="is in no Git repository"):
        revision("main")


def test_names_of_files_are_no_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a:b.yaml").write_text("x")
    assert split_revision("origin/main:x/e.yaml") == ("origin/main", "x/e.yaml")
    for name in ("a:b.yaml", "e.yaml", "C:\\x.yaml", ":e.yaml", "main:"):
        assert split_revision(name) is None
