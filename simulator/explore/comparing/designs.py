"""Designs as a user names them: a file, a file with values set, a file of a revision."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from simulator.errors import Problem, SpecError, UsageError
from simulator.language.changes import with_changes
from simulator.language.files import Loaded, read_experiment
from simulator.language.revisions import revision, split_revision
from simulator.language.settings import Setting
from simulator.language.sources import DISK
from simulator.records import dataclass

Named = str | Path | Loaded
"""A path, `REVISION:PATH`, or what was loaded."""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MOST = len(_LETTERS)


@dataclass(frozen=True)
class Candidate:
    """A design that can be played."""

    name: str
    """A, B, C …"""
    said: str
    """The file as it was named, and what is set in it."""
    loaded: Loaded


def read_design(named: Named, settings: Sequence[Setting] = ()) -> tuple[str, Loaded]:
    """A design's words and what was read; SpecError or UsageError if it cannot be."""
    if isinstance(named, Loaded):
        loaded = named.with_settings(settings) if settings else named
        return _said(loaded.file, loaded), with_changes(loaded)
    if not isinstance(named, str | Path):
        kind = type(named).__name__
        raise UsageError(f"a design is a path, REVISION:PATH, or what load returned, not {kind}")
    found = split_revision(str(named))
    source, path = (DISK, str(named)) if found is None else (revision(found[0]), found[1])
    loaded = read_experiment(path, settings, source)
    return _said(str(named), loaded), loaded


def _said(file: str, loaded: Loaded) -> str:
    return " ".join([file, *(f"with {one.said}" for one in loaded.settings)])


def candidates(
    designs: Sequence[tuple[Named, Sequence[Setting]]], names: Mapping[int, str] | None = None
) -> list[Candidate]:
    """All designs, with the problems of all if some cannot be read. UsageError if there are too many."""
    if not 1 < len(designs) <= MOST:
        raise UsageError(
            f"compare takes 2 to {MOST} designs, not {len(designs)}: files, or one and --set for each other"
        )
    found, problems = list[Candidate](), dict[Problem, None]()
    for number, (named, settings) in enumerate(designs):
        try:
            said, loaded = read_design(named, settings)
        except SpecError as error:
            problems |= dict.fromkeys(error.problems)
            continue
        name = (names or {}).get(number, _LETTERS[number])
        found.append(Candidate(name, said, loaded))
    if problems:
        raise SpecError(*problems)
    return found
