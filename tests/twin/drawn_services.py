"""Drawn services: gateway, compute, steps, calls; so small that they bind. And content networks."""

from typing import Any

from hypothesis import strategies as st

from tests.twin.drawn import Spec, often, overrides, percent, sampled, seconds, some_of
from tests.twin.drawn_externals import calls_of
from tests.twin.drawn_stores import SPANNING

LIMITS = st.builds(
    lambda rate, burst: {"rate": rate, "burst": burst},
    st.sampled_from(["1/s", "5/s", "20/s"]),
    st.integers(1, 5),
)
PROFILES = ("aws-standard-2026", "aws-standard-pre2026", "aws-legacy-boto3", "aws-adaptive")


@st.composite
def steps(draw: st.DrawFn, stores: list[str], strong: list[str]) -> Spec:
    """One step of any kind that the stores allow."""
    tables = [store for store in stores if store.startswith(("table", "base"))]
    if not stores:
        return {"compute": draw(sampled(0.02, 1))}
    kinds = ["compute", "compute", *tables, *stores]
    store = draw(st.sampled_from(kinds))
    if store == "compute":
        return {"compute": draw(st.one_of(st.just("0 ms"), sampled(0.02, 1)))}
    if store.startswith("ext"):
        return draw(calls_of(store))
    key, is_write = draw(st.sampled_from(["any", "user"])), draw(st.booleans())
    step: Spec = {"key": key} | overrides(
        draw, {"takes": st.one_of(st.just("0 ms"), sampled(0.005, 0.05, 1))}
    )
    if store in tables:
        deletes = is_write and draw(st.integers(0, 3)) == 0
        step["delete" if deletes else "write" if is_write else "read"] = store
        if not is_write and store.startswith("table") and draw(st.booleans()):
            step["consistency"] = "strong"
    elif store.startswith("bucket"):
        step["put" if is_write else "get"] = store
    elif store == "cache1" and is_write:
        step["increment"] = store
    else:
        behind = {"miss": st.sampled_from(tables)} if tables else {}
        return step | {"cache": store} | (overrides(draw, behind) if behind else {})
    if (is_write and store in tables) and draw(st.booleans()):
        step["if"] = "unchanged" if "delete" in step else draw(st.sampled_from(["absent", "unchanged"]))
    if "delete" in step:
        return step
    if "read" in step and store.startswith("table") and draw(st.booleans()):
        step["filters_expired"] = True
    if is_write and store not in strong and draw(st.booleans()):
        step["idempotent"] = True
    if is_write and not {"increment", "if"} & {*step} and draw(st.integers(0, 3)) == 0:
        step["stands_alone"] = True
    return step


@st.composite
def operations(draw: st.DrawFn, service: str, stores: list[str], strong: list[str]) -> Spec:
    """One to three operations of one to six steps, and the reads with which their conditions compare."""
    count = draw(st.integers(1, 3))
    return {
        f"{service}{n}": draw(st.lists(steps(stores, strong), min_size=1, max_size=6).map(with_reads))
        for n in range(count)
    }


def with_reads(steps: list[Spec]) -> list[Spec]:
    """A read before each step that asks whether an item has changed; at the begin, if none writes before."""
    made: list[Spec] = []
    for number, step in enumerate(steps):
        if step.get("if") == "unchanged":
            store = step.get("write") or step["delete"]
            read = {"read": store, "key": step["key"]}
            is_written = any(store in (one.get("write"), one.get("delete")) for one in steps[:number])
            made.insert(len(made) if is_written else 0, read)
        made.append(step)
    return made


def _quota(tokens: int, costs: tuple[int, int, int]) -> Spec:
    names = ("cost", "timeout_cost", "throttling_cost")
    return {"tokens": tokens} | dict(zip(names, costs, strict=True))


QUOTAS = st.one_of(
    st.just("none"), st.builds(_quota, st.integers(3, 12), st.tuples(*[st.integers(0, 3)] * 3))
)
BREAKERS = st.sampled_from([1, 2, 3, 5, 61, 120]).flatmap(
    lambda window: st.fixed_dictionaries(
        {
            "threshold": percent(40, 50, 100),
            "window": st.just(window),
            "least": st.integers(1, min(window, 5)),
            "open": seconds(1, 5, 30),
            "probes": st.integers(1, 3),
        }
    )
)


