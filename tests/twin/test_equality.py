"""The compiled data plane and the twin give the same answer, request by request and count by count."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, target

from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.measure import laws
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.plan.lowering import lower
from simulator.seam import TracedAttempt
from simulator.simulation import simulate
from simulator.spec.reading import read_experiment
from tests.twin.plane import TwinPlane
from tests.twin.strategies import Spec, experiments

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


def lowered(directory: Path, topology: Spec, experiment: Spec, seed: int = 1) -> Plan:
    """Read and lower two specs as a user's files (JSON is YAML)."""
    (directory / "topology.yaml").write_text(json.dumps(topology))
    (directory / "experiment.yaml").write_text(json.dumps(experiment))
    loaded = read_experiment(directory / "experiment.yaml")
    return lower(loaded.experiment, loaded.topology, seed)


def difference(ours: list[TracedAttempt], theirs: list[TracedAttempt]) -> str:
    """The first attempt that differs, for a person to read."""
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            return f"attempt {number}\n engine {one}\n twin   {other}"
    return f"engine has {len(ours)} attempts, twin {len(theirs)}"


def assert_same_outcome(ours: Outcome, theirs: Outcome) -> None:
    """Every tally, every event, every write at risk."""
    for field in fields(ours.tallies):
        one, other = getattr(ours.tallies, field.name), getattr(theirs.tallies, field.name)
        assert np.array_equal(one, other), f"{field.name}: engine {np.sum(one)}, twin {np.sum(other)}"
    assert ours.events == theirs.events
    assert ours.at_risk == theirs.at_risk


def assert_equal(plan: Plan) -> int:
    """Run both planes; the number of attempts."""
    engine, twin = CompiledPlane(plan.data, trace=TRACE_ALL), TwinPlane(plan.data)
    ours, theirs = simulate(plan, engine, metrics=True), simulate(plan, twin, metrics=True)
    traces = engine.traced(), twin.traced()
    assert traces[0] == traces[1], difference(*traces)
    assert_same_outcome(ours, theirs)
    assert ours.samples is not None
    assert theirs.samples is not None
    for field in fields(ours.samples):
        assert np.array_equal(getattr(ours.samples, field.name), getattr(theirs.samples, field.name)), (
            field.name
        )
    laws.check(ours)
    return len(traces[0])


def check_drawn(directory: Path, drawn: tuple[Spec, Spec]) -> None:
    """One drawn experiment, on both planes."""
    attempts = assert_equal(lowered(directory, *drawn))
    target(float(min(attempts, 3000)), label="attempts")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn")


@given(drawn=experiments())
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
def test_engine_and_twin_agree_on_drawn_experiments(directory: Path, drawn: tuple[Spec, Spec]) -> None:
    check_drawn(directory, drawn)


@pytest.mark.slow
@given(drawn=experiments())
@settings(max_examples=1000, deadline=None, suppress_health_check=[*HealthCheck])
def test_engine_and_twin_agree_on_many_drawn_experiments(directory: Path, drawn: tuple[Spec, Spec]) -> None:
    check_drawn(directory, drawn)


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(EXPERIMENTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_engine_and_twin_agree_on_shipped_experiments(file: Path) -> None:
    loaded = read_experiment(file)
    assert assert_equal(lower(loaded.experiment, loaded.topology, 7)) > 1000
