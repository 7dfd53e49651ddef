"""Typed sections as the plain data of `result.json`."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass
from functools import cache
from typing import Any

UNWRITTEN = {"is_unwritten": True}
"""A field that `result.json` does not hold: a series, whose length grows with the run; words."""

FLAT = {"is_flat": True}
"""A field whose entries stand beside its neighbours, not in a mapping of their own."""

ONLY_IF_SAID = {"is_optional": True}
"""A field that is left out where it is None."""


_PLAIN = frozenset({str, int, float, bool, type(None)})


def key_of(field: "Field[Any]") -> str:
    """The key of a field: its name, unless Python reserves that, or it is no name in Python."""
    return str(field.metadata.get("key", field.name.removesuffix("_")))


def written(section: Any) -> "Iterator[Field[Any]]":
    """The fields of a section, or of its class, that `result.json` holds."""
    return (field for field in fields(section) if not field.metadata.get("is_unwritten"))


def plain(value: Any) -> Any:
    """The same as mappings, lists, numbers, texts and None."""
    if type(value) in _PLAIN:  # most are
        return value
    if is_dataclass(value):
        return dict(_entries(value))
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def _entries(section: Any) -> Iterator[tuple[str, Any]]:
    for name, key, is_flat, is_optional in _written_of(section.__class__):
        value = getattr(section, name)
        if is_flat:
            yield from plain(value).items()
        elif value is not None or not is_optional:
            yield key, plain(value)


@cache
def _written_of(section: type) -> list[tuple[str, str, bool, bool]]:
    """Of each field that is written: name, key, whether it is flat, whether it may be left out."""
    return [
        (one.name, key_of(one), "is_flat" in one.metadata, "is_optional" in one.metadata)
        for one in written(section)
    ]