def backoffs(*bases: float) -> st.SearchStrategy[Any]:
    """A backoff from one of a few bases, up to three times as long."""
    return st.builds(
        lambda base, more: {"base": f"{round(base * 1000)} ms", "cap": f"{round(base * 3000)} ms", **more},
        st.sampled_from(bases),
        st.fixed_dictionaries(
            {}, optional={"throttling": seconds(2 * min(bases)), "jitter": st.sampled_from(["full", "none"])}
        ),
    )


@st.composite
def calls(draw: st.DrawFn) -> Any:
    """With which client a service calls its stores."""
    optional = {
        "timeout": seconds(0.005, 0.05, 1),
        "connect_timeout": seconds(0.01, 1),
        "attempts": st.sampled_from([1, 2, 3, 4, 32]),
        "backoff": backoffs(0.01, 1),
        "quota": QUOTAS,
        "circuit_breaker": BREAKERS,
        "adaptive": st.booleans(),
        "keep_alive": seconds(0, 1, 60),
        "connection_age": seconds(2, 20),
    }
    profile = draw(st.sampled_from([*PROFILES, "script"]))
    return {"profile": profile} | overrides(draw, optional)


@st.composite
def functions(draw: st.DrawFn, most: int) -> Spec:
    """A Lambda function of which at most `most` may be promised."""
    function: Spec = {"init": draw(st.one_of(st.just("0 ms"), sampled(0.2, 1)))}
    function |= overrides(draw, {"idle": seconds(1, 10, 100), "reserved": st.integers(1, most)})
    if draw(st.booleans()):
        function["provisioned"] = draw(st.integers(0, function.get("reserved", most)))
    return {"lambda": function}


@st.composite
def fleets(draw: st.DrawFn, operation: str) -> Spec:
    """A few nodes with little room."""
    check = {
        "interval": seconds(6, 10),
        "timeout": seconds(1, 5),
        "unhealthy_threshold": st.integers(2, 3),
        "healthy_threshold": st.integers(2, 3),
        "operation": st.just(operation),
    }
    return {
        "nodes": {
            "per_zone": draw(st.integers(1, 2)),
            "workers": draw(st.integers(1, 2)),
            "queue": draw(st.integers(0, 5)),
            "check": overrides(draw, check),
        }
        | overrides(draw, {"client_keep_alive": seconds(60, 61, 120)})
        | memory(draw)
    }


def memory(draw: st.DrawFn) -> Spec:
    """Room for so few requests that nodes die of more, now and then."""
    if draw(st.integers(0, 2)) > 0:
        return {}
    return {"memory": "10 MB", "request_memory": draw(st.sampled_from(["9 MB", "4 MB", "3 MB", "2 MB"]))} | (
        overrides(draw, {"idle_memory": st.just("1 MB"), "restart": seconds(1, 7, 30)})
    )


def compute(most: int, operation: str) -> st.SearchStrategy[Any]:
    """What a service with an operation runs on."""
    nodes, function = fleets(operation), functions(most)
    return st.one_of(nodes, function, st.just("unlimited"), nodes, function)


@st.composite
def gateways(draw: st.DrawFn, operation_names: list[str], has_functions: bool) -> Spec:
    """A gateway with limits on anything."""
    statuses = {"throttled_status": st.sampled_from([429, 500, 502, 503])} if has_functions else {}
    gateway = overrides(
        draw,
        {
            "timeout": seconds(0.05, 0.5, 5),
            "kind": st.just("http"),
            "limit": LIMITS,
            "overhead": st.one_of(st.just("0 ms"), sampled(0.005)),
        }
        | statuses,
    )
    limited = draw(some_of(operation_names, 0))
    return gateway | ({"methods": {name: draw(LIMITS) for name in limited}} if limited else {})


