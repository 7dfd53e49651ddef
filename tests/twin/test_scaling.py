"""Engine and twin agree on systems that scale: drawn ones, and one that follows its metrics for an hour."""

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from simulator.data_plane.plane import CompiledPlane
from simulator.simulation import simulate
from tests.small import HERE, THERE, experiment, plan_of, topology
from tests.twin.strategies import Spec, experiments
from tests.twin.test_equality import assert_equal

_EXAMPLES = 4


def check_scaling(block: int) -> None:
    """A block of drawn experiments with scalers, on both planes."""

    @seed(block)
    @settings(
        max_examples=_EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*HealthCheck],
    )
    @given(experiments().filter(lambda drawn: "scaling" in drawn[0]))
    def agree(drawn: tuple[Spec, Spec]) -> None:
        assert_equal(plan_of(*drawn))

    agree()


@pytest.mark.parametrize("block", range(3))
def test_engine_and_twin_agree_on_drawn_scalers(block: int) -> None:
    check_scaling(block)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(100, 160))
def test_engine_and_twin_agree_on_many_drawn_scalers(block: int) -> None:
    check_scaling(block)


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
    assert_equal(plan)
    scaled = [event for event in simulate(plan, CompiledPlane(plan.data)).events if event.kind == "scaled"]
    assert {event.target for event in scaled} == {*SCALING}
    assert {event.detail["to"] > event.detail["before"] for event in scaled} == {True, False}
