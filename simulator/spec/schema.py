"""JSON Schema (draft 7, as editors' YAML servers read it) of the files that a user writes."""

import json
from typing import Any

from simulator.spec.experiment import Experiment
from simulator.spec.quantities import Model
from simulator.spec.topology import Topology

_MODELS: dict[str, type[Model]] = {"topology": Topology, "experiment": Experiment}


def schema_text(kind: str) -> str:
    """The schema of `topology` or `experiment` files as JSON text."""
    schema = {"$schema": "http://json-schema.org/draft-07/schema#"} | _MODELS[kind].model_json_schema(
        by_alias=True
    )
    return json.dumps(_draft_7(schema), indent=2, ensure_ascii=False) + "\n"


def _draft_7(schema: Any) -> Any:
    """Rename what draft 7 calls otherwise."""
    if isinstance(schema, dict):
        renamed = {
            ("definitions" if key == "$defs" else key): _draft_7(value) for key, value in schema.items()
        }
        return {key: value for key, value in renamed.items() if key != "default" or value != {}}
    if isinstance(schema, list):
        return [_draft_7(one) for one in schema]
    return schema.replace("#/$defs/", "#/definitions/") if isinstance(schema, str) else schema
