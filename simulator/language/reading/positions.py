"""YAML text to plain data, with the place of every key and value.

The YAML 1.2 core schema, not PyYAML's 1.1: `no` is text, `012` is twelve, `1:30` is text. Duplicate keys,
merge keys, keys that are not text, tags, and keys without a value are errors.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import field
from typing import Any, TypeVar

import yaml

from simulator.errors import Problem
from simulator.language.reading.syntax import syntax_problem
from simulator.records import dataclass
from simulator.units import shown

Path = tuple[str | int, ...]

T = TypeVar("T")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_INTEGER = re.compile(rf"[-+]?{_DIGITS}\Z")
_OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(rf"[-+]?(?:\.[0-9]+|{_DIGITS}(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")

_YAML = "tag:yaml.org,2002:"
_UNTAGGED = {"str", "int", "float", "bool", "null", "timestamp", "merge", "value", "map", "seq"}
"""What the loader takes something for that has no tag."""
_LONGEST_NUMBER = 100  # characters; what is longer stays text
_MOST_VALUES = 100_000  # aliases of aliases can stand for more than any memory holds
_LONGEST_TEXT = 2_000_000  # characters
_DEEPEST = 50
_NO_VALUE = "has no value; write one ({} where nothing needs saying) or leave the key out"
_BOTTOMLESS = 500
_TOO_DEEP = f"lists or mappings inside each other more than {_DEEPEST} deep"


@dataclass
class Document:
    """One YAML file as data, and where things stand in it (lines and columns from 1).

    `unsound` holds the paths at which the data is not what the file says, because that is an error; `kept`,
    for a section that is a list, the numbers of its sound entries; `settings`, where what stands at a path
    has been set from outside, in words: it has no line.
    """

    file: str
    data: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unsound: set[Path] = field(default_factory=set)
    kept: dict[str, list[int]] = field(default_factory=dict)
    settings: dict[Path, str] = field(default_factory=dict)

    def problem(self, message: str, path: Path = (), *, at_key: bool = False) -> None:
        """Note a problem at a value, or at its key.

        If the path does not exist: at the key of the nearest place that should hold it.
        """
        self.problems.append(self.problem_at(path, message, at_key=at_key))

    def problem_at(self, path: Path, message: str, *, at_key: bool = True) -> Problem:
        """A problem with its place, not noted."""
        return Problem(*self._place(path, at_key), message)

    def line(self, path: Path) -> int | None:
        """The line at which a value begins; None if it does not stand in the file."""
        return self._place(path, at_key=False)[1] or None

    def within(self, path: Path, data: Any) -> "Document":
        """A part of the file as a document of its own, with other data; its problems are the file's."""

        def below(places: dict[Path, tuple[int, int]]) -> dict[Path, tuple[int, int]]:
            return {one[len(path) :]: at for one, at in places.items() if one[: len(path)] == path}

        settings = {one[len(path) :]: said for one, said in self.settings.items() if one[: len(path)] == path}
        values, keys = below(self.values), below(self.keys)
        return Document(self.file, data, values, keys, self.problems, settings=settings)

    def numbered(self, section: str, entries: list[T]) -> list[tuple[int, T]]:
        """The sound entries of a list, each with its number in the file."""
        return [*zip(self.kept.get(section, range(len(entries))), entries, strict=True)]

    def _place(self, path: Path, at_key: bool) -> tuple[str, int, int]:
        for length in range(len(path), -1, -1):
            here = path[:length]
            if here in self.settings:
                return self.settings[here], 0, 0
            at_key = at_key or length < len(path)
            place = (self.keys.get(here) if at_key else None) or self.values.get(here)
            if place:
                return self.file, *place
        return self.file, 1, 1


