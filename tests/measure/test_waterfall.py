"""The waterfall on windows made by hand: what held those who were not served, and what ended it."""

from collections.abc import Mapping

import numpy as np
import pytest

from simulator.boundary.causes import Cause
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.subjects import (
    OfCheck,
    OfName,
)
from simulator.measure.episodes import Watched
from simulator.measure.stretches import Stretch, stretches
from simulator.measure.waterfall import Phase, phases
from simulator.measure.windows import Windows
from simulator.outcome import Event
from simulator.plan.timeline import FaultPlan
from tests.measure.handmade import OBJECTIVE, SECOND, event, fault, outcome

FOR_EVER = NEVER_NS / SECOND


def unhealthy(at_s: float) -> Event:
    return event(at_s, "health_unhealthy", OfCheck("deep", "a"))


def by(cause: str, at_s: float) -> Event:
    return event(at_s, "answer_changed", cause=cause, regions=[])


def waterfall(
    windows: str, *faults: FaultPlan, log: list[Event], held: Mapping[Cause, str] | None = None
) -> list[Phase]:
    """The phases of the run's only episode; they follow each other and sum to the recovery time."""
    run = outcome(windows, *faults, events=tuple(log), held=held)
    (episode,) = Watched.of_all(run, OBJECTIVE).episodes()
    span_ns = episode.found.start_ns, episode.found.recovered_ns
    found = phases(run, Windows.of(run), *span_ns)
    edges = [span_ns[0], *(phase.end_ns for phase in found)]
    assert [phase.start_ns for phase in found] == edges[:-1]
    assert edges[-1] == span_ns[1]
    return found


def said(found: list[Phase]) -> list[tuple[str, float, str]]:
    return [(phase.phase, phase.end_ns / SECOND, phase.ended_by) for phase in found]


CACHES: Mapping[Cause, str] = {"no_other_answer": "...xx.....", "device_answers": ".....xxxx."}

BEFORE_THE_CHANGE = {
    "health checks change the answers": (
        [unhealthy(45), by("health", 48)],
        [("detect", 45, "detection"), ("change_dns", 48, "answer"), ("caches_expire", 90, "expiry")],
    ),
    "an operator decides": (
        [unhealthy(45), event(46, "change_requested"), by("operator", 48)],
        [
            ("detect", 45, "detection"),
            ("decide", 46, "operator"),
            ("change_dns", 48, "answer"),
            ("caches_expire", 90, "expiry"),
        ],
    ),
    "an operator is quicker than the checks": (
        [event(40, "change_requested"), unhealthy(45), by("operator", 48)],
        [("decide", 40, "operator"), ("change_dns", 48, "answer"), ("caches_expire", 90, "expiry")],
    ),
    "an operator asks for another name": (
        [unhealthy(45), event(46, "change_requested", OfName("other.example")), by("operator", 48)],
        [("detect", 45, "detection"), ("change_dns", 48, "answer"), ("caches_expire", 90, "expiry")],
    ),
}


@pytest.mark.parametrize("case", BEFORE_THE_CHANGE)
def test_finding_out_and_changing_dns_come_before_the_caches(case: str) -> None:
    log, expected = BEFORE_THE_CHANGE[case]
    assert said(waterfall("...xxxxxx.", fault(30, FOR_EVER), log=log, held=CACHES)) == expected


OTHERWISE = {
    "nothing is done, and the repair ends it": (
        fault(30, 90),
        [],
        {"no_other_answer": "...xxxxxx."},
        [("no_other_answer", 90, "repair")],
    ),
    "the repair comes before the caches have expired": (
        fault(30, 88),
        [unhealthy(45), by("health", 48)],
        CACHES,
        [("detect", 45, "detection"), ("change_dns", 48, "answer"), ("caches_expire", 90, "repair")],
    ),
    "the answers change after the repair, which is no change of these": (
        fault(30, 60),
        [unhealthy(45), by("health", 61)],
        {"no_other_answer": "...xxx....", "kept_connections": "......xxx."},
        [("no_other_answer", 60, "repair"), ("kept_connections", 90, "expiry")],
    ),
    "answers change, and what held people is no matter of answers": (
        fault(30, FOR_EVER),
        [unhealthy(45), by("health", 48)],
        {"key_caches": "...xxxxxx."},
        [("key_caches", 90, "expiry")],
    ),
    "events of another time": (
        fault(30, 90),
        [unhealthy(10), by("health", 12), unhealthy(95), by("health", 96)],
        {"errors": "...xxxxxx."},
        [("errors", 90, "repair")],
    ),
    "capacity that grows": (
        fault(30, FOR_EVER),
        [],
        {"lambda_limits": "...xxxxxx."},
        [("capacity_too_small", 90, "growth")],
    ),
    "a queue that empties": (
        fault(30, FOR_EVER),
        [],
        {"queues": "...xxxxxx."},
        [("capacity_too_small", 90, "itself")],
    ),
}


@pytest.mark.parametrize("case", OTHERWISE)
def test_phases_are_named_by_what_held_people(case: str) -> None:
    struck, log, held, expected = OTHERWISE[case]
    assert said(waterfall("...xxxxxx.", struck, log=log, held=held)) == expected


