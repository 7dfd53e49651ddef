"""A strong table is no backup: what is wrong is the latest version everywhere, and only a restore ends it.

Two regions and a witness. Users in Dublin write one of 200 items every few seconds, those in Frankfurt read.
At 10 min a bad migration makes every item wrong, in Frankfurt.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import CONFLICT_CALL
from simulator.measure.restores import section
from simulator.outcome import Outcome
from tests.small import NAME, experiment, plan_of, played, topology
from tests.twin.test_equality import assert_equal, attempts

DUBLIN, FRANKFURT, STOCKHOLM = "eu-west-1", "eu-central-1", "eu-north-1"
MIGRATION = {"at": "10 min", "table": "rows", "region": FRANKFURT, "mode": "corrupted", "items": "100 %"}
STEPS = {"takes": "10 min", "settings_take": "1 min", "replica_takes": "2 min", "swap_takes": "1 min"}
RESTORE = {"table": "rows", "region": DUBLIN, "point": "9 min", "at": "15 min", "copy_rate": "10/s"} | STEPS
SWAPPED_MIN = 15 + 10 + 2 + 20 / 60 + 1 + 1  # 200 items at 10 a second are 20 s


def system() -> dict[str, Any]:
    rows = {"replicas": [DUBLIN, FRANKFURT], "consistency": "strong", "witness": STOCKHOLM, "items": 200}
    rows |= {"capacity": "unlimited", "point_in_time_recovery": {}}
    operations = {"add": [{"write": "rows"}], "look": [{"read": "rows", "consistency": "strong"}]}
    return topology(
        regions={region: {} for region in (DUBLIN, FRANKFURT, STOCKHOLM)},
        tables={"rows": rows},
        services={"api": {"regions": [DUBLIN, FRANKFURT], "operations": operations}},
        dns={NAME: {"service": "api", "policy": "latency"}},
    )


def run_of(minutes: float, **changes: Any) -> dict[str, Any]:
    doing = {DUBLIN: "add", FRANKFURT: "look"}
    users = {
        near: {"near": near, "sessions": 10, "think_time": "5 s", "actions": {action: 1}}
        for near, action in doing.items()
    }
    return experiment(duration=f"{round(minutes * 60)} s", users=users, **changes)


@cache
def outcome_of(written_since: str = "", minutes: float = 35) -> Outcome:
    restores = [RESTORE | {"written_since": written_since}] if written_since else []
    faults = [MIGRATION] if minutes > 10 else []
    return played(system(), run_of(minutes, faults=faults, restores=restores))


def wrong_after(outcome: Outcome, minute: float) -> int:
    data = outcome.plan.data
    first = (round(minute * 60 * 10**9) - data.window_first_ns) // data.window_ns
    return int(outcome.tallies.window_damaged_reads[first:].sum())


def test_trap_every_strong_read_is_wrong_at_once_and_stays_so() -> None:
    outcome = outcome_of()
    assert outcome.tallies.struck_items.sum() == 200
    assert 0 <= outcome.tallies.first_damaged_ns[0][1] / 10**9 - 600 < 5  # ten readers, each every 5 s
    assert wrong_after(outcome, 34) > 80  # 2 a second for a minute are 120


def test_remedy_a_restore_whose_items_are_copied_into_a_new_strong_table() -> None:
    """Dublin writes and is restored: what it has by the point and by the swap is known from shorter runs."""
    outcome = outcome_of("drop")
    (one,) = section(outcome)
    assert one.swapped_s == pytest.approx(SWAPPED_MIN * 60)
    assert wrong_after(outcome, SWAPPED_MIN + 0.5) == 0
    by_point, by_swap = (int(outcome_of(minutes=at).tallies.writes[0]) for at in (9, SWAPPED_MIN))
    assert one.lost == outcome.tallies.lost_after_point[0] == by_swap - by_point
    assert one.point_age_s == pytest.approx((SWAPPED_MIN - 9) * 60)
    assert one.recovery_point_s == pytest.approx(one.point_age_s, abs=5)  # the first write after the point
    assert outcome.tallies.missing[0] == one.lost


def test_a_merge_keeps_no_item_as_all_of_them_are_wrong() -> None:
    (dropped,), (merged,) = (section(outcome_of(how)) for how in ("drop", "merge"))
    assert (merged.lost_after_point, merged.lost_in_merge) == (0, merged.lost)
    assert merged.lost >= dropped.lost


@pytest.mark.parametrize("fault", [MIGRATION, MIGRATION | {"mode": "deleted", "items": "50 %"}])
def test_both_planes_tell_the_same(fault: dict[str, Any]) -> None:
    """With a member that is away meanwhile, and writers on both sides."""
    away = {"at": "8 min", "for": "3 min", "link": {"between": [DUBLIN, STOCKHOLM]}, "mode": "cut"}
    run = run_of(32, faults=[fault, away], restores=[RESTORE | {"written_since": "drop"}])
    run["users"][FRANKFURT]["actions"] = {"add": 1, "look": 1}
    assert attempts(assert_equal(plan_of(system(), run))) > 1000


def test_nothing_is_struck_where_a_member_has_no_quorum() -> None:
    cut = [
        {"at": "9 min", "for": "3 min", "link": {"between": [FRANKFURT, other]}, "mode": "cut"}
        for other in (DUBLIN, STOCKHOLM)
    ]
    outcome = played(system(), run_of(12, faults=[*cut, MIGRATION]))
    assert outcome.tallies.struck_items.sum() == 0
    assert not np.any(outcome.tallies.damaged_reads)


def test_what_a_migration_writes_makes_others_writes_conflict() -> None:
    """Ten users write every 5 s, in calls of some 20 ms: 0.04 of them are under way at an instant.

    In 120 migrations that makes about 5 writes that had begun before, and are refused.
    """
    often = [MIGRATION | {"at": f"{30 + 7.3 * n:.1f} s"} for n in range(120)]
    outcome = played(system(), run_of(16, faults=often))
    assert outcome.tallies.struck_items.sum() == 120 * 200
    assert 0 < outcome.tallies.call_failures[CONFLICT_CALL].sum() < 15
