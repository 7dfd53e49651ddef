"""Drawn failover plans: standbys that are switched on and grow in the middle of a run."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tests.twin.drawn import Spec, compute_of, seconds

QUICK = {"launch": "5 s", "image": "1 s", "warm_up": "500 ms"}


@st.composite
def standbys(draw: st.DrawFn, spec: Spec) -> Spec:
    """A system whose services may be switched off, or small, in some regions, and a plan that mends that."""
    services = {name: dict(service) for name, service in spec["services"].items()}
    tables = {name: dict(table) for name, table in spec["tables"].items()}
    steps: list[Spec] = []
    for name, service in services.items():
        if "cdn" not in service:
            for region in service["regions"][1:]:
                if draw(st.integers(0, 3)) == 0:
                    service["dormant_in"] = [*service.get("dormant_in", []), region]
                    steps.append({"enable": name, "in": region, "takes": draw(seconds(0, 20))})
            regions = _growing(draw, service, spec["regions"])
            steps += [draw(growth(name, service, region)) for region in regions]
    steps += [step for name, table in tables.items() for step in _throughputs(draw, name, table)]
    steps += [step for name, table in tables.items() for step in _replicas(draw, name, table)]
    if not steps:
        return spec
    trigger = {"at": draw(seconds(0, 10, 60, 100))}
    branches = {"together": draw(st.permutations(steps))}
    plan = {"trigger": trigger, "decision": "none", "steps": [branches] if len(steps) > 1 else steps}
    return spec | {"services": services, "tables": tables, "plans": {"grow": plan}}


def _growing(draw: st.DrawFn, service: Spec, regions: Spec) -> Iterator[str]:
    """The regions in which a service grows: not where it has no limits, nor where its account is small."""
    for region in service["regions"]:
        compute = compute_of(service, region)
        is_small = "lambda" in compute and "lambda_concurrency" in regions[region].get("quotas", {})
        if compute != "unlimited" and not is_small and draw(st.integers(0, 2)) == 0:
            yield region


@st.composite
def growth(draw: st.DrawFn, name: str, service: Spec, region: str) -> Spec:
    """A step by which a service grows; nodes may be none at first. It comes soon enough to matter."""
    compute = compute_of(service, region)
    step = {"scale": name, "in": region, "waits": draw(st.booleans()), "retry_every": "10 s"}
    if "nodes" in compute:
        per_zone = draw(st.integers(0, 1))
        small = {"nodes": compute["nodes"] | QUICK | {"per_zone": per_zone}}
        service["compute_in"] = service.get("compute_in", {}) | {region: small}
        return step | {"to": {"per_zone": per_zone + draw(st.integers(1, 2))}}
    function, to = compute["lambda"], {}
    if "reserved" in function:
        to["reserved"] = function["reserved"] + draw(st.integers(1, 3))
    if "reserved" not in function or draw(st.booleans()):
        provisioned = function.get("provisioned", 0) + 1
        to["provisioned"] = max(
            provisioned, min(to.get("reserved", 9), provisioned + draw(st.integers(0, 3)))
        )
    return step | {"to": to}


def _replicas(draw: st.DrawFn, name: str, table: Spec) -> Iterator[Spec]:
    """A replica is made: anew, if it has been forked by then, or for the first time."""
    first, *others = table["replicas"]
    if "consistency" in table or not others or draw(st.booleans()):
        return
    absent = draw(st.booleans())
    region = draw(st.sampled_from(others if absent else [first, *others]))
    if absent:
        table["absent_in"] = [region]
        for key in ("point_in_time_recovery", "backups"):
            table.pop(key, None)
    yield {"replica": name, "in": region, "takes": draw(seconds(0, 5, 40)), "retry_every": "7 s"}


def _throughputs(draw: st.DrawFn, name: str, table: Spec) -> Iterator[Spec]:
    """A table with little provisioned throughput gets more of it."""
    found = table.get("capacity")
    if isinstance(found, dict) and "provisioned" in found and draw(st.booleans()):
        region = draw(st.sampled_from(table["replicas"]))
        yield {"throughput": name, "in": region, "to": {"write": "900/s", "read": "900/s"}}


def remade(topology: Spec) -> list[tuple[str, str]]:
    """The replicas, by table and region, that a plan makes though they are there from the start."""
    (plan,) = topology.get("plans", {"none": {"steps": []}}).values()
    steps = [step for one in plan["steps"] for step in one.get("together", [one])]
    made = [(step["replica"], step["in"]) for step in steps if "replica" in step]
    return [
        (name, region) for name, region in made if region not in topology["tables"][name].get("absent_in", [])
    ]
