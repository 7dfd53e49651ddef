"""Promotions of databases: who writes where and when, by an operator, by an orchestrator, and afterwards.

On a plane that only records; it says of each fork that two writes were lost, the oldest a nanosecond ago.
"""

from typing import Any

import pytest

from simulator.boundary.routes import NOWHERE, Routes
from simulator.outcome import Outcome
from tests.control_plane.building import FRANKFURT, MILAN, REGIONS, SECOND, VIRGINIA, plan_of, replay
from tests.control_plane.recording import RecordingPlane

BASE = 2  # behind the two tables
CUT = {"link": {"between": [REGIONS[MILAN], REGIONS[FRANKFURT]]}, "mode": "cut"}
CUT_OFF = [CUT, {"link": {"between": [REGIONS[MILAN], REGIONS[VIRGINIA]]}, "mode": "cut"}]
KINDS = {
    "promotion_began", "promotion_done", "promotion_refused", "promotion_called_off",
    "old_writer_stepped_down", "reader_rebuilt", "split_brain_began", "split_brain_ended",
}  # fmt: skip


def run(
    *faults: dict[str, Any], operator: Any = (), readers: int = 1, **database: Any
) -> tuple[RecordingPlane, Outcome]:
    """A database with its writer in Milan; promotions take 10 s, rebuilding 20 s."""
    given = {"engine": "self_managed", "promotion": "10 s", "rebuild": "20 s", "switchover": "5 s"}
    base = {"writer": REGIONS[MILAN], "readers": [*REGIONS[1 : 1 + readers]], **given, **database}
    if base["engine"] == "rds":
        del base["switchover"]
    return replay(plan_of([*faults], operator=[*operator], duration="10 min", databases={"base": base}))


def promote(at: str, to: int = FRANKFURT, **more: Any) -> dict[str, Any]:
    return {"promote": "base", "to": REGIONS[to], "at": at, **more}


def log(outcome: Outcome) -> list[tuple[float, str]]:
    """When, in seconds, and what happened to the database."""
    return [(event.at_ns / SECOND, event.kind) for event in outcome.events if event.kind in KINDS]


def routes(plane: RecordingPlane) -> list[tuple[float, tuple[int, ...], tuple[int, ...]]]:
    """When, where services of each region read, and where they write."""
    found = []
    for at_ns, _, (store, given) in plane.of("set_routes"):
        assert store == BASE
        assert isinstance(given, Routes)
        found.append((at_ns / SECOND, given.reads, given.writes))
    return found


def test_a_writer_that_is_reached_steps_down_when_it_is_asked_to() -> None:
    """Best effort: it is reached at once, so nobody writes until that is done; then it is rebuilt."""
    plane, outcome = run(operator=[promote("60 s")], write_fencing="best_effort")
    assert log(outcome) == [
        (60, "promotion_began"),
        (60, "old_writer_stepped_down"),
        (70, "promotion_done"),
        (90, "reader_rebuilt"),
    ]
    nobody = (NOWHERE,) * 3
    assert routes(plane)[-3:] == [
        (60, (FRANKFURT, FRANKFURT, FRANKFURT), nobody),
        (70, (FRANKFURT, FRANKFURT, FRANKFURT), (FRANKFURT,) * 3),
        (90, (MILAN, FRANKFURT, FRANKFURT), (FRANKFURT,) * 3),
    ]
    assert [call[2] for call in plane.of("fork", "rejoin", "rebuild")] == [
        (BASE, MILAN, FRANKFURT), (BASE, MILAN, FRANKFURT), (BASE, MILAN),
    ]  # fmt: skip


def test_a_writer_that_nobody_fences_goes_on_until_the_new_one_is_there() -> None:
    plane, outcome = run(operator=[promote("60 s")], write_fencing="none")
    assert log(outcome)[:3] == [
        (60, "promotion_began"),
        (70, "promotion_done"),
        (70, "old_writer_stepped_down"),
    ]
    assert routes(plane)[0] == (60, (MILAN, FRANKFURT, FRANKFURT), (MILAN, NOWHERE, NOWHERE))


def test_a_writer_that_is_cut_off_goes_on_and_there_are_two_until_the_link_is_back() -> None:
    """Cut from 50 s to 100 s, promoted from 60 s to 70 s; best effort does not reach it."""
    cut = CUT | {"at": "50 s", "for": "50 s"}
    plane, outcome = run(cut, operator=[promote("60 s")], write_fencing="best_effort")
    assert log(outcome) == [
        (60, "promotion_began"),
        (70, "promotion_done"),
        (70, "split_brain_began"),
        (100, "split_brain_ended"),
        (100, "old_writer_stepped_down"),
        (120, "reader_rebuilt"),
    ]
    assert (70, (MILAN, FRANKFURT, FRANKFURT), (MILAN, FRANKFURT, FRANKFURT)) in routes(plane)


def test_a_writer_that_is_fenced_for_certain_takes_no_writes_though_it_is_cut_off() -> None:
    cut = CUT | {"at": "50 s", "for": "50 s"}
    plane, outcome = run(cut, operator=[promote("60 s")], write_fencing="certain")
    assert "split_brain_began" not in {kind for _, kind in log(outcome)}
    assert routes(plane)[0] == (60, (MILAN, FRANKFURT, FRANKFURT), (NOWHERE,) * 3)
    assert routes(plane)[1] == (70, (MILAN, FRANKFURT, FRANKFURT), (FRANKFURT,) * 3)


