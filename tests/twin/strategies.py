"""Experiments that Hypothesis draws: small systems, few users, much trouble."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.twin.drawn import REGIONS, Spec, fixed, often, overrides, seconds, some_of
from tests.twin.drawn_calls import INNER, add_calls, add_clients
from tests.twin.drawn_externals import externals
from tests.twin.drawn_faults import bad_parts, faults_of, forks
from tests.twin.drawn_plans import standbys
from tests.twin.drawn_reactions import add_reactions
from tests.twin.drawn_restores import restores
from tests.twin.drawn_scaling import scalers
from tests.twin.drawn_services import identities, regions_with_quotas, services, websites
from tests.twin.drawn_stores import OFFERING, buckets, caches, databases, defaults, operators, tables
from tests.twin.drawn_users import populations
from tests.twin.drawn_web_acls import add_web_acls

POLICIES = ("simple", "failover", "weighted", "latency", "geolocation", "multivalue")
DURATION_S = 240

BLOCK = 8
"""Experiments of a block. From its eleventh on, Hypothesis mostly varies earlier ones, and draws few anew."""
QUICK_BLOCKS = 6
"""Blocks of the quick tier."""


@st.composite
def records(draw: st.DrawFn, service: str, regions: list[str], has_check: bool) -> Spec:
    """A name, by one of the six policies."""
    record: Spec = {
        "service": service,
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
    if record["policy"] != "simple" and service != "web":
        record |= {"health_check": "check"} if has_check else {}
        record |= often(draw, {"evaluate_target_health": True}, {})
    return record


def empty_for_conditions(spec: Spec) -> None:
    """Of what some step inserts if it is absent, something must be absent at some time."""
    operations = [steps for service in spec["services"].values() for steps in service["operations"].values()]
    steps = [step for steps in operations for step in steps]
    deleted = {step["delete"] for step in steps if "delete" in step}
    for name in {step["write"] for step in steps if step.get("if") == "absent"} - deleted:
        section = "tables" if name in spec["tables"] else "databases"
        if "time_to_live" not in spec[section][name]:
            spec[section][name]["initially"] = "empty"


@st.composite
def topologies(draw: st.DrawFn) -> Spec:
    """A small system."""
    regions = draw(st.one_of(some_of(list(REGIONS), 2), some_of(list(OFFERING), 2)))
    spec: Spec = {"topology": "drawn", "regions": draw(regions_with_quotas(regions))}
    spec |= {
        "tables": draw(tables(regions)),
        "databases": draw(databases(regions)),
        "caches": draw(caches(regions)),
        "buckets": draw(buckets(regions)),
        "external": draw(externals(regions)),
    }
    if draw(st.booleans()):
        spec["identity"] = draw(identities(regions))
    stores = [*spec["tables"], *spec["databases"], *spec["databases"], *spec["caches"], *spec["buckets"]]
    stores += [*spec["external"], *spec["external"]]
    names = ["api", "side"][: draw(st.integers(1, 2))]
    has_calls = draw(st.integers(0, 2)) > 0
    inner = INNER[: draw(st.integers(0, 2))] if has_calls else ()
    spec["services"] = {name: draw(services(name, regions, stores, spec)) for name in (*names, *inner)}
    if has_calls:
        add_calls(draw, spec["services"])
    if draw(st.booleans()):
        add_clients(draw, spec["services"])
    empty_for_conditions(spec)
    if spec["buckets"] and draw(st.booleans()):
        spec["services"]["web"] = draw(websites(regions))
    has_check = draw(st.booleans())
    spec["dns"] = {
        f"{name}.example": draw(records(name, service["regions"], has_check and name != "web"))
        for name, service in spec["services"].items()
        if name not in INNER
    }
    if has_check:
        protocol = draw(st.sampled_from(["http", "https", "tcp"]))
        spec["health_checks"] = {"check": {"protocol": protocol, "interval": "10 s", "failure_threshold": 1}}
        if protocol != "tcp" and len(names) == 1:
            spec["health_checks"]["check"] |= often(draw, {"operation": "api0"}, {})
    return draw(scalers(draw(standbys(spec)))) | {"defaults": draw(defaults())}


@st.composite
def objectives(draw: st.DrawFn, operations: list[str], populations: list[str]) -> Spec:
    """When an action is in time: for all alike, or by operation and population; windows of any length."""
    in_time = seconds(0.05, 0.5, 3, 20)
    by_name = {
        "default": in_time,
        "operations": some_of(operations, 0).flatmap(lambda some: fixed(some, in_time)),
        "populations": some_of(populations, 0).flatmap(lambda some: fixed(some, in_time)),
    }
    within = draw(in_time) if draw(st.booleans()) else overrides(draw, by_name)
    return {
        "within": within,
        "window": draw(seconds(7, 10, 30)),
        "wrong_answers": draw(st.sampled_from(["bad", "bad", "ok"])),
    }


@st.composite
def experiments(draw: st.DrawFn) -> tuple[Spec, Spec]:
    """A topology and an experiment on it, as a user would write them."""
    topology = draw(topologies())
    named = [service for name, service in topology["services"].items() if name not in INNER]
    operations = [name for service in named for name in service["operations"]]
    names = [f"users{n}" for n in range(draw(st.integers(1, 2)))]
    users = {name: draw(populations(operations, "identity" in topology)) for name in names}
    faults = draw(faults_of(topology, users, operations))
    faults += draw(bad_parts(topology)) + draw(forks(topology))
    experiment = {
        "experiment": "drawn",
        "topology": "topology.yaml",
        "duration": f"{DURATION_S} s",
        "warm_up": draw(st.sampled_from(["0 s", "0 s", "0 s", "7 s", "33.25 s"])),
        "time_of_day": "00:58",
        "day": draw(st.sampled_from(["monday", "sunday"])),
        "users": users,
        "faults": faults,
        "restores": draw(restores(topology, faults)),
        "operator": draw(operators(topology["databases"])),
        "objective": draw(objectives(operations, names)),
    }
    add_web_acls(draw, topology, experiment)
    add_reactions(draw, topology, [*experiment["users"]])
    return topology, experiment


def each_drawn(
    block: int,
    look: Callable[[Spec, Spec], Any],
    drawn: st.SearchStrategy[tuple[Spec, Spec]] | None = None,
    count: int = BLOCK,
) -> None:
    """Show each topology and experiment of a block to `look`; of any, unless it is said of which.

    The first that Hypothesis draws is the simplest one, and the same in every block: it is left out.
    """
    shown = 0

    @seed(block)
    @settings(
        max_examples=count + 1,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*HealthCheck],
    )
    @given(one=experiments() if drawn is None else drawn)
    def show(one: tuple[Spec, Spec]) -> None:
        nonlocal shown
        shown += 1
        if shown > 1:
            look(*one)

    show()
