"""Restores of strong tables: a plain table, an empty strong one, the items copied in, and the swap."""

from typing import Any

import pytest

from simulator.boundary.measures import Asked
from simulator.control_plane.chance import duration_ns, uniform
from simulator.measure.restores import READERS, section
from simulator.outcome import Outcome
from simulator.plan.restores import RestorePlan, StrongTable
from simulator.randomness.draws import RESTORE
from simulator.report.restores import gist
from simulator.result.restores import Restore
from simulator.simulation import simulate
from tests.control_plane.recording import RecordingPlane
from tests.control_plane.test_restores import looks, steps
from tests.small import experiment, plan_of, topology

S = 10**9
DUBLIN, FRANKFURT, STOCKHOLM = "eu-west-1", "eu-central-1", "eu-north-1"
TAKES = {"takes": "10 min", "settings_take": "3 min", "replica_takes": "5 min", "swap_takes": "1 min"}


def planned(restore: dict[str, Any], faults: list[Any] | None = None, **table: Any) -> Any:
    """A table that was damaged at 20 min, as it is restored in Dublin 20 min later."""
    rows = {"replicas": [DUBLIN, FRANKFURT], "consistency": "strong", "witness": STOCKHOLM, "items": 24_000}
    rows |= {"point_in_time_recovery": {}} | table
    system = topology(
        regions={region: {} for region in (DUBLIN, FRANKFURT, STOCKHOLM)},
        tables={"rows": rows},
        services={"api": {"regions": [DUBLIN, FRANKFURT], "operations": {"view": [{"write": "rows"}]}}},
    )
    damage = [{"table": "rows", "mode": "corrupted", "at": "20 min", "for": "20 min"}]
    made = {"table": "rows", "region": DUBLIN, "after_damage": "20 min", "written_since": "drop"}
    return plan_of(
        system,
        experiment(
            duration="4 h",
            faults=damage if faults is None else faults,
            restores=[made | TAKES | restore],
            users={
                "people": {"near": DUBLIN, "sessions": 1, "think_time": "10 s"} | {"actions": {"view": 1}}
            },
        ),
    )


def ran(restore: dict[str, Any], faults: list[Any] | None = None, **table: Any) -> tuple[Outcome, Any]:
    plane = RecordingPlane()
    return simulate(planned(restore, faults, **table), plane), plane


def strong(restore: dict[str, Any], **table: Any) -> StrongTable:
    (plan,) = planned(restore, **table).control.of(RestorePlan)
    assert plan.strong is not None
    return plan.strong  # type: ignore[no-any-return]


def test_the_items_are_copied_into_an_empty_table_before_its_settings_are_made() -> None:
    """10 min to restore, 5 for the members, 24,000 items at 100 a second are 4 min; settings 3, name 1."""
    outcome, plane = ran({"copy_rate": "100/s"})
    assert steps(outcome) == [
        (40, "restore_started", DUBLIN),
        (40, "restore_begun", DUBLIN),
        (50, "restored", DUBLIN),
        (55, "strong_table_created", DUBLIN),
        (59, "items_copied", DUBLIN),
        (62, "settings_rebuilt", DUBLIN),
        (63, "swapped", DUBLIN),
    ]
    assert [(at / S / 60, given) for at, _, given in plane.of("restore")] == [(63, (0, False))]
    assert looks(plane) == []
    (one,) = section(outcome)
    assert [(step.step, (step.end_s - step.start_s) / 60) for step in one.steps] == [
        *(("restore", 10), ("create", 5), ("copy", 4), ("settings", 3), ("swap", 1))
    ]
    assert (one.strong, one.replicas) == (True, {DUBLIN: 63 * 60, FRANKFURT: 63 * 60})
    assert one.complete_s == 63 * 60


def test_a_merge_comes_last_before_the_swap() -> None:
    """The plane tells of 8,000 items that have changed: at 100 a second 80 s."""
    outcome, plane = ran({"copy_rate": "100/s", "written_since": "merge", "merge_rate": "100/s"})
    assert steps(outcome)[-3:] == [
        *((62, "settings_rebuilt", DUBLIN), (62 + 80 / 60, "merged", DUBLIN)),
        (63 + 80 / 60, "swapped", DUBLIN),
    ]
    assert plane.of("restore")[0][2] == (0, True)


def test_under_the_same_name_the_old_table_is_in_use_until_the_plain_one_is_there() -> None:
    """The plain table has another name: from its history, since that goes with the old table only then."""
    outcome, plane = ran({"copy_rate": "100/s", "swap": "same_name"})
    assert steps(outcome)[2:] == [
        (50, "restored", DUBLIN),
        (51, "table_deleted", DUBLIN),
        (56, "strong_table_created", DUBLIN),
        (60, "items_copied", DUBLIN),
        (60, "swapped", DUBLIN),
        (63, "settings_rebuilt", DUBLIN),
    ]
    assert looks(plane) == [(51, 0, True), (51, 1, True), (60, 0, False), (60, 1, False)]
    (one,) = section(outcome)
    assert one.point_age_s == (51 - 20) * 60 + 1  # when the old table was in use for the last time
    assert one.unprotected_s == 3 * 60


