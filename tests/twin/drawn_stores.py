"""Drawn stores: tables with little capacity, caches, buckets; few items, so that writers meet."""

from hypothesis import strategies as st

from tests.twin.drawn import Spec, overrides, percent, sampled, seconds, some_of
from tests.twin.drawn_restores import protections

SPANNING = {"eu-central-1", "us-east-1"}
"""Of the drawn regions, those in which a cache may span regions."""

POPULARITY = st.sampled_from(["uniform", {"zipf": 1.1}])
CATCH_UP = st.sampled_from([1.5, 2, 3.33, 10])
EXPIRY = st.sampled_from(
    [
        {},
        {},
        {"time_to_live": "20 s", "expired_within": "30 s"},
        {"time_to_live": "40 s", "expired_within": "0 s"},
    ]
)
LAG = st.sampled_from([{}, {"median": "1 s", "p99": "1 s"}, {"median": "3 s", "p99": "20 s"}])


@st.composite
def capacities(draw: st.DrawFn, regions: list[str]) -> Spec:
    """None worth mentioning, or so little that it binds."""
    kind = draw(st.sampled_from(["provisioned", "warm", "on_demand", "unlimited"]))
    if kind in ("unlimited", "on_demand"):
        return {"capacity": kind}
    rates = ["5/s", "20/s"] if kind == "warm" else ["1/min", "6/min", "1/s"]
    rate = st.sampled_from(rates)
    names = ("warm_write", "warm_read") if kind == "warm" else ("write", "read")
    key = "on_demand" if kind == "warm" else kind
    each = st.builds(lambda w, r: {key: {names[0]: w, names[1]: r}}, rate, rate)
    capacity: Spec = {"capacity": draw(each)}
    if draw(st.booleans()):
        capacity["capacity_in"] = {region: draw(each) for region in draw(some_of(regions))}
    return capacity


OFFERING = ("eu-central-1", "eu-north-1", "us-east-1")
"""Of the drawn regions, those that offer strong tables."""


@st.composite
def members(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A replica everywhere; or a strong table with three members, the third a witness now and then."""
    if not {*regions} <= {*OFFERING} or draw(st.integers(0, 3)) == 0:
        return {"replicas": regions}
    if len(regions) == 3 and draw(st.booleans()):
        return {"replicas": regions, "consistency": "strong"}
    others = draw(st.permutations(regions))[:2]
    witness = next((region for region in regions if region not in others), "eu-west-1")
    return {"replicas": others, "consistency": "strong", "witness": witness}


@st.composite
def tables(draw: st.DrawFn, regions: list[str]) -> Spec:
    """One or two tables, with a replica everywhere or strong."""
    made = {}
    for number in range(draw(st.integers(1, 2))):
        name = f"table{number}"
        made[name] = {
            **draw(members(regions)),
            "items": draw(st.sampled_from([1, 2, 5, 40])),
            "initially": draw(st.sampled_from(["full", "empty"])),
            "popularity": draw(POPULARITY),
            "catch_up": draw(CATCH_UP),
            "replication_lag": draw(LAG),
            "item_size": draw(st.sampled_from(["1 KB", "5 KB"])),
        }
        made[name] |= draw(capacities(made[name]["replicas"]))
        made[name] |= draw(protections(made[name]["replicas"]))
        if "consistency" not in made[name]:
            made[name] |= draw(EXPIRY)
    return made


@st.composite
def caches(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A cache in each region, one that spans regions, both or none."""
    made: Spec = {}
    keys = {"items": st.sampled_from([1, 2, 5, 40]), "popularity": POPULARITY}
    failover = st.builds(lambda n, takes: {"replicas": n, "takes": takes}, st.integers(0, 2), sampled(1, 20))
    if draw(st.booleans()):
        optional = {"time_to_live": seconds(1, 5, 60), "failover": failover}
        made["cache0"] = {"regions": regions} | overrides(draw, keys | optional)
    spanned = [region for region in regions if region in SPANNING]
    if len(spanned) == 2 and draw(st.booleans()):
        optional = {"replication_lag": LAG, "catch_up": CATCH_UP, "failover": failover}
        made["cache1"] = {"regions": spanned, "multi_region": True} | overrides(draw, keys | optional)
    return made


@st.composite
def buckets(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A bucket with a replica everywhere, or none."""
    if draw(st.booleans()):
        return {}
    optional = {"replication_lag": LAG, "catch_up": CATCH_UP, "time_control": st.booleans()}
    keys = {"items": st.sampled_from([1, 2, 5]), "popularity": POPULARITY}
    return {"bucket0": {"replicas": regions} | overrides(draw, optional | keys)}


@st.composite
def defaults(draw: st.DrawFn) -> Spec:
    """What else a topology may say about names, networks and calls."""
    return overrides(
        draw,
        {
            "negative_ttl": seconds(1, 20),
            "endpoint_ttl": seconds(0, 1, 60),
            "fork_after": seconds(1, 5, 20),
            "applied_share": percent(0, 50, 100),
            "round_trip_sigma": st.sampled_from([0.0, 0.1]),
        },
    )


@st.composite
def databases(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A database with a writer in some region and readers in some others, or none."""
    if draw(st.booleans()):
        return {}
    first, *others = draw(st.permutations(regions))
    engine = draw(st.sampled_from(["aurora_global", "rds", "global_datastore", "self_managed"]))
    keys = {
        "items": st.sampled_from([1, 2, 5, 40]),
        "initially": st.sampled_from(["full", "empty"]),
        "popularity": POPULARITY,
        "catch_up": CATCH_UP,
        "replication_lag": LAG,
        "write_fencing": st.sampled_from(["none", "best_effort", "certain"]),
        "old_writer": st.sampled_from(["rejoins", "stays"]),
    }
    readers = draw(some_of(others[:2], 0)) if others else []
    database: Spec = {"engine": engine, "writer": first, "readers": readers} | overrides(draw, keys)
    if readers:
        at_once = st.just("0 ms")
        database["promotion"] = draw(st.one_of(at_once, sampled(5, 30)))
        database["rebuild"] = draw(st.one_of(at_once, sampled(10, 40)))
    if readers and engine != "rds":
        database["switchover"] = draw(st.one_of(st.just("0 ms"), sampled(2, 10)))
    if readers and engine == "self_managed" and draw(st.integers(0, 2)):
        database["self_promotion"] = {"hold_down": draw(seconds(0, 5, 30))}
    if readers and engine == "aurora_global" and draw(st.booleans()):
        database["rpo"] = draw(seconds(20, 25, 60))
    return {"base0": database | draw(protections([first, *readers]))}


@st.composite
def promotions(draw: st.DrawFn, database: Spec) -> Spec:
    """An operator promotes a reader, or the first writer back."""
    modes = ["failover", "failover", "switchover"] if database["engine"] != "rds" else ["failover"]
    to = st.sampled_from([*database["readers"], *database["readers"], database["writer"]])
    at = st.sampled_from(["20 s", "31 s", "60 s", "91.5 s", "120 s", "160 s"])
    return {"promote": "base0", "to": draw(to), "at": draw(at), "mode": draw(st.sampled_from(modes))}


@st.composite
def operators(draw: st.DrawFn, databases: Spec) -> list[Spec]:
    """Up to four promotions of which some reader is one, or none."""
    database = databases.get("base0", {})
    if not database.get("readers"):
        return []
    found = draw(st.lists(promotions(database), max_size=4))
    moves = any(one["to"] != database["writer"] for one in found)
    return found if moves or "self_promotion" in database else []
