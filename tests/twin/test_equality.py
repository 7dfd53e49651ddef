"""The compiled data plane and the twin give the same answer, request by request and count by count."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.boundary.fields import TIME_PART
from simulator.boundary.kinds import TABLE
from simulator.boundary.readings import Reading, everything
from simulator.boundary.tallies import Tallies, TracedAttempt
from simulator.data_plane.counting import is_deleted
from simulator.data_plane.plane import TRACE_ALL, CompiledPlane
from simulator.data_plane.stores.lineage import HOLDS
from simulator.data_plane.stores.versions import FREE
from simulator.history.planned import planned
from simulator.language.files import read_experiment
from simulator.language.models.experiment import Experiment
from simulator.measure import laws
from simulator.measure.shares import exact_ns
from simulator.outcome import Outcome
from simulator.plan.detectors import DetectorPlan
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.small import plan_of
from tests.tiers import tiered
from tests.twin.plane import TwinPlane
from tests.twin.strategies import QUICK_BLOCKS, Spec, each_drawn

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


def difference(ours: list[TracedAttempt], theirs: list[TracedAttempt]) -> str:
    """The first attempt that differs, for a person to read."""
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        if one != other:
            return f"attempt {number}\n engine {one}\n twin   {other}"
    return f"engine has {len(ours)} attempts, twin {len(theirs)}"


def assert_same_outcome(ours: Outcome, theirs: Outcome) -> None:
    """Every tally, every event, every write at risk, and what detectors have seen."""
    for field in fields(ours.tallies):
        one, other = getattr(ours.tallies, field.name), getattr(theirs.tallies, field.name)
        assert np.array_equal(one, other), f"{field.name}: engine {np.sum(one)}, twin {np.sum(other)}"
    assert ours.events == theirs.events
    assert ours.at_risk == theirs.at_risk
    assert ours.detectors == theirs.detectors


Asked = tuple[list[int], list[list[int]]]
"""Clients, and what each has asked for since the look before."""


Played = tuple[Outcome, list[Reading], list[Asked]]
"""What a plane has left behind, what was read meanwhile, and what clients had asked for."""


def read_all(plan: Plan, plane: CompiledPlane | TwinPlane) -> Played:
    """Run a plane, reading all that can be read at a hundred instants and just before the run is over.

    What clients have asked for is told once: to the plan's detectors, or else to whoever looks here.
    """
    reader, found = plane.reader(everything(plan.data, 0.5, 0.99, 1.0)), list[Reading]()
    finish, tell, asked = plane.finish, plane.asked_since, list[Asked]()
    is_watched = bool(plan.control.of(DetectorPlan))

    def look(_: int) -> None:
        found.append(reader.read())
        if not is_watched:
            plane.asked_since()

    def tell_and_note() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        clients, counts = tell()
        asked.append((clients.tolist(), counts.tolist()))
        return clients, counts

    def read_and_finish() -> Tallies:
        found.append(reader.read())
        return finish()

    plane.finish = read_and_finish  # type: ignore[method-assign]
    plane.asked_since = tell_and_note  # type: ignore[method-assign]
    return simulate(plan, plane, metrics=True, progress=look), found, asked


def reading_difference(one: Reading, other: Reading) -> str:
    """What was read differently, for a person to read."""
    names = [name for name in one.readings.first if not np.array_equal(one[name], other[name])]
    latencies = [
        latency for latency in one.readings.latencies if one.latency(latency) != other.latency(latency)
    ]
    return f"at {one.at_ns} ns: {names} {latencies}"


_WITH_UNENDED = {
    *("sessions_by_presence", "sessions_by_cause", "queue_wait_time", "queue_integral_time"),
    *("begun_by_mix", "bad_by_mix", "lost_ms_by_population", "blocked_ms"),
    *("window_held_from", "window_held_until", "window_called_from", "window_called_until"),
}
"""Tallies to which a run's end adds sessions still alive, and actions and requests that still wait."""


_DECIDED_AT_THE_END = {"visible", "lost", "risk_late", "risk_lost"}
"""What is not known before of a table that is deleted: a restore may still bring it back."""


def assert_final(last: Reading, outcome: Outcome) -> None:
    """What is read at the end is what the run leaves behind."""
    for field in last.readings.counters:
        read, tally = last[field.name], np.atleast_1d(getattr(outcome.tallies, field.name))
        if TIME_PART in field.axes:
            read, tally = exact_ns(read), exact_ns(tally)
        if field.name in _DECIDED_AT_THE_END and outcome.tallies.lost_with_table.any():
            continue
        if field.name in _WITH_UNENDED:
            assert (read <= tally).all(), field.name
        else:
            assert np.array_equal(read, tally), field.name


def worth_of_what_is_left(engine: CompiledPlane) -> list[int]:
    """By store: the writes that the last versions are worth, once a run is over and its lines are settled."""
    versions, stores = engine._memory.versions, len(engine._memory.counts.writes)
    last = (versions.state != FREE) & (versions.hold == HOLDS)
    return np.bincount(versions.store[last], versions.worth[last], stores).astype(int).tolist()


