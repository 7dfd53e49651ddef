"""Replicas that failover plans make: when they are there, what they wait for, and what refuses them."""

from typing import Any

import pytest

from simulator.boundary.subjects import OfReplica, OfReplicator
from simulator.outcome import Outcome
from simulator.simulation import play
from tests.control_plane.recording import RecordingPlane, arguments
from tests.small import HERE, THERE, experiment, plan_of, topology

MINUTE = 60 * 10**9
ELSEWHERE = "eu-north-1"
REGIONS = [HERE, THERE, ELSEWHERE]
ROWS = 0
STEP = {"replica": "rows", "in": HERE, "takes": "8 min"}
BLOCKED = {"table": "rows", "region": HERE, "mode": "role_unusable", "at": "10 min", "for": "60 min"}


def ran(
    *steps: Any,
    faults: list[Any] | tuple[Any, ...] = (BLOCKED,),
    table: dict[str, Any] | None = None,
) -> tuple[RecordingPlane, Outcome]:
    """Four hours, in which a replica is forked after an hour without its role; the plan begins at 90 min."""
    plan = {"trigger": {"at": "90 min"}, "decision": "none", "steps": [*steps]}
    operations = {"view": [{"read": "rows"}, {"write": "rows"}]}
    rows = {"replicas": REGIONS} | (table or {})
    written = topology(
        regions={region: {} for region in REGIONS},
        tables={"rows": rows},
        services={"api": {"regions": rows["replicas"], "operations": operations}},
        plans={"again": plan},
        defaults={"fork_after": "30 min"},
    )
    plane = RecordingPlane()
    lowered = plan_of(written, experiment(duration="4 h", faults=[*faults]))
    return plane, play(lowered, plane, lambda _: plane)


def log(outcome: Outcome) -> list[tuple[float, str]]:
    """The minute and kind of entries about replicas."""
    return [(one.at_ns / MINUTE, one.kind) for one in outcome.events if isinstance(one.subject, OfReplica)]


def whys(outcome: Outcome) -> list[str]:
    return [str(one.detail["why"]) for one in outcome.events if one.kind == "plan_step_refused"]


def at(outcome: Outcome, kind: str) -> list[float]:
    return [one.at_ns / MINUTE for one in outcome.events if one.kind == kind]


def absence(plane: RecordingPlane) -> list[tuple[float, int, bool]]:
    """When the endpoint of the table in which region is absent or there."""
    calls = arguments(plane.of("set_endpoint"))
    return [(at_ns / MINUTE, region, look.absent) for at_ns, (_, region, look) in calls]


def test_a_forked_table_is_deleted_first_and_the_copy_can_be_used_when_it_is_complete() -> None:
    """The deletion is drawn from 10 to 60 s, and said to be nothing in no file; then 8 min."""
    plane, outcome = ran(STEP)
    (_, forked), (deleted, _), (begun, _), (added, _) = log(outcome)
    assert [kind for _, kind in log(outcome)] == [
        "replica_forked", "old_replica_deleted", "replica_begun", "replica_added",
    ]  # fmt: skip
    assert forked == "replica_forked"
    assert 90 + 10 / 60 <= deleted <= 91
    assert begun == deleted
    assert added == pytest.approx(deleted + 8)
    assert [(at_ns / MINUTE, given) for at_ns, given in arguments(plane.of("add_replica"))] == [
        (added, (ROWS, 0, 1))
    ]
    assert absence(plane) == [(deleted, 0, True), (added, 0, False)]
    assert at(outcome, "plan_step_done") == [added]


def test_it_is_copied_to_and_from_all_others_from_then_on() -> None:
    plane, outcome = ran(STEP)
    (added,) = at(outcome, "replica_added")
    resumed = [given for at_ns, given in arguments(plane.of("set_replication")) if at_ns / MINUTE == added]
    assert {*resumed} == {(ROWS, *pair, True) for pair in [(0, 1), (0, 2), (1, 0), (2, 0)]}
    told = [one.subject for one in outcome.events if one.kind == "replication_resumed"]
    assert len(told) == 4
    assert all(isinstance(one, OfReplicator) for one in told)


def test_what_was_never_there_is_absent_and_begins_untold() -> None:
    table = {"replicas": [THERE, ELSEWHERE, HERE], "absent_in": [HERE]}
    plane, outcome = ran(STEP, faults=(), table=table)
    assert log(outcome) == [(90, "replica_begun"), (98, "replica_added")]
    assert absence(plane) == [(0, 0, True), (98, 0, False)]
    assert arguments(plane.of("fork_replica")) == [(0, (ROWS, 0))]
    assert [(at_ns / MINUTE, given[1:]) for at_ns, given in arguments(plane.of("set_replication"))] == [
        *((0, (*pair, False)) for pair in [(0, 1), (0, 2), (1, 0), (2, 0)]),
        *((98, (*pair, True)) for pair in [(0, 1), (0, 2), (1, 0), (2, 0)]),
    ]
    assert not [one for one in outcome.events if isinstance(one.subject, OfReplicator)]


