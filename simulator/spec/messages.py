"""Pydantic's errors in plain words, each with the path in the user's file."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from simulator.spec.positions import Document, Path

_TAG = ":"  # the tags of the models' unions start with it and name the model


def nearest(name: str, known: Iterable[str]) -> str:
    """A suggestion such as `; did you mean 'browser'?`, or the list of what is allowed."""
    names = [str(one) for one in known]
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"; did you mean '{close[0]}'?"
    return f"; one of: {', '.join(names)}" if names else ""


def report(error: ValidationError, document: Document, model: type[BaseModel]) -> None:
    """Add every error of a validation to the document's problems."""
    for one in error.errors(include_url=False):
        path = path_in_file(one["loc"])
        _report_one(one, path, document, model)


def path_in_file(loc: tuple[int | str, ...]) -> Path:
    """Pydantic's location without what is not in the file: the tags of unions."""
    return tuple(part for part in loc if not str(part).startswith(_TAG))


def _report_one(error: Any, path: Path, document: Document, model: type[BaseModel]) -> None:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(model, error["loc"][:-1])
        document.problem(f"unknown key '{path[-1]}'{nearest(str(path[-1]), known)}", path, at_key=True)
    elif kind == "missing":
        document.problem(f"missing key '{error['loc'][-1]}'", path, at_key=True)
    else:
        document.problem(_wrong_value(kind, error, context), path)


def _wrong_value(kind: str, error: Any, context: dict[str, Any]) -> str:
    value = error["input"]
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", context["expected"])
        return f"'{value}' is not allowed here{nearest(str(value), names)}"
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _unknown_form(value)
    return f"{_PLAIN.get(kind, error['msg']).format(**context)}, not {_shown(value)}"


_PLAIN = {
    "string_type": "this must be text",
    "int_type": "this must be a whole number",
    "int_parsing": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "float_type": "this must be a number",
    "float_parsing": "this must be a number",
    "bool_type": "this must be true or false",
    "bool_parsing": "this must be true or false",
    "dict_type": "this must be a mapping",
    "model_type": "this must be a mapping",
    "list_type": "this must be a list",
    "greater_than": "this must be more than {gt}",
    "greater_than_equal": "this must be at least {ge}",
    "less_than": "this must be less than {lt}",
    "less_than_equal": "this must be at most {le}",
    "too_short": "this needs at least {min_length} entries",
    "too_long": "this takes at most {max_length} entries",
}


def _unknown_form(value: Any) -> str:
    keys = ", ".join(f"'{key}'" for key in value) if isinstance(value, dict) else _shown(value)
    return (
        f"cannot tell what this is from {keys}; a fault names one of region, link, replication, clock, control_plane, dns; "
        "a step one of compute, read, write"
    )


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    return "nothing" if value is None else repr(value)


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at a location takes."""
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    for part in loc:
        schema = _descend(_resolve(schema, definitions), part, definitions)
    return sorted(_resolve(schema, definitions).get("properties", {}))


def _resolve(schema: Any, definitions: dict[str, Any]) -> Any:
    """Follow references, and the alternative to null of an optional field."""
    while "$ref" in schema or "anyOf" in schema:
        if "$ref" in schema:
            schema = definitions[schema["$ref"].rsplit("/", 1)[-1]]
        else:
            schema = next((one for one in schema["anyOf"] if one.get("type") not in ("null", "string")), {})
    return schema


def _descend(schema: Any, part: int | str, definitions: dict[str, Any]) -> Any:
    if isinstance(part, int):
        return schema.get("items", {})
    if part.startswith(_TAG):
        return definitions[part.removeprefix(_TAG)]
    return schema.get("properties", {}).get(part) or schema.get("additionalProperties") or {}
