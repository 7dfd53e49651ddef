"""What stands for several resources in a template: groups of records, and what AWS SAM adds by itself.

Source: AWS Serverless Application Model developer guide, *Globals section* and *Generated resources*.
"""

from collections.abc import Iterator, Mapping
from typing import Any

_FUNCTION = "AWS::Serverless::Function"
_IMPLICIT = {
    "Api": ("RestApiId", "ServerlessRestApi", "AWS::Serverless::Api"),
    "HttpApi": ("ApiId", "ServerlessHttpApi", "AWS::Serverless::HttpApi"),
}
"""Of an event's type: the property that names its API, and the API that is there if none does."""


def expanded(document: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The resources of a template by their names, each that stands for several written out."""
    found: dict[str, dict[str, Any]] = {}
    shared = (document.get("Globals") or {}).get("Function") or {}
    for name, raw in document["Resources"].items():
        if not _is_resource(raw):
            continue
        if raw["Type"] == "AWS::Route53::RecordSetGroup":
            found |= _records(str(name), raw)
        elif raw["Type"] == _FUNCTION:
            found[str(name)] = _function(raw, shared)
        else:
            found[str(name)] = raw
    for name, type_ in [*_implied(found)]:
        found.setdefault(name, {"Type": type_})
    return found | _urls(found)


def left_out(document: Mapping[str, Any]) -> list[str]:
    """The names that stand among the resources and are none, such as `Fn::ForEach::Name`."""
    return [str(name) for name, raw in document["Resources"].items() if not _is_resource(raw)]


def _is_resource(raw: Any) -> bool:
    return isinstance(raw, dict) and "Type" in raw


def _records(name: str, raw: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    group = raw.get("Properties") or {}
    records = group.get("RecordSets")
    return {
        f"{name}[{number}]": {**raw, "Type": "AWS::Route53::RecordSet", "Properties": one}
        for number, one in enumerate(records if isinstance(records, list) else [])
    }


def _function(raw: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """A function with what all have in common, and the API of each event that names none."""
    own = {**shared, **(raw.get("Properties") or {})}
    events = own.get("Events")
    if isinstance(events, dict):
        own["Events"] = {name: _event(event) for name, event in events.items() if isinstance(event, dict)}
    return {**raw, "Properties": own}


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    key, api, _ = _IMPLICIT.get(str(event.get("Type")), ("", "", ""))
    if not key:
        return {**event}
    return {**event, "Properties": {key: {"Ref": api}, **(event.get("Properties") or {})}}


def _urls(resources: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The URLs of functions that are to have one."""
    return {
        f"{name}Url": {"Type": "AWS::Lambda::Url", "Properties": {"TargetFunctionArn": {"Ref": name}}}
        for name, raw in resources.items()
        if raw["Type"] == _FUNCTION and "FunctionUrlConfig" in raw["Properties"]
    }


def _implied(resources: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """The APIs that events name and nobody declares."""
    for raw in resources.values():
        if raw["Type"] != _FUNCTION:
            continue
        for event in (raw["Properties"].get("Events") or {}).values():
            key, api, type_ = _IMPLICIT.get(str(event.get("Type")), ("", "", ""))
            if key and event["Properties"][key] == {"Ref": api}:
                yield api, type_
