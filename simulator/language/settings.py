"""Settings: values that replace what files say, before anything is checked.

    dns.shop.example.ttl=5 min

A setting is applied to the document that it fits, the experiment's or the topology's, so that all that is
checked in a file is checked in it. `docs/comparing.md` says how paths are found.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from numbers import Integral, Real
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel

from simulator.errors import Problem, SpecError, UsageError
from simulator.language.reading.forms import takes
from simulator.language.reading.messages import closest, nearest
from simulator.language.reading.pointing import Part, Reached, parts_of, reached, text_of
from simulator.language.reading.positions import Document, Path, read_document, scalar
from simulator.records import dataclass
from simulator.units import shown

_KINDS = ("experiment", "topology")
_USERS = "users"  # an experiment's replace those of its topology


@dataclass(frozen=True)
class Setting:
    """A value, or None for none, at a path; `place` says in words where it was written."""

    path: str
    value: Any
    place: str

    @property
    def said(self) -> str:
        """As it is written on a command line: `dns.shop.example.ttl=5 min`."""
        return f"{self.path}={as_yaml(self.value)}"


@dataclass(frozen=True)
class Target:
    """A document that settings may change: its kind, and the model of what it may say."""

    kind: str
    document: Document
    model: type[BaseModel]


def parse_setting(text: str, option: str = "--set") -> Setting:
    """A setting as `PATH=VALUE`, the value in YAML; SpecError if it is none."""
    place = f"{option} {text}"
    path, value = split_setting(text)
    if not path.strip() or value is None:
        raise SpecError(Problem(place, 0, 0, "write PATH=VALUE, such as 'dns.shop.example.ttl=5 min'"))
    return Setting(path.strip(), value_of(value, place), place)


def parse_settings(texts: Sequence[str]) -> tuple[Setting, ...]:
    """Several of them; SpecError with the problems of all."""
    found, problems = list[Setting](), list[Problem]()
    for text in texts:
        try:
            found.append(parse_setting(text))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(*problems)
    return tuple(found)


def split_setting(text: str) -> tuple[str, str | None]:
    """Path and value of a setting: what stands before and after the first '=' outside quotes."""
    quote = ""
    for at, one in enumerate(text):
        if one == "=" and not quote:
            return text[:at], text[at + 1 :]
        if one in "\"'" and quote in ("", one):
            quote = "" if quote else one
    return text, None


def value_of(text: str, place: str) -> Any:
    """A value written in YAML; None for `null`, which leaves a key out. SpecError if it is no value."""
    if not text.strip():
        complaint = "a value is missing behind the '='; write null to leave the key out"
        raise SpecError(Problem(place, 0, 0, complaint))
    if scalar(text.strip()) is None:
        return None
    document = read_document(text, place)
    if document.problems:
        raise SpecError(*(replace(one, line=0, column=0) for one in document.problems))
    return document.data


def set_by_program(path: object, value: object) -> Setting:
    """A setting that a program makes; UsageError if path or value are nothing that a file could hold."""
    if not isinstance(path, str):
        raise UsageError(f"a path is a text such as 'dns.shop.example.ttl', not {shown(path)}")
    plain = _plain(value, path)
    return Setting(path, plain, f"setting {path} to {as_yaml(plain)}")


def _plain(value: Any, path: str) -> Any:
    """The value as a file would hold it; numbers of NumPy become Python's."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one, path) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, path) for one in value]
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return float(value)
    raise UsageError(
        f"'{path}' is set to what a file would hold (text, number …), not {type(value).__name__}"
    )


def as_yaml(value: Any) -> str:
    """A value as one writes it in YAML on a line: text plain where it stays what it is."""
    if isinstance(value, str) and "\n" not in value and value.strip() == value and value:
        document = read_document(value, "")
        if not document.problems and document.data == value:
            return value
    return json.dumps(value, ensure_ascii=False)


def apply(settings: Sequence[Setting], targets: Sequence[Target]) -> None:
    """Apply settings to documents, one after the other; what does not fit is a problem of the first.

    Documents that cannot be read have problems of their own; nothing is then said of paths that are in none.
    """
    for one in settings:
        try:
            _apply(one, [target for target in targets if isinstance(target.document.data, dict)], targets)
        except ValueError as error:
            targets[0].document.problems.append(Problem(one.place, 0, 0, str(error)))


def _apply(setting: Setting, readable: Sequence[Target], targets: Sequence[Target]) -> None:
    kind, path = kind_and_path(setting.path)
    if kind and not any(kind == one.kind for one in targets):
        raise ValueError(f"no {kind} is read here; leave '{kind}:' out")
    asked = [one for one in readable if kind in ("", one.kind)]
    places = _places(parts_of(path), asked)
    if kind == "" and _are_replaced(places, asked):
        asked = [one for one in asked if one.kind == "experiment"]
        places = _places(parts_of(path), asked)
    if setting.value is None:
        places = [one for one in places if not one[2]]
    if len(places) > 1:
        raise ValueError(_ambiguous(path, places))
    for target, place, rest in places:
        _put(target.document, place, rest, setting)
    if not places and len(readable) == len(targets):
        raise ValueError(_unknown(path, asked))


def kind_and_path(text: str) -> tuple[str, str]:
    """`topology:users.people` → `topology` and the rest; no kind if none is written."""
    kind, colon, path = text.partition(":")
    return (kind.strip(), path) if colon and kind.strip() in _KINDS else ("", text)


def of_topology(setting: Setting) -> Setting:
    """The same setting, of a topology and of nothing else."""
    _, path = kind_and_path(setting.path)
    return replace(setting, path=f"topology:{path}")


Place = tuple[Target, Path, tuple[str, ...]]
"""A document, a path in it to a value that is there or can be, and keys below that are not there yet."""