def scalar(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema (underscores between digits are allowed)."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text) or _FALSE.match(text):
        return bool(_TRUE.match(text))
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    if _OTHER_BASE.match(text):
        return int(text, 0)
    number = float(text.replace("_", "")) if _FLOAT.match(text) else math.inf
    return number if math.isfinite(number) else text


def read_document(text: str, file: str) -> Document:
    """Parse a text; syntax errors and bad keys become problems of the document."""
    document = Document(file)
    if len(text) > _LONGEST_TEXT:
        document.problem(f"the file has {len(text):,} characters; at most {_LONGEST_TEXT:,} are read")
        return document
    if _is_bottomless(text):
        document.problem(_TOO_DEEP)
        return document
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        document.problems.append(syntax_problem(error, text, file))
        return document
    if root is None or _is_nothing(root):
        document.problem("the file is empty")
        return document
    document.data = _Reader(document).convert(root, ())
    return document


def _is_bottomless(text: str) -> bool:
    """Tell a nesting that would overflow the stack of the composer, which is written in C and recursive.

    libyaml 0.2.6 and later refuse 1,000 levels themselves.
    """
    if sum(map(text.count, "[{-?")) < _BOTTOMLESS:
        return False
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth >= _BOTTOMLESS:
                return True
    except yaml.YAMLError as error:  # the composer will tell any other
        return "nesting depth" in str(error)
    return False


def _place_of(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def _is_plain(node: yaml.Node) -> bool:
    """Tell a scalar without quotes; its style is None or empty, as the loader is Python's or C's."""
    return isinstance(node, yaml.ScalarNode) and not node.style


class _Reader:
    """Converts nodes to data and notes their places."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: list[yaml.Node] = []  # to notice an alias of what contains it
        self._count = 0

    def convert(self, node: yaml.Node, path: Path) -> Any:
        self._document.values.setdefault(path, _place_of(node))
        complaint = self._complaint(node)
        if complaint:
            self._report(node, complaint, path)
            return None
        self._open.append(node)
        try:
            return self._convert(node, path)
        finally:
            self._open.pop()

    def _complaint(self, node: yaml.Node) -> str | None:
        if any(node is outer for outer in self._open):
            return "an alias may not contain itself"
        if len(self._open) >= _DEEPEST:
            return _TOO_DEEP
        if node.tag.removeprefix(_YAML) not in _UNTAGGED:
            tag = node.tag.replace(_YAML, "!!")
            return f"tags such as {tag} are not supported; leave it out"
        self._count += 1
        if self._count == _MOST_VALUES:
            return f"the file's aliases stand for more than {_MOST_VALUES:,} values"
        return None

    def _convert(self, node: yaml.Node, path: Path) -> Any:
        if self._count >= _MOST_VALUES:
            return None
        if isinstance(node, yaml.MappingNode):
            if merge := next((key for key, _ in node.value if _is_merge(key)), None):
                self._report(merge, "merge keys (<<) are not supported; write the keys out", path)
                return None
            return {key: self.convert(value, (*path, key)) for key, value in self._entries(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self._entry(item, (*path, number)) for number, item in enumerate(node.value)]
        return scalar(node.value) if _is_plain(node) else node.value

    def _entry(self, node: yaml.Node, path: Path) -> Any:
        if _is_nothing(node):
            self._report(node, "this entry of the list is empty; write it, or remove it", path)
        return self.convert(node, path)

    def _entries(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            complaint = _complaint_of_key(key_node, lines)
            if complaint:
                duplicate = isinstance(key_node, yaml.ScalarNode) and key_node.value in lines
                self._report(key_node, complaint, (*path, key_node.value) if duplicate else path)
                continue
            key = key_node.value
            lines[key] = key_node.start_mark.line + 1
            self._document.keys[(*path, key)] = _place_of(key_node)
            if _is_nothing(value_node):
                self._report(key_node, f"'{key}' {_NO_VALUE}", (*path, key))
            yield key, value_node

    def _report(self, node: yaml.Node, message: str, path: Path) -> None:
        self._document.unsound.add(path)
        self._document.problems.append(Problem(self._document.file, *_place_of(node), message))


def _is_nothing(node: yaml.Node) -> bool:
    return _is_plain(node) and scalar(node.value) is None


def _is_merge(key: yaml.Node) -> bool:
    return _is_plain(key) and key.value == "<<"


def _complaint_of_key(node: yaml.Node, lines: dict[str, int]) -> str | None:
    if not isinstance(node, yaml.ScalarNode):
        return "a key must be text, not a list or a mapping"
    if _is_plain(node) and not isinstance(scalar(node.value), str):
        what = shown(scalar(node.value))
        return f'a key must be text, not {what}; write it in quotes: "{node.value}"'
    if not node.value.strip():
        return "this key is empty; write a name"
    if node.value in lines:
        return f"'{node.value}' stands here a second time; the first is in line {lines[node.value]}"
    return None
