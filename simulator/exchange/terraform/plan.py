"""A plan or a state of Terraform: its resources, with their regions and references.

Source: Terraform documentation, *JSON Output Format*.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from simulator import catalog
from simulator.exchange.found import Found, Row, without_index
from simulator.exchange.terraform.expressions import Scope, constant, linked
from simulator.exchange.terraform.kinds import KINDS

_ARN_PARTS = 6


def resources_of(document: Mapping[str, Any], file: str, where: str, region: str | None) -> Iterator[Found]:
    """Every resource of a plan or state; `region` is that of a provider that does not say its own.

    `file` tells the references of one file from those of another, `where` names it for a reader.
    """
    configuration = document.get("configuration", {})
    root = Scope("", configuration.get("root_module", {}), document.get("variables", {}))
    values = document.get("planned_values") or document.get("values") or {}
    state = (document.get("prior_state") or {}).get("values", {})
    read = [*_flat(values.get("root_module", {})), *_data(state.get("root_module", {}))]
    seen = {without_index(one["address"]) for one in read}
    for raw in [*read, *_unplanned(root, seen)]:
        yield _found(raw, root, configuration, file, where, region)


def _flat(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (one for one in module.get("resources", []) if isinstance(one, dict) and "address" in one)
    for child in module.get("child_modules", []):
        yield from _flat(child)


def _data(module: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Data sources that were read while planning, such as policy documents."""
    return (one for one in _flat(module) if one.get("mode") == "data")


def _unplanned(scope: Scope, seen: set[str]) -> Iterator[dict[str, Any]]:
    """Data sources that are read while applying: the configuration alone tells what they refer to."""
    for one in scope.module.get("resources", []):
        address = scope.key(one["address"])
        if one.get("mode") == "data" and address not in seen:
            yield {**one, "address": address, "values": {}}
    for name in scope.module.get("module_calls", {}):
        child = scope.child(name)
        if child is not None:
            yield from _unplanned(child, seen)


def _found(
    raw: Mapping[str, Any],
    root: Scope,
    configuration: Mapping[str, Any],
    file: str,
    where: str,
    region: str | None,
) -> Found:
    address, type_, label = str(raw["address"]), str(raw.get("type", "")), str(raw.get("name", ""))
    is_data = raw.get("mode") == "data"
    own = f"{'data.' if is_data else ''}{type_}.{label}"
    plain, place = without_index(address), address.rpartition(own)[0].rstrip(".")
    scope = _scope(without_index(place), root)
    declared = {} if scope is None else _declared(scope, own)
    values = raw.get("values") or {}
    if scope is not None:
        values = linked(values, declared.get("expressions") or None, scope, file)
    return Found(
        KINDS.get(type_, Row("data" if is_data else "")),
        f"{file}:{plain}",
        address,
        label,
        own,
        ", ".join(one for one in (place, where) if one),
        place,
        type_,
        _region(values, declared, root, scope, configuration) or region,
        values,
    )


def _scope(module: str, root: Scope) -> Scope | None:
    """The configuration of a module by its address; None if the file holds none, as a state does."""
    scope: Scope | None = root if root.module else None
    for name in module.split(".")[1::2]:
        scope = None if scope is None else scope.child(name)
    return scope


def _declared(scope: Scope, address: str) -> Mapping[str, Any]:
    return next((one for one in scope.module.get("resources", []) if one.get("address") == address), {})


def _region(
    values: Mapping[str, Any],
    declared: Mapping[str, Any],
    root: Scope,
    scope: Scope | None,
    configuration: Mapping[str, Any],
) -> str | None:
    """By what the resource says itself, else by its provider."""
    own = str(values.get("region") or "")
    if own in catalog.region_names():
        return own
    for name in ("arn", "id"):
        arn = str(values.get(name) or "").split(":")
        if len(arn) >= _ARN_PARTS and arn[3] in catalog.region_names():
            return arn[3]
    zone = str(values.get("availability_zone") or "")
    if zone[:-1] in catalog.region_names():
        return zone[:-1]
    if scope is None:
        return None
    return _region_of_provider(str(declared.get("provider_config_key", "aws")), root, scope, configuration)


def _only(providers: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The provider that a module has from the root, if that has one alone; an old plan does not say which."""
    alike = [key for key in providers if key.partition(".")[0] == name.partition(".")[0]]
    found: Mapping[str, Any] = providers[name] if alike == [name] else {}
    return found


def _region_of_provider(key: str, root: Scope, scope: Scope, configuration: Mapping[str, Any]) -> str | None:
    """The region of a provider's configuration, of a variable if it is one; None if it does not say."""
    providers = configuration.get("provider_config", {})
    provider = providers.get(key) or _only(providers, key.rpartition(":")[2])
    within = provider.get("module_address")
    home = _scope(within, root) if within else root
    expression = provider.get("expressions", {}).get("region")
    region = constant(expression, home or scope)
    return region if isinstance(region, str) else None
