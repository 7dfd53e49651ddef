"""Content networks before buckets, as services of their own."""

from typing import Any

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import free, name_of, origin_of, paths_of
from simulator.exchange.draft.writing import Entry, entry, seconds
from simulator.exchange.found import Found

_ORIGINS_MOST = 2


def draft_networks(draft: Drafted) -> None:
    """Add each content network whose default origin is a bucket."""
    for one in draft.links.kind("cdn"):
        buckets = _buckets_of(one, draft)
        draft.use(one)
        if not buckets:
            draft.unread.append(
                f"{origin_of([one])}: a content network before something else than a bucket; users are "
                "drafted to reach its origin directly, so its cache and its own failover are left out"
            )
            continue
        _draft_network(one, buckets, draft)


def _buckets_of(one: Found, draft: Drafted) -> list[Found]:
    """The buckets of the default behaviour, the primary first; none if it leads elsewhere."""
    ids, domains = one.texts("origin_ids"), one.all("origins")
    target = one.text("target")
    groups = one.texts("groups")
    members = one.all("members")
    wanted: list[Any] = [target]
    if target in groups:
        wanted = members[groups.index(target)] if groups.index(target) < len(members) else []
    found: list[Found] = []
    for wish in wanted:
        domain = domains[ids.index(wish)] if wish in ids else None
        found += draft.links.at(one, domain, "bucket") or _by_name(domain, draft)
    return [*dict.fromkeys(found)]


def _by_name(domain: Any, draft: Drafted) -> list[Found]:
    """Buckets by the beginning of a domain, `NAME.s3.REGION.amazonaws.com`, be parts of it unknown."""
    name = str(domain).partition(".s3")[0] if isinstance(domain, str) and ".s3" in domain else ""
    return [one for one in draft.links.kind("bucket") if name and str(one.raw("name")) == name]


def _draft_network(one: Found, buckets: list[Found], draft: Drafted) -> None:
    name = free(name_of(one), [*draft.places, *draft.names("services")])
    regions = [*dict.fromkeys(bucket.region for bucket in buckets if bucket.region)][:_ORIGINS_MOST]
    apart = "its origins are buckets that no rule copies to each other; make them one bucket"
    is_apart = len({draft.stores.get(bucket) for bucket in buckets}) > 1
    get = Entry(
        f"{name.replace('-', '_').lower()}_get",
        [entry("", {"get": draft.stores.get(buckets[0], "")}, "assumed")],
        "assumed",
        ["users are drafted to read objects alone; add the operations that they have"],
    )
    lines = [
        entry("regions", regions, origin_of(buckets)),
        entry("cdn", _cdn(one, regions), _said(one), apart if is_apart else ""),
        Entry("operations", [get]),
    ]
    draft.services[one] = name
    draft.add("services", Entry(name, lines, origin_of([one])))
    draft.assumed.append(f"operations of {name}: objects are read, and none written")


def _cdn(one: Found, regions: list[str]) -> dict[str, Any]:
    cdn: dict[str, Any] = {"origins": regions}
    if (ttl := one.number("ttl")) is not None and ttl > 0:
        cdn["ttl"] = seconds(ttl)
    if attempts := _first(one, "attempts"):
        cdn["attempts"] = int(attempts)
    if wait := _first(one, "connect"):
        cdn["connect_timeout"] = seconds(wait)
    return cdn


def _first(one: Found, name: str) -> float | None:
    return next((number for number in one.numbers(name) if number), None)


def _said(one: Found) -> str:
    return paths_of(
        one, *(key for key in ("groups", "origins", "ttl", "attempts", "connect") if one.all(key))
    )
