"""Expressions of a configuration in a plan: what they refer to, through variables and outputs of modules.

Source: Terraform documentation, *JSON Output Format*: expression and configuration representations.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator.exchange.found import Linked, without_index
from simulator.records import dataclass

_OF_NOTHING = ("each", "count", "local", "path", "terraform", "self")
"""What references begin with that names no resource; the plan does not tell what a local value is made of."""
_LEAF = {"references", "constant_value"}
_DEEPEST = 20


@dataclass(frozen=True)
class Scope:
    """A module of the configuration, and the call by which it stands in another one."""

    address: str
    """`module.eu.module.api`; empty for the root."""
    module: Mapping[str, Any]
    variables: Mapping[str, Any]
    """Of the root: what the plan was made with."""
    call: Mapping[str, Any] | None = None
    parent: "Scope | None" = None

    def child(self, name: str) -> "Scope | None":
        """A module that this one calls."""
        call = self.module.get("module_calls", {}).get(name)
        if call is None:
            return None
        address = f"{self.address}.module.{name}".lstrip(".")
        return Scope(address, call.get("module", {}), {}, call, self)

    def key(self, name: str) -> str:
        """The address of a resource in it."""
        return f"{self.address}.{name}".lstrip(".")


def targets(references: list[str], scope: Scope, depth: int = 0) -> list[str]:
    """The addresses of the resources that references name, each once."""
    found = (one for reference in references for one in _target(reference, scope, depth))
    return [*dict.fromkeys(found)]


def _target(reference: str, scope: Scope, depth: int) -> Iterator[str]:
    parts = without_index(reference).split(".")
    if depth > _DEEPEST or len(parts) < 2 or parts[0] in _OF_NOTHING:
        return
    if parts[0] == "var":
        expression = (scope.call or {}).get("expressions", {}).get(parts[1], {})
        if scope.parent is not None:
            yield from _targets_of(expression, scope.parent, depth)
    elif parts[0] == "module":
        child = scope.child(parts[1])
        outputs = {} if child is None else child.module.get("outputs", {})
        for name in parts[2:3] if child is not None else ():
            yield from _targets_of(outputs.get(name, {}).get("expression", {}), child, depth)
    else:
        length = 3 if parts[0] == "data" else 2
        yield scope.key(".".join(parts[:length]))


def _targets_of(expression: Any, scope: Scope | None, depth: int = 0) -> list[str]:
    assert scope is not None
    references = expression.get("references", []) if isinstance(expression, dict) else []
    return targets(references, scope, depth + 1)


def constant(expression: Any, scope: Scope) -> Any:
    """The value of an expression that is one, or a variable of one; None if it is more than that."""
    if not isinstance(expression, dict):
        return None
    if "constant_value" in expression:
        return expression["constant_value"]
    names = [one.split(".")[1] for one in expression.get("references", []) if one.startswith("var.")]
    return _variable(names[0], scope) if len({*names}) == 1 else None


def _variable(name: str, scope: Scope) -> Any:
    default = scope.module.get("variables", {}).get(name, {}).get("default")
    if scope.parent is None:
        return scope.variables.get(name, {}).get("value", default)
    given = (scope.call or {}).get("expressions", {}).get(name)
    return default if given is None else constant(given, scope.parent)


def linked(value: Any, expression: Any, scope: Scope, file: str) -> Any:
    """A planned value with what its expression refers to; what is not known yet is a text that refers."""
    if isinstance(expression, list):
        return _blocks(value, expression, scope, file)
    if not isinstance(expression, dict):
        return value
    if expression.keys() <= _LEAF:
        refs = [f"{file}:{one}" for one in _targets_of(expression, scope)]
        return _leaf(constant(expression, scope) if value is None else value, refs, expression)
    if isinstance(value, list):
        return _blocks(value, [expression], scope, file)
    known = value if isinstance(value, dict) else {}
    keys = dict.fromkeys([*known, *expression])
    return {key: linked(known.get(key), expression.get(key), scope, file) for key in keys}


def _blocks(value: Any, expressions: list[Any], scope: Scope, file: str) -> Any:
    known = value if isinstance(value, list) else []
    if known and len(known) != len(expressions):  # a dynamic block: nobody can tell which is which
        return known
    known = known or [None] * len(expressions)
    return [linked(*both, scope, file) for both in zip(known, expressions, strict=True)]


def _leaf(value: Any, refs: list[str], expression: Mapping[str, Any]) -> Any:
    if value is None:
        return Linked("", refs, False) if expression.get("references") else None
    if not refs:
        return value
    if isinstance(value, str):
        return Linked(value, refs)
    if isinstance(value, list):
        return [Linked(one, refs) if isinstance(one, str) else one for one in value] or [
            Linked("", refs, False)
        ]
    return {**value, "": Linked("", refs, False)} if isinstance(value, dict) else value
