"""Small systems for tests, written as a user would write them and read through the ordinary reader."""

import tempfile
from pathlib import Path
from typing import Any

import yaml

from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import Loaded, read_experiment
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.plan.lowering import lower
from simulator.simulation import simulate

Written = dict[str, Any]

HERE, THERE = "eu-central-1", "eu-west-1"


def topology(**changes: Any) -> Written:
    """Two regions, one service in both with one read-only operation, a simple name."""
    return {
        "topology": "small",
        "regions": {HERE: {}, THERE: {}},
        "services": {"api": {"regions": [HERE, THERE], "operations": {"view": [{"compute": "1 ms"}]}}},
        "dns": {"api.example": {"service": "api", "policy": "simple", "ttl": "60 s"}},
    } | changes


def experiment(**changes: Any) -> Written:
    """Ten sessions for five minutes."""
    users = {"near": HERE, "sessions": 10, "think_time": "5 s", "actions": {"view": 1}}
    return {
        "experiment": "small",
        "topology": "topology.yaml",
        "duration": "5 min",
        "users": {"people": users},
    } | changes


def load(system: Written, run: Written) -> Loaded:
    """Read the two as files; SpecError if they are invalid."""
    with tempfile.TemporaryDirectory() as directory:
        return read_experiment(write(Path(directory), system, run))


def write(directory: Path, system: Written, run: Written) -> Path:
    """Write the two files; the experiment's path."""
    (directory / "topology.yaml").write_text(yaml.safe_dump(system, sort_keys=False), encoding="utf-8")
    path = directory / "experiment.yaml"
    path.write_text(yaml.safe_dump(run, sort_keys=False), encoding="utf-8")
    return path


def plan_of(system: Written, run: Written, seed: int = 1) -> Plan:
    """Read and lower."""
    loaded = load(system, run)
    return lower(loaded.experiment, loaded.topology, seed)


def outcome_of(system: Written, run: Written, seed: int = 1) -> Outcome:
    """Read, lower, simulate, and check the conservation laws."""
    plan = plan_of(system, run, seed)
    outcome = simulate(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return outcome
