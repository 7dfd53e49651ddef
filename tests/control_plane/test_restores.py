"""Restores: the order of their steps, what is not there meanwhile, and who has to wait."""

from typing import Any

import pytest

from simulator.outcome import Outcome
from simulator.simulation import simulate
from tests.control_plane.recording import RecordingPlane
from tests.small import HERE, THERE, experiment, plan_of, topology

S = 10**9
TAKES = {"takes": "10 min", "settings_take": "3 min", "replica_takes": "5 min", "swap_takes": "1 min"}


def system(**table: Any) -> Any:
    backup = {"region": HERE, "every": "24 h", "at": "00:10", "takes": "1 min", "copied_to": [THERE]}
    rows = {"replicas": [HERE, THERE], "point_in_time_recovery": {}, "backups": {"nightly": backup}} | table
    operations = {"view": [{"write": "rows"}]}
    return topology(
        tables={"rows": rows},
        services={"api": {"regions": [HERE, THERE], "operations": operations}},
    )


def ran(*restores: dict[str, Any], faults: list[Any] | None = None, **table: Any) -> tuple[Outcome, Any]:
    """What is logged, and what the data plane is told, for restores of a table that was damaged at 20 min."""
    damage = [{"table": "rows", "mode": "corrupted", "at": "20 min", "for": "20 min"}]
    made = [
        {"table": "rows", "region": HERE, "after_damage": "20 min", "written_since": "drop"} | TAKES | one
        for one in restores
    ]
    run = experiment(duration="4 h", faults=damage if faults is None else faults, restores=made)
    plane = RecordingPlane()
    return simulate(plan_of(system(**table), run), plane), plane


def steps(outcome: Outcome) -> list[tuple[float, str, str]]:
    """The minute, kind and region of what restores log."""
    found = [event for event in outcome.events if "restore" in event.detail]
    return [(event.at_ns / S / 60, event.kind, event.target.partition("@")[2]) for event in found]


def test_a_new_table_is_complete_before_the_application_is_told_its_name() -> None:
    """Asked for at 40 min: 10 min to restore, 3 for settings, 5 for the replica, 1 to change the name."""
    outcome, plane = ran({})
    assert steps(outcome) == [
        (40, "restore_started", HERE),
        (40, "restore_begun", HERE),
        (50, "restored", HERE),
        (53, "settings_rebuilt", HERE),
        (58, "replica_created", THERE),
        (59, "swapped", HERE),
    ]
    assert [(at / S, given) for at, _, given in plane.of("take_snapshot")] == [(20 * 60 - 1, (0,))]
    assert [(at / S / 60, given) for at, _, given in plane.of("restore")] == [(59, (0, False))]


def test_a_merge_copies_what_has_changed_at_its_rate() -> None:
    """The plane tells of 8,000 items: at 100 a second 80 s."""
    outcome, plane = ran({"written_since": "merge", "merge_rate": "100/s"})
    assert steps(outcome)[-2:] == [(58 + 80 / 60, "merged", HERE), (59 + 80 / 60, "swapped", HERE)]
    assert plane.of("restore")[0][2] == (0, True)


ABSENT = True


def looks(plane: Any) -> list[tuple[float, int, bool]]:
    """When a table is not there any more in a region, or is there again."""
    found, before = list[tuple[float, int, bool]](), {0: False, 1: False}
    for at, _, (_, region, look) in plane.of("set_endpoint"):
        if look.absent != before[region]:
            found.append((at / S / 60, region, look.absent))
        before[region] = look.absent
    return found


def test_under_the_same_name_nobody_has_the_table_while_it_is_restored() -> None:
    """Deleted in a minute, at 41 min; there again at 51, in the other region with its replica at 56."""
    outcome, plane = ran({"from": "nightly", "swap": "same_name"})
    assert [kind for _, kind, _ in steps(outcome)] == [
        *("restore_started", "table_deleted", "restore_begun", "restored", "swapped"),
        *("replica_created", "settings_rebuilt"),
    ]
    assert looks(plane) == [(41, 0, ABSENT), (41, 1, ABSENT), (51, 0, not ABSENT), (56, 1, not ABSENT)]


def test_a_deleted_table_is_there_again_where_it_is_restored_and_then_elsewhere() -> None:
    deleted = [{"table": "rows", "mode": "deleted", "at": "20 min"}]
    outcome, plane = ran({"from": "system_backup", "swap": "same_name"}, faults=deleted)
    assert [(at / S / 60) for at, _, _ in plane.of("take_snapshot")] == [20]  # before it is gone
    assert looks(plane) == [(20, 0, ABSENT), (20, 1, ABSENT), (50, 0, not ABSENT), (55, 1, not ABSENT)]
    assert [kind for _, kind, _ in steps(outcome)][-1] == "settings_rebuilt"


def test_a_region_whose_quota_is_too_small_gets_no_replica_and_then_has_no_table() -> None:
    """The table is warm for 50,000 write units a second, and a quota is 40,000."""
    outcome, plane = ran({}, capacity={"on_demand": {"warm_write": "50000/s"}})
    assert (53, "replica_refused", THERE) in steps(outcome)
    assert looks(plane) == [(54, 1, ABSENT)]


def test_a_restore_waits_until_its_point_is_restorable() -> None:
    """Noticed after a minute: the second before the damage is restorable 5 min later."""
    outcome, _ = ran({"after_damage": "1 min"})
    assert steps(outcome)[:2] == [
        (21, "restore_started", HERE),
        ((25 * 60 - 1) / 60, "restore_begun", HERE),
    ]


@pytest.mark.parametrize("mode", ["refused", "black_hole"])
def test_nothing_is_restored_in_a_region_that_is_down(mode: str) -> None:
    damage = {"table": "rows", "mode": "corrupted", "at": "20 min", "for": "20 min"}
    down = {"region": HERE, "mode": mode, "at": "30 min", "for": "30 min"}
    outcome, _ = ran({}, faults=[damage, down])
    assert steps(outcome)[1:3] == [(60, "restore_begun", HERE), (70, "restored", HERE)]


def test_fifty_are_restored_at_once_and_the_next_waits() -> None:
    outcome, _ = ran(*[{}] * 51)
    begun = [at for at, kind, _ in steps(outcome) if kind == "restore_begun"]
    assert begun == [40.0] * 50 + [50.0]


def test_fifty_terabytes_are_restored_at_once() -> None:
    """Two tables of 30 TB: 100 million items of 300 KB; the second waits for the first."""
    outcome, _ = ran({}, {}, items=100_000_000, item_size="300 KB")
    assert [at for at, kind, _ in steps(outcome) if kind == "restore_begun"] == [40.0, 50.0]


def test_the_regions_each_have_a_queue_of_their_own() -> None:
    outcome, _ = ran(*[{}] * 50, {"region": THERE})
    assert [at for at, kind, _ in steps(outcome) if kind == "restore_begun"] == [40.0] * 51
