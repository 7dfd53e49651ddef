"""References from one place of a file to a name that is declared in another, checked wherever they stand.

The checks walk through what the user wrote, not through the models: a name is judged even where something
beside it is wrong. A name whose declaration is faulty counts as declared.
"""

from collections.abc import Callable, Iterator
from typing import Any

from simulator import catalog
from simulator.boundary.measures import MEASURES, PAIR
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names

EVERYWHERE = "everywhere"

_Allowed = Callable[[Names], "tuple[str, ...] | None"]


def regions_of(names: Names) -> tuple[str, ...] | None:
    """The topology's regions; None if one is misspelled: nobody can tell which others that makes wrong."""
    return names.regions if names.regions and {*names.regions} <= {*catalog.region_names()} else None


def _profiles(_: Names) -> tuple[str, ...]:
    return catalog.client_profiles()


def _runtimes(_: Names) -> tuple[str, ...]:
    return tuple(catalog.LAMBDA_RUNTIMES)


_IN_TOPOLOGY: tuple[tuple[str, str, _Allowed], ...] = (
    ("tables.*.replicas.*", "region", regions_of),
    ("caches.*.regions.*", "region", regions_of),
    ("buckets.*.replicas.*", "region", regions_of),
    ("services.*.regions.*", "region", regions_of),
    ("services.*.cdn.origins.*", "region", regions_of),
    ("services.*.compute.lambda.runtime", "Lambda runtime", _runtimes),
    ("services.*.compute_in.*.lambda.runtime", "Lambda runtime", _runtimes),
    ("services.*.calls", "client profile", _profiles),
    ("services.*.calls.profile", "client profile", _profiles),
    ("services.*.operations.*.*.read", "table", lambda names: names.tables),
    ("services.*.operations.*.*.write", "table", lambda names: names.tables),
    ("services.*.operations.*.*.miss", "table", lambda names: names.tables),
    ("services.*.operations.*.*.cache", "cache", lambda names: names.caches),
    ("services.*.operations.*.*.increment", "cache", lambda names: names.caches),
    ("services.*.operations.*.*.get", "bucket", lambda names: names.buckets),
    ("services.*.operations.*.*.put", "bucket", lambda names: names.buckets),
    ("dns.*.service", "service", lambda names: names.services),
    ("dns.*.health_check", "health check", lambda names: names.health_checks),
    ("health_checks.*.checker_regions.*", "checker region", lambda _: catalog.checker_regions()),
    ("identity.issuer.*", "region", regions_of),
)

_OF_PAIRS = tuple(measure.name for measure in MEASURES if measure.scope is PAIR)
"""Measures whose `from` and `to` are regions; those of others may be times."""

_IN_EXPERIMENT: tuple[tuple[str, str, _Allowed], ...] = (
    ("users.*.near", "region", lambda _: catalog.region_names()),
    ("users.*.client", "client profile", _profiles),
    ("users.*.client.profile", "client profile", _profiles),
    ("faults.*.region", "region", regions_of),
    ("faults.*.service", "service", lambda names: names.services),
    ("faults.*.table", "table", lambda names: names.tables),
    ("faults.*.cache", "cache", lambda names: names.caches),
    ("faults.*.bucket", "bucket", lambda names: names.buckets),
    ("faults.*.bots.near", "region", lambda _: catalog.region_names()),
    ("faults.*.clock", "region", regions_of),
    ("faults.*.dns", "DNS name", lambda names: names.dns),
    ("faults.*.replication.table", "table", lambda names: names.tables),
    ("faults.*.replication.region", "region", regions_of),
    ("faults.*.replication.from", "region", regions_of),
    ("faults.*.replication.to", "region", regions_of),
    ("operator.*.change", "DNS name", lambda names: names.dns),
    ("expect.*.*.table", "table", lambda names: names.tables),
    ("expect.*.*.cache", "cache", lambda names: names.caches),
    *((f"expect.*.{measure}.{end}", "region", regions_of) for measure in _OF_PAIRS for end in ("from", "to")),
)

