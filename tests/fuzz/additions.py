"""What a file may hold beside what it holds: keys and values that the JSON Schemas of the files allow.

The schemas are made from the models, so that a key that is new is tried as soon as a model has it.
"""

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from simulator import units
from simulator.language.schema import schema_text

Schema = dict[str, Any]

VALUES: dict[str, tuple[str, ...]] = {
    units.DURATION_PATTERN: ("0 s", "1 ns", "1 ms", "200 ms", "1 s", "5 s", "20 s", "1 min", "5 min", "1 h"),
    units.SIGNED_DURATION_PATTERN: ("-200 ms", "-30 s", "0 s", "5 s", "10 min"),
    units.SHARE_PATTERN: ("0 %", "1 %", "30 %", "50 %", "95 %", "100 %"),
    units.RATE_PATTERN: ("1/min", "1/s", "5/s", "50/s", "1000/s"),
    units.SIZE_PATTERN: ("1 B", "1 KB", "100 KB", "400 KB", "5 MB"),
    units.TIME_OF_DAY_PATTERN: ("00:00", "08:30", "23:59"),
}
"""For each kind of text with a unit, what a user would plausibly write."""
NUMBERS = (0, 1, 2, 3, 5, 10, 100, 1000, 10**6)
DEEPEST = 4
"""How many mappings an added value nests at most, as far as its required keys allow."""
SHARE_OF_OPTIONAL_KEYS = 0.25


def add(rng: random.Random, kind: str, data: Any, names: list[str]) -> None:
    """Add a key, or an entry of a list or mapping, to an `experiment` or `topology`; names as of `names_in`.

    Each key is as likely as any other, at however many places it could stand.
    """
    room: dict[str | None, list[tuple[Any, Schema]]] = {}
    for holder, key, schema in _room(_schema(kind), data, _schema(kind)):
        room.setdefault(key, []).append((holder, schema))
    if not room:
        return
    key = rng.choice([*room])
    holder, schema = rng.choice(room[key])
    value = _value(rng, schema, _schema(kind), names, DEEPEST)
    if isinstance(holder, list):
        holder.append(value)
    else:
        holder[rng.choice(names) if key is None else key] = value


@cache
def _schema(kind: str) -> Schema:
    schema: Schema = json.loads(schema_text(kind))
    return schema


def _room(schema: Schema, data: Any, whole: Schema) -> Iterator[tuple[Any, str | None, Schema]]:
    """Each list or mapping at or below some data that may hold more: it, the key if it has one, and what."""
    for one in _forms(schema, whole):
        if isinstance(data, list) and "items" in one:
            yield data, None, one["items"]
            for entry in data:
                yield from _room(one["items"], entry, whole)
        if isinstance(data, dict) and _fits(one, data):
            yield from _room_of_mapping(one, data, whole)


def _room_of_mapping(
    schema: Schema, data: dict[str, Any], whole: Schema
) -> Iterator[tuple[Any, str | None, Schema]]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    for key, one in properties.items():
        if key in data:
            yield from _room(one, data[key], whole)
        elif len(data) < schema.get("maxProperties", len(properties)):
            yield data, key, one
    if isinstance(others, dict):
        yield data, None, others
        for value in data.values():
            yield from _room(others, value, whole)


def _fits(schema: Schema, data: dict[str, Any]) -> bool:
    """Whether a mapping may be meant by a form: it has what that form asks for, and nothing unknown to it."""
    known = schema.get("properties")
    if known is None or isinstance(schema.get("additionalProperties"), dict):
        return "additionalProperties" in schema
    return {*schema.get("required", ())} <= {*data} <= {*known}


def _forms(schema: Schema, whole: Schema) -> Iterator[Schema]:
    """What a schema may stand for: itself without references and alternatives."""
    if "$ref" in schema:
        yield from _forms(whole["definitions"][schema["$ref"].rpartition("/")[2]], whole)
    alternatives = [one for word in ("allOf", "anyOf", "oneOf") for one in schema.get(word, ())]
    for one in alternatives:
        yield from _forms(one, whole)
    if "$ref" not in schema and not alternatives:
        yield schema


def _value(rng: random.Random, schema: Schema, whole: Schema, names: list[str], deep: int) -> Any:
    """Something that the schema allows, as far as it says; texts without a form are names of the file."""
    form = rng.choice([*_forms(schema, whole)])
    if "const" in form:
        return form["const"]
    if "enum" in form:
        known = [one for one in form["enum"] if one in names]
        return rng.choice(known or form["enum"])
    if form.get("pattern") in VALUES:
        return rng.choice(VALUES[form["pattern"]])
    match [form["type"]] if isinstance(form["type"], str) else form["type"]:
        case ["object"]:
            return _mapping(rng, form, whole, names, deep - 1)
        case ["array"]:
            count = max(form.get("minItems", 0), int(deep > 0)) + (rng.random() < 0.3)
            return [_value(rng, form["items"], whole, names, deep - 1) for _ in range(count)]
        case ["boolean"]:
            return rng.random() < 0.5
        case ["integer" | "number" as kind, *_]:
            return _number(rng, form, kind)
    return rng.choice(names)


def _number(rng: random.Random, form: Schema, kind: str) -> float:
    least, most = form.get("minimum", form.get("exclusiveMinimum", 0)), form.get("maximum", 1e9)
    within = [one for one in NUMBERS if least <= one <= most] + [least]
    number = rng.choice(within)
    return min(number + rng.choice([0, 0.5]), most) if kind == "number" else number


def _mapping(rng: random.Random, form: Schema, whole: Schema, names: list[str], deep: int) -> dict[str, Any]:
    properties, others = form.get("properties", {}), form.get("additionalProperties")
    share = SHARE_OF_OPTIONAL_KEYS if deep > 0 else 0.0
    chosen = [key for key in properties if key in form.get("required", ()) or rng.random() < share]
    if properties and form.get("maxProperties") == 1:
        chosen = [rng.choice([*properties])]
    found = {key: _value(rng, properties[key], whole, names, deep) for key in chosen}
    if isinstance(others, dict):
        found[rng.choice(names)] = _value(rng, others, whole, names, deep)
    return found


def names_in(*data: Any) -> list[str]:
    """Words of files that may be names: of regions, services, operations, tables, populations."""
    found: set[str] = {"x"}
    todo = [*data]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            found |= {key for key in one if isinstance(key, str)}
            todo += one.values()
        elif isinstance(one, list):
            todo += one
        elif isinstance(one, str) and re.fullmatch(r"[A-Za-z][\w.-]{0,40}", one):
            found.add(one)
    return sorted(found)
