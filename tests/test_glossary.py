"""The glossary names what there is: each identifier occurs in the module beside it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GLOSSARY.splitlines()
    if line.startswith("| ") and not line.startswith(("| Term", "| Words"))
]
PLACES = re.compile(r"((?:`\w+`(?: and )?)+) in `([\w/]+\.py)`")


def named(row: list[str]) -> Iterator[tuple[str, str]]:
    """The identifiers of a row, each with its file."""
    for identifiers, file in PLACES.findall(row[2]):
        yield from ((identifier, file) for identifier in re.findall(r"`(\w+)`", identifiers))


@cache
def identifiers(file: str) -> frozenset[str]:
    """All names that a source defines or uses; a path that does not begin with `tests` is in the package."""
    path = ROOT / file if file.startswith("tests/") else ROOT / "simulator" / file
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    keys = ("id", "attr", "arg", "name")
    return frozenset(str(getattr(node, key)) for node in nodes for key in keys if hasattr(node, key))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_term_stands_in_the_code_where_the_glossary_says(row: list[str]) -> None:
    words, meaning, where = row
    assert words
    assert len(meaning) > 20
    assert PLACES.sub("", where).strip(", ") == "", "written otherwise than `name` in `file.py`"
    assert [pair for pair in named(row) if pair[0] not in identifiers(pair[1])] == []
    assert [*named(row)]


def test_a_term_is_explained_once() -> None:
    terms = [row[0] for row in ROWS]
    assert sorted(set(terms)) == sorted(terms)
