"""Names of the DNS: a record set of Route 53 by policy, with its regions, weights and places."""

from typing import Any

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import origin_of, paths_of, plain
from simulator.exchange.draft.sites import Site, doors_of
from simulator.exchange.draft.writing import Entry, entry, seconds
from simulator.exchange.found import Found

_TYPES = ("A", "AAAA", "CNAME")
_CONTINENTS = {
    "AF": "africa",
    "AS": "asia",
    "EU": "europe",
    "NA": "north-america",
    "OC": "oceania",
    "SA": "south-america",
}
_FIELDS = {"failover": "failover", "weight": "weighted", "latency": "latency", "country": "geolocation"}
_FIELDS |= {"continent": "geolocation"}
_ALIAS_TTL = "60 s"


def record_sets(draft: Drafted) -> dict[str, list[Found]]:
    """The records of addresses by name, in file order; of two families of addresses one counts."""
    sets: dict[str, list[Found]] = {}
    for one in draft.links.kind("record"):
        if (one.text("type") or "A") in _TYPES:
            sets.setdefault(_name(one), []).append(one)
        else:
            draft.use(one)
    for name, found in sets.items():
        first = found[0].text("type")
        draft.use(*found)
        sets[name] = [one for one in found if one.text("type") == first]
    return sets


def _name(one: Found) -> str:
    """The name that it is of; if the file does not tell it, one that says so."""
    return (one.text("name") or f"{plain(one.label)}.unknown.example").rstrip(".").lower()


def sites_behind(found: list[Found], sites: list[Site], draft: Drafted) -> list[Site]:
    """What the records of a name lead to."""
    doors = {door for one in found for door in doors_of(one, draft.links)}
    return [site for site in sites if site.door in doors or doors & {*site.fleets}]


def draft_records(sets: dict[str, list[Found]], checks: dict[str, str], draft: Drafted) -> None:
    """Add each name that leads to a service, then one for each service to which none does."""
    for name, found in sets.items():
        service = _service_of(found, draft)
        if service is None:
            draft.unread.append(f"{origin_of(found)}: {name} leads to nothing that was drafted")
        else:
            draft.add("dns", Entry(name, _lines(name, found, service, checks, draft), origin_of(found)))
    served = {one.value[0].value for one in draft.sections.get("dns", ())}
    for service in draft.names("services"):
        if service not in served:
            _invent(service, draft)


def _invent(service: str, draft: Drafted) -> None:
    todo = (
        "no record of the files leads to this service; write the name by which users reach it, and its "
        "policy, or take this out if another service alone calls it"
    )
    lines = [entry("service", service, "assumed"), entry("policy", "simple", "assumed")]
    draft.add("dns", Entry(f"{service.lower()}.unknown.example", lines, "assumed", [todo]))
    draft.assumed.append(f"the name of {service}")


def _service_of(found: list[Found], draft: Drafted) -> str | None:
    return next(iter(_services_of(found, draft)), None)


def _services_of(found: list[Found], draft: Drafted) -> list[str]:
    """Of each record the first thing on the way that is a service, each once; that of the first leads.

    A content network comes before what it hides.
    """
    ways = [
        [draft.services[door] for door in doors_of(one, draft.links) if door in draft.services]
        for one in found
    ]
    return [*dict.fromkeys(way[0] for way in ways if way)]


def region_of(one: Found, draft: Drafted) -> str | None:
    """The region that a record leads to: what it says itself, or that of its target."""
    if said := one.text("latency"):
        return said
    doors = [
        door for door in doors_of(one, draft.links) if door.region and door.kind not in ("record", "cdn")
    ]
    return doors[0].region if doors else None


