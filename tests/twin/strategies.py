"""Experiments that Hypothesis draws: small systems, few users, much trouble.

Round figures are likely, so that many things happen at the same nanosecond; few items, so that writers
meet.
"""

from typing import Any

from hypothesis import strategies as st

REGIONS = ("eu-south-1", "eu-central-1", "eu-north-1", "us-east-1")
FAR = ("ap-southeast-2", "eu-west-1")
POLICIES = ("simple", "failover", "weighted", "latency", "geolocation", "multivalue")
DURATION_S = 240

Spec = dict[str, Any]


def seconds(*choices: float) -> st.SearchStrategy[str]:
    """One of a few durations."""
    return st.sampled_from([f"{round(choice * 1000)} ms" for choice in choices])


def sampled(*choices: float) -> st.SearchStrategy[Any]:
    """A distribution around one of a few durations, in any of its forms."""
    at = st.sampled_from(choices)
    return st.one_of(
        at.map(lambda s: f"{round(s * 1000)} ms"),
        at.map(lambda s: {"median": f"{round(s * 1000)} ms", "p99": f"{round(s * 4000)} ms"}),
        at.map(lambda s: {"mean": f"{round(s * 1000)} ms"}),
        at.map(lambda s: {"from": f"{round(s * 500)} ms", "to": f"{round(s * 2000)} ms"}),
    )


def percent(*choices: int) -> st.SearchStrategy[str]:
    """One of a few shares."""
    return st.sampled_from([f"{choice} %" for choice in choices])


