"""Drawn faults: anything that can break, for a while or to the end."""

from collections.abc import Callable

from hypothesis import strategies as st

from tests.twin.drawn import Spec, compute_of, often, percent, sampled, seconds, some_of
from tests.twin.drawn_plans import remade
from tests.twin.drawn_users import bots

ENDLESS = ("lost", "flushed", "deleted")
_SHUTS_OUT = ("key_unusable", "role_unusable")
LIMITABLE = ("error", "slow", "black_hole")


def _looks(draw: st.DrawFn, *more: Spec) -> Spec:
    slow = {"mode": "slow", "factor": draw(st.sampled_from([1.5, 20])), "add": draw(seconds(0, 0.04, 1))}
    error = {"mode": "error", "share": draw(percent(10, 50, 100))}
    return draw(st.sampled_from([{"mode": "refused"}, {"mode": "black_hole"}, error, slow, *more]))


def _somewhere(draw: st.DrawFn, regions: list[str]) -> Spec:
    return {"region": draw(st.sampled_from(regions))} if draw(st.integers(0, 3)) else {}


def _region(draw: st.DrawFn, topology: Spec) -> Spec:
    return {"region": draw(st.sampled_from([*topology["regions"]]))} | _looks(
        draw, {"mode": "lost"}, {"mode": "lost"}, {"mode": "disabled"}
    )


def _zone(draw: st.DrawFn, topology: Spec) -> Spec:
    region = draw(st.sampled_from([*topology["regions"]]))
    letter = draw(st.sampled_from("abc"[: topology["regions"][region].get("zones", 3)]))
    return {"zone": region + letter} | _looks(draw)


def _node(draw: st.DrawFn, topology: Spec) -> Spec:
    """A node of a site that runs on some."""
    site, count = draw(st.sampled_from(_sites_with_nodes(topology)))
    return {"node": f"{draw(st.integers(0, count - 1))} of {site}"} | _looks(draw)


def _sites_with_nodes(topology: Spec) -> list[tuple[str, int]]:
    """Each site that has nodes from the start, and how many."""
    sites = [
        (f"{name}@{region}", compute_of(service, region), topology["regions"][region].get("zones", 3))
        for name, service in topology["services"].items()
        for region in service["regions"]
    ]
    found = [(site, on["nodes"]["per_zone"] * zones) for site, on, zones in sites if "nodes" in on]
    return [(site, count) for site, count in found if count]


def _link(draw: st.DrawFn, topology: Spec) -> Spec:
    regions = draw(st.permutations([*topology["regions"]]))
    ends = draw(st.sampled_from([*regions[1:], "us-west-2", "everywhere", "everywhere"]))
    pair = [regions[0], ends] if draw(st.booleans()) else [ends, regions[0]]
    link = {"between": pair} if draw(st.booleans()) else {"from": pair[0], "to": pair[1]}
    lossy = {"mode": "lossy", "share": draw(percent(10, 60))}
    slow = {"mode": "slow", "factor": draw(st.sampled_from([1.5, 20])), "add": draw(seconds(0, 1))}
    return {"link": link} | draw(st.sampled_from([{"mode": "cut"}, lossy, slow]))


def _replication(draw: st.DrawFn, topology: Spec) -> Spec:
    table = next(iter(topology["tables"]))
    a, b, *_ = draw(st.permutations(topology["tables"][table]["replicas"]))
    scopes = [{}, {"table": table}, {"region": a}, {"from": a, "to": b, "table": table}]
    late = often(draw, {"takes_hold": draw(sampled(1, 20))}, {})
    return {"replication": draw(st.sampled_from(scopes))} | late


def _clock(draw: st.DrawFn, topology: Spec) -> Spec:
    region = draw(st.sampled_from([*topology["regions"]]))
    return {"clock": region, "skew": draw(st.sampled_from(["-5 s", "700 ms", "1 s"]))}


def _dns(draw: st.DrawFn, topology: Spec) -> Spec:
    lossy = {"mode": "black_hole", "share": draw(percent(10, 50, 100))}
    look = draw(st.sampled_from([{"mode": "error"}, lossy, {"mode": "empty_answer"}]))
    return {"dns": draw(st.sampled_from([*topology["dns"]]))} | look


