"""Backups that are copied to another region, and restored there when the first one is lost.

docs/model-stores.md §2: a table that is absent where it is restored; what was under way when a region
went down comes to nothing.
"""

import pytest

from simulator.measure import laws
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from simulator.pipeline import objective_of
from tests.small import played, read

DUBLIN, FRANKFURT = "eu-west-1", "eu-central-1"

TOPOLOGY = f"""
    topology: backups elsewhere
    regions: {{{DUBLIN}: {{}}, {FRANKFURT}: {{}}}}
    tables:
      orders:
        replicas: [{DUBLIN}, {FRANKFURT}]
        absent_in: [{FRANKFURT}]
        items: 100000
        backups:
          hourly:
            {{region: {DUBLIN}, every: 1 h, takes: 10 min, copied_to: [{FRANKFURT}], copy_takes: 20 min}}
    services:
      shop:
        regions: [{DUBLIN}, {FRANKFURT}]
        operations: {{order: [{{write: orders}}]}}
    dns:
      shop.example: {{service: shop, policy: failover, health_check: shop}}
    health_checks: {{shop: {{interval: 10 s}}}}
    plans:
      restore the shop:
        trigger: {{at: 170 min}}
        decision: none
        steps:
          - {{restore: orders, region: {FRANKFURT}, from: hourly, point: latest, written_since: drop,
             takes: 30 min, settings_take: 5 min}}
    """

EXPERIMENT = f"""
    experiment: a region is lost
    topology: system.yaml
    duration: 5 h
    users:
      buyers:
        {{near: {DUBLIN}, sessions: 10, session_length: 10 min, think_time: 1 min, actions: {{order: 1}}}}
    faults:
      - {{region: {DUBLIN}, MODE}}
    """


def run(mode: str) -> Outcome:
    outcome = played(TOPOLOGY, EXPERIMENT.replace("MODE", mode))
    laws.check(outcome)
    return outcome


def measured(mode: str) -> tuple[float, float, int, int]:
    """Point and recovery point of the restore in minutes, the recovery point of the run, missing writes."""
    outcome = run(mode)
    found = measure(outcome, objective_of(read(TOPOLOGY, EXPERIMENT.replace("MODE", mode)).experiment))
    (restore,) = found.restores
    assert restore.recovery_point_s is not None
    return restore.point_s / 60, restore.recovery_point_s / 60, restore.brought_back, found.loss.missing


@pytest.mark.parametrize(
    ("at", "point"),
    [("125 min", 60), ("148 min", 60), ("151 min", 120)],
    ids=["the capture is not complete", "nor its copy", "the copy is there"],
)
def test_a_backup_that_was_on_its_way_when_the_region_went_down_is_not_there(at: str, point: int) -> None:
    """Ten writes a minute: those from the capture until the loss are gone, all before are brought back."""
    found, oldest, back, missing = measured(f"mode: lost, at: {at}")
    minutes = int(at.removesuffix(" min"))
    assert found == point
    assert minutes - point - 1 < oldest <= minutes - point
    assert back == pytest.approx(10 * point, rel=0.15)
    assert missing == pytest.approx(10 * (minutes - point), rel=0.2)


def test_the_new_table_takes_writes_from_its_restore_on_and_no_sooner() -> None:
    """It is asked for at 170 min and there at 200 min; an hour and 40 min of ten writes a minute follow."""
    outcome = run("mode: lost, at: 150 min")
    kinds = [(one.at_ns / 60e9, one.kind) for one in outcome.events if "restore" in one.detail]
    assert kinds == [
        (170, "restore_started"), (170, "restore_begun"), (200, "restored"), (200, "swapped"),
        (205, "settings_rebuilt"),
    ]  # fmt: skip
    t = outcome.tallies
    after = int(t.writes[0]) - int(t.lost[0])
    assert after == pytest.approx(1000, rel=0.15)
    assert int(t.visible[0]) == after


def test_a_region_that_returns_has_a_table_of_its_own_by_the_same_name() -> None:
    """Dark from 150 to 240 min: new sessions return, and order from a table that nobody else sees.

    That is for 59 min. The last backup is of 120 min: the restore drops half an hour of ten writes a minute.
    """
    outcome = run("mode: black_hole, at: 150 min, until: 240 min")
    (left,) = [one for one in outcome.events if one.kind == "replica_left_behind"]
    assert (left.at_ns / 60e9, left.target) == (200, f"orders@{DUBLIN}")
    t = outcome.tallies
    assert 450 < int(t.fork_writes[0]) < 650
    assert int(t.lost_after_point[0]) == pytest.approx(300, rel=0.2)
    assert int(t.lost[0]) == int(t.fork_writes[0]) + int(t.lost_after_point[0])


def test_the_oldest_write_that_is_gone_was_made_before_the_region_went_dark() -> None:
    """The capture at 120 min is complete, with its copy, at 150 min: so it is there, and 30 min are gone."""
    _, oldest, _, _ = measured("mode: black_hole, at: 151 min, until: 240 min")
    assert 30 < oldest <= 31
