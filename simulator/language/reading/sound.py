"""What is sound in a file that has errors, so that the rest of it is checked in the same go.

An entry of a section (a fault, a table, an operation …) in which something is wrong is left out whole; what
the others say about it is then not judged, for nobody can tell what it should have been.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError

from simulator.boundary.zones import zone_names
from simulator.language.models.quantities import Model
from simulator.language.reading.messages import path_in_file
from simulator.language.reading.positions import Document, Path
from simulator.records import dataclass

M = TypeVar("M", bound=Model)

_SECTIONS = {
    "regions",
    "tables",
    "databases",
    "caches",
    "buckets",
    "external",
    "services",
    "dns",
    "health_checks",
    "plans",
    "users",
    "faults",
    "operator",
    "restores",
    "expect",
    "objectives",
    "metrics",
    "alarms",
    "canaries",
    "waf",
    "scaling",
    "zonal_shifts",
    "shedding",
    "detectors",
    "suppress",
}
NAMED = (
    "regions",
    "tables",
    "databases",
    "caches",
    "buckets",
    "external",
    "services",
    "dns",
    "health_checks",
    "plans",
    "users",
    "alarms",
    "scaling",
    "detectors",
)
"""Sections whose names others may mention, so that faulty entries are still known by theirs."""
_STAND_INS: dict[str, Any] = {
    "topology": "",
    "regions": {},
    "services": {},
    "dns": {},
    "experiment": "",
    "duration": "366 d",
}


def sound_part(document: Document, model: type[M], error: ValidationError | None) -> tuple[M, set[Path]]:
    """The model of all that is sound, and the paths of what was left out of it."""
    paths = [path_in_file(one["loc"]) for one in error.errors()] if error is not None else []
    left_out = {_entry(path) for path in (*paths, *document.unsound)}
    data = {
        key: _without(key, value, left_out, document)
        for key, value in document.data.items()
        if (key,) not in left_out
    }
    stand_ins = {key: _STAND_INS[key] for key, info in model.model_fields.items() if info.is_required()}
    return model.model_validate(stand_ins | data), left_out


def _entry(path: Path) -> Path:
    """The entry that a path leads into: an operation, an entry of a section, or a key of the file."""
    if path[:1] == ("services",) and path[2:3] == ("operations",) and len(path) > 3:
        return path[:4]
    return path[: 2 if path and path[0] in _SECTIONS else 1]


def _without(key: str, value: Any, left_out: set[Path], document: Document) -> Any:
    """A section without the entries that are left out."""
    if isinstance(value, list) and key in _SECTIONS:
        kept = [number for number in range(len(value)) if (key, number) not in left_out]
        document.kept[key] = kept
        return [value[number] for number in kept]
    if not isinstance(value, dict) or key not in _SECTIONS:
        return value
    entries = {name: entry for name, entry in value.items() if (key, name) not in left_out}
    return entries if key != "services" else _without_operations(entries, left_out)


def _without_operations(services: dict[str, Any], left_out: set[Path]) -> dict[str, Any]:
    """Services without the operations that are left out."""
    bad: dict[str, set[str | int]] = {}
    for path in left_out:
        if path[:1] == ("services",) and path[2:3] == ("operations",):
            bad.setdefault(str(path[1]), set()).add(path[3])
    return services | {
        name: services[name] | {"operations": _other_than(names, services[name]["operations"])}
        for name, names in bad.items()
        if name in services
    }


def _other_than(names: set[str | int], entries: dict[str, Any]) -> dict[str, Any]:
    return {name: entry for name, entry in entries.items() if name not in names}


Declared = tuple[str, ...] | None


@dataclass(frozen=True)
class Names:
    """The names that a topology declares, those of faulty entries too; None where nobody can tell."""

    regions: Declared = None
    zones: Declared = None
    """Region and letter; of a faulty region as many as a region can have."""
    tables: Declared = None
    databases: Declared = None
    caches: Declared = None
    buckets: Declared = None
    external: Declared = None
    services: Declared = None
    dns: Declared = None
    health_checks: Declared = None
    plans: Declared = None
    alarms: Declared = None
    scaling: Declared = None
    detectors: Declared = None
    operations: dict[str, tuple[str, ...]] | None = None
    """The operations of each service."""
    issuers: Declared = None
    """The identity's regions; none without an identity."""
    users: Declared = None
    """The populations of the usual load."""
    near: tuple[str, ...] = ()
    """The regions near which these live."""
    homes: tuple[str, ...] = ()
    """Where external dependencies run."""


def names_in(document: Document, sound: Model, left_out: set[Path]) -> Names:
    """The names that a topology's file declares, of which `sound` is the sound part."""
    data = document.data
    whole = all(path and (len(path) > 1 or path[0] in type(sound).model_fields) for path in left_out)

    def declared(section: str) -> Declared:
        if (section,) in left_out or (section not in data and not whole):
            return None
        return tuple(data.get(section, {}))

    services = declared("services")
    operations = None
    if services is not None and not any(
        path[0] == "services" and len(path) == 2 for path in left_out if path
    ):
        operations = {name: tuple(data["services"][name]["operations"]) for name in services}
    simple = {section: declared(section) for section in NAMED}
    issuers = _issuers(data["identity"]) if "identity" in data else () if whole else None
    zones = _zones(sound, simple["regions"])
    near, homes = _texts_in(data.get("users"), "near"), _texts_in(data.get("external"), "home")
    return Names(**simple, operations=operations, zones=zones, issuers=issuers, near=near, homes=homes)


def _texts_in(section: Any, key: str) -> tuple[str, ...]:
    """What the entries of a section say under a key, as it is written."""
    entries = section.values() if isinstance(section, dict) else ()
    said = [one.get(key) for one in entries if isinstance(one, dict)]
    return tuple(one for one in said if isinstance(one, str))


def _zones(sound: Model, regions: Declared) -> Declared:
    if regions is None:
        return None
    of_sound = getattr(sound, "regions", {})
    return tuple(
        zone
        for region in regions
        for zone in (zone_names(region, of_sound[region].zones) if region in of_sound else zone_names(region))
    )


def _issuers(identity: Any) -> Declared:
    listed = identity.get("issuer") if isinstance(identity, dict) else None
    is_clear = isinstance(listed, list) and all(isinstance(one, str) for one in listed)
    return tuple(listed) if isinstance(listed, list) and is_clear else None


def is_whole(entries: Iterable[str], declared: Declared) -> bool:
    """Tell whether every declared entry is sound."""
    return declared is not None and len([*entries]) == len(declared)
