"""References from one place of a file to a name that is declared in another, checked wherever they stand.

The checks walk through what the user wrote, not through the models: a name is judged even where something
beside it is wrong. A name whose declaration is faulty counts as declared.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from simulator import catalog
from simulator.boundary.kinds import CALLS, SECTIONS, Call
from simulator.boundary.measures import MEASURES
from simulator.language.models.quantities import EVERYWHERE
from simulator.language.reading.messages import known, nearest
from simulator.language.reading.positions import Document, Path
from simulator.language.reading.sound import Names

_NEAR = ("users.*.near", "faults.*.bots.near", "canaries.*.near")


def regions_of(names: Names) -> tuple[str, ...] | None:
    """The topology's regions; None if one is misspelled: nobody can tell which others that makes wrong."""
    return names.regions if names.regions and {*names.regions} <= {*catalog.region_names()} else None


def _places(names: Names, document: Document) -> list[str] | None:
    """What a link may join: the system's regions, the checkers', those of users, homes, and everywhere."""
    if regions_of(names) is None:
        return None
    near = (region for pattern in _NEAR for _, region in _texts(document.data, pattern.split(".")))
    usual = () if _has_users(document) else names.near
    there = {*(names.regions or ()), *catalog.checker_regions(), *near, *usual, *names.homes}
    return [*sorted(there), EVERYWHERE]


def _has_users(document: Document) -> bool:
    """Whether a file says itself who uses the system."""
    return not isinstance(document.data, dict) or "users" in document.data


def _populations(names: Names, document: Document) -> Iterable[str] | None:
    """Those of the file, or of the topology if it has none."""
    if not _has_users(document):
        return names.users
    users = document.data.get("users") if isinstance(document.data, dict) else None
    return [str(one) for one in users] if isinstance(users, dict) else None


def _stores(names: Names) -> list[str] | None:
    """What is copied between regions, wherever it is declared; None if one section is misspelled."""
    sections = (names.tables, names.databases, names.buckets, names.caches)
    return None if None in sections else [name for section in sections for name in section or ()]


def _tables(names: Names) -> list[str] | None:
    """What is read and written by items: tables and databases; None if one of these is misspelled."""
    if names.tables is None or names.databases is None:
        return None
    return [*names.tables, *names.databases]


def _operations(names: Names, _: Document) -> list[str] | None:
    """What users can ask for: each operation by its name alone, and with its service's."""
    if names.operations is None or not all(names.operations.values()):
        return None
    alone = (operation for operations in names.operations.values() for operation in operations)
    qualified = (f"{service}.{one}" for service, operations in names.operations.items() for one in operations)
    return [*dict.fromkeys([*alone, *qualified])]


def _callees(names: Names, document: Document) -> list[str] | None:
    """What a step may call: external dependencies and operations; None if one of these is misspelled."""
    operations = _operations(names, document)
    return None if names.external is None or operations is None else [*names.external, *operations]


_EXISTING: dict[str, Callable[[Names, Document], Iterable[str] | None]] = {
    "region": lambda names, _: regions_of(names),
    "table": lambda names, _: names.tables,
    "database": lambda names, _: names.databases,
    "table or database": lambda names, _: _tables(names),
    "store": lambda names, _: _stores(names),
    "cache": lambda names, _: names.caches,
    "bucket": lambda names, _: names.buckets,
    "external": lambda names, _: names.external,
    "external or operation": _callees,
    "home": lambda *_: catalog.region_names(),
    "service": lambda names, _: names.services,
    "DNS name": lambda names, _: names.dns,
    "health check": lambda names, _: names.health_checks,
    "failover plan": lambda names, _: names.plans,
    "alarm": lambda names, _: names.alarms,
    "scaler": lambda names, _: names.scaling,
    "detector": lambda names, _: names.detectors,
    "checker region": lambda *_: catalog.checker_regions(),
    "client profile": lambda *_: catalog.client_profiles(),
    "Lambda runtime": lambda *_: tuple(catalog.LAMBDA_RUNTIMES),
    "place": _places,
    "operation": _operations,
    "population": _populations,
}
"""The names that exist, by what they name; None if nobody can tell them."""

_IN_WORDS = {"store": "table, database, bucket or cache", "home": "region"}