def _lines(
    name: str, found: list[Found], service: str, checks: dict[str, str], draft: Drafted
) -> list[Entry]:
    policy, origin, todo = _policy(found)
    lines = [
        entry("service", service, paths_of(found[0], "values" if found[0].raw("alias") is None else "alias"))
    ]
    if others := [one for one in _services_of(found, draft) if one != service]:
        lines[0].todo.append(
            f"some of its records lead to {', '.join(others)}, and a name here to one service"
        )
    lines.append(entry("policy", policy, origin, todo))
    lines += _ttl(found)
    by_region = [(region, one) for one in found if (region := region_of(one, draft))]
    if found[0].text("name") is None:
        written = str(found[0].raw("name") or "")
        as_far = f"but for {written}" if written else "at all"
        lines[0].todo.append(f"its name is not in the files {as_far}; write it in place of the one above")
    if policy != "simple" and len(by_region) < len(found):
        lines[1].todo.append("which region each of its records leads to is not wholly in the files")
    elif policy != "simple" and len({region for region, _ in by_region}) < len(found):
        lines[1].todo.append("several of its records lead to one region, and one a region is drafted")
    lines += _keys(policy, by_region)
    if name in checks and policy != "simple":
        has = [one.raw("check") is not None for one in found]
        todo = _only(found, has, "a health check", draft)
        lines.append(entry("health_check", checks[name], paths_of(_checked(found), "check"), todo))
    follows = [one.flag("follows") for one in found]
    if any(follows) and policy != "simple":
        todo = _only(found, follows, "evaluate_target_health", draft)
        lines.append(entry("evaluate_target_health", True, found[0].path("follows"), todo))
    return lines


def _only(found: list[Found], has: list[bool], what: str, draft: Drafted) -> str:
    """That some of the records alone have something that here holds for all of them."""
    if all(has):
        return ""
    pairs = zip(found, has, strict=True)
    regions = [region_of(one, draft) or one.label for one, is_so in pairs if is_so]
    return f"the record of {', '.join(regions)} alone has {what} in the files, and here that of each region"


def _checked(found: list[Found]) -> Found:
    return next(one for one in found if one.raw("check") is not None)


def _policy(found: list[Found]) -> tuple[str, str, str]:
    """The policy, the field that says so, and what is to be filled in."""
    for one in found:
        for key, policy in _FIELDS.items():
            if one.raw(key) is not None:
                return policy, one.path(key), ""
        if one.flag("multivalue"):
            return "multivalue", one.path("multivalue"), ""
        if one.raw("proximity") is not None:
            todo = "geoproximity and IP-based routing are not simulated; latency stands here for them"
            return "latency", one.path("proximity"), todo
    todo = "several records without a policy" if len(found) > 1 else ""
    return "simple", "it has no routing policy", todo


def _ttl(found: list[Found]) -> list[Entry]:
    kept = found[0].number("ttl")
    if kept is not None:
        return [entry("ttl", seconds(kept), found[0].path("ttl"))]
    if found[0].raw("alias") is not None:
        return [entry("ttl", _ALIAS_TTL, "that of an alias to a load balancer, a gateway or CloudFront")]
    todo = "its time to live is not in the file; 60 s is the default"
    return [entry("ttl", _ALIAS_TTL, "assumed", todo)]


def _keys(policy: str, by_region: list[tuple[str, Found]]) -> list[Entry]:
    """The order of a failover, the weights, the places."""
    if not by_region:
        return []
    first = by_region[0][1]
    if policy == "failover":
        ranked = sorted(by_region, key=lambda pair: (pair[1].text("failover") or "").upper() != "PRIMARY")
        return [entry("order", [*dict.fromkeys(region for region, _ in ranked)], first.path("failover"))]
    if policy == "weighted":
        weights = {region: int(one.number("weight") or 0) for region, one in by_region}
        return [entry("weights", weights, first.path("weight"))]
    if policy == "geolocation":
        places: dict[str, Any] = {_place(one): region for region, one in by_region}
        return [entry("geography", places, paths_of(first, "country", "continent"))]
    return []


def _place(one: Found) -> str:
    country = one.text("country")
    if country:
        return "default" if country == "*" else country.upper()
    return _CONTINENTS.get((one.text("continent") or "").upper(), "default")
