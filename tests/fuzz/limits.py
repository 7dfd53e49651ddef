"""Values at the limits of what may be written: every number, duration, share, rate and size, of every model.

They are found by asking, not listed: a value is at a limit if it is the first of a row, from the end inwards,
that the reader takes. So a key that is new is covered as soon as `everything` holds an entry of its model.
"""

import copy
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from simulator import Loaded, SpecError, load, units
from simulator.language.models.quantities import Model
from tests.fuzz.everything import EXPERIMENT, TOPOLOGY

Place = tuple[Any, ...]
"""The file ("e" or "t") and the keys that lead to a value."""

_DURATIONS = (
    ("0 s", "1 ns", "1 us", "1 ms", "1 s", "10 s", "1 min"),
    ("36525 d", "1098 d", "366 d", "10 d", "1 d", "1 h", "10 min", "3 min", "1 min", "10 s", "1 s", "1 ms"),
)
_ROWS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    units.DURATION_PATTERN: _DURATIONS,
    units.SIGNED_DURATION_PATTERN: (("-36525 d",), ("36525 d",)),
    units.SHARE_PATTERN: (("0 %", "0.000001 %", "1 %"), ("100 %", "99.999999 %", "50 %")),
    units.RATE_PATTERN: (
        ("0/s", "0.001/d", "1/d", "1/min"),
        ("1000000000000/s", "10000000/s", "100000/s", "1000/s", "10/s"),
    ),
    units.SIZE_PATTERN: (("1 B", "1 KB", "1 MB"), ("1048576 GB", "10 GB", "1 GB", "400 KB", "1 KB")),
    units.TIME_OF_DAY_PATTERN: (("00:00",), ("23:59",)),
    "integer": ((0, 1, 2), (10**18, 10**9, 10**8, 10**7, 10**6, 10**5, 10_000, 1000, 100, 10, 5, 3)),
    "number": ((0, 5e-324, 1e-300, 0.001, 1, 1.01), (1e308, 1e9, 1e6, 1000, 100, 5, 1, 0.5)),
}
"""For each kind of value what to try from the lower end on, and from the upper end on."""
SECONDS_MOST, BYTES_MOST = 1.0, 2**29


@dataclass(frozen=True)
class Limit:
    """One place, and what to try there: the limit, then what lies within."""

    place: Place
    row: tuple[Any, ...]


@cache
def limits() -> tuple[Limit, ...]:
    """Both ends of every value of `everything`, and of what could be written beside it."""
    loaded = read({})
    assert isinstance(loaded, Loaded)
    models = {"e": loaded.experiment, "t": loaded.topology}
    found = {place: kind for name, model in models.items() for place, kind in _numbers(model, (name,))}
    return tuple(Limit(place, row) for place, kind in found.items() for row in _ROWS[kind])


def _numbers(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """The places below a value at which a number may stand, with its kind."""
    if isinstance(value, Model):
        for key, kind in numeric_keys(type(value)).items():
            yield (*place, key), kind
        for name, info in type(value).model_fields.items():
            yield from _numbers(getattr(value, name), (*place, info.alias or name))
    elif isinstance(value, BaseModel):  # a distribution that is constant
        yield place, units.DURATION_PATTERN
    elif isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for key, one in entries:
            yield from _numbers(one, (*place, key))


@cache
def numeric_keys(model: type[Model]) -> dict[str, str]:
    """The keys of a model under which a number may stand as it is, with its kind."""
    properties = model.model_json_schema(by_alias=True).get("properties", {})
    kinds = {key: _kind(one) for key, one in properties.items()}
    return {key: kind for key, kind in kinds.items() if kind is not None}


def _kind(schema: dict[str, Any]) -> str | None:
    """The kind of number that a schema describes, alone or beside other forms; None if it is none."""
    for one in (schema, *schema.get("anyOf", ()), *schema.get("allOf", ())):
        if one.get("pattern") in _ROWS:
            return str(one["pattern"])
        if one.get("type") in ("integer", "number"):
            return str(one["type"])
    return None


def changed(values: dict[Place, Any]) -> tuple[Any, Any]:
    """Experiment and topology with other values."""
    data = copy.deepcopy({"e": EXPERIMENT, "t": TOPOLOGY})
    for place, value in values.items():
        here: Any = data
        for key in place[:-1]:
            here = here.setdefault(key, {}) if isinstance(here, dict) else here[key]
        here[place[-1]] = value
    return data["e"], data["t"]


def write(directory: Path, values: dict[Place, Any]) -> Path:
    """Write both as files; the experiment's."""
    for name, data in zip("et", changed(values), strict=True):
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
        (directory / f"{name}.yaml").write_text(text, encoding="utf-8")
    return directory / "e.yaml"


def read(values: dict[Place, Any]) -> Loaded | SpecError:
    """What the reader makes of it."""
    with tempfile.TemporaryDirectory() as directory:
        try:
            return load(write(Path(directory), values))
        except SpecError as error:
            return error


def is_small(loaded: Loaded) -> bool:
    """Whether it is expected to run in a moment."""
    seconds = sum(cost.seconds for cost in loaded.costs)
    return seconds <= SECONDS_MOST and sum(cost.bytes for cost in loaded.costs) <= BYTES_MOST


@cache
def taken(limit: Limit) -> tuple[Any, ...]:
    """Of a limit's row: the first value that the reader takes, and the first that also runs in a moment."""
    found: list[Any] = []
    for value in limit.row:
        loaded = read({limit.place: value})
        if isinstance(loaded, SpecError):
            continue
        found = found or [value]
        if is_small(loaded):
            return tuple(dict.fromkeys([*found, value]))
    return tuple(found)


def chosen(number: int) -> dict[Place, Any]:
    """The values of a case: each limit alone, then two or three together."""
    every = limits()
    rng = random.Random(number)
    together = [every[number]] if number < len(every) else rng.sample(every, rng.choice([2, 2, 3]))
    return {one.place: taken(one)[-1] for one in together if taken(one)}