_LINK_ENDS = ("faults.*.link.between.*", "faults.*.link.from", "faults.*.link.to")
_NEAR = ("users.*.near", "faults.*.bots.near")
_POPULATIONS = ("faults.*.surge", "expect.*.*.population")
_ACTIONS = ("users.*.actions", "faults.*.bots.actions")


def check_names_of_topology(names: Names, document: Document) -> None:
    """Report every unknown name in a topology."""
    for region in names.regions or ():
        known(document, ("regions", region), region, catalog.region_names(), "region", at_key=True)
    _check(_IN_TOPOLOGY, names, document)


def check_names_of_experiment(names: Names, document: Document) -> None:
    """Report every unknown name in an experiment."""
    _check(_IN_EXPERIMENT, names, document)
    places = _places(names, document)
    for pattern in _LINK_ENDS:
        for path, place in _texts(document.data, pattern.split(".")):
            known(document, path, place, places, "place")
    for pattern in _ACTIONS:
        for path, action in _keys(document.data, pattern.split(".")):
            known(document, path, action, _operations(names), "operation", at_key=True)
    for path, action in _texts(document.data, ["expect", "*", "*", "operation"]):
        known(document, path, action, _operations(names), "operation")
    for pattern in _POPULATIONS:
        for path, population in _texts(document.data, pattern.split(".")):
            known(document, path, population, _populations(document.data), "population")
    for path, zone in _texts(document.data, ["faults", "*", "zone"]):
        _check_zone(zone, names, document, path)
    _check_issuers(names, document)


def _check_zone(zone: str, names: Names, document: Document, path: Path) -> None:
    if regions_of(names) is None or names.zones is None or zone in names.zones:
        return
    there = [one for one in names.zones if one[:-1] in (zone, zone[:-1])]
    hint = f"; one of: {', '.join(there)}" if there else nearest(zone, names.zones)
    document.problem(f"unknown zone '{zone}'{hint}", path)


def _check_issuers(names: Names, document: Document) -> None:
    for key, more in (("issuer", ()), ("keys", (EVERYWHERE,))):
        for path, region in _texts(document.data, ["faults", "*", key]):
            if names.issuers == ():
                complaint = "the topology has no 'identity', so there is no issuer that could break"
                document.problem(complaint, path)
            elif names.issuers is not None:
                known(document, path, region, [*names.issuers, *more], "issuer")


def _check(references: tuple[tuple[str, str, _Allowed], ...], names: Names, document: Document) -> None:
    for pattern, what, allowed in references:
        for path, name in _texts(document.data, pattern.split(".")):
            known(document, path, name, allowed(names), what)


def _places(names: Names, document: Document) -> list[str] | None:
    """What a link may join: the system's regions, the checkers', those of users, and everywhere."""
    if regions_of(names) is None:
        return None
    near = (region for pattern in _NEAR for _, region in _texts(document.data, pattern.split(".")))
    return [*sorted({*(names.regions or ()), *catalog.checker_regions(), *near}), EVERYWHERE]


def _populations(data: Any) -> list[str] | None:
    users = data.get("users", {}) if isinstance(data, dict) else None
    return [str(one) for one in users] if isinstance(users, dict) else None


def _operations(names: Names) -> list[str] | None:
    """What users can ask for: each operation by its name alone, and with its service's."""
    if names.operations is None or not all(names.operations.values()):
        return None
    alone = (operation for operations in names.operations.values() for operation in operations)
    qualified = (f"{service}.{one}" for service, operations in names.operations.items() for one in operations)
    return [*dict.fromkeys([*alone, *qualified])]


def _texts(data: Any, pattern: list[str], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text that stands at a pattern of keys, `*` being any key or number."""
    if not pattern:
        if isinstance(data, str):
            yield path, data
        return
    for key, value in _children(data):
        if pattern[0] in ("*", key):
            yield from _texts(value, pattern[1:], (*path, key))


def _keys(data: Any, pattern: list[str], path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every key of the mappings that stand at a pattern."""
    for key, value in _children(data):
        if not pattern and isinstance(key, str):
            yield (*path, key), key
        elif pattern and pattern[0] in ("*", key):
            yield from _keys(value, pattern[1:], (*path, key))


def _children(data: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(data, dict):
        yield from data.items()
    elif isinstance(data, list):
        yield from enumerate(data)
