"""A template of CloudFormation: its resources, with their references, and YAML with its short functions."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import yaml

from simulator.exchange.cloudformation.intrinsics import Known, holds, value_of
from simulator.exchange.cloudformation.kinds import KINDS
from simulator.exchange.cloudformation.transforms import expanded, left_out
from simulator.exchange.found import Found, Row

_ALIASES_MOST = 10_000


class _Loader(yaml.SafeLoader):
    """YAML as CloudFormation reads it: tags are functions, dates stay texts."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own form)
        first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def _function(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    """`!Ref x` as `{"Ref": "x"}`, `!Sub x` as `{"Fn::Sub": "x"}`."""
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _function)


def read_yaml(text: str) -> Any:
    """A template in YAML as plain data; ValueError with the reason and the line if it is none."""
    try:
        aliases = sum(isinstance(one, yaml.AliasEvent) for one in yaml.parse(text, Loader=_Loader))
        if aliases > _ALIASES_MOST:
            raise ValueError(f"more than {_ALIASES_MOST:,} aliases")
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = "" if mark is None else f" in line {mark.line + 1}, column {mark.column + 1}"
        raise ValueError(f"{error.problem or error}{place}") from None
    except (yaml.YAMLError, RecursionError, AssertionError) as error:
        raise ValueError(str(error).splitlines()[0] if str(error) else "it is nested too deep") from None


def is_template(document: Any) -> bool:
    """Whether a document is a template."""
    return isinstance(document, dict) and isinstance(document.get("Resources"), dict)


def template_resources(
    document: Mapping[str, Any],
    file: str,
    where: str,
    region: str | None,
    parameters: Mapping[str, str],
    imports: Mapping[str, Any],
) -> tuple[list[Found], list[str]]:
    """Every resource of a template whose condition holds, and what was taken for granted.

    `parameters` have values beside those that the template gives by default, `imports` what other templates
    export.
    """
    resources = expanded(document)
    known = replace(_known(document, resources, file, region, parameters), imports=imports)
    found = []
    for name, raw in resources.items():
        condition = str(raw.get("Condition", ""))
        truth = holds(condition, known) if condition else True
        if truth is False:
            known.assumed.append(
                f"{name} {raw['Type']}{_here(where)} is not there: condition {condition} does not hold"
            )
            continue
        if truth is None:
            known.assumed.append(f"condition {condition} holds: its parameters have no value in the template")
        values = value_of(raw.get("Properties") or {}, known)
        found.append(_found(name, str(raw["Type"]), values, file, where, region))
    known.assumed += [
        f"{name}{_here(where)} is left out: a macro makes resources of it" for name in left_out(document)
    ]
    return found, [*dict.fromkeys(known.assumed)]


def _here(where: str) -> str:
    return f" ({where})" if where else ""


def _found(name: str, type_: str, values: Any, file: str, where: str, region: str | None) -> Found:
    row = KINDS.get(type_, Row(""))
    properties = values if isinstance(values, dict) else {}
    return Found(row, f"{file}:{name}", name, name, f"{name} {type_}", where, "", type_, region, properties)


def exports_of(
    document: Mapping[str, Any], file: str, region: str | None, parameters: Mapping[str, str]
) -> dict[str, Any]:
    """What a template exports to others, by the names under which they import it."""
    known = _known(document, expanded(document), file, region, parameters)
    outputs = [one for one in (document.get("Outputs") or {}).values() if isinstance(one, dict)]
    exported = [one for one in outputs if isinstance(one.get("Export"), dict)]
    return {
        str(value_of(one["Export"].get("Name"), known)): value_of(one.get("Value"), known) for one in exported
    }


def parameter_names(document: Mapping[str, Any]) -> list[str]:
    """The parameters that a template has."""
    return [str(name) for name in document.get("Parameters") or {}]


def _known(
    document: Mapping[str, Any],
    resources: Mapping[str, Any],
    file: str,
    region: str | None,
    parameters: Mapping[str, str],
) -> Known:
    declared = {
        str(name): one for name, one in (document.get("Parameters") or {}).items() if isinstance(one, dict)
    }
    values = {name: one["Default"] for name, one in declared.items() if "Default" in one}
    values |= {name: one for name, one in parameters.items() if name in declared}
    stored = [name for name in values if str(declared[name].get("Type", "")).startswith("AWS::SSM")]
    known = {name: _split(one, declared[name]) for name, one in values.items() if name not in stored}
    mappings, conditions = document.get("Mappings") or {}, document.get("Conditions") or {}
    return Known(file, region, known, resources, mappings, conditions)


def _split(value: Any, declared: Mapping[str, Any]) -> Any:
    """A parameter's value; a list is written as one text with commas."""
    is_list = str(declared.get("Type", "")).startswith(("List<", "CommaDelimitedList"))
    return [one.strip() for one in str(value).split(",")] if is_list else value
