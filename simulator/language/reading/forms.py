"""What the models take at a place, by their JSON Schema."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel

TAG = ":"
"""The tags of the models' unions start with it and name the model."""


def known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at a location takes."""
    schema = _schema(model)
    definitions = schema.get("$defs", {})
    for part in loc:
        schema = next(
            filter(None, (_descend(one, part, definitions) for one in _forms(schema, definitions))), {}
        )
    return sorted(key for one in _forms(schema, definitions) for key in one.get("properties", {}))


@cache
def _schema(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


def _forms(schema: Any, definitions: dict[str, Any]) -> Iterator[Any]:
    """What a schema may stand for: references followed, alternatives one after the other."""
    if "$ref" in schema:
        yield from _forms(definitions[schema["$ref"].rsplit("/", 1)[-1]], definitions)
    elif "anyOf" in schema or "oneOf" in schema:
        for one in schema.get("anyOf") or schema["oneOf"]:
            yield from _forms(one, definitions)
    else:
        yield schema


def _descend(schema: Any, part: int | str, definitions: dict[str, Any]) -> Any:
    if isinstance(part, int):
        return schema.get("items")
    if part == ":Mapping":
        return schema if "properties" in schema else None
    if part == ":Sequence":
        return schema if "items" in schema else None
    if part.startswith(TAG):
        return definitions.get(part.removeprefix(TAG))
    return schema.get("properties", {}).get(part) or schema.get("additionalProperties")


def takes(model: type[BaseModel], path: tuple[int | str, ...]) -> tuple[set[str], bool]:
    """The keys that a model takes at a path of a file, in any of its forms, and whether it takes names."""
    definitions = _schema(model).get("$defs", {})
    found = [*_forms(_schema(model), definitions)]
    for part in path:
        below = (_below(one, part) for one in found)
        found = [form for one in below if one for form in _forms(one, definitions)]
    keys = {key for one in found for key in one.get("properties", {})}
    return keys, any(isinstance(one.get("additionalProperties"), dict) for one in found)


def _below(schema: Any, part: int | str) -> Any:
    if isinstance(part, int):
        return schema.get("items")
    found = schema.get("properties", {}).get(part) or schema.get("additionalProperties")
    return found if isinstance(found, dict) else None
