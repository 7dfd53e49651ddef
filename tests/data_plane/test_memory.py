"""Memory follows live state, and one compilation serves every topology."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulator.data_plane import layout, loop
from simulator.data_plane import pools as making
from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import read_experiment
from simulator.plan.lowered import Plan
from simulator.plan.lowering import lower
from simulator.simulation import simulate

REGIONS = ["eu-south-1", "eu-central-1", "eu-north-1", "us-east-1"]


def plan_of(directory: Path, regions: int, names: int, **changes: Any) -> Plan:
    used = REGIONS[:regions]
    services = [f"service{n}" for n in range(names)]
    steps = [{"read": "table"}, {"write": "table"}]
    record = {"policy": "weighted", "weights": dict.fromkeys(used, 1), "ttl": "0 s"}
    topology = {
        "topology": "drawn",
        "regions": {name: {} for name in used},
        "tables": {"table": {"replicas": used, "items": 50}},
        "services": {name: {"regions": used, "operations": {"act": steps}} for name in services},
        "dns": {f"{name}.example": record | {"service": name} for name in services},
    }
    users = {
        "near": "eu-west-1",
        "sessions": 40,
        "think_time": {"mean": "1 s"},
        "actions": {"service0.act": 1},
    }
    experiment = {
        "experiment": "drawn",
        "topology": "topology.yaml",
        "duration": "2 min",
        "users": {"users": users | {"client": {"keep_alive": "0 s", "dns_cache": "none"}}},
    }
    (directory / "topology.yaml").write_text(json.dumps(topology))
    (directory / "experiment.yaml").write_text(json.dumps(experiment | changes))
    loaded = read_experiment(directory / "experiment.yaml")
    return lower(loaded.experiment, loaded.topology, 1)


def pools(plan: Plan) -> tuple[int, int, int]:
    """Requests served, and the slots that versions and lanes came to need."""
    plane = CompiledPlane(plan.data)
    tallies = simulate(plan, plane).tallies
    memory = plane._memory
    return tallies.attempts_started, len(memory.versions.free), len(memory.lanes.free)


def test_a_longer_run_needs_no_more_memory(tmp_path: Path) -> None:
    short, long = (pools(plan_of(tmp_path, 3, 1, duration=length)) for length in ("3 min", "60 min"))
    assert long[0] > 15 * short[0]
    assert long[0] > 50 * long[1]  # far more writes than versions kept
    assert long[1:] == short[1:]


def test_writes_that_wait_are_kept_and_then_dropped(tmp_path: Path) -> None:
    stop = {"at": "10 s", "for": "100 s", "replication": {}}
    plane = CompiledPlane((plan := plan_of(tmp_path, 3, 1, duration="10 min", faults=[stop])).data)
    waiting = []

    def note(now_ns: int) -> None:
        waiting.append(int(plane.pending()[0].sum()))

    simulate(plan, plane, progress=note)
    assert max(waiting) > 3000
    assert waiting[-1] < max(waiting) / 20


@pytest.mark.parametrize(("regions", "names"), [(2, 1), (3, 2), (4, 3)])
def test_one_compilation_serves_every_topology(tmp_path: Path, regions: int, names: int) -> None:
    plan = plan_of(tmp_path, regions, names)
    simulate(plan, CompiledPlane(plan.data), metrics=True)
    assert len(loop.advance.signatures) == 1


def test_the_world_is_what_its_list_of_names_says(tmp_path: Path) -> None:
    """The list explains each array; what explains and what is made must not drift apart."""
    assert sorted(making.new_world(plan_of(tmp_path, 2, 1).data).fields) == sorted(layout.WORLD)