def _places(parts: tuple[Part, ...], targets: Sequence[Target]) -> list[Place]:
    """Where a path fits: what is written comes before what could be, and that before a key that is wrong."""
    found = [(one, place) for one in targets for place in reached(one.document.data, parts)]
    written: list[Place] = [(one, place.path, ()) for one, place in found if not place.rest]
    added = [(one, place.path, keys) for one, place in found if (keys := _addable(one.model, place))]
    wrong = [(one, place.path, _texts(place.rest)) for one, place in found if _is_key_of_model(one, place)]
    deepest = max((len(path) for _, path, _ in wrong), default=0)
    return written or added or [one for one in wrong if len(one[1]) == deepest]


def _are_replaced(places: Sequence[Place], targets: Sequence[Target]) -> bool:
    """Whether all that fits are a topology's users, in whose place the experiment has its own."""
    of_topology = places and all(one.kind == "topology" and path[:1] == (_USERS,) for one, path, _ in places)
    return bool(of_topology) and any(
        one.kind == "experiment" and _USERS in one.document.data for one in targets
    )


def _texts(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(part.text for part in parts)


def _addable(model: type[BaseModel], place: Reached) -> tuple[str, ...]:
    """The keys that are not written at a place but could be; none if there are none."""
    rest, below = place.rest, list[str]()
    while rest:
        keys, _ = takes(model, (*place.path, *below))
        length = next((n for n in range(len(rest), 0, -1) if ".".join(_texts(rest[:n])) in keys), 0)
        if not length:
            return ()
        below.append(".".join(_texts(rest[:length])))
        rest = rest[length:]
    return tuple(below)


def _is_key_of_model(target: Target, place: Reached) -> bool:
    """Whether what is not there would be a key that its model has to know, and will tell that it does not."""
    keys, takes_names = takes(target.model, place.path)
    is_mapping = isinstance(_at(target.document.data, place.path), dict)
    return bool(place.rest and place.path and is_mapping and keys) and not takes_names


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


def _put(document: Document, place: Path, keys: Sequence[str], setting: Setting) -> None:
    """Write a value into a document's data, and forget where the old one stood."""
    value = deepcopy(setting.value)  # later settings write into it, and this one may be applied again
    for key in reversed(keys):  # those below what is there; in place of a plain value they make a mapping
        value = {key: value}
    path = place
    if keys and isinstance(_at(document.data, place), dict):
        path, value = (*place, keys[0]), value[keys[0]]
    holder, last = _at(document.data, path[:-1]), path[-1]
    _forget(document, path)
    if setting.value is not None:
        holder[last] = value
    else:
        del holder[last]
    if setting.value is None and isinstance(holder, list):
        _move_up(document, path)
    else:
        document.settings[path] = setting.place


def _forget(document: Document, path: Path) -> None:
    for places in (document.values, document.keys, document.settings):
        for one in [one for one in places if one[: len(path)] == path]:
            del places[one]
    document.unsound -= {one for one in document.unsound if one[: len(path)] == path}


def _move_up(document: Document, path: Path) -> None:
    """The entries behind one that is gone from a list have smaller numbers."""
    depth, number = len(path) - 1, path[-1]

    def moved(one: Path) -> Path:
        here = one[depth] if len(one) > depth and one[:depth] == path[:depth] else None
        if isinstance(here, int) and isinstance(number, int) and here > number:
            return (*one[:depth], here - 1, *one[depth + 1 :])
        return one

    document.values = {moved(one): place for one, place in document.values.items()}
    document.keys = {moved(one): place for one, place in document.keys.items()}
    document.settings = {moved(one): place for one, place in document.settings.items()}
    document.unsound = {moved(one) for one in document.unsound}


def _ambiguous(path: str, places: Sequence[Place]) -> str:
    kinds = {target.kind for target, _, _ in places}
    if len(kinds) > 1:
        ways = " or ".join(f"'{target.kind}:{path}'" for target, _, _ in places)
        return f"'{path}' fits the experiment and its topology; write {ways}"
    found = [text_of((*place, *rest)) for _, place, rest in places]
    return f"'{path}' fits {len(found)} places; write one of {', '.join(found)}"


_MOST_NAMES = 20_000


def _unknown(path: str, targets: Sequence[Target]) -> str:
    """That there is no such path, and the nearest one; or what there is where it ends."""
    names = [name for one in targets for name in _names(one)][:_MOST_NAMES]
    files = " or ".join(PurePath(one.document.file).name for one in targets)
    close = closest(path, names)
    if close:
        return f"there is no '{path}' in {files}; did you mean '{close}'?"
    place, rest, data = _furthest(path, targets)
    here = f" under '{text_of(place)}'" if place else ""
    keys = [str(key) for key in data] if isinstance(data, dict) else [*map(str, range(len(data)))]
    return f"there is no '{'.'.join(rest)}'{here} in {files}{nearest('.'.join(rest), keys)}"


def _furthest(path: str, targets: Sequence[Target]) -> tuple[Path, tuple[str, ...], Any]:
    """The furthest place to which a path leads, what is left of it, and the mapping or list that is there."""
    found = [(one, place) for one in targets for place in reached(one.document.data, parts_of(path))]
    target, place = min(found, key=lambda one: len(one[1].rest))
    data = _at(target.document.data, place.path)
    return place.path, _texts(place.rest), data if isinstance(data, dict | list) else {}


def _names(target: Target) -> Iterator[str]:
    """Every path of a document, and the keys that could stand at its top."""
    yield from target.model.model_fields
    yield from _paths(target.document.data, ())


def _paths(data: Any, path: Path) -> Iterator[str]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield text_of((*path, key))
        yield from _paths(value, (*path, key))