def _service(draw: st.DrawFn, topology: Spec) -> Spec:
    names = [name for name, service in topology["services"].items() if "cdn" not in service]
    name = draw(st.sampled_from(names))
    where = _somewhere(draw, topology["services"][name]["regions"])
    struck = [*where.values()] or topology["services"][name]["regions"]
    looks = []
    if any(compute_of(topology["services"][name], region) != "unlimited" for region in struck):
        looks = [{"mode": "capacity", "share": draw(percent(0, 30, 60))}] * 4
    return {"service": name, **where} | _looks(draw, *looks)


def _throttled(draw: st.DrawFn) -> Spec:
    return {"mode": "throttled", "share": draw(percent(30, 100))}


def _damage(draw: st.DrawFn, topology: Spec) -> Spec:
    stores = {"table": topology["tables"]} | ({"bucket": topology["buckets"]} if topology["buckets"] else {})
    kind = draw(st.sampled_from(["table", "table", *stores]))
    name = draw(st.sampled_from([*stores[kind]]))
    items = {"items": draw(percent(20, 60, 100))}
    corrupted = {"mode": "corrupted", "share": draw(percent(20, 60, 100))}
    struck = {"mode": draw(st.sampled_from(["corrupted", "deleted"]))} | items
    if kind == "table" and draw(st.integers(0, 5)) == 0:
        return {kind: name, "mode": "deleted"}
    damage = draw(st.sampled_from([corrupted, struck]))
    return {kind: name} | _somewhere(draw, stores[kind][name]["replicas"]) | damage


def _table(draw: st.DrawFn, topology: Spec) -> Spec:
    name = draw(st.sampled_from([*topology["tables"]]))
    looks = [{"mode": "empty_answer"}, _throttled(draw)] * 2
    if topology["tables"][name]["capacity"] != "unlimited":
        looks += [{"mode": "capacity", "share": draw(percent(0, 10, 50))}] * 3
    if _is_copied(topology["tables"][name]) and draw(st.integers(0, 2)) == 0:
        region = draw(st.sampled_from(topology["tables"][name]["replicas"]))
        return {"table": name, "region": region, "mode": draw(st.sampled_from(_SHUTS_OUT))}
    return {"table": name} | _somewhere(draw, topology["tables"][name]["replicas"]) | _looks(draw, *looks)


def _is_copied(table: Spec) -> bool:
    """Whether a replica can be forked."""
    return len(table["replicas"]) > 1 and table.get("consistency") != "strong"


def _database(draw: st.DrawFn, topology: Spec) -> Spec:
    base = topology["databases"]["base0"]
    if draw(st.integers(0, 5)) == 0:
        return {"database": "base0", "mode": "deleted"}
    where = _somewhere(draw, [base["writer"], *base["readers"]])
    damage = {"mode": "corrupted", "share": draw(percent(20, 100))}
    return {"database": "base0"} | where | _looks(draw, {"mode": "empty_answer"}, damage, damage)


def _cache(draw: st.DrawFn, topology: Spec) -> Spec:
    name = draw(st.sampled_from([*topology["caches"]]))
    looks = _looks(draw, {"mode": "empty_answer"}, _throttled(draw), {"mode": "flushed"}, {"mode": "flushed"})
    return {"cache": name} | _somewhere(draw, topology["caches"][name]["regions"]) | looks


def _bucket(draw: st.DrawFn, topology: Spec) -> Spec:
    origins = topology["services"]["web"]["regions"]
    return {"bucket": "bucket0"} | _somewhere(draw, [*topology["regions"], *origins]) | _looks(draw)


def _external(draw: st.DrawFn, topology: Spec) -> Spec:
    name = draw(st.sampled_from([*topology["external"]]))
    looks = _looks(draw, {"mode": "empty_answer"}, _throttled(draw))
    return {"external": name} | _somewhere(draw, [*topology["regions"]]) | looks


def _issuer(draw: st.DrawFn, topology: Spec) -> Spec:
    return {"issuer": draw(st.sampled_from(topology["identity"]["issuer"]))} | _looks(draw)


def _keys(draw: st.DrawFn, topology: Spec) -> Spec:
    return {"keys": draw(st.sampled_from([*topology["identity"]["issuer"], "everywhere"]))}


def _reached(fault: Spec, topology: Spec) -> list[str]:
    """The operations whose requests may come to where a fault is."""
    here = [topology["services"][fault["service"]]] if "service" in fault else topology["services"].values()
    there = [
        one for one in here if "cdn" not in one and fault.get("region", one["regions"][0]) in one["regions"]
    ]
    return [operation for service in there for operation in service["operations"]]


