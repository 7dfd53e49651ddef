"""Engine and twin agree on a system that follows its metrics for an hour. (Most drawn ones have scalers.)"""

from typing import Any

import pytest

from simulator.boundary.events import SCALED
from tests.small import HERE, THERE, experiment, plan_of, topology
from tests.twin.test_equality import assert_equal

QUICK = {"launch": "20 s", "image": "10 s", "warm_up": "5 s", "deregistration": "60 s"}
SERVICES: dict[str, Any] = {
    "shop": {
        "regions": [HERE, THERE],
        "compute": {"nodes": QUICK | {"per_zone": 1, "workers": 1, "queue": 2}},
        "operations": {"view": [{"compute": "1500 ms"}, {"write": "orders"}]},
    },
    "api": {
        "regions": [HERE, THERE],
        "compute": {"lambda": {"provisioned": 2}},
        "operations": {"act": [{"compute": "4 s"}]},
    },
}
TARGET = {"target": "40 %"}
SCALING: dict[str, Any] = {
    "shop": {"service": "shop", "in": HERE, "min": 2, "max": 12, "warm_up": "90 s", "track": TARGET},
    "api": {"service": "api", "in": HERE, "min": 1, "max": 20, "track": {"target": "60 %"}},
    "orders": {"table": "orders", "units": "write", "in": HERE, "min": "0.5/s", "max": "40/s"},
}  # fmt: skip


@pytest.mark.middle
def test_engine_and_twin_agree_on_capacity_that_follows_metrics_up_and_down() -> None:
    """Three times the users for twenty minutes: functions and tables grow, and tables shrink again."""
    scaling = SCALING | {"orders": SCALING["orders"] | {"track": {"target": "50 %"}}}
    capacity = {"provisioned": {"write": "1/s", "read": "1/s"}}
    system = topology(
        services=SERVICES,
        scaling=scaling,
        tables={"orders": {"replicas": [HERE, THERE], "capacity": capacity}},
        dns={f"{name}.example": {"service": name, "policy": "simple"} for name in SERVICES},
    )
    users = {"near": HERE, "sessions": 6, "think_time": "4 s", "actions": {"view": 1, "act": 1}}
    surge = {"at": "5 min", "for": "20 min", "surge": "people", "factor": 3}
    plan = plan_of(system, experiment(duration="70 min", users={"people": users}, faults=[surge]))
    scaled = assert_equal(plan).events_of(SCALED)
    assert {event.target for event in scaled} == {*SCALING}
    assert {event.detail["to"] > event.detail["before"] for event in scaled} == {True, False}
