"""What infrastructure files declare, in one form for all of them: resources, and which refers to which.

A reader of a format turns each of its resources into a `Found`: what kind of thing it is, and at which paths
of its values the fields of that kind stand. What is drafted of it is the same for all formats.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from typing import Any

from simulator.records import dataclass

_INDEX = re.compile(r"\[[^\]]*\]")


class Linked(str):
    """A text that refers to other resources; `known` is False if the file does not tell the text itself."""

    refs: tuple[str, ...]
    known: bool

    def __new__(cls, text: str, refs: Iterable[str], known: bool = True) -> "Linked":
        """A text and the keys of what it refers to."""
        made = super().__new__(cls, text)
        made.refs = tuple(dict.fromkeys(refs))
        made.known = known
        return made


@dataclass(frozen=True)
class Row:
    """A type of resources: its kind here, and where the fields of that kind stand in its values.

    A path has dots between keys; of a list it takes the first entry, or with `*` every one. Of several paths
    with `|` between them the first that holds something counts.
    """

    kind: str
    paths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Found:
    """One resource of a file."""

    row: Row
    key: str
    """How references name it, without the index of an instance; by file."""
    address: str
    """Its full address, or logical name."""
    label: str
    """Its own name in the file, without type and place."""
    origin: str
    """Its type and name for a reader,"""
    where: str
    """and the module or file in which it stands; empty if there is one."""
    place: str
    """The instance of the module that it stands in; the root and templates have none."""
    type: str
    region: str | None
    values: Any

    @property
    def kind(self) -> str:
        """What it is."""
        return self.row.kind

    @property
    def index(self) -> str:
        """The index of its instance; empty if there is one alone."""
        found = _INDEX.findall(self.address)
        return found[-1] if self.address.endswith("]") else ""

    def _at(self, name: str) -> tuple[str, Any]:
        """The path at which a field holds something, and what; the first path and None if none does."""
        paths = self.row.paths.get(name, "").split("|")
        for path in paths:
            if path and not _is_nothing(value := pick(self.values, path.split("."))):
                return path, value
        return paths[0], None

    def path(self, name: str) -> str:
        """Where a field stands, for a reader."""
        return self._at(name)[0].replace(".*", "")

    def raw(self, name: str) -> Any:
        """A field as it stands in the file, known or not; None if there is none."""
        return self._at(name)[1]

    def text(self, name: str) -> str | None:
        """A field that is a text, if the file tells it."""
        return _known_text(self.raw(name))

    def number(self, name: str) -> float | None:
        """A field that is a number, if the file tells it."""
        return _known_number(self.raw(name))

    def flag(self, name: str) -> bool:
        """Whether a field says yes."""
        return _is_yes(self.raw(name))

    def is_unknown(self, name: str) -> bool:
        """Whether the file names a field and does not tell its value."""
        value = self.raw(name)
        return isinstance(value, Linked) and not value.known

    def all(self, name: str) -> list[Any]:
        """The entries of a field that is a list; a single value is a list of one."""
        value = self.raw(name)
        return [] if value is None else [*value] if isinstance(value, list) else [value]

    def texts(self, name: str) -> list[str | None]:
        """The same as texts, None for each that the file does not tell."""
        return [_known_text(one) for one in self.all(name)]

    def numbers(self, name: str) -> list[float | None]:
        """The same as numbers."""
        return [_known_number(one) for one in self.all(name)]

    def flags(self, name: str) -> list[bool]:
        """The same, whether each says yes."""
        return [_is_yes(one) for one in self.all(name)]


def pick(values: Any, path: list[str]) -> Any:
    """What stands at a path; with `*` a list with an entry, perhaps None, for each of its list's."""
    if not path:
        return values
    if path[0] == "*":
        entries = values if isinstance(values, list) else [] if values is None else [values]
        return [pick(one, path[1:]) for one in entries]
    if isinstance(values, list):
        values = values[0] if values else None
    return pick(values.get(path[0]), path[1:]) if isinstance(values, dict) else None


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, keys not counted."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


_TAGS = ("tags", "tags_all", "Tags", "tag")


def said_in(values: Any, own: Iterable[str]) -> Iterator[str]:
    """Every text in the values of a resource that may name another: no tags, and none of its own names."""
    names = {*own}
    others = (
        {key: one for key, one in values.items() if key not in _TAGS} if isinstance(values, dict) else values
    )
    return (text for text in texts_in(others) if str(text) not in names)


def refs_in(value: Any) -> list[str]:
    """The keys of everything that a value refers to, each once."""
    texts = (one for one in texts_in(value) if isinstance(one, Linked))
    return [*dict.fromkeys(ref for one in texts for ref in one.refs)]


def without_index(address: str) -> str:
    """An address without the indices of instances."""
    return _INDEX.sub("", address)


def _is_nothing(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_nothing(one) for one in value)
    return value is None or (value == "" and not isinstance(value, Linked))


def _known_text(value: Any) -> str | None:
    if isinstance(value, Linked):
        return str(value) if value.known else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value) or None


def _known_number(value: Any) -> float | None:
    text = _known_text(value)
    try:
        number = math.nan if text is None else float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _is_yes(value: Any) -> bool:
    return value is True or str(value).lower() in ("true", "enabled", "strong")