def _of_measures() -> Iterator[tuple[str, str]]:
    """The keys that narrow measures. One that always means the same is judged beneath any word."""
    keys = [(measure.name, key) for measure in MEASURES for key in measure.scope.keys]
    for name, key in keys:
        alike = all(other.what == key.what for _, other in keys if other.name == key.name)
        if key.what in _EXISTING:
            yield f"expect.*.{'*' if alike else name}.{key.name}", key.what


def _declared_as(call: Call) -> str:
    """What the store of a step is, in words."""
    return " or ".join(SECTIONS[section] for section in (call.stores, call.also) if section)


_OF_USERS = (("users.*.client", "client profile"), ("users.*.client.profile", "client profile"))
_PLAN_STEPS = ("steps.*", "steps.*.together.*", "steps.*.together.*.*")
"""Where the steps of a failover plan stand: in order, side by side, and in order beside others."""

_OF_TRIGGER = (
    ("unhealthy", "health check"),
    ("healthy", "health check"),
    ("alarm", "alarm"),
    ("region", "region"),
)
"""What a trigger names."""

_IN_TOPOLOGY: tuple[tuple[str, str], ...] = (
    *_OF_USERS,
    *((f"objectives.*.operations{each}", "operation") for each in ("", ".*")),
    *((f"objectives.*.populations{each}", "population") for each in ("", ".*")),
    ("tables.*.replicas.*", "region"),
    ("tables.*.absent_in.*", "region"),
    ("databases.*.writer", "region"),
    ("databases.*.readers.*", "region"),
    *(
        (f"{section}.*.{place}", "region")
        for section in ("tables", "databases")
        for place in ("point_in_time_recovery.regions.*", "backups.*.region", "backups.*.copied_to.*")
    ),
    ("caches.*.regions.*", "region"),
    ("buckets.*.replicas.*", "region"),
    ("external.*.home", "home"),
    ("services.*.operations.*.*.call", "external or operation"),
    ("services.*.operations.*.*.to", "region"),
    ("services.*.regions.*", "region"),
    ("services.*.dormant_in.*", "region"),
    ("services.*.cdn.origins.*", "region"),
    ("services.*.compute.lambda.runtime", "Lambda runtime"),
    ("services.*.compute_in.*.lambda.runtime", "Lambda runtime"),
    ("services.*.calls", "client profile"),
    ("services.*.calls.profile", "client profile"),
    ("services.*.calls_to.*", "client profile"),
    ("services.*.calls_to.*.profile", "client profile"),
    ("services.*.operations.*.*.miss", "table or database"),
    *((f"services.*.operations.*.*.{one.key}", _declared_as(one)) for one in CALLS if one.key != "call"),
    ("dns.*.service", "service"),
    ("dns.*.health_check", "health check"),
    ("health_checks.*.checker_regions.*", "checker region"),
    ("health_checks.*.operation", "operation"),
    ("services.*.compute.nodes.check.operation", "operation"),
    ("services.*.compute_in.*.nodes.check.operation", "operation"),
    ("identity.issuer.*", "region"),
    *(
        (f"{kind}.*.trigger.{key}", what)
        for kind in ("plans", "zonal_shifts", "shedding")
        for key, what in _OF_TRIGGER
    ),
    ("zonal_shifts.*.services", "service"),
    ("zonal_shifts.*.services.*", "service"),
    ("shedding.*.operations", "operation"),
    ("shedding.*.operations.*", "operation"),
    ("alarms.*.suppressor.alarm", "alarm"),
    ("scaling.*.service", "service"),
    ("scaling.*.table", "table"),
    ("scaling.*.in", "region"),
    ("scaling.*.steps.*.on.alarm", "alarm"),
    ("canaries.*.operation", "operation"),
    ("waf.*.protects.*", "service"),
    ("waf.*.rules.*.operations.*", "operation"),
    ("waf.*.rules.*.flagged_by", "detector"),
    ("detectors.*.of.*", "service"),
    ("detectors.*.in", "region"),
    *(
        (f"plans.*.{steps}.{key}", what)
        for steps in _PLAN_STEPS
        for key, what in (
            ("change", "DNS name"),
            ("promote", "database"),
            ("to", "region"),
            ("plan", "failover plan"),
            ("routing_control", "DNS name"),
            ("fail_back", "DNS name"),
            ("on.*", "region"),
            ("fence", "region"),
            ("unfence", "region"),
            ("restore", "table or database"),
            ("region", "region"),
            ("stores.*", "store"),
            ("enable", "service"),
            ("scale", "service"),
            ("throughput", "table"),
            ("replica", "store"),
            ("in", "region"),
            ("wait_for.replication", "store"),
            ("wait_for.healthy", "health check"),
            ("wait_for.region", "region"),
            ("wait_for.traffic", "region"),
            ("drain", "region"),
            ("names.*", "DNS name"),
            *((f"needs.region{each}", "region") for each in ("", ".*")),
            *((f"needs.service{each}", "service") for each in ("", ".*")),
            *((f"needs.external{each}", "external") for each in ("", ".*")),
            *((f"needs.name{each}", "DNS name") for each in ("", ".*")),
        )
    ),
)

