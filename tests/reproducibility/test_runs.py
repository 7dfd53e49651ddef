"""The same run gives the same bytes, whoever watches and however it is run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import simulator
from simulator.boundary.protocol import DataPlane
from simulator.boundary.tallies import Tallies
from simulator.data_plane.plane import CompiledPlane
from simulator.language.files import read_experiment
from simulator.lowering.whole import lower
from simulator.measure.sections import measure
from simulator.pipeline import objective_of
from simulator.result.plain import plain
from simulator.simulation import simulate
from tests.reproducibility.systems import FIRST, everything, much_trouble, outage, whole_path
from tests.small import Written, plan_of, write

ROOT = Path(__file__).parents[2]


SYSTEMS = {"outage": (everything(), outage()), "whole path": (whole_path(), much_trouble())}


@pytest.fixture(scope="module", params=[*SYSTEMS])
def experiment(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("runs"), *SYSTEMS[request.param])


@pytest.fixture(scope="module")
def expected(experiment: Path) -> str:
    """What run after run must give. Something must have happened in it."""
    result = simulator.run(experiment)
    assert result["requests"]["actions"]["unknown"] > 0
    assert result["loss"]["acknowledged"] > 0
    assert result["recovery"]["episodes"][0]["service_was_not_ok"]
    return result.to_json()


def test_same_seed_gives_the_same_bytes(experiment: Path, expected: str) -> None:
    assert simulator.run(experiment).to_json() == expected


def test_loaded_experiment_gives_the_same_bytes(experiment: Path, expected: str) -> None:
    assert simulator.run(simulator.load(experiment)).to_json() == expected


def test_metrics_change_nothing(experiment: Path, expected: str) -> None:
    result = simulator.run(experiment, metrics=True)
    assert result.series.gauges is not None
    assert result.series.gauges.sessions.max() > 0
    assert result.to_json() == expected


def test_progress_changes_nothing(experiment: Path, expected: str) -> None:
    heard: list[int] = []
    assert simulator.run(experiment, progress=heard.append).to_json() == expected
    assert heard == sorted(heard)
    assert len(heard) >= 99


def test_another_seed_gives_another_result(experiment: Path, expected: str) -> None:
    other = json.loads(simulator.run(experiment, seed=2).to_json())
    ours = json.loads(expected)
    assert (other["recipe"].pop("seed"), ours["recipe"].pop("seed")) == (2, 1)
    assert other["recipe"] == ours["recipe"]
    assert other["requests"] != ours["requests"]


def test_four_processes_give_the_same_bytes_as_one(experiment: Path, expected: str) -> None:
    seeds = [1, 2, 3, 4]
    alone = simulator.replicate(experiment, seeds)
    assert alone[0] == expected
    assert len(set(alone)) == len(seeds)
    assert simulator.replicate(experiment, seeds, processes=4) == alone


REFUSING = {"at": "1 min", "for": "2 min", "region": FIRST, "mode": "refused"}


@pytest.mark.parametrize(
    ("system", "run"),
    [
        (everything(), outage(duration="4 min", faults=[REFUSING])),
        (whole_path(), much_trouble(duration="5 min")),
    ],
    ids=[*SYSTEMS],
)
def test_compiler_off_gives_the_same_bytes(tmp_path: Path, system: Written, run: Written) -> None:
    # warnings are errors: integers that overflow in NumPy but wrap in compiled code would show here
    experiment = write(tmp_path, system, run)
    expected = simulator.run(experiment).to_json()
    code = f"import simulator, sys; sys.stdout.write(simulator.run({str(experiment)!r}).to_json())"
    environment = os.environ | {
        "NUMBA_DISABLE_JIT": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
    }
    command = [sys.executable, "-W", "error", "-c", code]
    finished = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert finished.stderr.decode() == ""
    assert finished.stdout.decode() == expected


def test_every_hop_of_the_whole_path_turns_some_away() -> None:
    """So that the runs above are about each of them."""
    counted = tallies(whole_path(), much_trouble())
    hops = ["gateway_throttled", "lambda_throttled", "overloaded", "store_throttled", "tokens_rejected"]
    hops += ["cold_starts", "queued", "call_failures", "cache_misses", "origin_failovers", "deduplicated"]
    hops += [
        "lost_increments",
        "bot_actions",
        "key_fetches",
        "unreachable",
        "held_back_time",
        "connections_opened",
    ]
    assert not [name for name in hops if not np.sum(getattr(counted, name))]


class Dawdling:
    """A data plane that is told the time far more often than need be."""

    def __init__(self, plane: CompiledPlane, step_ns: int) -> None:
        self._plane, self._step_ns, self._now_ns = plane, step_ns, 0

    def advance(self, to_ns: int) -> None:
        while self._now_ns + self._step_ns < to_ns:
            self._now_ns += self._step_ns
            self._plane.advance(self._now_ns)
        self._plane.advance(to_ns)
        self._plane.advance(to_ns)
        self._now_ns = to_ns

    def __getattr__(self, name: str) -> object:
        return getattr(self._plane, name)


@pytest.mark.parametrize("step_ns", [7_777_777, 10**9])
def test_splitting_a_run_changes_nothing(experiment: Path, expected: str, step_ns: int) -> None:
    loaded = read_experiment(experiment)
    plan = lower(loaded.experiment, loaded.topology, 1)
    plane: DataPlane = Dawdling(CompiledPlane(plan.data), step_ns)  # type: ignore[assignment]
    sections = plain(measure(simulate(plan, plane), objective_of(loaded.experiment)))
    assert json.loads(json.dumps(sections)) == {
        name: value for name, value in json.loads(expected).items() if name in sections
    }


def tallies(system: dict, run: dict) -> Tallies:  # type: ignore[type-arg]
    plan = plan_of(system, run)
    return simulate(plan, CompiledPlane(plan.data)).tallies


def assert_equal(ours: Tallies, theirs: Tallies, *, but: tuple[str, ...] = ()) -> None:
    for name, value in vars(ours).items():
        if name not in but:
            np.testing.assert_array_equal(value, vars(theirs)[name], err_msg=name)


def test_fault_that_meets_nobody_changes_nothing() -> None:
    # nobody is near Tokyo or reaches it; but the sessions alive meanwhile are counted
    link = {
        "link": {"from": "ap-northeast-1", "to": "sa-east-1"},
        "mode": "cut",
        "at": "1 min",
        "for": "9 min",
    }
    without = tallies(everything(), outage(faults=[]))
    during = ("sessions_during_fault", "sessions_by_presence")
    assert_equal(tallies(everything(), outage(faults=[link])), without, but=during)
    struck = tallies(everything(), outage())
    assert struck.actions.tolist() != without.actions.tolist()


def test_tracing_changes_nothing() -> None:
    plan = plan_of(everything(), outage())
    traced = CompiledPlane(plan.data, trace=-1)
    followed = simulate(plan, traced).tallies
    assert_equal(simulate(plan, CompiledPlane(plan.data)).tallies, followed)
    assert len(traced.traced()) == followed.attempts.sum() + followed.token_attempts.sum()
