"""Drawn scalers: capacity that the clock sets, more and less, in the middle of a run."""

from collections.abc import Iterator

from hypothesis import strategies as st

from tests.twin.drawn import Spec, compute_of
from tests.twin.drawn_plans import QUICK

TIMES = ("00:58", "00:59", "01:00", "01:01")
"""Full minutes of a run, which begins at the first."""


@st.composite
def scalers(draw: st.DrawFn, spec: Spec) -> Spec:
    """A system of which some capacity follows the clock."""
    services = {name: dict(service) for name, service in spec["services"].items()}
    found = [one for name, service in services.items() for one in _of_service(draw, name, service, spec)]
    found += [one for name, table in spec["tables"].items() for one in _of_table(draw, name, table)]
    if not found:
        return spec
    return spec | {"services": services, "scaling": {f"scaler{n}": one for n, one in enumerate(found)}}


def _schedule(draw: st.DrawFn, amounts: st.SearchStrategy[Spec]) -> list[Spec]:
    times = draw(st.lists(st.sampled_from(TIMES), min_size=1, max_size=3, unique=True))
    return [{"at": at, "desired": draw(amounts)} for at in times]


def _of_service(draw: st.DrawFn, name: str, service: Spec, spec: Spec) -> Iterator[Spec]:
    """Where a service runs on nodes, which leave soon, or on Lambda in an account that has room."""
    for region in service["regions"] if "cdn" not in service else ():
        compute = compute_of(service, region)
        if compute == "unlimited" or draw(st.integers(0, 2)):
            continue
        if "nodes" in compute:
            quick = {"nodes": compute["nodes"] | QUICK | {"deregistration": "10 s"}}
            service["compute_in"] = service.get("compute_in", {}) | {region: quick}
            there = compute["nodes"].get("per_zone", 1) * spec["regions"][region].get("zones", 3)
            most = there + draw(st.integers(0, 3))
        else:
            there = compute["lambda"].get("provisioned", 0)
            most = compute["lambda"].get("reserved", there + draw(st.integers(0, 4)))
            if "lambda_concurrency" in spec["regions"][region].get("quotas", {}):
                continue
        limits = {"min": 0, "max": max(most, 1)}
        schedule = _schedule(draw, st.integers(0, max(most, 1)))
        yield {"service": name, "in": region, **limits, "schedule": schedule}


def _of_table(draw: st.DrawFn, name: str, table: Spec) -> Iterator[Spec]:
    """The throughput of a provisioned table, from little to enough."""
    capacity = table.get("capacity")
    if isinstance(capacity, dict) and "provisioned" in capacity and draw(st.booleans()):
        units = draw(st.sampled_from(["write", "read"]))
        schedule = _schedule(draw, st.sampled_from(["1/min", "3/s", "900/s"]))
        region = draw(st.sampled_from(table["replicas"]))
        limits = {"min": "0.001/s", "max": "900/s"}
        yield {"table": name, "units": units, "in": region, **limits, "schedule": schedule}
