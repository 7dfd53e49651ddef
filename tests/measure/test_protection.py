"""When a store had fewer copies that were up to date, on outcomes made by hand."""

from typing import Any

import pytest

from simulator.boundary.subjects import (
    OfReplicator,
    OfStore,
)
from simulator.measure import protection
from simulator.outcome import Event, Outcome
from simulator.report.protection import sentence
from simulator.result.protection import Exposure
from tests.measure.handmade import HERE, THERE, at, event, fault, outcome

ITEMS = OfStore("items")


def stopped(at_s: float, origin: str, target: str) -> Event:
    return event(at_s, "replication_stopped", OfReplicator("items", origin, target))


def resumed(at_s: float, origin: str, target: str) -> Event:
    return event(at_s, "replication_resumed", OfReplicator("items", origin, target))


def dark(until_s: float | None = 100, **tallies: Any) -> Outcome:
    """The first region is down from 30 s on; what was written in the other one arrives late until 130 s."""
    pairs = ((HERE, THERE), (THERE, HERE))
    log = [stopped(30, *pair) for pair in pairs]
    if until_s is not None:
        log += [resumed(until_s, *pair) for pair in pairs]
    late = at((1, 2, 2, 21), _0_1_0_10=40, _0_1_0_12=10)
    highest = at((1, 2, 2, 21), _0_1_0_10=70 * 10**9, _0_1_0_12=60 * 10**9)
    lags: dict[str, Any] = (
        {} if until_s is None else {"lag_step_late": late, "lag_step_count": late, "lag_step_max_ns": highest}
    )
    down = fault(30, until_s or 200, region=0)
    return outcome("." * 20, down, events=tuple(log), **lags, **tallies)


def test_after_a_failover_the_other_region_is_alone_until_the_first_one_has_caught_up() -> None:
    """From 30 s to 130 s; fifty copies arrived late, of which the oldest had been under way for 70 s."""
    [found] = protection.section(dark())
    assert found == Exposure(
        "items", 30.0, 130.0, unprotected_s=100.0, regions=(THERE,), behind=(HERE,), waited=50, oldest_s=70.0
    )


def test_what_has_not_caught_up_when_the_run_ends_is_not_finalized() -> None:
    [found] = protection.section(dark(None, pending=at((1,), _0=33)))
    assert (found.to_s, found.unprotected_s, found.waited, found.oldest_s) == (None, 170.0, 33, None)


def test_a_partition_exposes_both_sides_and_the_time_counts_once() -> None:
    pairs = ((HERE, THERE), (THERE, HERE))
    log = (*(stopped(30, *pair) for pair in pairs), *(resumed(90, *pair) for pair in pairs))
    [found] = protection.section(outcome("." * 20, events=log))
    assert (found.regions, found.behind, found.unprotected_s) == ((HERE, THERE), (HERE, THERE), 60.0)


def test_nothing_is_told_where_replication_never_stands_still() -> None:
    assert protection.section(outcome("." * 20)) == ()


@pytest.mark.parametrize("gap_s", [0, 10])
def test_two_outages_are_told_apart_if_all_was_well_between_them(gap_s: float) -> None:
    pair = HERE, THERE
    log = (stopped(30, *pair), resumed(60, *pair), stopped(60 + gap_s, *pair), resumed(90, *pair))
    assert len(protection.section(outcome("." * 20, events=log))) == (2 if gap_s else 1)


def test_a_sentence_says_who_was_behind_and_what_a_loss_would_have_taken() -> None:
    """Of a time that has ended, and of one that has not."""
    found = [
        one for ended in (dark(), dark(None, pending=at((1,), _0=33))) for one in protection.section(ended)
    ]
    assert [*map(sentence, found)] == [
        f"items, 30 s to 2 min 10 s: unprotected for 1 min 40 s, as {HERE} was behind; losing {THERE} would "
        "have taken up to 50 writes that only it had, the oldest for 1 min 10 s",
        f"items, 30 s to the end, and still not finalized: unprotected for 2 min 50 s, as {HERE} was behind; "
        f"losing {THERE} would have taken up to 33 writes that only it had",
    ]
