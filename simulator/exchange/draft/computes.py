"""What services run on: functions of Lambda, or fleets of nodes spread over zones."""

import math
from typing import Any

from simulator import catalog
from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import origin_of, paths_of
from simulator.exchange.draft.sites import Site
from simulator.exchange.draft.writing import Entry, entry, exact
from simulator.exchange.found import Found, refs_in

_ZONES_MOST, _ZONES = 6, 3
_CHECK = {
    "interval": ("interval", " s"),
    "timeout": ("timeout", " s"),
    "unhealthy": ("unhealthy_threshold", ""),
}
_CHECK |= {"healthy": ("healthy_threshold", "")}


def compute_of(sites: list[Site], service: str, draft: Drafted) -> list[Entry]:
    """`compute` as in the first region, and `compute_in` for those that differ."""
    by_region: dict[str, list[Site]] = {}
    for site in sites:
        by_region.setdefault(str(site.region), []).append(site)
    made = {region: _compute(some, service, draft) for region, some in by_region.items()}
    first, *others = made
    value, origin, todo = made[first]
    lines = [entry("compute", value, origin, *todo)]
    differing = [
        entry(region, made[region][0], made[region][1], *(one for one in made[region][2] if one not in todo))
        for region in others
        if made[region][0] != value
    ]
    return [*lines, Entry("compute_in", differing)] if differing else lines


def _compute(sites: list[Site], service: str, draft: Drafted) -> tuple[Any, str, list[str]]:
    functions = [*dict.fromkeys(one for site in sites for one in site.functions)]
    fleets = [*dict.fromkeys(one for site in sites for one in site.fleets)]
    if functions:
        return _lambda(functions, draft)
    if fleets:
        return _nodes(fleets, sites, service, draft)
    door = origin_of([sites[0].door])
    return "unlimited", "assumed", [f"what {door} leads to is not in the files; write what it runs on"]


# functions


def _lambda(functions: list[Found], draft: Drafted) -> tuple[Any, str, list[str]]:
    """The functions behind one gateway, drafted as one: the first's, and what is kept warm for all."""
    first, todo = functions[0], list[str]()
    value: dict[str, Any] = {}
    runtime = first.text("runtime")
    if runtime in catalog.LAMBDA_RUNTIMES:
        value["runtime"] = runtime
    else:
        has = ", ".join(sorted(catalog.LAMBDA_RUNTIMES))
        todo.append(f"its runtime is {runtime or 'not in the file'}; write the nearest 'runtime' of {has}")
    if memory := first.number("memory"):
        value["memory"] = f"{exact(memory)} MB"
    warm = [(one, many) for function in functions for one, many in _provisioned(function, draft)]
    if warm:
        value["provisioned"] = int(sum(many for _, many in warm))
    reserved = [function.number("reserved") for function in functions]
    kept = [one for one in reserved if one is not None and one > 0]
    if kept and len(kept) == len(functions):
        value["reserved"] = int(sum(kept))
    if len(functions) > 1 and not _alike(functions):
        todo.append(
            f"its {len(functions)} functions differ in runtime, memory or reserved concurrency; this is as "
            f"{first.label} is: make them services of their own if that matters"
        )
    said = paths_of(
        first, *(name for name in ("runtime", "memory", "reserved") if first.raw(name) is not None)
    )
    origin = ": ".join(one for one in (origin_of([first]), said) if one)
    return {"lambda": value}, ", ".join([origin, *(origin_of([one]) for one, _ in warm)]), todo


def _provisioned(function: Found, draft: Drafted) -> list[tuple[Found, float]]:
    """The environments kept warm, by what says so: the function itself, an alias, or a configuration."""
    saying = [function, *draft.links.of(function, "provisioned", "alias")]
    saying += [two for one in saying[1:] for two in draft.links.of(one, "provisioned") if two not in saying]
    draft.use(*saying)
    return [(one, many) for one in saying if (many := one.number("provisioned"))]


def _alike(functions: list[Found]) -> bool:
    fields = ("runtime", "memory", "reserved")
    return len({tuple(one.text(name) for name in fields) for one in functions}) == 1


# nodes


def _nodes(
    fleets: list[Found], sites: list[Site], service: str, draft: Drafted
) -> tuple[Any, str, list[str]]:
    region, todo = str(sites[0].region), list[str]()
    value: dict[str, Any] = {}
    zones = [zones_of(one, draft) for one in fleets]
    known = [many for _, many in zones if many]
    named = {name for names, _ in zones for name in names}
    many = min(max(len(named), *known), _ZONES_MOST) if known else _ZONES
    if not known:
        draft.assumed.append(f"service {service}: {many} zones in {region}, since no file tells its subnets")
    many = draft.zones[region] = max(many, draft.zones.get(region, 0))
    nodes = [node_count(one) for one in fleets]
    if all(one is None for one in nodes):
        todo.append("how many nodes there are is not in the file; write 'per_zone'")
        value["per_zone"] = 1
    else:
        total = sum(int(one or 0) for one in nodes)
        value["per_zone"] = math.ceil(total / many)
        if total % many:
            drafted = f"{value['per_zone']} a zone are drafted"
            todo.append(f"{total} nodes are not the same in each of {many} zones: {drafted}")
    several = len({(one.origin, one.where) for one in fleets})  # not instances of one resource
    if several > 1:
        todo.append(f"its {several} fleets are drafted as one; make them services of their own if need be")
    todo.append("'workers' and 'queue' of a node are the defaults, since no file tells them")
    checks = _check(sites, draft)
    if checks:
        value["check"] = checks[0]
    said = [origin_of(fleets), *([checks[1]] if checks else [])]
    return {"nodes": value}, ", ".join(said), todo


def node_count(fleet: Found) -> float | None:
    """The nodes, or tasks, of a fleet; None if the file does not tell."""
    return 1 if fleet.type.lower().endswith(("instance",)) else fleet.number("nodes")


def zones_of(fleet: Found, draft: Drafted) -> tuple[set[str], int]:
    """The zones that a fleet is spread over as far as they are named, and how many at least: as its subnets.

    0: the file does not tell.
    """
    value = fleet.raw("zones")
    subnets = draft.links.at(fleet, value, "subnet")
    if subnets:
        draft.use(*subnets)
        told = [one.text("zone") for one in subnets]
        named = {one for one in told if one}
        return named, len(subnets) if None in told else len(named)
    known = {one for one in fleet.texts("zones") if one}
    return {one for one in known if one[:-1] in catalog.region_names()}, len(known) or len(refs_in(value))


def _check(sites: list[Site], draft: Drafted) -> tuple[dict[str, Any], str] | None:
    """The health check of the first target group."""
    groups = [one for site in sites for one in site.joints if one.kind == "target_group"]
    for group in groups[:1]:
        found = {
            key: f"{exact(number)}{unit}" if unit else int(number)
            for name, (key, unit) in _CHECK.items()
            if (number := group.number(name)) is not None
        }
        if found:
            return found, f"{origin_of([group])}: health_check"
    return None
