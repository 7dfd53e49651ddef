"""The text of a draft: YAML whose lines say where they come from, and what is still to be filled in."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from simulator.language.reading.positions import scalar
from simulator.records import dataclass
from simulator.units import format_duration, printable

_COLUMNS = 80
_PLAIN = re.compile(r"[A-Za-z0-9_][\w./@-]*(?: [\w./%-]+)*\Z")


@dataclass
class Entry:
    """One line of a mapping, or of a list if its key is empty, with what stands beneath it.

    `value` is a list of entries (a block), or plain data, which is written on the line.
    """

    key: str
    value: Any
    origin: str = ""
    todo: list[str] = field(default_factory=list)
    """What is to be filled in or judged here; stands above the line."""


def entry(key: str, value: Any, origin: str = "", *todo: str) -> Entry:
    """An entry in one line."""
    return Entry(key, value, origin, [one for one in todo if one])


def text_of(entries: Sequence[Entry]) -> str:
    """The entries as a YAML text."""
    return "\n".join(_lines(entries, 0)) + "\n"


def comment(text: str, indent: int = 0, *, first: str = "# ", rest: str = "#   ") -> list[str]:
    """A comment, folded to the width of the draft."""
    space = " " * indent
    return textwrap.wrap(
        printable(" ".join(text.split())),
        _COLUMNS,
        initial_indent=space + first,
        subsequent_indent=space + rest,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _lines(entries: Sequence[Entry], indent: int) -> Iterator[str]:
    for one in entries:
        for todo in one.todo:
            yield from comment(f"TODO: {todo}", indent)
        head = " " * indent + (f"{quoted(one.key)}:" if one.key else "-")
        block = _block(one.value, len(head))
        yield from _with_origin(f"{head} {flow(one.value)}" if block is None else head, one.origin, indent)
        yield from _lines(block or (), indent + 2)


def _block(value: Any, length: int) -> list[Entry] | None:
    """What stands beneath a key: entries, or those of a mapping that is too long for its line."""
    if isinstance(value, list) and value and isinstance(value[0], Entry):
        return value
    if isinstance(value, Mapping) and length + len(flow(value)) >= _COLUMNS:
        return [Entry(key, one) for key, one in value.items()]
    return None


def _with_origin(line: str, origin: str, indent: int) -> Iterator[str]:
    """The line with its origin behind it, or above it if both are too long for one."""
    if origin and len(line) + len(origin) + 4 > _COLUMNS:
        yield from comment(origin, indent)
        yield line
    else:
        yield f"{line}  # {printable(origin)}" if origin else line


def exact(number: float) -> str:
    """A number with all its digits, and no point behind which is nothing."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def seconds(number: float) -> str:
    """A time given in seconds, as a file has it."""
    return format_duration(round(number * 10**9))


def flow(value: Any) -> str:
    """Plain data on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{quoted(key)}: {flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:_}" if isinstance(value, int) else exact(value)
    return quoted(str(value))


def quoted(text: str) -> str:
    """A text as YAML has it: in quotes where it could be taken for something else."""
    if _PLAIN.match(text) and isinstance(scalar(text), str) and text.isprintable():
        return text
    return json.dumps(str(text), ensure_ascii=not text.isprintable())