def test_a_deleted_table_needs_no_deletion() -> None:
    deleted = [{"table": "rows", "mode": "deleted", "at": "20 min"}]
    outcome, plane = ran({"copy_rate": "100/s", "swap": "same_name", "from": "system_backup"}, deleted)
    assert [kind for _, kind, _ in steps(outcome)][2:5] == [
        *("restored", "strong_table_created", "items_copied")
    ]
    assert looks(plane) == [(20, 0, True), (20, 1, True), (59, 0, False), (59, 1, False)]


def test_an_empty_table_is_there_when_the_slowest_of_its_members_is() -> None:
    """Two of them are added to the first, each with a draw of its own."""
    restore = {"replica_takes": {"from": "2 min", "to": "20 min"}, "copy_rate": "100/s"}
    plan = planned(restore)
    (one,) = plan.control.of(RestorePlan)
    drawn = [duration_ns(one.replica.draw, uniform(plan.data.seed, RESTORE, 0, 3 + n)) for n in range(2)]
    outcome, _ = ran(restore)
    assert drawn[0] != drawn[1]
    assert steps(outcome)[3][:2] == ((50 * 60 * S + max(drawn)) / S / 60, "strong_table_created")


@pytest.mark.parametrize("down", [FRANKFURT, STOCKHOLM])
def test_it_is_not_created_while_the_region_of_a_member_is_down(down: str) -> None:
    damage = {"table": "rows", "mode": "corrupted", "at": "20 min", "for": "20 min"}
    outage = {"region": down, "mode": "refused", "at": "45 min", "for": "30 min"}
    outcome, _ = ran({"copy_rate": "100/s"}, [damage, outage])
    assert steps(outcome)[3:5] == [
        (80, "strong_table_created", DUBLIN),
        (84, "items_copied", DUBLIN),
    ]


def test_where_one_quota_is_too_small_there_is_no_strong_table() -> None:
    """It is warm for 50,000 write units a second, and a quota is 40,000: no member, so no table."""
    outcome, plane = ran({}, capacity={"on_demand": {"warm_write": "50000/s"}})
    assert steps(outcome)[2:] == [(50, "restored", DUBLIN), (50, "replica_refused", FRANKFURT)]
    assert plane.of("restore") == []
    (one,) = section(outcome)
    assert (one.swapped_s, one.refused, one.steps[-1].step) == (None, (FRANKFURT,), "restore")
    (sentence,) = gist(_Told((one,)))  # type: ignore[arg-type]
    assert sentence == (
        f"rows not restored: the quota for a table is too small in {FRANKFURT}, and a strong table has all "
        "its members or is none"
    )
    assert READERS["restore_time"](_Told((one,)), Asked("restore_time")) is None  # type: ignore[arg-type]


class _Told:
    """A result of which only its restores are told."""

    def __init__(self, restores: tuple[Restore, ...]) -> None:
        self.restores = restores


@pytest.mark.parametrize(
    ("table", "seconds"),
    [
        # 4,000 units a second are there for a new table on demand: 24,000 items of a unit take 6 s
        ({}, 6),
        ({"capacity": "unlimited"}, 6),
        # items of 2.5 KB cost three units each
        ({"item_size": "2500 B"}, 18),
        ({"capacity": {"provisioned": {"write": "100/s", "read": "1/s"}}}, 240),
        # every replica takes every item: the one with least decides
        (
            {
                "capacity": {"on_demand": {"warm_write": "8000/s"}},
                "capacity_in": {FRANKFURT: {"on_demand": {"warm_write": "80/s", "warm_read": "1/s"}}},
            },
            300,
        ),
    ],
)
def test_copying_takes_as_long_as_the_write_capacity_lets_it(table: dict[str, Any], seconds: int) -> None:
    assert strong({}, **table).copy_ns == seconds * S


def test_ones_own_rate_replaces_that_and_empty_members_take_nothing_for_size() -> None:
    found = strong({"copy_rate": "1000/s"}, capacity="unlimited", items=20_000_000)
    assert (found.copy_ns, found.items, found.made) == (20_000 * S, 20_000_000, 2)
    (plan,) = planned({"replica_takes": "4 min"}, items=20_000_000).control.of(RestorePlan)
    assert (plan.replica.least_ns, plan.replica.more_ns) == (0, 0)
