"""Buckets with what they are copied to, caches, and databases with one writer."""

from typing import Any

from simulator.exchange.draft.drafted import Drafted
from simulator.exchange.draft.naming import free, name_of, origin_of, paths_of
from simulator.exchange.draft.writing import Entry, entry, exact
from simulator.exchange.found import Found

_MOST_REPLICAS = 5


def draft_stores(draft: Drafted) -> None:
    """Add buckets, caches and databases."""
    _draft_buckets(draft)
    _draft_caches(draft)
    for kind, group, engine in (
        ("aurora", "aurora_group", "aurora_global"),
        ("datastore", "datastore_group", "global_datastore"),
    ):
        _draft_grouped(kind, group, engine, draft)
    _draft_rds(draft)


# buckets


def _draft_buckets(draft: Drafted) -> None:
    """A bucket and those that it is copied to are one bucket with replicas."""
    targets = {one: [target for target, _, _ in _copies(one, draft)] for one in draft.links.kind("bucket")}
    copied = {target for found in targets.values() for target in found}
    origins = [one for one in targets if one not in copied]
    rings = [one for one in targets if one in copied and targets[one]]
    seen: set[Found] = set()
    for one in [*origins, *rings]:
        if one not in seen:
            group = _reached(one, targets)
            seen |= {*group}
            _draft_bucket(group, draft)


def _reached(first: Found, targets: dict[Found, list[Found]]) -> list[Found]:
    group = [first]
    for one in group:
        group += [target for target in targets[one] if target not in group]
    return group


def _copies(one: Found, draft: Drafted) -> list[tuple[Found, bool, Found]]:
    """What a bucket is copied to, whether within a promised time, and the resource that says so."""
    found = []
    for rules in [one, *_rules_of(one, draft)]:
        timed = rules.flags("time_control")
        for number, target in enumerate(rules.all("targets")):
            within = number < len(timed) and timed[number]
            found += [(bucket, within, rules) for bucket in _bucket_at(rules, target, draft)]
    return found


def _rules_of(one: Found, draft: Drafted) -> list[Found]:
    rules = draft.links.of(one, "bucket_replication")
    return [rule for rule in rules if one in draft.links.at(rule, rule.raw("source"), "bucket")]


def _bucket_at(one: Found, target: Any, draft: Drafted) -> list[Found]:
    found = draft.links.at(one, target, "bucket")
    if found or not isinstance(target, str):
        return found
    name = str(target).rpartition(":::")[2]
    return [bucket for bucket in draft.links.kind("bucket") if name and str(bucket.raw("name")) == name]


def _draft_bucket(group: list[Found], draft: Drafted) -> None:
    regions = [*dict.fromkeys(one.region for one in group if one.region)]
    if not regions:
        draft.unread.append(f"{origin_of(group)}: its region is not in the file")
        return
    copies = [copy for one in group for copy in _copies(one, draft)]
    rules = [*dict.fromkeys(rule for _, _, rule in copies)]
    draft.use(*rules)
    says = paths_of(rules[0], "targets") if rules else "its own region; nothing copies it"
    lines = [entry("replicas", regions, f"{origin_of(rules)}: {says}" if rules else says)]
    if any(within for _, within, _ in copies):
        lines.append(entry("time_control", True, paths_of(rules[0], "time_control")))
    name = free(name_of(group[0]), draft.places)
    draft.add_store("buckets", Entry(name, lines, origin_of(group)), regions, group)


# caches


def _draft_caches(draft: Drafted) -> None:
    """Clusters of one name, or of one multi-region cluster; those of ElastiCache if nothing joins them."""
    groups: dict[tuple[str, str], list[Found]] = {}
    for one in draft.links.kind("cache", "datastore"):
        if not draft.links.beside(one, "datastore_group"):
            groups.setdefault((one.kind, name_of((_wholes(one, draft) or [one])[0])), []).append(one)
    for (kind, name), found in groups.items():
        parents = [*dict.fromkeys(whole for one in found for whole in _wholes(one, draft))]
        name = free(name, draft.places)
        _draft_cache(name, found, parents, draft)
        if kind == "datastore":
            draft.assumed.append(f"cache {name}: ElastiCache, drafted as a MemoryDB cache")


