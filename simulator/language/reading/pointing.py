"""Paths such as `dns.shop.example.ttl`, as they are written, and what they lead to in data.

A path's parts stand between dots. A key that holds dots matches as the longest that there is, or stands in
quotes; an entry of a list is named by its number from 0, or by what it is.
"""

import re
from collections.abc import Iterator
from typing import Any

from simulator.language.reading.positions import Path
from simulator.records import dataclass

_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|\[([^\[\]]*)\]|([^.\[\]"']+))""")
_INDEX = re.compile(r"[0-9]{1,6}\Z")


@dataclass(frozen=True)
class Part:
    """One part of a path as it is written."""

    text: str
    quoted: bool = False
    """A whole key, whatever stands beside it."""


@dataclass(frozen=True)
class Reached:
    """How far a path leads: to a place, and what is left of it."""

    path: Path
    rest: tuple[Part, ...] = ()


def parts_of(text: str) -> tuple[Part, ...]:
    """The parts of a path; ValueError with a sentence for the user."""
    found, at = list[Part](), 0
    while at < len(text):
        if found and text[at] == ".":
            at += 1
        match = _PART.match(text, at)
        if match is None:
            raise ValueError(
                f"'{text}' is no path: a part between its dots is empty, or a quote is not closed"
            )
        quoted = next((one for one in match.groups()[:2] if one is not None), None)
        plain = (match[3] or match[4] or "").strip()
        if quoted is None and not plain:
            raise ValueError(f"'{text}' is no path: a part between its dots is empty")
        found.append(Part(plain if quoted is None else quoted, quoted is not None))
        at = match.end()
    if not found or text.endswith("."):
        raise ValueError(f"'{text}' is no path; write one such as dns.shop.example.ttl")
    return tuple(found)


def text_of(path: Path) -> str:
    """A path as one would write it."""
    return ".".join(map(str, path))


def reached(data: Any, parts: tuple[Part, ...]) -> list[Reached]:
    """Where a path leads in data: one place; several, if it fits several; or the furthest that it leads."""
    found = [*_walk(data, parts, ())]
    least = min(len(one.rest) for one in found)
    return [one for one in found if len(one.rest) == least]


def _walk(data: Any, rest: tuple[Part, ...], path: Path) -> Iterator[Reached]:
    steps = [*_steps(data, rest)] if rest else []
    if not steps:
        yield Reached(path, rest)
    for below, keys, left in steps:
        yield from _walk(below, left, (*path, *keys))


Step = tuple[Any, Path, tuple[Part, ...]]
"""What lies one step below, the keys that lead to it, and what is left of the path."""


def _steps(data: Any, rest: tuple[Part, ...]) -> Iterator[Step]:
    if isinstance(data, dict):
        yield from _into_mapping(data, rest)
    elif isinstance(data, list):
        yield from _into_list(data, rest)


def _into_mapping(data: dict[str, Any], rest: tuple[Part, ...]) -> Iterator[Step]:
    """Into the longest key that leads to the end of the path; if none does, into all that fit."""
    fitting = [
        (data[key], (key,), rest[length:])
        for length in range(len(rest), 0, -1)
        if (key := _joined(rest[:length])) is not None and key in data
    ]
    whole = (one for one in fitting if any(not found.rest for found in _walk(one[0], one[2], ())))
    longest = next(whole, None)
    yield from fitting if longest is None else [longest]


def _joined(parts: tuple[Part, ...]) -> str | None:
    """Some parts as one key; None if one of several is in quotes, which is a key by itself."""
    if len(parts) > 1 and any(part.quoted for part in parts):
        return None
    return ".".join(part.text for part in parts)


def _into_list(data: list[Any], rest: tuple[Part, ...]) -> Iterator[Step]:
    """Into the entry of a number, or all that are called so: by a value of theirs, or by a key."""
    first, left = rest[0], rest[1:]
    if not first.quoted and _INDEX.match(first.text):
        number = int(first.text)
        if number < len(data):
            yield data[number], (number,), left
        return
    for number, entry in enumerate(data):
        if isinstance(entry, dict) and first.text in entry:
            yield entry[first.text], (number, first.text), left
        elif length := _name_of(entry, rest):
            yield entry, (number,), rest[length:]


def _name_of(entry: Any, rest: tuple[Part, ...]) -> int:
    """How many parts of a path name an entry of a list: the text that it is, or that stands in it."""
    texts = [*entry.values()] if isinstance(entry, dict) else [entry]
    lengths = range(len(rest), 0, -1)
    return next((length for length in lengths if _joined(rest[:length]) in texts), 0)
