"""Three regions for the control plane's tests, and their replay on a data plane that only records."""

from typing import Any

from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests import small
from tests.control_plane.recording import RecordingPlane
from tests.small import NAME, Written

SECOND = 1_000_000_000
MILAN, FRANKFURT, VIRGINIA = 0, 1, 2
REGIONS = ("eu-south-1", "eu-central-1", "us-east-1")
ORDERS, CARTS = 0, 1
API, IDENTITY = 0, 1
"""Services; identity is always the last one."""

_TOPOLOGY: Written = {
    "topology": "three regions",
    "regions": {region: {} for region in REGIONS},
    "tables": {"orders": {"replicas": [*REGIONS]}, "carts": {"replicas": [*REGIONS[:2]]}},
    "services": {"api": {"regions": [*REGIONS], "operations": {"view": [{"compute": "1 ms"}]}}},
    "dns": {NAME: {"service": "api", "policy": "failover", "health_check": "deep"}},
    "health_checks": {"deep": {}},
    "defaults": {"status_to_answer": "2 s", "change_propagation": "30 s"},
}
_ITALY: Written = {
    "near": REGIONS[MILAN],
    "sessions": 1,
    "think_time": "1 s",
    "actions": {"view": 1},
}


def record(**changes: Any) -> Written:
    """The `dns` of a topology with one name."""
    return {"dns": {NAME: {"service": "api", **changes}}}


def plan_of(
    faults: list[Written] | tuple[Written, ...] = (),
    *,
    operator: list[Written] | tuple[Written, ...] = (),
    near: tuple[str, ...] = (),
    duration: str = "60 s",
    seed: int = 1,
    time_of_day: str = "00:00",
    **topology: Any,
) -> Plan:
    """A lowered experiment on three regions; users live near Milan and near the places given."""
    users = {f"near {place}": _ITALY | {"near": place} for place in (REGIONS[MILAN], *near)}
    timeline = {"duration": duration, "time_of_day": time_of_day, "faults": [*faults]}
    run = small.experiment(users=users, operator=[*operator], **timeline)
    return small.plan_of(small.topology(**_TOPOLOGY | topology), run, seed)


def replay(plan: Plan) -> tuple[RecordingPlane, Outcome]:
    """Run a plan through the ordinary control plane."""
    plane = RecordingPlane()
    return plane, simulate(plan, plane)


def events(outcome: Outcome, *kinds: str) -> list[tuple[int, str, str]]:
    """When, kind and target of the events of some kinds."""
    return [(event.at_ns, event.kind, event.target) for event in outcome.events if event.kind in kinds]