def _wholes(one: Found, draft: Drafted) -> list[Found]:
    return draft.links.to(one, "cache_group")


def _draft_cache(name: str, found: list[Found], parents: list[Found], draft: Drafted) -> None:
    regions = [*dict.fromkeys(one.region for one in found if one.region)]
    if not regions:
        draft.unread.append(f"{origin_of(found)}: its region is not in the file")
        return
    draft.use(*parents)
    lines = [entry("regions", regions, "where it is declared")]
    if parents and len(regions) > 1:
        lines.append(entry("multi_region", True, origin_of(parents)))
    replicas = found[0].number("replicas")
    if replicas is not None:
        many = min(int(replicas), _MOST_REPLICAS)
        lines.append(entry("failover", {"replicas": many}, found[0].path("replicas")))
    draft.add_store("caches", Entry(name, lines, origin_of([*parents, *found])), regions, found)


# databases


def _draft_grouped(kind: str, group: str, engine: str, draft: Drafted) -> None:
    """Aurora Global Database and ElastiCache Global Datastore: one writer, and readers elsewhere.

    A cluster of Aurora in no group is a database by itself; a data store in none is a cache.
    """
    groups: dict[Found, list[Found]] = {}
    for one in draft.links.kind(kind):
        for parent in draft.links.beside(one, group)[:1] or ([one] if kind == "aurora" else []):
            groups.setdefault(parent, []).append(one)
    for parent, found in groups.items():
        writers = [one for one in found if _is_writer(one, parent, draft)]
        draft.use(parent)
        _draft_database(name_of(parent), engine, [parent, *found], found, writers, draft)


def _is_writer(one: Found, parent: Found, draft: Drafted) -> bool:
    if one is parent or one in draft.links.at(parent, parent.raw("primary"), one.kind):
        return True
    return parent.raw("primary") is None and one.raw("master") is not None and one.raw("source") is None


def _draft_rds(draft: Drafted) -> None:
    """Instances that are no replicas are writers; their replicas in other regions are readers."""
    members = [one for one in draft.links.kind("rds") if one.raw("cluster") is not None]
    draft.use(*members)  # they are in what was drafted of their clusters
    found = [one for one in draft.links.kind("rds") if one not in members]
    sources = {one: draft.links.at(one, one.raw("source"), "rds") for one in found}
    for one in found:
        if one.raw("source") is None:
            replicas = [other for other in found if one in sources[other]]
            _draft_database(name_of(one), "rds", [one, *replicas], [one, *replicas], [one], draft)
        elif not sources[one]:
            draft.unread.append(f"{origin_of([one])}: what it is a replica of is not in the files")


def _draft_database(
    name: str, engine: str, origins: list[Found], found: list[Found], writers: list[Found], draft: Drafted
) -> None:
    regions = [*dict.fromkeys(one.region for one in [*writers[:1], *found] if one.region)]
    if not regions:
        draft.unread.append(f"{origin_of(found)}: its region is not in the file")
        return
    todo = "" if writers else "which cluster is the writer is not in the file; write its region here"
    lines = [
        entry("engine", engine, "by the type of the resource"),
        entry("writer", regions[0], origin_of(writers[:1]) or origin_of(found[:1]), todo),
    ]
    if regions[1:]:
        readers = [one for one in found if one.region in regions[1:]]
        lines.append(entry("readers", regions[1:], origin_of(readers)))
    lines += _history(found)
    name = free(name, draft.places)
    draft.add_store("databases", Entry(name, lines, origin_of([*dict.fromkeys(origins)])), regions, found)


def _history(found: list[Found]) -> list[Entry]:
    """Automated backups of a cluster or an instance can be restored to any second of their time."""
    kept = {one: one.number("recovery_days") or 0 for one in found if one.region}
    days = max(kept.values(), default=0)
    if days < 1:
        return []
    regions = [*dict.fromkeys(str(one.region) for one, many in kept.items() if many)]
    value = {"window": f"{exact(days)} d", "regions": regions}
    return [entry("point_in_time_recovery", value, next(iter(kept)).path("recovery_days"))]
