"""Engine and twin agree on replicas that are made in the middle of a run: anew, or for the first time."""

import pytest

from simulator.boundary.events_of_data import REPLICA_ADDED, REPLICA_LEFT_BEHIND, SWAPPED
from tests.small import plan_of
from tests.tiers import crossed, tiered
from tests.twin.strategies import Spec
from tests.twin.test_equality import assert_equal
from tests.twin.test_forks import A, B, C, run, system

LONG = {"duration": "2 min"}
LAG = {"median": "2 s", "p99": "8 s"}
OUT = {"table": "orders", "region": A, "mode": "role_unusable"}
WITH_A_WRONG_CLOCK: Spec = {"clock": A, "skew": "-3 s"}


def remade(regions: list[str], at_s: int, takes: str, absent: bool = False, **table: Spec) -> Spec:
    """The system whose replicas are forked, with slow copies, and a plan that makes one of them anew."""
    spec = system([*regions[1:], A] if absent else regions, {})
    step = {"replica": "orders", "in": A, "takes": takes, "retry_every": "1 s"}
    more = {"absent_in": [A]} if absent else {}
    tables = spec["tables"] | {"orders": spec["tables"]["orders"] | {"replication_lag": LAG} | more | table}
    plan = {"trigger": {"at": f"{at_s} s"}, "decision": "none", "steps": [step]}
    deletes = {"defaults": {"fork_after": "6 s"}}
    return spec | {"tables": tables, "plans": {"anew": plan}} | deletes


FAULTS: dict[str, list[Spec]] = {
    "forked": [{"at": "5 s", "for": "12 s", **OUT}],
    "and the source was cut off": [
        {"at": "5 s", "for": "12 s", **OUT},
        {"at": "15 s", "for": "40 s", "link": {"between": [B, C]}, "mode": "cut"},
    ],
    "with one link cut": [
        {"at": "5 s", "for": "12 s", **OUT},
        {"at": "4 s", "for": "70 s", "link": {"from": A, "to": C}, "mode": "cut"},
        {"at": "40 s", "for": "50 s", "link": {"between": [B, A]}, "mode": "cut"},
    ],
    "and the source is lost afterwards": [
        {"at": "5 s", "for": "12 s", **OUT},
        {"at": "100 s", "region": B, "mode": "lost"},
    ],
    "by a wrong clock": [
        {"at": "5 s", "for": "12 s", **OUT},
        {"at": "0 s", "for": "9 s", **WITH_A_WRONG_CLOCK},
        {"at": "85 s", "for": "20 s", **WITH_A_WRONG_CLOCK},
    ],
    "and forked again": [
        {"at": "5 s", "for": "12 s", **OUT},
        {"at": "95 s", "for": "12 s", **OUT},
    ],
    "as its region was disabled": [{"at": "5 s", "for": "12 s", "region": A, "mode": "disabled"}],
}
UNLIMITED: Spec = {"capacity": "unlimited"}
SCARCE: Spec = {"capacity": {"provisioned": {"write": "2/s", "read": "80/s"}}}


TABLES = {"unlimited": UNLIMITED, "scarce": SCARCE}
REGIONS = {"three": [A, B, C], "two": [A, B]}


ANEW = crossed(TABLES, FAULTS)


@pytest.mark.parametrize(("table", "fault"), tiered(ANEW, len(FAULTS), len(ANEW)))
def test_they_agree_on_a_replica_that_is_made_anew(table: str, fault: str) -> None:
    faults = FAULTS[fault]
    plan = plan_of(remade([A, B, C], 20, "3 s", **TABLES[table]), run([A, B, C], faults) | LONG, len(faults))
    kinds = [event.kind for event in assert_equal(plan).events if event.target == f"orders@{A}"]
    again = ["replica_forked"] if fault == "and forked again" else []
    assert kinds == ["replica_forked", "old_replica_deleted", "replica_begun", "replica_added", *again]


@pytest.mark.parametrize(("number", "table"), tiered(crossed(REGIONS, TABLES), 2, 4))
def test_they_agree_on_a_replica_that_was_never_there(number: str, table: str) -> None:
    regions = REGIONS[number]
    cut = {"at": "0 s", "for": "27 s", "link": {"between": [A, B]}, "mode": "cut"}
    plan = plan_of(remade(regions, 20, "3 s", absent=True, **TABLES[table]), run(regions, [cut]) | LONG)
    assert [event.target for event in assert_equal(plan).events_of(REPLICA_ADDED)] == [f"orders@{A}"]


BACKUP = {"region": B, "every": "1 h", "at": "00:01", "takes": "5 s", "copied_to": [A], "copy_takes": "5 s"}
RESTORE = {
    **{"table": "orders", "region": A, "from": "hourly", "point": "latest", "written_since": "drop"},
    **{"at": "370 s", "takes": "8 s", "settings_take": "2 s"},
}
DARK: Spec = {"at": "75 s", "region": B, "mode": "black_hole", "for": "320 s"}
LOST: Spec = {"at": "75 s", "region": B, "mode": "lost"}
GONE: dict[str, list[Spec]] = {
    "dark": [DARK],
    "lost": [LOST],
    "all lost": [LOST, {"at": "80 s", "region": C, "mode": "lost"}],
    "damaged": [{"at": "65 s", "table": "orders", "mode": "corrupted", "region": B, "for": "10 s"}, DARK],
    "deleted": [{"at": "72 s", "table": "orders", "mode": "deleted"}],
}


RESTORED = crossed(REGIONS, GONE)


@pytest.mark.parametrize(("number", "gone"), tiered(RESTORED, len(GONE), len(RESTORED)))
def test_they_agree_on_a_table_that_is_restored_where_it_was_absent(number: str, gone: str) -> None:
    """And on the replicas that are left behind, one of which is made anew.

    The latest point lies five minutes before the restore, behind the capture of the first minute.
    """
    regions, faults = REGIONS[number], GONE[gone]
    spec = remade(regions, 385, "4 s", absent=True, backups={"hourly": BACKUP})
    (step,) = spec["plans"]["anew"]["steps"]
    plans = {
        "there": {"steps": [step]},
        "anew": spec["plans"]["anew"] | {"steps": [step | {"in": B, "retries": 30}]},
    }
    chosen = [fault for fault in faults if fault.get("region", B) in regions]
    more = {"duration": "8 min", "time_of_day": "00:00", "restores": [RESTORE]}
    few = {name: one | {"think_time": "5 s"} for name, one in run(regions, [])["users"].items()}
    experiment = run(regions, chosen) | more | {"users": few}
    outcome = assert_equal(plan_of(spec | {"plans": plans}, experiment, len(regions)))
    lost = [fault["region"] for fault in chosen if fault["mode"] == "lost"]
    left = [f"orders@{region}" for region in regions[1:] if region not in lost]
    assert [event.target for event in outcome.events_of(REPLICA_LEFT_BEHIND)] == left
    assert [event.target for event in outcome.events_of(SWAPPED)] == [f"orders@{A}"]
    anew = [] if B in lost else [f"orders@{B}"]
    assert [event.target for event in outcome.events_of(REPLICA_ADDED)] == anew
