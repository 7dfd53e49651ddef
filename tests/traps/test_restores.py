"""What a restore undoes and what it costs: as old as its point is, so much is missing, and no more is needed.

One item in two regions, read once a second in each and written in Milan. From 20 min on a bad deployment
makes every write in Milan wrong, for ten minutes; whoever builds on it is wrong, too, and all after that.
"""

from functools import cache
from time import perf_counter

import pytest

from simulator.data_plane.plane import CompiledPlane
from simulator.measure import laws
from simulator.measure.restores import section
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from simulator.plan.lowered import Plan
from simulator.result.recovery import Objective
from simulator.simulation import simulate
from tests.small import plan_of
from tests.twin.test_equality import worth_of_what_is_left

TOPOLOGY = """
    topology: one item, two regions
    regions: {eu-south-1: {}, eu-west-1: {}}
    tables:
      rows:
        replicas: [eu-south-1, eu-west-1]
        items: 1
        point_in_time_recovery: {lag: 1 min}
        backups: {hourly: {region: eu-west-1, every: 1 h, at: "00:00", takes: 5 min}}
    services:
      it: {regions: [eu-south-1], operations: {add_it: [{read: rows}, {write: rows}]}}
      ie: {regions: [eu-west-1], operations: {look_ie: [{read: rows}]}}
    dns: {it.example: {service: it, policy: simple}, ie.example: {service: ie, policy: simple}}
    """

EXPERIMENT = """
    experiment: a bad deployment in Milan
    topology: system.yaml
    duration: 80 min
    users:
      italians: {near: eu-south-1, arrivals: 1/s, session_length: 1 ms, think_time: 1 h,
                 actions: {add_it: 1}, client: script}
      irish: {near: eu-west-1, arrivals: 1/s, session_length: 1 ms, think_time: 1 h,
              actions: {look_ie: 1}, client: script}
    faults: [{at: 20 min, for: 10 min, table: rows, region: eu-south-1, mode: corrupted}]
    RESTORES
    """

STEPS = "takes: 10 min, settings_take: 1 min, replica_takes: 2 min, swap_takes: 1 min"
MILAN, DUBLIN = 0, 1


def plan_with(restore: str, seed: int) -> Plan:
    restores = (
        f"restores: [{{table: rows, region: eu-west-1, after_damage: 15 min, {restore}, {STEPS}}}]"
        if restore
        else ""
    )
    return plan_of(TOPOLOGY, EXPERIMENT.replace("RESTORES", restores), seed)


@cache
def played_with(restore: str, seed: int = 1) -> Outcome:
    plan = plan_with(restore, seed)
    outcome = simulate(plan, CompiledPlane(plan.data))
    laws.check(outcome)
    return outcome


def wrong_after(outcome: Outcome, minute: int) -> int:
    """Damaged reads in both regions from a minute on."""
    data = outcome.plan.data
    first = (minute * 60 * 10**9 - data.window_first_ns) // data.window_ns
    return int(outcome.tallies.window_damaged_reads[first:].sum())


@pytest.mark.parametrize("seed", range(1, 4))
def test_the_other_region_reads_what_is_wrong_within_seconds_and_goes_on_when_the_fault_has_ended(
    seed: int,
) -> None:
    outcome = played_with("", seed)
    first_s = outcome.tallies.first_damaged_ns[0] / 10**9 - 20 * 60
    assert 0 < first_s[MILAN] < 15
    assert 0 < first_s[DUBLIN] < 15
    assert wrong_after(outcome, 31) > 5000  # two a second for 49 minutes are 5,880


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_restore_to_before_the_damage_ends_it_and_takes_all_that_was_written_since(seed: int) -> None:
    """Noticed after 15 min, restored in 10, with 1 + 2 + 1 min for the rest: in use at 49 min."""
    outcome = played_with("written_since: drop", seed)
    (one,) = section(outcome)
    assert one.swapped_s == 49 * 60
    assert one.restore_time_s == 29 * 60
    assert wrong_after(outcome, 50) == 0
    # a write a second for 29 min are 1,740; by Poisson's law 42 are a standard deviation
    assert one.lost == pytest.approx(1740, abs=168)
    assert one.lost_after_point == one.lost
    # and the age of the oldest is that of the point, but for the time until somebody wrote again, and a lag
    assert one.point_age_s == 29 * 60 + 1
    assert one.recovery_point_s == pytest.approx(one.point_age_s, abs=10)


