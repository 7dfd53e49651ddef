"""Profiles of the day and the week: how many people are there at each hour, by what is written."""

import numpy as np
import pytest

from simulator.boundary.readings import Readings
from simulator.data_plane.plane import CompiledPlane
from tests.small import HERE, experiment, plan_of, topology

HOURS = 3_600 * 10**9


def present_by_hour(population: dict, hours: int, **changes: object) -> list[int]:
    """Sessions in progress at the end of each hour, from the reader that alarms use."""
    users = {"people": {"near": HERE, "think_time": "20 min", "actions": {"view": 1}} | population}
    plan = plan_of(topology(), experiment(users=users, duration=f"{hours} h", **changes)).data
    plane = CompiledPlane(plan)
    reader = plane.reader(Readings(plan, gauges=("sessions",)))
    found = []
    for hour in range(1, hours + 1):
        plane.advance(hour * HOURS - 1)
        found.append(int(reader.read()["sessions"].sum()))
    return found


@pytest.mark.parametrize("kind", ["sessions", "arrivals"])
def test_people_follow_the_hours_of_the_day(kind: str) -> None:
    daily = [0.1, 1.0, 0.5, 0.0, *[1.0] * 20]
    many = {"sessions": 4_000} if kind == "sessions" else {"arrivals": "20/s"}
    found = present_by_hour(many | {"session_length": "200 s", "daily_profile": daily}, 6)
    # 4,000 at once, by Little's law: a binomial, or a Poisson count of the same mean, within five deviations.
    expected = 4_000 * np.array([0.1, 1.0, 0.5, 0.0, 1.0, 1.0])
    assert (np.abs(found - expected) <= 5 * np.sqrt(expected)).all()
    assert found[3] == 0


def test_a_run_begins_on_its_day() -> None:
    people = {"sessions": 2_000, "session_length": "5 min", "weekly_profile": [0, 0, 0, 0, 0, 0.25, 1]}
    late = {"time_of_day": "22:00", "day": "saturday"}
    found = present_by_hour(people, 4, **late)
    expected = np.array([500, 500, 2_000, 2_000])
    assert (np.abs(found - expected) <= 5 * np.sqrt(500)).all()
    assert present_by_hour(people, 2) == [0, 0]  # on Monday