def some_of(names: list[str], least: int = 1) -> st.SearchStrategy[list[str]]:
    """Some of a list, in any order."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=len(names), unique=True)


@st.composite
def tables(draw: st.DrawFn, regions: list[str]) -> Spec:
    """One or two tables; the first has a replica everywhere."""
    made = {}
    for number in range(draw(st.integers(1, 2))):
        made[f"table{number}"] = {
            "replicas": regions,
            "items": draw(st.sampled_from([1, 2, 5, 40])),
            "popularity": draw(st.sampled_from(["uniform", {"zipf": 1.1}])),
            "catch_up": draw(st.sampled_from([1.5, 2, 3.33, 10])),
            "replication_lag": draw(
                st.sampled_from([{}, {"median": "1 s", "p99": "1 s"}, {"median": "3 s", "p99": "20 s"}])
            ),
        }
    return made


@st.composite
def operations(draw: st.DrawFn, table_names: list[str]) -> Spec:
    """One to three operations of one to six steps."""
    key = st.sampled_from(["any", "user"])
    takes = st.one_of(st.just({}), st.one_of(st.just("0 ms"), sampled(0.005, 1)).map(lambda d: {"takes": d}))
    step = st.one_of(
        st.one_of(st.just("0 ms"), sampled(0.02, 1)).map(lambda d: {"compute": d}),
        st.builds(lambda t, k, d: {"read": t, "key": k, **d}, st.sampled_from(table_names), key, takes),
        st.builds(lambda t, k, d: {"write": t, "key": k, **d}, st.sampled_from(table_names), key, takes),
    )
    count = draw(st.integers(1, 3))
    return {f"operation{n}": draw(st.lists(step, min_size=1, max_size=6)) for n in range(count)}


@st.composite
def records(draw: st.DrawFn, regions: list[str], checks: list[str]) -> Spec:
    """A name, by one of the six policies."""
    record: Spec = {
        "service": "api",
        "policy": draw(st.sampled_from(POLICIES)),
        "ttl": draw(seconds(0, 5, 60)),
    }
    if record["policy"] == "weighted":
        weighted = draw(some_of(regions))
        record["weights"] = {r: draw(st.sampled_from([0, 1, 3])) for r in weighted} | {weighted[0]: 2}
    if record["policy"] == "geolocation":
        places = draw(some_of(["IT", "DE", "europe", "north-america", "default"]))
        record["geography"] = {place: draw(st.sampled_from(regions)) for place in places}
    if record["policy"] == "failover":
        record["order"] = draw(some_of(regions))
    if checks and record["policy"] != "simple":
        record["health_check"] = checks[0]
    return record


@st.composite
def topologies(draw: st.DrawFn) -> Spec:
    """A small system."""
    regions = draw(some_of(list(REGIONS), 2))
    roles = [{}, *[draw(st.sampled_from([{}, {}, {"role": "standby"}])) for _ in regions[1:]]]
    checks = draw(st.booleans())
    made_tables = draw(tables(regions))
    spec: Spec = {
        "topology": "drawn",
        "regions": dict(zip(regions, roles, strict=True)),
        "tables": made_tables,
        "services": {"api": {"regions": regions, "operations": draw(operations([*made_tables]))}},
        "dns": {f"name{n}.example": draw(records(regions, ["check"] * checks)) for n in range(1)},
        "defaults": {"negative_ttl": draw(seconds(1, 20))},
    }
    if checks:
        protocol = draw(st.sampled_from(["http", "https", "tcp"]))
        spec["health_checks"] = {"check": {"protocol": protocol, "interval": "10 s", "failure_threshold": 1}}
    if draw(st.booleans()):
        spec["identity"] = {"issuer": draw(some_of(regions)), "access_token": draw(seconds(5, 60, 3600))}
    return spec


@st.composite
def clients(draw: st.DrawFn) -> Spec:
    """A client of any profile with anything overridden."""
    client: Spec = {"profile": draw(st.sampled_from(["browser", "jvm", "script"]))}
    optional = {
        "timeout": seconds(0.05, 1, 10),
        "attempts": st.integers(1, 5),
        "backoff": st.just({"base": "1 s", "cap": "3 s"}),
        "dns_cache": st.sampled_from(["browser", "jvm", "none"]),
        "keep_alive": seconds(0, 2, 60),
    }
    for key in draw(some_of([*optional], 0)):
        client[key] = draw(optional[key])
    return client


@st.composite
def populations(draw: st.DrawFn, operation_names: list[str]) -> Spec:
    """Closed or open, patient or not."""
    population: Spec = {
        "near": draw(st.sampled_from([*REGIONS, *FAR])),
        "think_time": draw(sampled(1, 3, 10)),
        "actions": {name: draw(st.sampled_from([1, 3])) for name in draw(some_of(operation_names))},
        "client": draw(clients()),
        "last_mile": draw(st.sampled_from(["wired", "mobile", "0 ms", "20 ms"])),
        "resolvers": {"count": draw(st.integers(1, 3)), "extend_ttl": draw(percent(0, 50))},
    }
    if draw(st.booleans()):
        population["sessions"] = draw(st.integers(1, 8))
        length = draw(st.one_of(st.none(), sampled(10, 60)))
    else:
        population["arrivals"] = draw(st.sampled_from(["1/s", "10/min"]))
        length = draw(sampled(5, 30))
        if draw(st.booleans()):
            population["daily_profile"] = [draw(st.sampled_from([0.2, 1.0]))] + [1.0] * 23
    if length is not None:
        population["session_length"] = length
    if draw(st.booleans()):
        population["patience"] = draw(seconds(1, 5, 30))
    return population


def _link(draw: st.DrawFn, regions: list[str]) -> Spec:
    ends = draw(st.sampled_from([*regions, "us-west-2", "everywhere"]).filter(lambda end: end != regions[0]))
    pair = [regions[0], ends] if draw(st.booleans()) else [ends, regions[0]]
    return {"between": pair} if draw(st.booleans()) else {"from": pair[0], "to": pair[1]}


def _scope(draw: st.DrawFn, regions: list[str], table: str) -> Spec:
    return draw(
        st.sampled_from(
            [
                {},
                {"table": table},
                {"region": regions[0]},
                {"from": regions[0], "to": regions[1], "table": table},
            ]
        )
    )


@st.composite
def faults(draw: st.DrawFn, topology: Spec) -> Spec:
    """Anything that can break, for a while or to the end."""
    regions = draw(st.permutations([*topology["regions"]]))
    kind = draw(st.sampled_from(["region", "region", "region", "link", "replication", "clock", "dns"]))
    fault: Spec = {"at": draw(seconds(0, 30, 60, 90))}
    slow = {"mode": "slow", "factor": draw(st.sampled_from([1.5, 20])), "add": draw(seconds(0, 1))}
    share = draw(percent(10, 50, 100))
    lossy = {"mode": "lossy", "share": draw(percent(10, 60))}
    if kind == "region":
        looks = [{"mode": "refused"}, {"mode": "black_hole"}, {"mode": "error", "share": share}, slow]
        fault |= {"region": regions[0], **draw(st.sampled_from([*looks, {"mode": "lost"}]))}
    elif kind == "link":
        fault |= {"link": _link(draw, regions), **draw(st.sampled_from([{"mode": "cut"}, lossy, slow]))}
    elif kind == "replication":
        fault |= {"replication": _scope(draw, regions, next(iter(topology["tables"])))}
    elif kind == "clock":
        fault |= {"clock": regions[0], "skew": draw(st.sampled_from(["-5 s", "700 ms", "1 s"]))}
    else:
        looks = [{"mode": "error"}, {"mode": "black_hole", "share": share}, {"mode": "empty_answer"}]
        fault |= {"dns": next(iter(topology["dns"])), **draw(st.sampled_from(looks))}
    if fault.get("mode") != "lost" and draw(st.booleans()):
        fault["for"] = draw(seconds(1, 30, 60, 100))
        if draw(st.integers(0, 3)) == 0:
            fault["flapping"] = {"period": draw(seconds(7, 20)), "duty": draw(percent(30, 50))}
    return fault


@st.composite
def experiments(draw: st.DrawFn) -> tuple[Spec, Spec]:
    """A topology and an experiment on it, as a user would write them."""
    topology = draw(topologies())
    names = [*topology["services"]["api"]["operations"]]
    count = draw(st.integers(1, 2))
    return topology, {
        "experiment": "drawn",
        "topology": "topology.yaml",
        "duration": f"{DURATION_S} s",
        "time_of_day": "00:58",
        "users": {f"users{n}": draw(populations(names)) for n in range(count)},
        "faults": draw(st.lists(faults(topology), max_size=4)),
    }
