"""Bands as time passes: when there is one, what it has learned by then, and how often it cries wolf."""

import math
from dataclasses import replace
from math import comb, erfc, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.boundary.alarm_states import ALARM, OK
from simulator.control_plane.cloudwatch.evaluating import ABSENT, BAD, GOOD, Rule, next_state
from simulator.control_plane.cloudwatch.limits import Clock, Learned
from simulator.plan.alarms import BandPlan
from simulator.randomness.distributions import CONSTANT

MINUTE_NS = 60 * 10**9
HOUR_NS = 60 * MINUTE_NS
FORTNIGHT = 20_160

PLAN = BandPlan(
    deviations=2.0,
    is_above=True,
    is_below=True,
    least=-math.inf,
    most=math.inf,
    history_ns=FORTNIGHT * MINUTE_NS,
    excluded_ns=(),
    first_band=(CONSTANT, 0.0, 0.0),
    retraining_ns=3 * HOUR_NS,
)


def noise(count: int, seed: int = 1) -> NDArray[np.float64]:
    return np.random.default_rng(seed).normal(100.0, 10.0, count)


def learned(run: NDArray[np.float64], plan: BandPlan = PLAN, appears_ns: int = 0) -> Learned:
    """A band over the minutes of a run that begins on a Monday 00:00."""

    def read(begin_ns: int, count: int, _: int) -> NDArray[np.float64]:
        begin = begin_ns // MINUTE_NS
        return run[begin : begin + count]

    return Learned(plan, Clock(MINUTE_NS, MINUTE_NS, 0, 0), appears_ns, read)


def test_without_a_band_a_value_is_absent() -> None:
    band = learned(noise(600), replace(PLAN, history_ns=0), appears_ns=30 * MINUTE_NS)
    band.learn(29 * MINUTE_NS)
    assert band.band(29 * MINUTE_NS) is None
    (before,) = band.judged([100.0], [28 * MINUTE_NS])
    assert before is not None
    assert before.kind == ABSENT
    band.learn(30 * MINUTE_NS)
    (after,) = band.judged([100.0], [29 * MINUTE_NS])
    assert after is not None
    assert after.kind == GOOD
    # 27 minutes have been published for three minutes by then
    assert band.band(0) is not None


def test_a_band_is_learned_anew_every_three_hours() -> None:
    """The run doubles; until it is trained again the band does not know."""
    run = np.full(600, 200.0) + noise(600) / 100
    band = learned(run, replace(PLAN, history_ns=0), appears_ns=10 * MINUTE_NS)
    run[:10] = 100.0
    band.learn(10 * MINUTE_NS)
    before = band.band(0)
    band.learn(3 * HOUR_NS)  # ten minutes before it is due
    assert band.band(0) == before
    band.learn(3 * HOUR_NS + 10 * MINUTE_NS)
    after = band.band(2 * HOUR_NS)
    assert before is not None
    assert after is not None
    assert before.expected == 100.0
    assert after.expected == pytest.approx(201, abs=0.5)


def test_no_more_than_two_weeks_are_remembered() -> None:
    band = learned(np.full(FORTNIGHT + 600, 7.0))
    band.remember(-FORTNIGHT, np.full(FORTNIGHT, 3.0))
    band.learn(0)
    week_ns = 7 * 24 * HOUR_NS
    assert band.band(0).expected == 3.0  # type: ignore[union-attr]
    band.learn(2 * week_ns + 5 * HOUR_NS)
    assert band.band(0).expected == 7.0  # type: ignore[union-attr]


def test_a_shorter_history_is_the_newest_part_of_it() -> None:
    band = learned(noise(600), replace(PLAN, history_ns=24 * HOUR_NS))
    band.remember(-FORTNIGHT, np.concatenate([np.full(FORTNIGHT - 1440, 3.0), np.full(1440, 9.0)]))
    band.learn(0)
    assert band.band(0).expected == 9.0  # type: ignore[union-attr]


