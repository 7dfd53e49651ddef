"""JSON Schema (draft 7) of `result.json` and of what else is written, from the classes of this room.

It says what there is and must be; it does not forbid what it does not know, so that a result of a later
version with further fields fits the schema of an earlier one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from inspect import getdoc
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from simulator.result.comparison import Comparison
from simulator.result.plain import key_of, written
from simulator.result.replications import Replications
from simulator.result.sweep import Sweep
from simulator.result.whole import Result
from simulator.texts import texts_under_fields

_PLAIN: dict[Any, dict[str, Any]] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    str: {"type": "string"},
    NoneType: {"type": "null"},
    object: {},
}


_KINDS = {"result": Result, "comparison": Comparison, "replications": Replications, "sweep": Sweep}
"""What is written as JSON, by the name of its file."""


def schema_text(kind: str = "result") -> str:
    """The schema of a kind as JSON text."""
    definitions: dict[str, dict[str, Any]] = {}
    whole = _of_class(_KINDS[kind], definitions)
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{kind}.json of multiregion-simulator",
        **whole,
        "definitions": dict(sorted(definitions.items())),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _of_class(class_: Any, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    hints, texts = get_type_hints(class_), texts_under_fields(class_)
    properties: dict[str, Any] = {}
    required: list[str] = []
    for field in written(class_):
        found = _of_type(hints[field.name], definitions)
        if field.metadata.get("is_flat"):
            properties |= found["properties"]
            required += found["properties"]
            continue
        properties[key_of(field)] = _described(found, texts[field.name])
        if not field.metadata.get("is_optional"):
            required.append(key_of(field))
    about = (getdoc(class_) or "").split("\n")[0]
    return {"description": about, "type": "object", "required": required, "properties": properties}


def _described(schema: dict[str, Any], text: str) -> dict[str, Any]:
    """A schema with a field's text; draft 7 ignores what stands beside a reference."""
    text = " ".join(text.split())
    return {"description": text, "allOf": [schema]} if "$ref" in schema else {"description": text, **schema}


def _of_type(type_: Any, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    if is_dataclass(type_):
        name = getattr(type_, "__name__", "")
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _of_class(type_, definitions)
        return {"$ref": f"#/definitions/{name}"}
    origin, arguments = get_origin(type_), get_args(type_)
    if origin in (Union, UnionType):
        return _of_union([_of_type(one, definitions) for one in arguments])
    if origin is Literal:
        return {"type": "string", "examples": list(arguments)}
    if origin is Mapping:
        return _of_mapping(arguments[0], _of_type(arguments[1], definitions))
    if origin in (tuple, Sequence):
        return {"type": "array", "items": _of_type(arguments[0], definitions)}
    return _PLAIN[type_]


def _of_union(choices: list[dict[str, Any]]) -> dict[str, Any]:
    if all(choice.keys() == {"type"} for choice in choices):
        return {"type": [choice["type"] for choice in choices]}
    return {"anyOf": choices}


def _of_mapping(keys: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The keys that are known are named; others may be."""
    names = get_args(keys) if get_origin(keys) is Literal else ()
    named = {"properties": {name: values for name in names}} if names else {}
    return {"type": "object", **named, "additionalProperties": values}
