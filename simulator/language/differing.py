"""What differs between what two pairs of files say: by path, not by line."""

from collections.abc import Iterator
from typing import Any

from simulator.language.files import Loaded, data_of
from simulator.language.reading.pointing import text_of
from simulator.language.reading.positions import Path
from simulator.language.settings import as_yaml
from simulator.records import dataclass

_TITLES = {("experiment", ("experiment",)), ("experiment", ("topology",)), ("topology", ("topology",))}
"""What only says how something is called."""


@dataclass(frozen=True)
class Change:
    """A value that differs."""

    where: str
    """experiment or topology"""
    path: str
    """Its path, as `--set` takes it."""
    before: str | None
    """What is said there, on one line; None if nothing is."""
    after: str | None


def differences(one: Loaded, other: Loaded) -> list[Change]:
    """Every value that differs, in the order of the files: mappings by key, lists by entry.

    Titles, and the path of the topology's file, are left out. What a list lacks or has besides is found by
    the longest run of entries that both have.
    """
    pairs = zip(("experiment", "topology"), data_of(one), data_of(other), strict=True)
    return [
        Change(where, text_of(path), _said(before), _said(after))
        for where, was, is_ in pairs
        for path, before, after in _differing(was, is_, ())
        if (where, path) not in _TITLES
    ]


_NOTHING = object()

Differing = Iterator[tuple[Path, Any, Any]]


def _said(value: Any) -> str | None:
    return None if value is _NOTHING else as_yaml(value)


def _differing(was: Any, is_: Any, path: Path) -> Differing:
    if isinstance(was, dict) and isinstance(is_, dict):
        for key in dict.fromkeys([*was, *is_]):
            yield from _differing(was.get(key, _NOTHING), is_.get(key, _NOTHING), (*path, key))
    elif isinstance(was, list) and isinstance(is_, list):
        yield from _in_lists(was, is_, path)
    elif was is _NOTHING or is_ is _NOTHING or type(was) is not type(is_) or was != is_:
        yield path, was, is_


def _in_lists(was: list[Any], is_: list[Any], path: Path) -> Differing:
    """Entry by entry, where as many stand in a run that differs; else what is gone, and what is new."""
    from difflib import SequenceMatcher

    if not any(isinstance(one, dict | list) for one in (*was, *is_)):  # a list of names is one value
        if was != is_:
            yield path, was, is_
        return
    before, after = [as_yaml(one) for one in was], [as_yaml(one) for one in is_]
    for tag, first, end, first_now, end_now in SequenceMatcher(
        a=before, b=after, autojunk=False
    ).get_opcodes():
        if tag == "replace" and end - first == end_now - first_now:
            for number in range(end - first):
                here = (*path, first + number)
                yield from _differing(was[first + number], is_[first_now + number], here)
        elif tag != "equal":
            yield from (((*path, number), was[number], _NOTHING) for number in range(first, end))
            yield from (((*path, number), _NOTHING, is_[number]) for number in range(first_now, end_now))