@st.composite
def where_replicas_are(
    draw: st.DrawFn, regions: list[str], stores: list[str], tables: Spec
) -> tuple[list[str], list[str]]:
    """Some tables have a witness in a region of the system: a service is elsewhere, or does not call them."""
    narrow = {name: one["replicas"] for name, one in tables.items() if {*regions} - {*one["replicas"]}}
    for replicas in narrow.values():
        if draw(st.booleans()) and {*regions} & {*replicas}:
            regions = [region for region in regions if region in replicas]
    return regions, [
        store for store in stores if {*regions} <= {*tables.get(store, {}).get("replicas", regions)}
    ]


@st.composite
def services(draw: st.DrawFn, name: str, regions: list[str], stores: list[str], topology: Spec) -> Spec:
    """A service on any compute."""
    if "cache1" in stores and draw(st.booleans()):
        regions = [region for region in regions if region in SPANNING]
    else:
        stores = [store for store in stores if store != "cache1"]
    regions, stores = draw(where_replicas_are(regions, stores, topology["tables"]))
    quotas = [topology["regions"][region].get("quotas", {}) for region in regions]
    most = min(4, *(quota.get("lambda_concurrency", 4) for quota in quotas))
    strong = [name for name, table in topology["tables"].items() if "consistency" in table]
    service: Spec = {"regions": regions, "operations": draw(operations(name, stores, strong))}
    service["calls"] = draw(calls())
    if any("if" in step for steps in service["operations"].values() for step in steps):
        service["calls"]["retry_refused_conditions"] = draw(st.booleans())
    service["compute"] = draw(compute(most, f"{name}0"))
    if draw(st.integers(0, 3)) == 0:
        service["compute_in"] = {region: draw(compute(most, f"{name}0")) for region in draw(some_of(regions))}
    if draw(st.booleans()):
        computes = [service["compute"], *service.get("compute_in", {}).values()]
        has_functions = any("lambda" in compute for compute in computes)
        service["gateway"] = draw(gateways([*service["operations"]], has_functions))
    if "identity" in topology:
        verifiers = ["compute", "gateway" if "gateway" in service else "compute", None]
        verifier = draw(st.sampled_from(verifiers))
        service |= {} if verifier is None else {"verifies_tokens": verifier}
    return service


@st.composite
def websites(draw: st.DrawFn, regions: list[str]) -> Spec:
    """A bucket behind a content network."""
    origins = draw(some_of(regions))[:2]
    optional = {
        "ttl": seconds(0, 1, 60),
        "error_ttl": seconds(0, 1, 10),
        "attempts": st.integers(1, 3),
        "connect_timeout": seconds(1, 10),
    }
    key = st.sampled_from(["any", "user"])
    operation = st.one_of(
        st.builds(lambda k: {"get": "bucket0", "key": k}, key),
        st.builds(lambda k, i: {"put": "bucket0", "key": k, "idempotent": i}, key, st.booleans()),
    )
    made = {f"web{n}": [draw(operation)] for n in range(draw(st.integers(1, 2)))}
    return {"regions": origins, "cdn": {"origins": origins} | overrides(draw, optional), "operations": made}


@st.composite
def regions_with_quotas(draw: st.DrawFn, names: list[str]) -> Spec:
    """Active or standby, with few zones and, now and then, small quotas."""
    made = {}
    for number, name in enumerate(names):
        region: Spec = overrides(draw, {"zones": st.integers(1, 3)})
        quotas = overrides(draw, {"gateway": LIMITS, "lambda_concurrency": st.integers(1, 4)})
        if number and draw(st.integers(0, 2)) == 0:
            region["role"] = "standby"
        made[name] = region | often(draw, {"quotas": quotas}, {})
    return made


@st.composite
def identities(draw: st.DrawFn, regions: list[str]) -> Spec:
    """Who issues tokens, and how they are verified."""
    optional = {
        "keys": st.sampled_from(["shared", "regional"]),
        "keys_cache": seconds(1, 10, 60),
        "keys_fetch_limit": seconds(0.1, 1),
        "verifiers": st.integers(1, 3),
        "takes": sampled(0.02, 1),
    }
    identity = {"issuer": draw(some_of(regions)), "access_token": draw(seconds(5, 60, 3600))}
    return identity | overrides(draw, optional)
