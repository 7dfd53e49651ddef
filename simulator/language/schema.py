"""JSON Schema (draft 7, as editors' YAML servers read it) of the files that a user writes."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from simulator import catalog, units
from simulator.boundary.zones import zone_names
from simulator.language.models.experiment import Experiment
from simulator.language.models.quantities import EVERYWHERE, Model
from simulator.language.models.topology import Topology
from simulator.texts import texts_under_fields

_MODELS: dict[str, type[Model]] = {"topology": Topology, "experiment": Experiment}


def schema_text(kind: str) -> str:
    """The schema of `topology` or `experiment` files as JSON text."""
    _describe_fields()
    written = _MODELS[kind].model_json_schema(by_alias=True)
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"{kind} of multiregion-simulator",
        "description": written["description"],
        "type": "object",
        "additionalProperties": False,
        "required": written["required"],
        "properties": _properties(written["properties"]),
        "definitions": {
            name: {"title": name, **_plain(one)} for name, one in sorted(written["$defs"].items())
        },
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


@cache
def _describe_fields() -> None:
    """Give every field of every model the text under it as its description."""
    models = [*_models_below(Model)]
    for model in models:
        for name, text in texts_under_fields(model).items():
            model.model_fields[name].description = text
    for model in [*models, *models]:  # twice: one that derives from another may stand before what it holds
        model.model_rebuild(force=True)


def _models_below(model: type[Model]) -> Iterator[type[Model]]:
    """The models derived from one, those that others are derived from first."""
    for one in model.__subclasses__():
        yield one
        yield from _models_below(one)


def _plain(schema: Any) -> Any:
    """A schema as a reader of draft 7 wants it.

    No generated titles; no null (a key without a value is an error); defaults as a user would write them;
    and what stands beside a reference, which draft 7 ignores there, around it.
    """
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        key: _properties(value) if key == "properties" else _plain(value)
        for key, value in _without_null(schema).items()
        if key != "title"
    }
    _set_default(plain)
    if "list" in plain:
        plain["enum"] = [*LISTS[str(plain.pop("list"))]()]
    for name, word in _BOUNDS.items():
        if name in plain:
            plain[word] = plain.pop(name)
    if plain.get("type") == "integer":
        plain |= {"type": ["integer", "string"], "pattern": _UNDERSCORED}
    if "$ref" not in plain:
        return plain
    reference = {"$ref": str(plain.pop("$ref")).replace("#/$defs/", "#/definitions/")}
    return {"allOf": [reference], **plain} if plain else reference


def _properties(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(one) for name, one in properties.items()}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The alternative to null of an optional field, with the field's own description before the type's."""
    choices: list[dict[str, Any]] = [one for one in schema.get("anyOf", []) if one != {"type": "null"}]
    if len(choices) != 1:
        return schema if not choices else schema | {"anyOf": choices}
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    own, general = rest.get("description"), choices[0].get("description")
    both = {"description": f"{own} ({general})"} if own and general else {}
    return choices[0] | rest | both


def _set_default(schema: dict[str, Any]) -> None:
    default = schema.get("default")
    if default is None or isinstance(default, dict | list):
        schema.pop("default", None)
    elif schema.get("pattern") in _WRITTEN:
        schema["default"] = _WRITTEN[str(schema["pattern"])](default)


def _share(share: float) -> str:
    return f"{100 * share:g} %"


def _time_of_day(ns: int) -> str:
    minutes = ns // units.NS_PER_UNIT["min"]
    return f"{minutes // 60:02}:{minutes % 60:02}"


_WRITTEN: dict[str, Callable[[Any], str]] = {
    units.DURATION_PATTERN: units.format_duration,
    units.SHARE_PATTERN: _share,
    units.SIZE_PATTERN: units.format_size,
    units.TIME_OF_DAY_PATTERN: _time_of_day,
}

LISTS: dict[str, Callable[[], tuple[str, ...]]] = {
    "regions": catalog.region_names,
    "zones": lambda: tuple(zone for region in catalog.region_names() for zone in zone_names(region)),
    "places": lambda: (*catalog.region_names(), EVERYWHERE),
    "profiles": catalog.client_profiles,
    "runtimes": lambda: tuple(catalog.LAMBDA_RUNTIMES),
}
"""The lists of the catalog from which editors complete a text."""

_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
"""Bounds of types that are read by a function of ours, which pydantic leaves in its own words."""

_UNDERSCORED = "^[0-9]+(_[0-9]+)*$"
"""Whole numbers such as `200_000`, which editors take for text."""