def assert_writes_add_up(plan: Plan, engine: CompiledPlane, twin: TwinPlane, outcome: Outcome) -> None:
    """Of a table that has a replica left: what was acknowledged is missing, is there, or was replaced.

    A strong table's versions are in no line, and nothing of it is restored.
    """
    t, data = outcome.tallies, plan.data
    if data.counts_from_ns:
        return  # writes on their way at zero count, and may be below all that is left
    left, gone = worth_of_what_is_left(engine), is_deleted(data, engine._memory)
    for store in np.flatnonzero((data.store_kind == TABLE) & (data.store_strong == 0)):
        left_out = engine._memory.world.replica_lost[store] == 1
        if not gone[store] and (data.store_replica[store] & ~left_out).any():
            accounted = t.missing[store] + left[store] + twin.stores.replaced_elsewhere(int(store))
            assert t.writes[store] + t.under_way[store] == accounted, plan.stores[store]


def assert_same_run(ours: Played, theirs: Played) -> None:
    """Whatever was read, counted and left behind."""
    (our_outcome, our_rows, our_clients), (their_outcome, their_rows, their_clients) = ours, theirs
    assert our_clients == their_clients
    for one, other in zip(our_rows, their_rows, strict=True):
        assert np.array_equal(one.row, other.row), reading_difference(one, other)
        for watched, *found in zip(one.readings.spreads, one.spreads, other.spreads, strict=True):
            assert np.array_equal(*found), f"at {one.at_ns} ns: {watched}"
    assert_final(our_rows[-1], our_outcome)
    assert_same_outcome(our_outcome, their_outcome)
    assert our_outcome.samples is not None
    assert their_outcome.samples is not None
    for field in fields(our_outcome.samples):
        one, other = getattr(our_outcome.samples, field.name), getattr(their_outcome.samples, field.name)
        assert np.array_equal(one, other), field.name


def assert_equal(plan: Plan) -> Outcome:
    """Run both planes, counting what metrics and detectors need; what the engine leaves behind.

    Nothing is foreseen while sessions are followed, so the engine runs once more without.
    """
    plan = replace(plan, data=replace(plan.data, metered=1, watches_clients=1))
    engine, twin = CompiledPlane(plan.data, trace=TRACE_ALL), TwinPlane(plan.data)
    ours, theirs = read_all(plan, engine), read_all(plan, twin)
    traces = engine.traced(), twin.traced()
    assert traces[0] == traces[1], difference(*traces)
    assert_same_run(ours, theirs)
    assert_same_run(read_all(plan, CompiledPlane(plan.data)), theirs)
    laws.check(ours[0])
    assert_writes_add_up(plan, engine, twin, ours[0])
    return ours[0]


def attempts(outcome: Outcome) -> int:
    """How many have ended."""
    return int(outcome.tallies.attempts.sum())


def agree(topology: Spec, experiment: Spec) -> None:
    """Both planes give the same."""
    assert_equal(plan_of(topology, experiment))


@pytest.mark.parametrize("block", tiered([*range(10), *range(1000, 1220)], QUICK_BLOCKS, 10))
def test_engine_and_twin_agree_on_drawn_experiments(block: int) -> None:
    each_drawn(block, agree)


def one_table(capacity: Spec, duration: str, arrivals: str) -> tuple[Spec, Spec]:
    """A service that writes into one table of large items, and users who do nothing else."""
    store = {"replicas": ["eu-south-1", "eu-north-1"], "items": 1, "item_size": "400 KB", **capacity}
    topology = {
        "topology": "a table",
        "regions": {"eu-south-1": {}, "eu-north-1": {}},
        "tables": {"table": store},
        "services": {"api": {"regions": ["eu-south-1"], "operations": {"put": [{"write": "table"}]}}},
        "dns": {"api.example": {"service": "api", "policy": "simple"}},
    }
    users = {"near": "eu-south-1", "arrivals": arrivals, "session_length": "1 ms", "think_time": "1 s"}
    population = users | {"actions": {"put": 1}, "client": {"profile": "script", "attempts": 1}}
    experiment = {"experiment": "writes", "topology": "topology.yaml", "users": {"writers": population}}
    return topology, experiment | {"duration": duration}


def test_they_agree_on_a_table_that_grows_on_demand() -> None:
    """What it may take grows after each half hour, so that the last one is throttled least."""
    capacity = {"capacity": {"on_demand": {"warm_write": "60/s", "warm_read": "1/s"}}}
    plan = plan_of(*one_table(capacity, "95 min", "30/min"))
    assert attempts(assert_equal(plan)) > 1000


def test_they_agree_on_a_partition_that_is_too_hot() -> None:
    """12,000 units a second are asked for, which the table has.

    Its only partition has 1,000, and 300 s of burst.
    """
    capacity = {"capacity": {"provisioned": {"write": "100000/s", "read": "1/s"}}}
    plan = plan_of(*one_table(capacity, "60 s", "30/s"))
    assert attempts(assert_equal(plan)) > 1000


def thinned(experiment: Experiment) -> Experiment:
    """The same with a tenth of the users: the twin is slow."""
    users = {}
    for name, population in experiment.users.items():
        sessions, arrivals = population.sessions, population.arrivals
        fewer = {"sessions": -(-sessions // 10)} if sessions else {"arrivals": (arrivals or 0) / 10}
        users[name] = population.model_copy(update=fewer)
    return experiment.model_copy(update={"users": users})


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(EXPERIMENTS.glob("*.yaml")), ids=lambda file: file.stem)
def test_engine_and_twin_agree_on_shipped_experiments(file: Path) -> None:
    loaded = read_experiment(file)
    plan = planned(thinned(loaded.experiment), loaded.topology, 7)
    assert attempts(assert_equal(plan)) > 1000
