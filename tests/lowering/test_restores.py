"""Restores lowered: from when their state is, and how long each step takes, by the catalog or by a drill."""

from typing import Any

import pytest

from simulator import catalog, units
from simulator.plan.restores import RestorePlan
from simulator.randomness.distributions import CONSTANT, LOGNORMAL
from tests.small import HERE, THERE, experiment, plan_of, topology

MINUTE = 60 * 10**9
HOUR = 60 * MINUTE


def lowered(restore: dict[str, Any], table: dict[str, Any] | None = None, **run: Any) -> RestorePlan:
    """The plan of one restore; the run begins at 01:30, and the table is damaged at 20 h."""
    backup = {"region": HERE, "every": "6 h", "at": "02:00", "takes": "10 min", "copied_to": [THERE]}
    rows = {"replicas": [HERE, THERE], "point_in_time_recovery": {}, "backups": {"six": backup}}
    made = {"table": "rows", "region": HERE, "after_damage": "40 min", "written_since": "drop"} | restore
    made = {key: value for key, value in made.items() if value is not None}
    damage = {"table": "rows", "mode": "corrupted", "at": "20 h", "for": "1 h"}
    times = {"duration": "24 h", "time_of_day": "01:30"}
    system = topology(tables={"rows": rows | (table or {})})
    (plan,) = plan_of(system, experiment(restores=[made], faults=[damage], **times | run)).control.of(
        RestorePlan
    )
    return plan


def test_before_the_damage_is_the_second_before() -> None:
    plan = lowered({})
    assert (plan.point_ns, plan.start_ns) == (20 * HOUR - 10**9, 20 * HOUR + 40 * MINUTE)


def test_the_latest_is_five_minutes_old() -> None:
    assert lowered({"point": "latest"}).point_ns == 20 * HOUR + 35 * MINUTE


@pytest.mark.parametrize(
    ("restore", "captured_h"),
    [
        ({}, 18.5),  # 02:00 is half an hour into the run: captures begin at 0.5, 6.5, 12.5 and 18.5 h
        ({"point": "18 h"}, 12.5),
        (
            {"at": "18 h 36 min", "after_damage": None, "point": "18 h 35 min"},
            12.5,
        ),  # that of 18.5 h is not there yet
        (
            {"region": THERE, "at": "19 h 9 min", "after_damage": None, "point": "19 h"},
            12.5,
        ),  # nor copied, in 30 min
        ({"region": THERE, "at": "19 h 11 min", "after_damage": None, "point": "19 h"}, 18.5),
    ],
)
def test_a_backup_is_as_old_as_its_capture_and_must_be_there(
    restore: dict[str, Any], captured_h: float
) -> None:
    assert lowered({"from": "six"} | restore).point_ns == round(captured_h * HOUR)


def test_the_state_of_a_copied_backup_is_that_of_the_replica_of_which_it_was_made() -> None:
    backup = {"region": HERE, "every": "6 h", "at": "02:00", "copied_to": [THERE]}
    rows = {"replicas": [HERE, THERE], "backups": {"six": backup}}
    made = {
        "table": "rows",
        "region": THERE,
        "from": "six",
        "point": "1 h",
        "at": "2 h",
        "written_since": "drop",
    }
    run = experiment(restores=[made], duration="3 h", time_of_day="01:30")
    data = plan_of(topology(tables={"rows": rows}), run).data
    assert (data.snapshot_store.tolist(), data.snapshot_region.tolist()) == ([0], [0])


def test_a_restore_takes_twenty_minutes_at_least_and_more_by_the_largest_partition_and_its_indexes() -> None:
    """A partition holds 10 GB: of items of 1 KB, 10,485,760; at 10,000 a second, once and for each index."""
    plan = lowered({}, {"items": 20_000_000, "secondary_indexes": 2})
    assert plan.takes.draw[0] == LOGNORMAL
    assert plan.takes.least_ns == 20 * MINUTE
    assert plan.takes.more_ns == round(3 * 10_485_760 / 10_000 * 10**9)
    assert plan.replica.more_ns == plan.takes.more_ns
    assert lowered({}, {"items": 5_000}).takes.more_ns == 5_000 * 10**9 // 10_000


def test_ones_own_drill_replaces_all_that() -> None:
    plan = lowered({"takes": "35 min", "replica_takes": "8 min"}, {"items": 20_000_000})
    assert (plan.takes.draw, plan.takes.least_ns, plan.takes.more_ns) == (
        (CONSTANT, 35.0 * MINUTE, 0.0),
        0,
        0,
    )
    assert (plan.replica.draw[1], plan.replica.more_ns) == (8.0 * MINUTE, 0)


def test_what_is_published_and_what_is_not() -> None:
    """The floor is the vendor's; its source says that whole tests disagree. No range by size is measured."""
    least, takes = catalog.entry("dynamodb.restore.least"), catalog.entry("dynamodb.restore.takes")
    assert (units.parse_duration(least.value), least.label) == (20 * MINUTE, "documented")
    assert "820.98 s" in least.source
    assert takes.label == "assumed"
    assert catalog.entry("dynamodb.restore.takes.items_per_second").label == "assumed"
    assert catalog.entry("dynamodb.restore.replica").label == "measured"
    assert "empty" in catalog.entry("dynamodb.restore.replica").source
    assert catalog.entry("dynamodb.backup.copy").label == "assumed"


def test_a_quota_below_what_the_table_is_warm_for_lets_no_replica_be_made() -> None:
    warm = {"capacity": {"on_demand": {"warm_write": "40000/s"}}}
    assert lowered({}, warm).refused == ()
    assert lowered({}, {"capacity": {"on_demand": {"warm_write": "40001/s"}}}).refused == (1,)