def _limits(draw: st.DrawFn, fault: Spec, topology: Spec, users: Spec) -> Spec:
    """Some operations, some populations that ask for them, or both; nothing where all are struck."""
    if fault.get("mode") not in LIMITABLE or not {"service", "region", "issuer"} & {*fault}:
        return {}
    if {"table", "database", "cache", "bucket", "external"} & {*fault}:
        return {}
    if "issuer" in fault:
        return {"populations": draw(some_of([*users]))}
    if not (reached := _reached(fault, topology)):
        return {}
    limits = {"operations": draw(some_of(reached))} if draw(st.integers(0, 2)) else {}
    asking = [name for name, one in users.items() if {*one["actions"]} & {*limits.get("operations", reached)}]
    if asking and (not limits or draw(st.booleans())):
        limits["populations"] = draw(some_of(asking))
    return limits


Kind = Callable[[st.DrawFn, Spec], Spec]


def _kinds(topology: Spec) -> list[Kind]:
    """The kinds of fault that a topology can have, the more dangerous more often."""
    kinds: list[Kind] = [_region, _region, _region, _zone, _zone, _link, _replication, _replication]
    kinds += [_clock, _dns, _dns, _damage, _damage, _damage]
    if _sites_with_nodes(topology):
        kinds += [_node, _node, _node]
    kinds += [_service, _service, _service, _table, _table, *([_cache] if topology["caches"] else [])]
    if topology["databases"]:
        kinds += [_database, _database, _region, _link, _link]
    if topology["external"]:
        kinds += [_external, _external, _region, _link, _link]
    if "web" in topology["services"]:
        kinds += [_bucket, _bucket, _region]
    return [*kinds, _issuer, _issuer, _keys] if "identity" in topology else kinds


@st.composite
def faults(draw: st.DrawFn, topology: Spec, users: Spec, operation_names: list[str]) -> Spec:
    """Anything that can break, for a while or to the end; or more load."""
    fault: Spec = {"at": draw(seconds(0, 30, 60, 90))}
    load = draw(st.integers(0, 13))
    if load == 0:
        factor = draw(st.sampled_from([0.3, 2, 5]))
        fault |= {"surge": draw(st.sampled_from([*users])), "factor": factor}
    elif load == 1:
        fault |= {"bots": draw(bots(operation_names))}
    else:
        fault |= draw(st.sampled_from(_kinds(topology)))(draw, topology)
        fault |= _limits(draw, fault, topology, users) if draw(st.booleans()) else {}
    if fault.get("mode") not in ENDLESS and "items" not in fault and draw(st.booleans()):
        fault["for"] = draw(seconds(1, 30, 60, 100))
        if draw(st.booleans()):
            how = draw(st.sampled_from(["duty", "bad"]))
            fault["flapping"] = {"period": draw(seconds(7, 20)), how: draw(percent(30, 50))}
    return fault


def faults_of(topology: Spec, users: Spec, operations: list[str]) -> st.SearchStrategy[list[Spec]]:
    """Up to six of them."""
    return st.lists(faults(topology, users, operations), max_size=6)


@st.composite
def bad_parts(draw: st.DrawFn, topology: Spec) -> list[Spec]:
    """In most systems: a zone of each region breaks, or a node of each site, wherever requests go."""
    sites = _sites_with_nodes(topology)
    kinds, number = ["", "zone", *(["node"] * 3 if sites else [])], draw(st.integers(0, 1))
    kind = draw(st.sampled_from(kinds))
    places: dict[str, list[str]] = {
        "": [],
        "zone": [region + "a" for region in topology["regions"]],
        "node": [f"{number % count} of {site}" for site, count in sites],
    }
    fault = {"at": draw(seconds(0, 30))} | _looks(draw) | often(draw, {"for": draw(seconds(30, 60))}, {})
    return [{kind: place} | fault for place in places[kind]]


@st.composite
def forks(draw: st.DrawFn, topology: Spec) -> list[Spec]:
    """What shuts out most of the replicas that plans make anew, for so long that they are forked."""
    found = []
    for name, region in remade(topology):
        if draw(st.integers(0, 3)):
            topology["defaults"]["fork_after"] = draw(seconds(1, 5))
            mode = draw(st.sampled_from([*_SHUTS_OUT, "disabled"]))
            what = {"region": region} | ({} if mode == "disabled" else {"table": name})
            found.append({"at": draw(seconds(0, 7)), "for": draw(seconds(20, 50)), **what, "mode": mode})
    return found
