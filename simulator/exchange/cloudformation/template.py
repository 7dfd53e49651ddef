"""A template of CloudFormation: its resources, with their references, and YAML with its short functions."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from simulator.exchange.cloudformation.intrinsics import Known, holds, value_of
from simulator.exchange.cloudformation.kinds import KINDS
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
    document: Mapping[str, Any], file: str, where: str, region: str | None
) -> Iterator[Found]:
    """Every resource of a template whose condition holds, as far as that can be told."""
    resources = {
        str(name): one
        for name, one in document["Resources"].items()
        if isinstance(one, dict) and "Type" in one
    }
    known = _known(document, resources, file, region)
    for name, raw in resources.items():
        if "Condition" in raw and holds(str(raw["Condition"]), known) is False:
            continue
        type_ = str(raw["Type"])
        values = value_of(raw.get("Properties") or {}, known)
        yield Found(
            KINDS.get(type_, Row("")),
            f"{file}:{name}",
            name,
            name,
            f"{name} {type_}",
            where,
            "",
            type_,
            region,
            values if isinstance(values, dict) else {},
        )


def _known(document: Mapping[str, Any], resources: Mapping[str, Any], file: str, region: str | None) -> Known:
    parameters = {
        str(name): one["Default"]
        for name, one in (document.get("Parameters") or {}).items()
        if isinstance(one, dict) and "Default" in one and not str(one.get("Type", "")).startswith("AWS::SSM")
    }
    return Known(
        file, region, parameters, resources, document.get("Mappings") or {}, document.get("Conditions") or {}
    )
