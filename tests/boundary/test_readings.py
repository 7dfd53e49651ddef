"""What an observer reads is what it asked for, and asking changes nothing."""

from dataclasses import fields

import numpy as np
import pytest

from simulator.boundary.fields import HISTOGRAM_BIN, LAG_STEP, WINDOW
from simulator.boundary.readings import (
    COUNTERS,
    GAUGES,
    Lag,
    Reading,
    Readings,
    everything,
    of_population,
    of_service,
    of_store,
)
from simulator.boundary.tallies import Tallies
from simulator.data_plane.plane import CompiledPlane
from simulator.plan.lowered import Plan
from simulator.simulation import simulate
from tests.control_plane.recording import RecordingPlane
from tests.data_plane.test_memory import drawn
from tests.twin.plane import TwinPlane


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Three regions, three services with identity, one store."""
    return drawn(regions=3, names=2)


def row_of(readings: Readings) -> Reading:
    """A reading whose row counts up from 0."""
    return Reading(7, readings, np.arange(readings.width))


def test_each_name_has_its_own_place_and_shape(plan: Plan) -> None:
    readings = Readings(plan.data, ["calls", "gave_up"], ["queue_length"], [of_service(0, 1, 0.5, 0.99)])
    reading = row_of(readings)
    assert reading["calls"].tolist() == [[0, 1, 2]]
    assert reading["gave_up"].tolist() == [3]
    assert reading["queue_length"].tolist() == [[4, 5, 6], [7, 8, 9], [10, 11, 12]]
    assert reading.latency(of_service(0, 1, 0.5, 0.99)) == (13, (14, 15))


def test_nothing_that_does_not_exist_is_read(plan: Plan) -> None:
    with pytest.raises(KeyError, match="tokens_refused"):
        Readings(plan.data, ["tokens_refused"])
    with pytest.raises(KeyError, match="calls"):
        Readings(plan.data, gauges=["calls"])
    with pytest.raises(KeyError, match="reads"):
        row_of(Readings(plan.data, ["calls"]))["reads"]


@pytest.mark.parametrize("name", ["attempt_latency", "window_served", "lag_step_count"])
def test_series_and_histograms_wait_for_the_end_of_the_run(plan: Plan, name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is kept for the end of the run"):
        Readings(plan.data, [name])


def test_everything_is_all_that_can_be_read(plan: Plan) -> None:
    readings = everything(plan.data, 0.5)
    series = {WINDOW, HISTOGRAM_BIN, LAG_STEP}
    left_out = {name for name, field in COUNTERS.items() if series & {*field.axes}}
    assert left_out
    assert readings.first.keys() == (COUNTERS.keys() | GAUGES.keys()) - left_out
    assert len(readings.latencies) == 1 + (4 * 3 + 3 * 1) * 3


def test_all_that_can_be_watched_has_a_row_of_its_own(plan: Plan) -> None:
    rows = [latency.row(plan.data) for latency in everything(plan.data, 0.5).latencies]
    assert rows == [*range(1 + (4 * 3 + 3 * 1) * 3)]
    assert of_population(0).row(plan.data) == 0
    assert of_store(0, 2).row(plan.data) == 1 + 3 * 3 + 2


def test_since_counts_from_another_reading_and_leaves_gauges(plan: Plan) -> None:
    readings = Readings(plan.data, ["calls"], ["sessions"])
    before, now = Reading(0, readings, np.array([1, 2, 3, 40])), Reading(1, readings, np.array([5, 5, 5, 30]))
    assert now.since(before)["calls"].tolist() == [[4, 3, 2]]
    assert now.since(before)["sessions"].tolist() == [30]
    assert now.since(None)["calls"].tolist() == [[5, 5, 5]]


def tallies(plan: Plan, *, read: bool) -> Tallies:
    plane = CompiledPlane(plan.data)
    if not read:
        return simulate(plan, plane).tallies
    reader = plane.reader(everything(plan.data, 0.5, 0.99))
    found = list[Reading]()
    return simulate(plan, plane, progress=lambda _: found.append(reader.read())).tallies


def test_reading_everything_every_second_changes_nothing() -> None:
    """A hundred readings in 100 s, of a table whose replication stops and catches up."""
    stop = {"at": "10 s", "for": "40 s", "replication": {}}
    plan = drawn(3, 1, duration="100 s", faults=[stop])
    with_readings, without = tallies(plan, read=True), tallies(plan, read=False)
    for field in fields(Tallies):
        assert np.array_equal(getattr(with_readings, field.name), getattr(without, field.name)), field.name


def test_two_observers_do_not_disturb_each_other() -> None:
    """One who reads each second sees no more and no less because of another who reads once."""
    plan, seen = drawn(2, 1, duration="100 s"), list[list[Reading]]()
    for others in (0, 1):
        plane, found = CompiledPlane(plan.data), list[Reading]()
        readers = [
            plane.reader(Readings(plan.data, latencies=[of_store(0, 0, 0.5)])) for _ in range(1 + others)
        ]

        def read(now_ns: int, readers=readers, found=found) -> None:  # type: ignore[no-untyped-def]
            found.append(readers[0].read())
            if now_ns == 50 * 10**9:
                readers[-1].read()

        simulate(plan, plane, progress=read)
        seen.append(found)
        total = sum(reading.latency(of_store(0, 0, 0.5))[0] for reading in found)
        if others:
            rest = readers[1].read().latency(of_store(0, 0, 0.5))[0]
            assert 0 < rest < total
    assert [one.row.tolist() for one in seen[0]] == [other.row.tolist() for other in seen[1]]


def test_every_plane_answers_from_the_same_tables(plan: Plan) -> None:
    readings = everything(plan.data, 0.5)
    for plane in (CompiledPlane(plan.data), TwinPlane(plan.data), RecordingPlane()):
        assert plane.reader(readings).read().row.shape == (readings.width,)


def test_lags_of_the_warm_up_are_left_out_of_what_is_read_after_it() -> None:
    """Read before it is over and then each second, all that is new adds up to what is counted."""
    plan = drawn(2, 1, duration="60 s", warm_up="10 s")
    plane, found = CompiledPlane(plan.data), list[Reading]()
    reader = plane.reader(Readings(plan.data, spreads=[Lag(0, 0, 1)]))
    tallies = simulate(plan, plane, progress=lambda _: found.append(reader.read())).tallies
    new = [one.spreads[0][1] for one in [*found, reader.read()] if one.at_ns >= plan.data.counts_from_ns]
    assert all((some > 0).all() for some in new)
    assert sum(some.sum() for some in new) == tallies.lag[0, 0, 1].sum() > 50