def test_a_merge_of_an_item_that_is_damaged_keeps_nothing_of_it() -> None:
    outcome = played_with("written_since: merge")
    (one,) = section(outcome)
    assert (one.lost, one.lost_after_point) == (one.lost_in_merge, 0)
    assert one.lost > 1500
    assert wrong_after(outcome, 50) == 0


def test_a_backup_is_older_than_its_job_and_takes_more_with_it() -> None:
    """The only one was captured at 0 min, and was there at 5: it is older than the point by 20 min."""
    outcome = played_with("written_since: drop, from: hourly")
    (one,) = section(outcome)
    assert one.point_s == 0
    assert one.lost == pytest.approx(2940, abs=220)


def test_the_latest_state_is_damaged_already_and_heals_nothing() -> None:
    outcome = played_with("written_since: drop, point: latest")
    (one,) = section(outcome)
    assert one.point_s == 34 * 60
    assert wrong_after(outcome, 50) > 3000


@pytest.mark.parametrize("seed", range(1, 6))
def test_what_is_missing_is_what_was_acknowledged_less_what_is_there(seed: int) -> None:
    """An identity: all writes of an item are missing, or the last version is worth them."""
    plan = plan_with("written_since: drop", seed)
    plane = CompiledPlane(plan.data)
    outcome = simulate(plan, plane)
    assert int(outcome.tallies.lost_after_point[0]) > 1500
    assert int(outcome.tallies.writes[0]) == int(outcome.tallies.missing[0]) + worth_of_what_is_left(plane)[0]


def test_the_waterfall_tells_what_the_time_of_a_restore_went_to() -> None:
    """Half of all read what is wrong, soon after it begins, until the new table is in use."""
    found = measure(played_with("written_since: drop"), Objective(0.99, 10.0, 10.0, 300.0)).recovery
    took = {phase.phase: phase.end_s - phase.start_s for phase in found.phases}
    assert [*took] == ["notice_damage", "restore", "rebuild_settings", "create_replicas", "swap"]
    assert list(took.values())[1:4] == [600, 60, 120]
    assert took["notice_damage"] == 15 * 60
    assert 0 < took["swap"] <= 70
    assert [phase.ended_by for phase in found.phases] == ["operator", *["restore"] * 4]
    assert {cause for phase in found.phases for cause in phase.held_by} <= {"damaged_data", "slow"}


@pytest.mark.parametrize("items", [2_000, 200_000])
def test_taking_a_snapshot_takes_no_longer_of_a_large_table(items: int) -> None:
    """All items have been written, and their copies have arrived: a few steps, whatever their number."""
    table = TOPOLOGY.replace("items: 1\n", f"items: {items}\n")
    plan = plan_of(table, EXPERIMENT.replace("RESTORES", f"restores: [{{{RESTORE}}}]"))
    plane = CompiledPlane(plan.data)
    fill(plane, items)
    times = []
    for _ in range(5):
        begun = perf_counter()
        plane.take_snapshot(0)
        times.append(perf_counter() - begun)
    assert min(times) < 0.05


RESTORE = f"table: rows, region: eu-west-1, after_damage: 15 min, written_since: drop, {STEPS}"


def fill(plane: CompiledPlane, items: int) -> None:
    """A fault strikes every item, and its copies arrive."""
    plane.strike((0, MILAN), 0, 1.0, False)
    plane.advance(60 * 10**9)
    versions = plane._memory.versions
    assert len(versions.free) - int(versions.free_count[0]) >= items
