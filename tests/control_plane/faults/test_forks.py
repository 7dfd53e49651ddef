"""When a replica leaves its table: after so long without its region, its key or its role, and not before."""

import pytest

from tests.control_plane.building import (
    CARTS,
    FRANKFURT,
    MILAN,
    ORDERS,
    REGIONS,
    SECOND,
    Written,
    plan_of,
    replay,
)
from tests.control_plane.recording import arguments

HOUR = 3600 * SECOND
DAY = {"duration": "48 h"}


def forks(faults: list[Written], **topology: object) -> list[tuple[float, tuple[int, int]]]:
    """At which hour which replica (store, region) was forked."""
    plane, outcome = replay(plan_of(faults, **DAY, **topology))  # type: ignore[arg-type]
    told = [(at_ns / HOUR, given) for at_ns, given in arguments(plane.of("fork_replica"))]
    logged = [event for event in outcome.events if event.kind == "replica_forked"]
    assert [event.at_ns / HOUR for event in logged] == [at for at, _ in told]
    assert all(event.detail == {"writes": 4} for event in logged)
    return told


def shut_out(mode: str, at: str = "1 h", **more: str) -> Written:
    return {"at": at, "table": "carts", "region": REGIONS[MILAN], "mode": mode, **more}


@pytest.mark.parametrize("mode", ["key_unusable", "role_unusable"])
@pytest.mark.parametrize(("lasts", "forked"), [("20 h", False), ("72001 s", True), ("45 h", True)])
def test_more_than_twenty_hours_without_a_key_or_a_role_fork_a_replica(
    mode: str, lasts: str, forked: bool
) -> None:
    assert forks([shut_out(mode, **{"for": lasts})]) == ([(21, (CARTS, MILAN))] if forked else [])


def test_a_disabled_region_forks_the_replicas_of_its_tables() -> None:
    disabled = {"at": "2 h", "for": "21 h", "region": REGIONS[MILAN], "mode": "disabled"}
    assert forks([disabled]) == [(22, (ORDERS, MILAN)), (22, (CARTS, MILAN))]


@pytest.mark.parametrize(
    "fault",
    [
        {"region": REGIONS[MILAN], "mode": "refused"},
        {"region": REGIONS[MILAN], "mode": "black_hole"},
        {"link": {"between": [REGIONS[MILAN], "everywhere"]}, "mode": "cut"},
        {"replication": {"table": "carts"}},
    ],
    ids=["refused", "black hole", "cut off", "paused"],
)
def test_whatever_is_merely_down_or_cut_off_is_never_forked(fault: Written) -> None:
    assert forks([{"at": "1 h", "for": "46 h"} | fault]) == []


def test_a_break_begins_the_time_anew_and_overlaps_do_not() -> None:
    broken = [shut_out("key_unusable", until="15 h"), shut_out("key_unusable", at="16 h", until="35 h")]
    assert forks(broken) == []
    joined = [shut_out("key_unusable", until="15 h"), shut_out("role_unusable", at="15 h", until="35 h")]
    assert forks(joined) == [(21, (CARTS, MILAN))]


def test_the_last_replica_of_a_table_is_the_table() -> None:
    """Both are shut out at once; the first in the order of regions is forked, and the other is left."""
    both = [shut_out("role_unusable"), shut_out("role_unusable") | {"region": REGIONS[FRANKFURT]}]
    assert forks(both) == [(21, (CARTS, MILAN))]
    lost = {"at": "30 min", "region": REGIONS[FRANKFURT], "mode": "lost"}
    assert forks([lost, shut_out("role_unusable")]) == []


def test_nothing_is_copied_while_it_is_shut_out_nor_after_it_has_been_forked() -> None:
    plane, _ = replay(plan_of([shut_out("role_unusable", **{"for": "22 h"})], **DAY))  # type: ignore[arg-type]
    pairs = [(CARTS, MILAN, FRANKFURT), (CARTS, FRANKFURT, MILAN)]
    assert arguments(plane.of("set_replication")) == [(HOUR, (*pair, False)) for pair in pairs]
    back, _ = replay(plan_of([shut_out("role_unusable", **{"for": "19 h"})], **DAY))  # type: ignore[arg-type]
    assert arguments(back.of("set_replication"))[2:] == [(20 * HOUR, (*pair, True)) for pair in pairs]


def test_only_a_replica_without_its_key_refuses() -> None:
    refuses = []
    for mode in ("key_unusable", "role_unusable"):
        plane, _ = replay(plan_of([shut_out(mode)], **DAY))  # type: ignore[arg-type]
        refuses.append(bool(plane.of("set_endpoint")))
    assert refuses == [True, False]


def test_the_time_may_be_another_one() -> None:
    assert forks([shut_out("key_unusable")], defaults={"fork_after": "90 min"}) == [(2.5, (CARTS, MILAN))]
