"""Every error of reading with its place and its words; the cases stand in `errors/*.txt`.

A case is a passage of the valid files of `writing.py` (or the name of one of its constants), what replaces
it, and the complaints, all of them and in order. Cases in `errors/path` change the files of the request path.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.language import writing

CASES = sorted((Path(__file__).parent / "errors").rglob("*.txt"))
SMALL = (writing.EXPERIMENT, writing.TOPOLOGY)
PATH = (writing.PATH_EXPERIMENT, writing.PATH_TOPOLOGY)


class Case(NamedTuple):
    old: str
    new: str
    expected: list[str]
    files: tuple[str, str]  # experiment, topology


def cases() -> Iterator[object]:
    for path in CASES:
        title, files = "", PATH if path.parent.name == "path" else SMALL
        for block in path.read_text(encoding="utf-8").split("\n\n"):
            first, *rest = block.strip("\n").split("\n")
            if first.startswith("== "):
                title = first.removeprefix("== ")
            elif first.startswith("- "):
                case = Case(text_of(first), text_of(rest[0]), [line.strip() for line in rest[1:]], files)
                yield pytest.param(case, id=f"{path.stem}: {title}: {case.new}")


def text_of(line: str) -> str:
    """What a line stands for: a constant of `writing.py` by its name, or text with `\\n` for line ends."""
    text = line[2:].replace("\\n", "\n")
    return str(getattr(writing, text)) if text.isupper() and hasattr(writing, text) else text


@pytest.mark.parametrize("case", [*cases()])
def test_each_error_has_its_place_and_its_words(case: Case, tmp_path: Path) -> None:
    experiment, topology = case.files
    in_experiment = case.old in experiment
    assert in_experiment != (case.old in topology)
    if in_experiment:
        experiment = writing.changed(experiment, case.old, case.new)
    else:
        topology = writing.changed(topology, case.old, case.new)
    assert case.expected
    assert writing.complaints(tmp_path, experiment, topology) == case.expected


@pytest.mark.parametrize("files", [SMALL, PATH], ids=["small", "path"])
def test_the_files_that_the_cases_change_are_valid(files: tuple[str, str], tmp_path: Path) -> None:
    assert writing.complaints(tmp_path, *files) == []