_IN_EXPERIMENT: tuple[tuple[str, str], ...] = (
    *_OF_USERS,
    ("faults.*.region", "region"),
    ("faults.*.service", "service"),
    ("faults.*.table", "table"),
    ("faults.*.database", "database"),
    ("faults.*.cache", "cache"),
    ("faults.*.bucket", "bucket"),
    ("faults.*.external", "external"),
    ("faults.*.clock", "region"),
    ("faults.*.dns", "DNS name"),
    ("faults.*.replication.table", "store"),
    ("faults.*.replication.region", "region"),
    ("faults.*.replication.from", "region"),
    ("faults.*.replication.to", "region"),
    ("operator.*.change", "DNS name"),
    ("operator.*.fail_back", "DNS name"),
    ("operator.*.run", "failover plan"),
    ("restores.*.table", "table"),
    ("restores.*.database", "database"),
    ("restores.*.region", "region"),
    ("operator.*.promote", "database"),
    ("operator.*.to", "region"),
    ("faults.*.link.between.*", "place"),
    ("faults.*.link.from", "place"),
    ("faults.*.link.to", "place"),
    ("faults.*.surge", "population"),
    *((f"faults.*.operations{each}", "operation") for each in ("", ".*")),
    *((f"faults.*.populations{each}", "population") for each in ("", ".*")),
    *dict.fromkeys(_of_measures()),
)

_POPULATION_KEYS = ("objective.within.populations",)
_ACTIONS = ("users.*.actions", "faults.*.bots.actions", "objective.within.operations")


def check_names_of_topology(names: Names, document: Document) -> None:
    """Report every unknown name in a topology."""
    for region in names.regions or ():
        known(document, ("regions", region), region, catalog.region_names(), "region", at_key=True)
    _check(_IN_TOPOLOGY, names, document)
    _check_zones("zonal_shifts", names, document)
    _check_users(names, document)


def check_names_of_experiment(names: Names, document: Document) -> None:
    """Report every unknown name in an experiment."""
    _check(_IN_EXPERIMENT, names, document)
    _check_users(names, document)
    for pattern in _POPULATION_KEYS:
        for path, population in _keys(document.data, pattern.split(".")):
            known(document, path, population, _populations(names, document), "population", at_key=True)
    _check_zones("faults", names, document)
    _check_issuers(names, document)


def check_names_of_own(sections: Iterable[str], names: Names, document: Document) -> None:
    """Report every unknown name in what an experiment has of its own, in sections that are a topology's."""
    own = {*sections}
    _check(tuple(one for one in _IN_TOPOLOGY if one[0].partition(".")[0] in own), names, document)
    _check_zones("zonal_shifts", names, document)


def _check_users(names: Names, document: Document) -> None:
    """Report unknown names in who uses the system, and in what they ask for."""
    for pattern in _NEAR:
        for path, region in _texts(document.data, pattern.split(".")):
            known(document, path, region, catalog.region_names(), "region")
    for pattern in _ACTIONS:
        for path, action in _keys(document.data, pattern.split(".")):
            known(document, path, action, _operations(names, document), "operation", at_key=True)


def _check_zones(section: str, names: Names, document: Document) -> None:
    for path, zone in _texts(document.data, [section, "*", "zone"]):
        _check_zone(zone, names, document, path)


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


def _check(references: tuple[tuple[str, str], ...], names: Names, document: Document) -> None:
    for pattern, what in references:
        found = [*_texts(document.data, pattern.split("."))]
        existing = _EXISTING[what](names, document) if found else None
        for path, name in found:
            known(document, path, name, existing, _IN_WORDS.get(what, what))


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
