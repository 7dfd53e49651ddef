"""Intrinsic functions of CloudFormation: what is known is computed, the rest refers to others.

Source: AWS CloudFormation user guide, *Intrinsic function reference* and *Pseudo parameters reference*.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any

from simulator.exchange.found import Linked, refs_in
from simulator.records import dataclass
from simulator.units import shown

NO_VALUE = object()
"""What `AWS::NoValue` stands for: the property is not there."""
_VARIABLE = re.compile(r"\$\{([^!{}][^{}]*)\}")
_ZONES = "abc"
_OF_LISTS = ("Fn::FindInMap", "Fn::If", "Fn::Join", "Fn::Select", "Fn::Split")


@dataclass
class Known:
    """What is known while a template is read."""

    file: str
    region: str | None
    parameters: Mapping[str, Any]
    """The values of parameters that have one."""
    resources: Mapping[str, Any]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
    imports: Mapping[str, Any] = field(default_factory=dict)
    """What other templates export, by name."""
    assumed: list[str] = field(default_factory=list)
    """What was taken for granted on the way."""
    open: set[str] = field(default_factory=set)
    """Conditions that are being computed, to notice one that follows itself."""

    def ref(self, name: str) -> Any:
        """What `Ref` gives."""
        if name == "AWS::NoValue":
            return NO_VALUE
        if name == "AWS::Region":
            return Linked("AWS::Region", (), False) if self.region is None else self.region
        if name in self.parameters:
            return self.parameters[name]
        pseudo = {"AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
        if name in pseudo:
            return pseudo[name]
        return Linked("", self.refs(name), False)

    def refs(self, name: str) -> tuple[str, ...]:
        """The key of a resource of this name; nothing if there is none, as of a parameter without a value."""
        return (f"{self.file}:{name}",) if name in self.resources else ()


def value_of(raw: Any, known: Known) -> Any:
    """A value with its functions computed as far as the template tells."""
    if isinstance(raw, list):
        return [one for one in (value_of(entry, known) for entry in raw) if one is not NO_VALUE]
    if not isinstance(raw, dict):
        return raw
    if len(raw) == 1:
        ((name, argument),) = raw.items()
        if name == "Ref":
            return known.ref(str(argument))
        if name in _FUNCTIONS:
            return _called(name, argument, known)
        if str(name).startswith("Fn::"):
            return Linked("", refs_in(value_of(argument, known)), False)
    found = {str(key): value_of(entry, known) for key, entry in raw.items()}
    return {key: entry for key, entry in found.items() if entry is not NO_VALUE}


def _called(name: str, argument: Any, known: Known) -> Any:
    """What a function gives; ValueError with its name if it has arguments that it does not take."""
    try:
        if name in _OF_LISTS and not isinstance(argument, list):
            raise TypeError
        return _FUNCTIONS[name](argument, known)
    except (TypeError, LookupError, AttributeError):
        raise ValueError(f"{name} has other arguments than it takes: {shown(argument)}") from None


def holds(name: str, known: Known) -> bool | None:
    """Whether a condition holds; None if that depends on what the template does not tell."""
    if name not in known.conditions or name in known.open:
        return None
    known.open.add(name)
    try:
        return _truth(known.conditions[name], known)
    finally:
        known.open.discard(name)


def _truth(raw: Any, known: Known) -> bool | None:
    if not isinstance(raw, dict) or len(raw) != 1:
        return None
    ((name, argument),) = raw.items()
    if name != "Condition" and not isinstance(argument, list):
        raise ValueError(f"{name} has other arguments than it takes: {shown(argument)}")
    if name == "Condition":
        return holds(str(argument), known)
    if name == "Fn::Equals":
        left, right = (value_of(one, known) for one in [*argument, None, None][:2])
        unknown = any(isinstance(one, Linked) and not one.known for one in (left, right))
        return None if unknown else _text(left) == _text(right)
    truths = [_truth(one, known) for one in argument]
    if name == "Fn::Not":
        return None if not truths or truths[0] is None else not truths[0]
    decisive = {"Fn::And": False, "Fn::Or": True}.get(name)
    if decisive is None:
        return None
    if decisive in truths:
        return decisive
    return None if None in truths else not decisive


def _text(value: Any) -> str:
    """A value as CloudFormation has it in texts, which are what it compares."""
    return str(value).lower() if isinstance(value, bool) else str(value)


# functions


def _get_att(argument: Any, known: Known) -> Any:
    name = argument[0] if isinstance(argument, list) else str(argument).partition(".")[0]
    return Linked("", known.refs(str(name)), False)


def _sub(argument: Any, known: Known) -> Any:
    text, given = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})
    parts: list[Any] = []

    def put(found: re.Match[str]) -> str:
        name = found[1].strip()
        value = value_of(given[name], known) if name in given else _named(name, known)
        parts.append(value)
        return found[0] if isinstance(value, Linked) and not value.known else _text(value)

    said = _VARIABLE.sub(put, str(text)).replace("${!", "${")
    return _joined(said, parts)


def _named(name: str, known: Known) -> Any:
    resource, dot, _ = name.partition(".")
    return _get_att([resource], known) if dot else known.ref(name)


def _joined(text: str, parts: list[Any]) -> Any:
    """A text made of parts: known if all of them are, and referring to what they refer to."""
    refs = refs_in(parts)
    is_known = not any(isinstance(one, Linked) and not one.known for one in parts)
    return text if is_known and not refs else Linked(text, refs, is_known)


def _join(argument: Any, known: Known) -> Any:
    if not isinstance(argument, list) or len(argument) != 2:
        return Linked("", (), False)
    parts = value_of(argument[1], known)
    if not isinstance(parts, list):
        return Linked("", refs_in(parts), False)
    return _joined(str(argument[0]).join(map(_text, parts)), parts)


def _find_in_map(argument: Any, known: Known) -> Any:
    keys = [value_of(one, known) for one in argument[:3]]
    found: Any = known.mappings
    for key in keys:
        found = found.get(_text(key)) if isinstance(found, dict) else None
    return Linked("", refs_in(keys), False) if found is None else found


def _select(argument: Any, known: Known) -> Any:
    number, values = value_of(argument[0], known), value_of(argument[1], known)
    try:
        return values[int(number)] if isinstance(values, list) else Linked("", refs_in(values), False)
    except (ValueError, IndexError):
        return Linked("", refs_in(values), False)


def _split(argument: Any, known: Known) -> Any:
    value = value_of(argument[1], known)
    if isinstance(value, Linked):
        return Linked("", value.refs, False)
    return str(value).split(str(argument[0]))


def _if(argument: Any, known: Known) -> Any:
    """The branch of a condition; where nobody can tell which, that of a condition that holds."""
    truth = holds(str(argument[0]), known)
    if truth is None:
        known.assumed.append(f"condition {argument[0]} holds: its parameters have no value in the template")
    return value_of(argument[2 if truth is False else 1], known)


def _zones(argument: Any, known: Known) -> Any:
    region = value_of(argument, known) or known.region
    if not isinstance(region, str) or isinstance(region, Linked):
        return Linked("", (), False)
    known.assumed.append(f"{region} has three zones (Fn::GetAZs)")
    return [f"{region}{one}" for one in _ZONES]


def _import(argument: Any, known: Known) -> Any:
    name = value_of(argument, known)
    return known.imports.get(str(name), Linked("", refs_in(name), False))


def _through(argument: Any, known: Known) -> Any:
    return value_of(argument, known)


_FUNCTIONS: Mapping[str, Callable[[Any, Known], Any]] = {
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::FindInMap": _find_in_map,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::GetAZs": _zones,
    "Fn::Base64": _through,
    "Fn::ImportValue": _import,
}
