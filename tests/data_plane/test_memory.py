"""Memory follows live state, and one compilation serves every topology."""

import gc
from typing import Any
from weakref import ref

import pytest

from simulator.boundary.readings import Readings
from simulator.data_plane import loop
from simulator.data_plane.plane import CompiledPlane
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.small import experiment, plan_of, topology

STEPS = [{"read": "table"}, {"write": "table"}]
REGIONS = ["eu-south-1", "eu-central-1", "eu-north-1", "us-east-1"]


def drawn(regions: int, names: int, **changes: Any) -> Plan:
    """Forty busy users of services with one table, which ask for an address and connect each time."""
    used = REGIONS[:regions]
    services = [f"service{n}" for n in range(names)]
    record = {"policy": "weighted", "weights": dict.fromkeys(used, 1), "ttl": "0 s"}
    system = topology(
        regions={name: {} for name in used},
        tables={"table": {"replicas": used, "items": 50}},
        services={name: {"regions": used, "operations": {"act": STEPS}} for name in services},
        dns={f"{name}.example": record | {"service": name} for name in services},
    )
    users = {
        "near": "eu-west-1",
        "sessions": 40,
        "think_time": {"mean": "1 s"},
        "actions": {"service0.act": 1},
        "client": {"keep_alive": "0 s", "dns_cache": "none"},
    }
    return plan_of(system, experiment(**{"duration": "2 min", "users": {"users": users}} | changes))


def pools(plan: Plan) -> tuple[int, int, int]:
    """Requests served, and the slots that versions and lanes came to need."""
    plane = CompiledPlane(plan.data)
    tallies = simulate(plan, plane).tallies
    memory = plane._memory
    return tallies.attempts_started, len(memory.versions.free), len(memory.lanes.free)


def test_a_longer_run_needs_no_more_memory() -> None:
    short, long = (pools(drawn(3, 1, duration=length)) for length in ("3 min", "5 h"))
    assert long[0] > 15 * short[0]
    assert long[0] > 9 * long[1]  # far more writes than versions kept
    assert long[1:] == short[1:]


def test_writes_that_wait_are_kept_and_then_dropped() -> None:
    stop = {"at": "10 s", "for": "100 s", "replication": {}}
    plane = CompiledPlane((plan := drawn(3, 1, duration="10 min", faults=[stop])).data)
    reader, waiting = plane.reader(Readings(plan.data, gauges=["backlog"])), []

    def note(now_ns: int) -> None:
        waiting.append(int(reader.read()["backlog"].sum()))

    simulate(plan, plane, progress=note)
    assert max(waiting) > 3000
    assert waiting[-1] < max(waiting) / 20


@pytest.mark.parametrize(("regions", "names"), [(2, 1), (3, 2), (4, 3)])
def test_one_compilation_serves_every_topology(regions: int, names: int) -> None:
    plan = drawn(regions, names)
    simulate(plan, CompiledPlane(plan.data), metrics=True)
    assert len(loop.advance.signatures) == 1


@pytest.mark.parametrize("metrics", [False, True])
def test_what_a_run_used_is_free_as_soon_as_it_is_over(metrics: bool) -> None:
    """Processes and their world refer to each other; thousands of runs must not wait until that is found."""
    plan = drawn(2, 1)
    gc.disable()
    try:
        plane = CompiledPlane(plan.data)
        gone, arrays = ref(plane), ref(plane._memory)
        simulate(plan, plane, metrics=metrics)
        del plane
        assert gone() is None
        assert arrays() is None
    finally:
        gc.enable()