def test_excluded_times_teach_nothing() -> None:
    """From 30 s before minute 60 to minute 120: 61 periods are touched."""
    run = np.full(200, 5.0)
    run[59:120] = 1_000.0
    plan = replace(PLAN, history_ns=0, excluded_ns=((60 * MINUTE_NS - MINUTE_NS // 2, 120 * MINUTE_NS),))
    band = learned(run, plan, appears_ns=190 * MINUTE_NS)
    band.learn(190 * MINUTE_NS)
    for minute in (10, 59, 90, 119, 150):
        assert band.band(minute * MINUTE_NS).upper == 5.0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("value", "above", "below", "expected"),
    [
        (130.0, True, True, BAD),
        (130.0, False, True, GOOD),
        (70.0, True, False, GOOD),
        (70.0, True, True, BAD),
        (100.0, True, True, GOOD),
    ],
)
def test_sides(value: float, above: bool, below: bool, expected: int) -> None:
    band = learned(noise(600), replace(PLAN, is_above=above, is_below=below))
    band.remember(-FORTNIGHT, noise(FORTNIGHT))
    band.learn(0)
    (found,) = band.judged([value], [0])
    assert found is not None
    assert found.kind == expected


def test_a_share_stays_between_nothing_and_all() -> None:
    band = learned(noise(600), replace(PLAN, least=0.0, most=1.0))
    band.remember(-FORTNIGHT, np.clip(noise(FORTNIGHT) / 100, 0, 1))
    band.learn(0)
    found = band.band(0)
    assert found is not None
    assert found.upper == 1.0
    assert 0.5 < found.lower < 1.0


# false alarms


def a_day(k: float, points: int, periods: int) -> float:
    """How often a day M of N normal values leave a band: C(N-1, M-1) p^M (1-p)^(N-M+1) a minute."""
    p = erfc(k / sqrt(2))
    return 1440 * comb(periods - 1, points - 1) * p**points * (1 - p) ** (periods - points + 1)


def false_alarms(k: float, points: int, periods: int, days: int, seed: int) -> float:
    """A day, when every value is seen at once, so that every state is."""
    run = noise(days * 1440, seed)
    band = learned(run, replace(PLAN, deviations=k, retraining_ns=24 * HOUR_NS))
    band.remember(-FORTNIGHT, noise(FORTNIGHT, seed + 1000))
    state, raised, kinds = OK, 0, [GOOD] * periods
    for minute, value in enumerate(run.tolist()):
        band.learn((minute + 1) * MINUTE_NS)
        (judged,) = band.judged([value], [minute * MINUTE_NS])
        assert judged is not None
        kinds = [*kinds[1:], judged.kind]
        before, state = state, next_state(kinds, Rule(points, periods), state)
        raised += state == ALARM != before
    return raised / days


def test_the_figures_of_the_documentation() -> None:
    assert a_day(2, 1, 1) == pytest.approx(62, abs=1)
    assert a_day(2, 3, 3) == pytest.approx(0.13, abs=0.005)
    assert a_day(3, 1, 1) == pytest.approx(3.9, abs=0.05)


@pytest.mark.parametrize(
    ("k", "points", "periods"),
    [(2.0, 1, 1), (2.0, 2, 3), (1.0, 3, 5)],
)
def test_false_alarms_of_four_days_follow_from_the_width_and_m_of_n(
    k: float, points: int, periods: int
) -> None:
    """Four days. The deviation is known to 4 %, which changes the share outside by up to 20 %; and chance."""
    expected = a_day(k, points, periods)
    chance = 4 * sqrt(expected / 4)
    assert false_alarms(k, points, periods, 4, seed=3) == pytest.approx(expected, abs=0.2 * expected + chance)


@pytest.mark.middle
@pytest.mark.parametrize(("k", "points", "periods"), [(2.0, 1, 1), (3.0, 1, 1), (2.0, 2, 2), (1.5, 3, 5)])
def test_false_alarms_of_a_quiet_month(k: float, points: int, periods: int) -> None:
    """Thirty days: bands are a little too narrow or too wide by slot, which on average adds a tenth."""
    expected = a_day(k, points, periods)
    chance = 4 * sqrt(expected / 30)
    found = false_alarms(k, points, periods, 30, seed=5)
    assert found == pytest.approx(1.05 * expected, abs=0.12 * expected + chance)
