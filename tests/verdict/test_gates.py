"""Gates: when they decide, by hand; how often they are wrong, on drawn outcomes of a known probability."""

from math import log, pi, sqrt

import numpy as np
import pytest

from simulator.verdict.gates import Gate, looks


def verdict(gate: Gate, outcomes: list[bool]) -> str:
    """What a gate says of runs that come in, at the looks that it takes."""
    for runs in looks(len(outcomes)):
        met = sum(outcomes[:runs])
        if (found := gate.decides(met, runs - met)) != "undecided":
            return found
    return "undecided"


def test_a_half_is_shown_by_six_runs() -> None:
    """Six of six: B(6.5, 0.5) / B(0.5, 0.5) = 231 / 1024, nearly all of it above a half.

    Of the prior half is there: 2 · 0.2256 · 2^6 = 28.9 ≥ 20. Five of five: 2 · 63 / 256 · 2^5 = 15.8.
    """
    assert Gate(0.5).decides(5, 0) == "undecided"
    assert Gate(0.5).decides(6, 0) == "met"
    assert Gate(0.5).decides(0, 6) == "missed"
    assert Gate(0.5, 0.90).decides(5, 0) == "met"  # 15.8 ≥ 10


def test_one_miss_tells_of_nearly_all() -> None:
    """It is expected of one run of a hundred.

    The bet on less has the prior below 99 %, and there the mean of 1 - p is 0.53: 53 ≥ 20. Of 90 % it is 5.6.
    """
    assert Gate(0.99).decides(0, 1) == "missed"
    assert Gate(0.90).decides(0, 1) == "undecided"


def test_without_a_miss_ninety_nine_of_a_hundred_take_some_four_hundred_runs() -> None:
    """By Stirling B(n + 1/2, 1/2) ≈ √(π / n), and the prior has 2/π · asin √0.01 = 6.4 % above 99 %."""
    runs = Gate(0.99).runs_to_decide(1, 0)
    assert runs is not None
    assert Gate(0.99).decides(runs, 0) == "met"
    assert Gate(0.99).decides(runs - 1, 0) == "undecided"
    won = sqrt(pi / runs) / pi / 0.0638 * 0.99**-runs  # of which some part lies below: it is a little less
    assert log(20) < log(won) < log(23)


def test_what_nobody_knows_counts_against_either_verdict() -> None:
    assert Gate(0.9).decides(100, 0) == "met"
    assert Gate(0.9).decides(100, 0, unknown=30) == "undecided"
    assert Gate(0.9).decides(0, 2) == "missed"
    assert Gate(0.9).decides(0, 2, unknown=30) == "undecided"


def test_runs_that_would_decide_are_those_at_which_it_is_decided() -> None:
    gate = Gate(0.95)
    runs = gate.runs_to_decide(97, 3)
    assert runs is not None
    assert runs > 100
    met = round(0.97 * runs)
    assert gate.decides(met, runs - met) == "met"
    assert gate.runs_to_decide(95, 5) is None  # as many as are asked for: no number of runs tells
    assert gate.runs_to_decide(0, 0) is None


def test_looks_are_the_same_whoever_plays() -> None:
    assert [*looks(100)] == [10, 20, 30, 40, 50, 62, 77, 96, 100]
    assert [*looks(10)] == [10]
    assert [*looks(1)] == [1]


@pytest.mark.parametrize(
    ("asked", "true", "wrong"),
    [(0.9, 0.9, "missed"), (0.9, 0.899, "met"), (0.5, 0.5, "missed"), (0.99, 0.99, "missed")],
)
def test_wrong_verdicts_are_as_rare_as_is_said(asked: float, true: float, wrong: str) -> None:
    """A thousand gates of 95 % at the very edge, each of up to 1,000 runs: at most 5 % are wrong."""
    drawn = np.random.default_rng(3).random((1000, 1000)) < true
    found = [verdict(Gate(asked), one) for one in drawn.tolist()]
    assert found.count(wrong) <= 50


@pytest.mark.parametrize(("true", "right"), [(0.98, "met"), (0.75, "missed")])
def test_clear_cases_are_decided_rightly_and_early(true: float, right: str) -> None:
    drawn = np.random.default_rng(4).random((200, 300)) < true
    found = [verdict(Gate(0.9), one) for one in drawn.tolist()]
    assert found.count(right) >= 198  # at 98 % some three of a hundred runs are needed
