"""Which files of a folder are experiments, told by their keys."""

from pathlib import Path

import pytest

from simulator.errors import UsageError
from simulator.language.folders import experiments_named, files_named
from simulator.language.glance import is_experiment, keys_of
from tests.language.writing import EXPERIMENT, TOPOLOGY


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def test_experiments_are_found_below_a_folder_and_nothing_else_is() -> None:
    write("gates/b.yaml", EXPERIMENT)
    write("gates/deep/a.yml", EXPERIMENT)
    write("gates/t.yaml", TOPOLOGY)
    write("gates/compose.yaml", "services:\n  web: {image: nginx}\n")
    write("gates/notes.md", EXPERIMENT)
    write("gates/.hidden.yaml", EXPERIMENT)
    write("gates/.git/c.yaml", EXPERIMENT)
    assert experiments_named(["gates"]) == ["gates/b.yaml", "gates/deep/a.yml"]
    assert files_named(["gates"]) == ["gates/b.yaml", "gates/t.yaml", "gates/deep/a.yml"]


def test_a_file_that_misspells_what_it_is_is_not_passed_over() -> None:
    write("gates/a.yaml", EXPERIMENT.replace("experiment:", "experimnt:"))
    write("gates/b.yaml", EXPERIMENT.split("\n", 1)[1])  # without the key
    write("gates/broken.yaml", EXPERIMENT + "\n  [")
    assert experiments_named(["gates"]) == ["gates/a.yaml", "gates/b.yaml", "gates/broken.yaml"]


def test_a_file_that_is_named_is_taken_whatever_it_is_and_once() -> None:
    write("gates/t.yaml", TOPOLOGY)
    write("gates/e.yaml", EXPERIMENT)
    assert experiments_named(["gates/t.yaml", "gates/../gates/e.yaml", "gates", "none.yaml"]) == [
        "gates/t.yaml",
        "gates/../gates/e.yaml",
        "none.yaml",
    ]


def test_a_folder_without_any_is_an_error_that_says_what_is_there() -> None:
    write("gates/t.yaml", TOPOLOGY)
    with pytest.raises(
        UsageError, match="no experiment is in 'gates': one has the key 'experiment'; 1 topology"
    ):
        experiments_named(["gates"])
    Path("empty").mkdir()
    with pytest.raises(UsageError, match="no experiment or topology is in 'empty'"):
        files_named(["empty"])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("experiment: a\ntopology: t.yaml\n", ("experiment", "topology")),
        ("'experiment': a\n\"topology\" : t\n", ("experiment", "topology")),
        ('{"experiment": "a", "topology": "t"}', ("experiment", "topology")),
        ("users:\n  experiment: a\n", ("users",)),
        ("- experiment: a\n", ()),
        ("experiment:a\n", ()),
    ],
)
def test_keys_are_those_at_the_margin(text: str, keys: tuple[str, ...]) -> None:
    assert keys_of(text) == keys


def test_a_file_says_of_itself_that_it_is_an_experiment() -> None:
    write("e.yaml", EXPERIMENT)
    write("t.yaml", TOPOLOGY)
    Path("data.yaml").write_bytes(b"\xff\xfe\x00")
    assert [is_experiment(name) for name in ("e.yaml", "t.yaml", "data.yaml", "none.yaml", ".")] == [
        True,
        False,
        False,
        False,
        False,
    ]