def test_an_old_writer_of_rds_that_returns_goes_on_by_itself() -> None:
    """Milan is down from 50 s to 100 s; what returns is a database of its own, for its own services."""
    down = {"region": REGIONS[MILAN], "mode": "black_hole", "at": "50 s", "for": "50 s"}
    plane, outcome = run(down, operator=[promote("60 s")], engine="rds")
    assert log(outcome) == [(60, "promotion_began"), (70, "promotion_done"), (100, "split_brain_began")]
    assert routes(plane)[-1][2] == (MILAN, FRANKFURT, FRANKFURT)


def test_an_old_writer_of_aurora_that_returns_is_rebuilt_as_a_reader() -> None:
    down = {"region": REGIONS[MILAN], "mode": "black_hole", "at": "50 s", "for": "50 s"}
    _, outcome = run(down, operator=[promote("60 s")], engine="aurora_global")
    assert log(outcome)[2:] == [(100, "old_writer_stepped_down"), (120, "reader_rebuilt")]


def test_the_recovery_point_is_that_of_when_the_region_went_down() -> None:
    """The recorder's oldest write is of 1 ns before the fork, 10 s after the region went down: 0 then."""
    down = {"region": REGIONS[MILAN], "mode": "black_hole", "at": "50 s"}
    details = [
        next(event.detail for event in run(*faults, operator=[promote("60 s")])[1].events
             if event.kind == "promotion_began")
        for faults in ((), (down,))
    ]  # fmt: skip
    assert [(one["unshipped"], one["recovery_point_s"]) for one in details] == [(2, 1e-9), (2, 0.0)]


def test_other_readers_are_rebuilt_and_read_at_the_new_writer_meanwhile() -> None:
    plane, outcome = run(operator=[promote("60 s")], readers=2, write_fencing="best_effort")
    assert [when for when, kind in log(outcome) if kind == "reader_rebuilt"] == [90, 90]
    assert routes(plane)[0][1][VIRGINIA] == FRANKFURT
    assert routes(plane)[-1][1] == (MILAN, FRANKFURT, VIRGINIA)
    stopped = [event.target for event in outcome.events if event.kind == "replication_stopped"]
    assert f"base {REGIONS[FRANKFURT]}→{REGIONS[VIRGINIA]}" in stopped


@pytest.mark.parametrize(
    ("calls", "why"),
    [
        ([promote("60 s"), promote("65 s")], "another promotion is under way"),
        ([promote("60 s"), promote("100 s")], "eu-central-1 is the writer"),
        ([promote("60 s"), promote("80 s", MILAN)], "eu-south-1 does not follow the writer"),
    ],
)
def test_a_promotion_that_cannot_begin_is_refused(calls: Any, why: str) -> None:
    _, outcome = run(operator=calls, write_fencing="best_effort")
    (refused,) = (event for event in outcome.events if event.kind == "promotion_refused")
    assert refused.detail["why"] == why


def test_nobody_is_promoted_in_a_region_that_is_down() -> None:
    down = {"region": REGIONS[FRANKFURT], "mode": "black_hole", "at": "50 s"}
    _, outcome = run(down, operator=[promote("60 s")])
    assert log(outcome) == [(60, "promotion_refused")]


def test_a_switchover_stops_writes_for_a_while_and_forks_nothing() -> None:
    plane, outcome = run(operator=[promote("60 s", mode="switchover")], readers=2)
    assert log(outcome) == [(60, "promotion_began"), (65, "promotion_done")]
    assert routes(plane) == [
        (60, (MILAN, FRANKFURT, VIRGINIA), (NOWHERE,) * 3),
        (65, (MILAN, FRANKFURT, VIRGINIA), (FRANKFURT,) * 3),
    ]
    assert plane.of("fork", "rejoin", "rebuild") == []


def test_a_switchover_is_called_off_where_the_regions_lose_each_other() -> None:
    cut = CUT | {"at": "62 s", "for": "50 s"}
    plane, outcome = run(cut, operator=[promote("60 s", mode="switchover")])
    assert log(outcome) == [(60, "promotion_began"), (65, "promotion_called_off")]
    assert routes(plane)[-1][2] == (MILAN,) * 3


@pytest.mark.parametrize(("cut_for", "began"), [("29 s", []), ("31 s", [80.0])])
def test_an_orchestrator_waits_for_the_hold_down(cut_for: str, began: list[float]) -> None:
    cut = CUT | {"at": "50 s", "for": cut_for}
    _, outcome = run(cut, self_promotion={"hold_down": "30 s"})
    assert [when for when, kind in log(outcome) if kind == "promotion_began"] == began


def test_a_break_begins_the_hold_down_anew() -> None:
    """Cut for 20 s twice with 5 s between: never for 30 s in a row."""
    flaps = CUT | {"at": "50 s", "for": "45 s", "flapping": {"period": "25 s", "duty": "80 %"}}
    _, outcome = run(flaps, self_promotion={"hold_down": "30 s"})
    assert log(outcome) == []


def test_an_orchestrator_needs_more_than_half_of_the_readers_to_miss_the_writer() -> None:
    one = [CUT | {"at": "50 s"}]
    both = [cut | {"at": "50 s"} for cut in CUT_OFF]
    began = [log(run(*cuts, readers=2, self_promotion={})[1])[:1] for cuts in (one, both)]
    assert began == [[], [(50, "promotion_began")]]