def test_a_survivor_that_is_too_small_is_relieved_by_the_failback() -> None:
    held: Mapping[Cause, str] = {
        "no_other_answer": "...x............",
        "resolver_answers": "....xx..........",
        "gateway_limits": "......xxxxxxxxx.",
    }
    log = [unhealthy(38), by("health", 40), by("health", 130)]
    found = waterfall("...xxxxxxxxxxxx.", fault(30, 110), log=log, held=held)
    assert said(found) == [
        ("detect", 38, "detection"),
        ("change_dns", 40, "answer"),
        ("caches_expire", 60, "expiry"),
        ("capacity_too_small", 150, "failback"),
    ]
    assert found[-1].held_by == {"gateway_limits": 9 * 500}


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        pytest.param(
            {"errors": "...xx.........", "no_other_answer": "............xx"},
            [("errors", 50, "repair"), ("well_between", 120, "fault"), ("no_other_answer", 140, "not_ended")],
            id="another cause",
        ),
        pytest.param(
            {"errors": "...xx.......xx"},
            [("errors", 50, "repair"), ("well_between", 120, "fault"), ("errors", 140, "not_ended")],
            id="the same cause",
        ),
        pytest.param(
            {"errors": "...xx......xxx"},
            [("errors", 50, "repair"), ("well_between", 110, "fault"), ("errors", 140, "not_ended")],
            id="and some were under way when the other one began",
        ),
        pytest.param(
            {"errors": "............xx"},
            [("well_between", 120, "fault"), ("errors", 140, "not_ended")],
            id="a first fault that held nobody",
        ),
    ],
)
def test_nobody_is_held_between_two_faults(held: Mapping[Cause, str], expected: list[object]) -> None:
    """The third fault meets nobody, the last begins at 120 s. Nothing shows before that the service is OK."""
    faults = fault(30, 50), fault(80, 90), fault(120, FOR_EVER)
    run = outcome("...xx......xxx", *faults, held=held)
    assert said(phases(run, Windows.of(run), 30 * SECOND, 140 * SECOND)) == expected


def test_what_holds_people_to_the_end_of_the_run_has_not_ended() -> None:
    (found,) = waterfall("...xxxxxx", fault(30, FOR_EVER), log=[], held={"stores": "...xxxxxx"})
    assert (found.phase, found.ended_by) == ("stores", "not_ended")


def test_what_nobody_saw_end_has_not_ended_though_a_repair_relieved_it() -> None:
    """The repair at 60 s comes just before the last block that is not OK ends, and none is OK after it."""
    log, held = [by("health", 31)], {"issuers": "...xxxx.."}
    run = outcome("...xxxxxx", fault(30, 60), events=tuple(log), held=held)  # type: ignore[arg-type]
    windows, span_ns = Windows.of(run), (30 * SECOND, 70 * SECOND)
    assert phases(run, windows, *span_ns)[-1].ended_by == "repair"
    assert phases(run, windows, *span_ns, is_over=False)[-1].ended_by == "not_ended"


def test_a_phase_counts_the_part_of_a_window_that_lies_in_it() -> None:
    """Of 500 a window: from 30 to 45 s 1.5 windows, from 45 to 48 s 0.3."""
    detect, change, _ = waterfall(
        "...xxxxxx.", fault(30, FOR_EVER), log=[unhealthy(45), by("health", 48)], held=CACHES
    )
    assert detect.held_by == {"no_other_answer": 750}
    assert change.held_by == {"no_other_answer": 150}


# from windows to stretches


def of(*windows: tuple[int, ...]) -> list[Stretch]:
    return stretches(np.array(windows, np.int64))


def test_a_stretch_lasts_while_its_kind_still_holds_one_in_twenty() -> None:
    """In the fourth window the first kind holds 10 of 100, in the fifth 4 of 100."""
    assert of((90, 0), (80, 10), (60, 30), (10, 90), (4, 96), (0, 100)) == [
        Stretch(0, 4, 0),
        Stretch(4, 6, 1),
    ]


def test_a_stretch_does_not_outlast_its_majority() -> None:
    """A tail of one in ten, which never ends, holds most only as long as its beginning weighs more."""
    assert of((100, 0), *[(10, 90)] * 8) == [Stretch(0, 2, 0), Stretch(2, 9, 1)]


def test_a_window_without_anybody_goes_with_the_one_before() -> None:
    assert of((0, 0), (9, 0), (0, 0), (0, 9)) == [Stretch(0, 3, 0), Stretch(3, 4, 1)]


def test_what_held_fewer_than_one_in_a_hundred_is_no_stretch() -> None:
    assert of((500, 0), (1, 3), (500, 0)) == [Stretch(0, 3, 0)]


def test_there_are_no_more_than_ten_stretches() -> None:
    assert len(of(*[(9, 0), (0, 9)] * 20)) <= 10


def test_nobody_held_is_no_stretch() -> None:
    assert of((0, 0), (0, 0)) == []
