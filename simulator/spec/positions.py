"""YAML text to plain data, with the place of every key and value.

The YAML 1.2 core schema, not PyYAML's 1.1: `no` is text, `012` is twelve, `1:30` is text. Duplicate keys, merge keys and keys that
are not text are errors.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from simulator.errors import Problem

Path = tuple[str | int, ...]

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"(?:|~|null|Null|NULL)\Z")
_TRUE = re.compile(r"(?:true|True|TRUE)\Z")
_FALSE = re.compile(r"(?:false|False|FALSE)\Z")
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*\Z")
_OTHER_BASE = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")


@dataclass
class Document:
    """One YAML file as data, and where things stand in it (lines and columns from 1)."""

    file: str
    data: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, message: str, path: Path = (), *, at_key: bool = False) -> None:
        """Note a problem at a value, or at its key; at the nearest enclosing place if the path does not exist."""
        self.problems.append(Problem(self.file, *self._place(path, at_key), message))

    def _place(self, path: Path, at_key: bool) -> tuple[int, int]:
        for length in range(len(path), -1, -1):
            here = path[:length]
            at_key = at_key or length < len(
                path
            )  # something missing: point at the key of what should hold it
            place = (self.keys.get(here) if at_key else None) or self.values.get(here)
            if place:
                return place
        return 1, 1


def scalar(text: str) -> Any:
    """A plain scalar by the YAML 1.2 core schema (underscores in integers are allowed)."""
    if _NULL.match(text):
        return None
    if _TRUE.match(text) or _FALSE.match(text):
        return bool(_TRUE.match(text))
    if _INTEGER.match(text):
        return int(text.replace("_", ""))
    if _OTHER_BASE.match(text):
        return int(text, 0)
    return float(text.replace("_", "")) if _FLOAT.match(text) else text


def read_document(text: str, file: str) -> Document:
    """Parse a text; syntax errors and bad keys become problems of the document."""
    document = Document(file)
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(error, file))
        return document
    if root is None:
        document.problem("the file is empty")
        return document
    document.data = _Reader(document).convert(root, ())
    return document


def _syntax_problem(error: yaml.YAMLError, file: str) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    what = " ".join(filter(None, (getattr(error, "context", None), getattr(error, "problem", None)))) or str(
        error
    )
    what = re.sub(r"\s+", " ", what)
    if "expected a single document" in what:
        what = "a file holds one document; remove the second '---'"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Problem(file, line, column, f"not valid YAML: {what}")


def _place_of(node: yaml.Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


class _Reader:
    """Converts nodes to data and notes their places."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: list[yaml.Node] = []  # to notice an alias of what contains it

    def convert(self, node: yaml.Node, path: Path) -> Any:
        self._document.values[path] = _place_of(node)
        if any(node is outer for outer in self._open):
            self._report(node, "an alias may not contain itself")
            return None
        self._open.append(node)
        try:
            return self._convert(node, path)
        finally:
            self._open.pop()

    def _convert(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.MappingNode):
            return {key: self.convert(value, (*path, key)) for key, value in self._entries(node, path)}
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(item, (*path, number)) for number, item in enumerate(node.value)]
        if node.style is None and not node.tag.startswith("!"):
            return scalar(node.value)
        return node.value

    def _entries(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, yaml.Node]]:
        lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str) or (key_node.style is None and not isinstance(scalar(key), str)):
                self._report(key_node, f'a key must be text; write it in quotes: "{key_node.value}"')
            elif key == "<<" and key_node.style is None:
                self._report(key_node, "merge keys (<<) are not supported; write the keys out")
            elif key in lines:
                self._report(
                    key_node, f"'{key}' stands here a second time; the first is in line {lines[key]}"
                )
            else:
                lines[key] = key_node.start_mark.line + 1
                self._document.keys[(*path, key)] = _place_of(key_node)
                yield key, value_node

    def _report(self, node: yaml.Node, message: str) -> None:
        self._document.problems.append(Problem(self._document.file, *_place_of(node), message))
