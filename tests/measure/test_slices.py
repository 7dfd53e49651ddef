"""What is said of a population or an operation is said of its own actions and sessions, by the same rules."""

from typing import Any

import numpy as np
import pytest

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.language.models.expectations import Expectation
from simulator.measure import slices
from simulator.measure.histogram import bin_of
from simulator.measure.sections import measure
from simulator.outcome import Outcome
from simulator.result.whole import Judgement
from simulator.verdict.judging import MET, MISSED, NOT_EXERCISED, NOT_SHOWN, judge
from tests.measure.handmade import HERE, OBJECTIVE, THERE, at, by_outcome, fault, outcome, rich

SECOND, HALF = bin_of(10**9), bin_of(5 * 10**8)


@pytest.fixture(scope="module")
def split() -> Outcome:
    """Ten windows, a fault at 30 s. Users here look and note, users there note, 1,000 of each in a window.

    For two windows nobody here is served; looks fail in one of them, notes in both.
    """
    here, there = np.full(10, 1000), np.full(10, 1000)
    bad_looks, bad_notes = at((10,), _3=500), at((10,), _3=500, _4=500)
    bad = bad_looks + bad_notes
    nobody = np.zeros(10, np.int64)
    return outcome(
        "." * 10,
        fault(30, 50),
        plan=rich(10),
        fault_met=np.array([1500]),
        window_begun=here + there,
        window_bad=bad,
        population_begun=np.stack([here, there, nobody], axis=1),
        population_bad=np.stack([bad, nobody, nobody], axis=1),
        operation_begun=np.stack([here // 2, here // 2 + there, nobody], axis=1),
        operation_bad=np.stack([bad_looks, bad_notes, nobody], axis=1),
        begun_by_mix=np.array([5000, 5000, 10_000, 0]),
        bad_by_mix=np.array([500, 1000, 0, 0]),
        actions_by_mix=np.stack(
            [
                by_outcome(succeeded=4500, timeout=500),
                by_outcome(succeeded=4000, unknown=1000),
                by_outcome(succeeded=10_000),
                by_outcome(succeeded=99),
            ]
        ),
        latency_by_mix=at(
            (4, HISTOGRAM_BINS), **{f"_0_{SECOND}": 5000, f"_1_{SECOND}": 5000, f"_2_{HALF}": 10_000}
        ),
        lost_ms_by_population=np.array([90_000, 0, 0]),
        lost_user_ms=90_000,
        sessions_by_presence=at((3, 2, 5), _0_0_0=6, _0_0_2=2, _0_1_2=2, _1_0_0=30),
        sessions_during_fault=at((5,), _0=36, _2=4),
        window_sent=at((10, 3, 2), _0_0_0=60, _0_0_1=40, _5_0_1=100, _5_1_1=200, _5_2_0=7000),
    )


def judged(run: Outcome, name: str, bounds: Any) -> Judgement:
    expectation = Expectation.model_validate({name: bounds})
    (judgement,) = judge([expectation], measure(run, OBJECTIVE, [0.5]))
    return judgement


def test_each_population_has_its_own_actions(split: Outcome) -> None:
    found = slices.section(split, OBJECTIVE).populations
    assert [*found] == ["here", "there"]  # and no bots
    here, there = found.values()
    assert (here.actions, here.success, there.actions, there.success) == (10_000, 0.85, 10_000, 1.0)
    assert (here.by_outcome["timeout"], here.by_outcome["unknown"]) == (500, 1000)
    assert (here.latency.p50_s, there.latency.p99_9_s) == pytest.approx((1, 0.5), rel=1 / 256)
    assert (here.recovery.recovery_time_s, there.recovery.recovery_time_s) == (20, 0)
    assert (here.recovery.isolation, there.recovery.isolation) == (False, True)
    assert (here.user_minutes_lost, there.user_minutes_lost) == (1.5, 0)
    assert here.traffic == {HERE: 0.3, THERE: 0.7}  # 60 of 200


def test_each_operation_has_its_own_actions(split: Outcome) -> None:
    """All looks fail in one window, 500 of 1,500 notes in two."""
    found = slices.section(split, OBJECTIVE).operations
    assert [*found] == ["api.look", "api.note"]
    look, note = found.values()
    assert (look.actions, look.success, note.actions) == (5000, 0.9, 15_000)
    assert (look.recovery.recovery_time_s, note.recovery.recovery_time_s) == (10, 20)
    assert [rung.recovery_time_s for rung in look.recovery.ladder][:2] == [10, 10]
    assert [rung.recovery_time_s for rung in note.recovery.ladder][:2] == [0, 20]  # of 50 %, of 90 %


def test_sessions_that_were_there_are_told_from_those_that_came(split: Outcome) -> None:
    found = measure(split, OBJECTIVE)
    assert (found.continuity.sessions, found.continuity.undisturbed) == (40, 0.9)
    assert (found.continuity.signed_in.sessions, found.continuity.arriving.interrupted) == (38, 1.0)
    here = found.slices.populations["here"]
    assert (here.sessions.sessions, here.signed_in.interrupted, here.arriving.sessions) == (10, 0.25, 2)


MET_OF: dict[str, list[tuple[Any, float]]] = {
    "success": [
        ({"at_least": "92 %"}, 0.925),
        ({"at_least": "85 %", "population": "here"}, 0.85),
        ({"at_least": "90 %", "operation": "look"}, 0.9),
        ({"at_least": "80 %", "operation": "api.note", "population": "here"}, 0.8),
        ({"at_least": "100 %", "operation": "note", "population": "there"}, 1.0),
    ],
    "success_between": [
        ({"from": "30 s", "to": "40 s", "at_most": "50 %", "operation": "look"}, 0.0),
        ({"from": "30 s", "to": "50 s", "at_least": "25 %", "population": "here"}, 0.25),
        ({"from": "30 s", "to": "50 s", "at_least": "100 %", "population": "there"}, 1.0),
    ],
    "recovery_time": [
        ({"at_most": "20 s", "population": "here"}, 20),
        ({"at_most": "0 s", "population": "there"}, 0),
        ({"at_most": "10 s", "operation": "look"}, 10),
        ({"at_most": "0 s", "operation": "api.note", "of": "50 %"}, 0),
    ],
    "unknown_outcomes": [
        ({"at_most": 1000, "operation": "note"}, 1000),
        ({"at_most": 0, "population": "there"}, 0),
    ],
    "user_minutes_lost": [
        ({"at_most": 1.5, "population": "here"}, 1.5),
        ({"at_most": 0, "population": "there"}, 0),
    ],
    "isolation": [({"population": "there"}, 1), ({"operation": "look", "holds": False}, 0), (False, 0)],
    "sessions_interrupted": [
        ({"at_most": "10 %"}, 0.1),
        ({"at_most": "40 %", "population": "here"}, 0.4),
        ({"at_most": "25 %", "population": "here", "who": "signed_in"}, 0.25),
        ({"at_least": "100 %", "who": "arriving"}, 1.0),
    ],
    "traffic_share": [
        ({"region": HERE, "at_least": "15 %"}, 0.15),  # 60 of 400: none of the bots'
        ({"region": HERE, "from": "0 s", "to": "10 s", "at_least": "60 %"}, 0.6),
        ({"region": THERE, "from": "10 s", "at_least": "100 %"}, 1.0),
        ({"region": THERE, "population": "here", "at_most": "70 %"}, 0.7),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "bounds", "measured"),
    [(name, *case) for name, cases in MET_OF.items() for case in cases],
)
def test_an_expectation_can_be_of_a_slice(split: Outcome, name: str, bounds: Any, measured: float) -> None:
    found = judged(split, name, bounds)
    assert (found.verdict, found.measured) == (MET, pytest.approx(measured))


@pytest.mark.parametrize(
    ("name", "bounds", "said"),
    [
        ("recovery_time", {"at_most": "19 s", "population": "here"}, "recovery_time (here) at most 19 s"),
        ("isolation", {"population": "here"}, "isolation: OK through the whole fault (here)"),
        (
            "sessions_interrupted",
            {"at_most": "24 %", "population": "here", "who": "signed_in"},
            "sessions_interrupted (here, signed in) at most 24 %",
        ),
        (
            "traffic_share",
            {"region": HERE, "from": "0 s", "to": "10 s", "at_least": "61 %"},
            f"traffic_share ({HERE}, from 0 s to 10 s) at least 61 %",
        ),
    ],
)
def test_what_is_missed_is_said_with_its_slice(split: Outcome, name: str, bounds: Any, said: str) -> None:
    found = judged(split, name, bounds)
    assert (found.verdict, found.expectation) == (MISSED, said)


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("success", {"at_least": "99 %", "operation": "look", "population": "there"}),  # who only note
        ("unknown_outcomes", {"at_most": 0, "operation": "look", "population": "there"}),
        ("traffic_share", {"region": HERE, "from": "60 s", "at_most": "1 %"}),  # none was sent after that
        ("sessions_recovered", {"at_most": "1 %", "population": "there", "who": "arriving"}),
    ],
)
def test_nothing_is_said_of_what_nobody_did(split: Outcome, name: str, bounds: Any) -> None:
    found = judged(split, name, bounds)
    assert found.verdict == NOT_EXERCISED
    assert found.reason


def test_a_slice_of_few_actions_may_stay_open() -> None:
    """40 actions in all cannot tell 99 % from 98 %, though those of all people can."""
    few = np.zeros((10, 3), np.int64)
    few[:, 0] = 4
    run = outcome("." * 10, fault(30, 50), plan=rich(10), population_begun=few, fault_met=np.array([9]))
    assert judged(run, "isolation", True).verdict == MET
    alone = judged(run, "isolation", {"population": "here"})
    assert (alone.verdict, alone.reason) == (NOT_SHOWN, "too few actions during the fault to tell")
    assert judged(run, "recovery_time", {"at_most": "1 s", "population": "here"}).verdict == NOT_SHOWN
