"""The failback hazard: updates lost while a region catches up, on outcomes made by hand."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.boundary.subjects import OfReplicator
from simulator.measure import loss
from simulator.outcome import Outcome
from simulator.report import writes
from simulator.result.loss import Minute
from tests.measure.handmade import HERE, THERE, at, event, outcome, result

BACK, AHEAD = 0, 1  # the region that returns, and the one that went on


def failing_back(**tallies: Any) -> Outcome:
    """Copies to the first region stand from 30 s to 100 s, and arrive late until 130 s; windows of 10 s."""
    pair = OfReplicator("items", THERE, HERE)
    log = (event(30, "replication_stopped", pair), event(100, "replication_resumed", pair))
    counts = {f"_0_{AHEAD}_{BACK}_{step}": 50 for step in (10, 11, 12)}
    shape = (1, 2, 2, 21)
    lags: dict[str, Any] = {"lag_step_late": at(shape, **counts), "lag_step_count": at(shape, **counts)}
    return outcome("." * 20, events=log, **lags, **tallies)


def lost(**windows: int) -> dict[str, Any]:
    """Lost updates by `_origin_target_window`."""
    by_window = at((1, 2, 2, 20), **{f"_0{place}": count for place, count in windows.items()})
    return {"lost_updates": by_window, "lost_updates_of_item": at((10,), _2=3, _7=int(by_window.sum()) - 3)}


def test_what_is_lost_in_either_direction_while_a_region_catches_up_is_told() -> None:
    (found,) = loss.section(failing_back(**lost(_1_0_10=40, _1_0_12=5, _0_1_11=2))).failback
    assert (found.region, found.behind) == (HERE, THERE)
    assert (found.from_s, found.to_s, found.lost_updates) == (100, 130, 47)
    assert found.tables == {"items": 47}
    assert found.worst_minute == Minute(70.0, 47)  # the first minute that holds all three windows


@pytest.mark.parametrize("window", [2, 9, 13], ids=["before it", "in the stop", "after it"])
def test_what_is_lost_at_other_times_is_no_failback_hazard(window: int) -> None:
    found = loss.section(failing_back(**lost(**{f"_1_0_{window}": 40})))
    assert (found.failback, found.lost_updates) == ((), 40)


def test_what_was_never_behind_has_no_hazard() -> None:
    assert loss.section(outcome("." * 20, **lost(_1_0_10=40))).failback == ()


def test_it_is_said_with_its_times_items_and_remedies_and_only_where_it_is_so() -> None:
    said, remedy = writes.failback(result(failing_back(**lost(_1_0_10=40, _0_1_11=7))))
    assert said == (
        f"47 writes overwritten unseen, 1 min 40 s to 2 min 10 s, while {HERE} caught up with {THERE}: "
        "items (most in the whole run: items 7, 2)"
    )
    assert remedy.startswith(f"remedy: hold {HERE} back until it has caught up, ")
    assert not [*writes.failback(result(failing_back()))]


def test_the_worst_minute_and_the_tables_are_told_where_they_are_not_all_of_it() -> None:
    made = result(failing_back(**lost(_1_0_10=40)))
    (one,) = made.loss.failback
    parted = replace(one, lost_updates=60, worst_minute=Minute(100.0, 45), tables={"items": 40, "more": 20})
    tables = made.loss.tables | {"more": made.loss.tables["items"]}
    said = next(writes.failback(replace(made, loss=replace(made.loss, failback=(parted,), tables=tables))))
    assert "2 min 10 s (45 in the minute from 1 min 40 s), while" in said
    assert ": items 40 (most in the whole run: items 7, 2), more 20 (" in said


def test_a_second_time_is_said_after_the_remedy_which_holds_for_both() -> None:
    made = result(failing_back(**lost(_1_0_10=40)))
    (one,) = made.loss.failback
    other = replace(one, region=THERE, behind=HERE, lost_updates=9)
    said = [*writes.failback(replace(made, loss=replace(made.loss, failback=(one, other))))]
    assert said[1].startswith(f"remedy: hold {HERE} or {THERE} back until it has caught up, ")
    assert said[2] == (
        f"9 writes overwritten unseen, 1 min 40 s to 2 min 10 s, while {THERE} caught up with {HERE}: items"
    )


def test_where_most_is_lost_by_writing_on_both_sides_catching_up_is_not_what_to_mend() -> None:
    """Of 100 lost updates 40 are lost while a region catches up, 60 in the stop before."""
    made = result(failing_back(**lost(_1_0_10=40, _1_0_5=60)))
    assert not [*writes.failback(made)]
    said = writes.gist(replace(made, loss=replace(made.loss, acknowledged=2000, missing=100)))
    assert next(said).endswith(
        f"; 40 of these while {HERE} caught up, the others while several regions wrote: "
        "let one region write, or give each its own keys"
    )


def test_what_is_missing_is_said_once_with_its_reasons() -> None:
    made = result(failing_back(**lost(_1_0_10=40)))

    def said(**counts: int) -> str:
        loss = replace(made.loss, acknowledged=2000, **counts)
        return next(writes.gist(replace(made, loss=loss)))

    nothing = {"missing": 0, "lost": 0, "lost_updates": 0, "pending": 0}
    assert said(**nothing) == "none of 2,000 missing"
    assert said(**nothing | {"missing": 40, "lost_updates": 40, "pending": 3}) == (
        "40 of 2,000 missing (overwritten unseen), 3 pending"
    )
    assert said(**nothing | {"missing": 50, "lost": 12, "lost_updates": 38}) == (
        "50 of 2,000 missing (12 lost for good, 38 overwritten unseen)"
    )


def test_each_of_many_catch_ups_ends_with_the_next_stop() -> None:
    """10,000 stops of 10 ms each in 200 s; copies are late from 100 s to 130 s.

    What was lost in the window of 10 s is lost once, however many catch-ups that window holds.
    """
    pair = OfReplicator("items", THERE, HERE)
    times = [number / 50 for number in range(10_000)]
    log = [
        event(at_s + later, kind, pair)
        for at_s in times
        for later, kind in ((0, "replication_stopped"), (0.01, "replication_resumed"))
    ]
    (found,) = loss.section(replace(failing_back(**lost(_1_0_10=40)), events=tuple(log))).failback
    assert found.lost_updates == 40
    assert (found.from_s, found.to_s) == (pytest.approx(100.01), pytest.approx(110.0))
