"""Plans of Terraform as `terraform show -json` prints them, made of resources."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def resource(
    type_: str,
    name: str,
    values: Mapping[str, Any] | None = None,
    refers: Mapping[str, Any] | None = None,
    *,
    provider: str = "aws",
    mode: str = "managed",
    instances: Sequence[int | str] = (),
) -> dict[str, Any]:
    """A resource: the values that a plan knows, and what its expressions refer to.

    With `instances` (`count` or `for_each`) there is one for each index, with the same values.

    `refers` has a list of references for each attribute, also for those of blocks in a list.
    """
    return {
        "type": type_, "name": name, "mode": mode, "values": values or {}, "refers": refers or {},
        "provider": provider, "instances": instances,
    }  # fmt: skip


def module(
    resources: Sequence[Mapping[str, Any]],
    *,
    given: Mapping[str, Any] | None = None,
    outputs: Mapping[str, list[str]] | None = None,
) -> dict[str, Any]:
    """A module that is called: its resources, what its variables are given, what it gives back."""
    return {"resources": resources, "given": given or {}, "outputs": outputs or {}}


def plan(
    resources: Sequence[Mapping[str, Any]],
    providers: Mapping[str, str],
    modules: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """The text of a plan; `providers` has the region of each, `aws.ALIAS` for one with an alias."""
    called = modules or {}
    root = _configured(resources)
    root["module_calls"] = {
        name: {
            "source": "./" + name,
            "expressions": _expressions(one["given"]),
            "module": _configured(one["resources"])
            | {
                "outputs": {key: {"expression": {"references": refs}} for key, refs in one["outputs"].items()}
            },
        }
        for name, one in called.items()
    }
    children = [
        {"address": f"module.{name}", "resources": _planned(one["resources"], f"module.{name}.")}
        for name, one in called.items()
    ]
    document = {
        "format_version": "1.2",
        "terraform_version": "1.9.5",
        "planned_values": {"root_module": {"resources": _planned(resources, ""), "child_modules": children}},
        "configuration": {
            "provider_config": {
                key: {"name": "aws", "expressions": {"region": {"constant_value": region}}}
                for key, region in providers.items()
            },
            "root_module": root,
        },
    }
    return json.dumps(document)


def _planned(resources: Sequence[Mapping[str, Any]], before: str) -> list[dict[str, Any]]:
    return [
        {
            "address": f"{before}{one['type']}.{one['name']}{index}",
            "mode": "managed",
            "type": one["type"],
            "name": one["name"],
            "values": one["values"],
        }
        for one in resources
        if one["mode"] == "managed"
        for index in [f"[{json.dumps(index)}]" for index in one["instances"]] or [""]
    ]


def _configured(resources: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "resources": [
            {
                "address": f"{'data.' if one['mode'] == 'data' else ''}{one['type']}.{one['name']}",
                "mode": one["mode"],
                "type": one["type"],
                "name": one["name"],
                "provider_config_key": one["provider"],
                "expressions": _expressions(one["refers"]),
            }
            for one in resources
        ]
    }


def _expressions(refers: Any) -> Any:
    if isinstance(refers, Mapping):
        return {key: _expressions(one) for key, one in refers.items()}
    if isinstance(refers, list) and refers and isinstance(refers[0], Mapping):
        return [_expressions(one) for one in refers]
    if isinstance(refers, list):  # Terraform names the attribute and the resource
        return {"references": [two for one in refers for two in dict.fromkeys([one, _whole(one)])]}
    return {"constant_value": refers}


def _whole(reference: str) -> str:
    parts = reference.split(".")
    return ".".join(parts[: 3 if parts[0] == "data" else 2])