def test_where_a_replica_is_the_step_is_done_at_once() -> None:
    _, outcome = ran(STEP, faults=())
    assert log(outcome) == []
    assert at(outcome, "plan_step_done") == [90]


def test_it_is_made_once_whoever_asks_and_goes_on_without_a_plan_that_gives_up() -> None:
    steps = {"together": [STEP | {"timeout": "2 min"}, STEP | {"takes": "1 min"}]}
    _, outcome = ran(steps)
    assert [kind for _, kind in log(outcome)].count("replica_begun") == 1
    (added,) = at(outcome, "replica_added")
    assert added - at(outcome, "replica_begun")[0] == pytest.approx(8)
    assert at(outcome, "plan_step_stranded") == [92]
    assert at(outcome, "plan_step_done") == [added]


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (
            {"table": "rows", "region": HERE, "mode": "key_unusable", "at": "80 min", "for": "20 min"},
            f"its key, or the role that copies rows, cannot be used in {HERE}",
        ),
        (
            {"control_plane": "dynamodb", "region": HERE, "mode": "frozen", "at": "80 min", "for": "20 min"},
            f"DynamoDB's control plane in {HERE}",
        ),
        (
            {"table": "rows", "mode": "deleted", "at": "80 min"},
            "no replica of rows is there to be copied",
        ),
    ],
    ids=["shut out", "frozen", "deleted"],
)
def test_what_is_in_its_way_refuses_it(fault: dict[str, Any], why: str) -> None:
    _, outcome = ran(STEP | {"retries": 0}, faults=[BLOCKED, fault])
    assert whys(outcome)[0].startswith(why)
    assert at(outcome, "replica_begun") == []


def test_a_table_takes_one_change_at_a_time() -> None:
    other = BLOCKED | {"region": THERE}
    steps = {"together": [STEP, STEP | {"in": THERE, "retry_every": "1 min"}]}
    _, outcome = ran(steps, faults=[BLOCKED, other])
    first, second = at(outcome, "replica_added")
    assert whys(outcome)[0] == f"another replica of rows is being made, in {HERE}"
    assert second - first > 8


def test_an_account_whose_quota_is_too_small_makes_none() -> None:
    table = {"capacity": {"on_demand": {"warm_write": "50_000/s", "warm_read": "50_000/s"}}}
    _, outcome = ran(STEP | {"retries": 0}, table=table)
    assert whys(outcome) == [f"the quota for a table in {HERE} is below what rows is warm for"]


@pytest.mark.parametrize(
    "fault",
    [
        {"region": HERE, "mode": "refused", "at": "95 min", "for": "25 min"},
        {"table": "rows", "region": HERE, "mode": "role_unusable", "at": "95 min", "for": "25 min"},
        {"region": THERE, "mode": "black_hole", "at": "95 min", "for": "25 min"},
    ],
    ids=["down", "shut out", "without a source"],
)
def test_a_copy_that_is_complete_waits_for_its_region_and_for_a_source(fault: dict[str, Any]) -> None:
    table = {"replicas": [THERE, HERE]}
    _, outcome = ran(STEP, faults=[BLOCKED, fault], table=table)
    assert at(outcome, "replica_added") == [120]


def test_the_source_is_the_first_of_the_others_that_can_be_reached() -> None:
    cut = {"link": {"from": THERE, "to": HERE}, "mode": "cut", "at": "80 min"}
    plane, outcome = ran(STEP, faults=[BLOCKED, cut])
    assert arguments(plane.of("add_replica"))[0][1] == (ROWS, 0, 2)
    (entry,) = [one for one in outcome.events if one.kind == "replica_added"]
    assert entry.detail == {"source": ELSEWHERE}


def test_by_default_it_takes_what_a_replica_of_a_restored_table_does() -> None:
    """From 273 to 532 s, and 20 million items of 512 bytes (10 GB) at 10,000 a second: 2,000 s."""
    table = {"replicas": [THERE, HERE], "absent_in": [HERE], "items": 40_000_000, "item_size": "512 B"}
    _, outcome = ran({"replica": "rows", "in": HERE}, faults=(), table=table)
    took_s = (at(outcome, "replica_added")[0] - at(outcome, "replica_begun")[0]) * 60
    of_partition = 10 * 1024**3 // 512 / 10_000
    assert 273 <= took_s - of_partition <= 532


def test_a_replica_that_was_made_again_is_forked_again() -> None:
    again = BLOCKED | {"at": "120 min"}
    _, outcome = ran(STEP, faults=[BLOCKED, again])
    assert at(outcome, "replica_forked") == [40, 150]
