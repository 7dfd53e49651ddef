"""Which hours of a week stand for all, and what is drawn of them."""

import numpy as np
import pytest

from simulator.history.drawing import drawn
from simulator.history.loads import Loads, by_hour, chosen
from simulator.randomness.draws import HISTORY, uniform_of
from tests.small import HERE, THERE, experiment, read, topology

HOUR_NS = 3_600 * 10**9
NIGHT_AND_DAY = [1.0] * 8 + [3.0] * 12 + [1.0] * 4
USERS = {"near": HERE, "sessions": 10, "session_length": "5 min", "think_time": "5 s", "actions": {"view": 1}}


def loads_of(*users: dict[str, object]) -> Loads:
    run = experiment(users={f"group {number}": USERS | one for number, one in enumerate(users)})
    return chosen(by_hour(read(topology(), run).experiment))


def test_users_without_profiles_have_one_load() -> None:
    loads = loads_of({}, {"near": THERE})
    assert loads.hours == (0,)
    assert not loads.share.any()


def test_each_load_that_differs_is_simulated_the_busiest_first() -> None:
    """Monday 08:00 is the first of the busiest hours, 00:00 the first of the others."""
    loads = loads_of({"daily_profile": NIGHT_AND_DAY})
    assert loads.hours == (8, 0)
    assert loads.near.tolist() == ([1] * 8 + [0] * 12 + [1] * 4) * 7
    assert not loads.share.any()


def test_an_hour_between_two_loads_lies_between_them_in_proportion() -> None:
    """Of 24 loads from 1 to 24, eight are simulated: 24, 1, the middle, and so on."""
    loads = loads_of({"daily_profile": [float(hour + 1) for hour in range(24)]})
    assert len(loads.hours) == 8
    assert loads.hours[:2] == (23, 0)
    there = np.array(loads.hours) + 1.0
    between = there[loads.near] + loads.share * (there[loads.other] - there[loads.near])
    inside = (between > there.min()) & (between < there.max())
    assert between[inside].tolist() == pytest.approx((np.arange(168) % 24 + 1.0)[inside].tolist())


def test_what_is_simulated_itself_is_drawn_as_it_is() -> None:
    loads = loads_of({"daily_profile": NIGHT_AND_DAY})
    periods = np.arange(-336, 0)
    values = drawn(
        [np.array([30.0, 32.0]), np.array([10.0, np.nan])], loads, periods, HOUR_NS, seed=7, alarm=2
    )
    by_day = np.isin(periods % 24, range(8, 20))
    assert set(values[by_day]) == {30.0, 32.0}
    assert set(values[~by_day & ~np.isnan(values)]) == {10.0}
    # half of the night's periods have no value
    assert np.isnan(values[~by_day]).mean() == pytest.approx(0.5, abs=0.12)
    # HISTORY[0] of entity 3, counter 1: Sunday 24 h earlier is at night
    u = uniform_of(7, HISTORY, 3, 1, 0, 0)
    assert np.isnan(values[0]) == (u >= 0.5)


def test_another_load_is_shifted_and_scaled() -> None:
    """A third of the way from mean 30 and deviation 3 to mean 60 and deviation 6: 40 and 4."""
    everywhere = np.zeros(168, np.int64)
    loads = Loads((0, 1), everywhere, everywhere + 1, np.full(168, 1 / 3))
    low, high = np.array([27.0, 33.0]), np.array([54.0, 66.0])
    values = drawn([low, high], loads, np.arange(500), HOUR_NS, seed=1, alarm=0)
    assert sorted(set(values.round(9))) == [36.0, 44.0]
    # where nothing was ever seen of the other, values stay as they are
    values = drawn([low, np.array([np.nan])], loads, np.arange(500), HOUR_NS, seed=1, alarm=0)
    assert sorted(set(values)) == [27.0, 33.0]
