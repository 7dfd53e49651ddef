"""The recipes of CONTRIBUTING.md: their files exist, are few, and are those that the last one touched."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {section.splitlines()[0]: section for section in re.split(r"^### ", TEXT, flags=re.MULTILINE)[1:]}
LISTS = re.compile(r"^Files[^\n]*?(, those and)?:\n\n((?:- .+\n)+)", re.MULTILINE)
MOST = re.compile(r"^Files[^\n]*\(at most (\d+)\)", re.MULTILINE)


def files(recipe: str) -> list[list[str]]:
    """Each list of files of a recipe; one that goes on from another has its files too."""
    found: list[list[str]] = []
    for goes_on, entries in LISTS.findall(RECIPES[recipe]):
        found.append([*(found[-1] if goes_on else ()), *entries.strip().splitlines()])
    return found


def paths(entries: list[str]) -> set[str]:
    """The paths in the entries of a list."""
    return {path for entry in entries for path in re.findall(r"`([^`]+)`", entry)}


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_says_how_many_files_it_touches_at_most(recipe: str) -> None:
    lists, most = files(recipe), [int(number) for number in MOST.findall(RECIPES[recipe])]
    assert len(lists) == len(most) > 0
    assert [len(entries) for entries in lists] == most


@pytest.mark.parametrize("recipe", RECIPES)
def test_its_files_and_folders_are_there(recipe: str) -> None:
    assert not [path for entries in files(recipe) for path in paths(entries) if not (ROOT / path).exists()]


def naming(word: str) -> set[str]:
    """The files that name something, none of them generated."""
    sources = [path for room in ROOMS for kind in KINDS for path in (ROOT / room).rglob(kind)]
    found = (str(path.relative_to(ROOT)) for path in sources if re.search(word, path.read_text("utf-8")))
    return {file for file in found if not file.startswith(GENERATED)} - BY_HAND


ROOMS, KINDS = ("simulator", "tests", "docs"), ("*.py", "*.md", "*.yaml", "*.txt")
GENERATED = ("docs/schema/", "docs/arrays.md", "docs/result.md", "docs/measures.md")
BY_HAND = {"CHANGELOG.md", "README.md", "CONTRIBUTING.md", "tests/test_contributing.py", "docs/glossary.md"}
"""What names many things for many reasons."""

EXAMPLES = {
    "Add a step": {
        "an increment that loses is counted, and takes its mark with its version": {
            "simulator/data_plane/counting.py",
            "simulator/data_plane/stores/layout.py",
            "simulator/data_plane/stores/lineage.py",
            "simulator/data_plane/stores/replicas.py",
            "simulator/data_plane/stores/restoring.py",
            "simulator/report/terminal.py",
            "simulator/report/writes.py",
            "simulator/data_plane/stores/under_way.py",
            "tests/twin/tables.py",
            "tests/data_plane/kernels/test_lanes.py",
        },
        "increments are used there, any other step would do": {
            "tests/fuzz/everything.py",
            "tests/language/test_schema.py",
            "tests/language/writing.py",
            "tests/reproducibility/systems.py",
            "tests/traps/test_memorydb_multi_region.py",
        },
    },
    "Add a control-plane service": {
        "a cache's endpoint looks like the zone of its primary": {"simulator/control_plane/faults/stores.py"},
    },
}
"""What else names the last step and the last service, by why no other one would have to be named there."""


@pytest.mark.parametrize(
    ("recipe", "word"),
    [
        ("Add a step", r"(?i)\bincrement\b"),
        ("Add a control-plane service", r"(?i)cache_?failover|cache_primaries|memorydb\.SERVICE"),
    ],
)
def test_they_are_the_files_that_the_last_of_its_kind_touched(recipe: str, word: str) -> None:
    [listed], others = files(recipe), set().union(*EXAMPLES[recipe].values())
    named = naming(word)
    assert named - others == paths(listed) - BY_HAND
    assert others <= named, "nothing to explain any more"
