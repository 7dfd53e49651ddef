"""Faults whose times the seed draws: evenly, by seed alone, and never another than was checked."""

from typing import Any

import pytest

from simulator.errors import SpecError
from simulator.explore.cells import Cell, play_cells
from simulator.language.files import Loaded
from simulator.language.models.drawn import both_ends
from simulator.lowering.faults.times import drawn_times_s, with_drawn_times
from simulator.pipeline import run
from tests.small import HERE, THERE, experiment, plan_of, read, topology

FAULT = {"at": {"any": "4 min"}, "for": "20 s", "region": HERE, "mode": "black_hole"}


def small(*faults: dict[str, Any], **changes: Any) -> Loaded:
    return read(topology(), experiment(faults=[*faults], **changes))


def test_each_second_of_the_window_is_as_likely_as_any_other() -> None:
    """A thousand seeds on 240 s: a quarter of them in each quarter, give or take 3 √(1000 · 3/16) = 41."""
    found = small(FAULT).experiment
    times = [drawn_times_s(found, seed)[0] for seed in range(1000)]
    assert all(time == int(time) for time in times)
    assert 0 <= min(times) < 5
    assert 235 <= max(times) < 240
    for quarter in range(4):
        assert abs(sum(60 * quarter <= time < 60 * quarter + 60 for time in times) - 250) <= 41


def test_a_window_may_begin_later_and_each_fault_has_a_time_of_its_own() -> None:
    later = FAULT | {"at": {"any": ["2 min", "3 min"]}, "region": THERE}
    found = small(FAULT, later, {**FAULT, "at": "30 s", "region": THERE}).experiment
    drawn = [drawn_times_s(found, seed) for seed in range(100)]
    assert {120 <= times[1] < 180 for times in drawn} == {True}
    assert {*drawn[0]} == {0, 1}
    assert len({times[1] - times[0] for times in drawn}) > 50
    assert [fault.at for fault in with_drawn_times(found, 1).faults][2] == 30 * 10**9


def test_the_plan_and_the_result_have_what_was_drawn() -> None:
    loaded = small(FAULT, duration="6 min")
    for seed in (1, 2):
        drawn_s = drawn_times_s(loaded.experiment, seed)[0]
        plan = plan_of(topology(), experiment(faults=[FAULT], duration="6 min"), seed)
        (fault,) = plan.control.faults
        assert (fault.start_ns, fault.end_ns) == (drawn_s * 10**9, (drawn_s + 20) * 10**9)
        (found,) = run(loaded, seed=seed).recovery.faults
        assert (found.start_s, found.end_s) == (drawn_s, drawn_s + 20)


def test_records_say_when_the_fault_began() -> None:
    loaded = small(FAULT, {**FAULT, "at": "5 min", "region": THERE}, FAULT, duration="6 min")
    (record,) = play_cells([Cell(loaded, 3)], cache=False)
    said, times = f"{HERE} does not answer (Frankfurt)", drawn_times_s(loaded.experiment, 3)
    assert record.drawn_s == {f"{said} (fault 1)": times[0], f"{said} (fault 3)": times[2]}


def test_checks_read_both_ends_of_the_window() -> None:
    first, last = both_ends(small(FAULT).experiment)
    assert (first.faults[0].at, last.faults[0].at) == (0, 239 * 10**9)
    (written,) = both_ends(small().experiment)
    assert written == small().experiment


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({"any": "6 min"}, "starts at 5 min 59 s, but the run ends at 5 min"),
        ({"any": ["2 min", "2 min"]}, "no time lies between them; write 'any: 24 h', or from when to when"),
        ({"any": "0 s"}, "no time lies between them"),
        ({"any": []}, "at least 1"),
    ],
)
def test_a_window_in_which_nothing_can_begin_is_refused(at: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError) as error:
        small(FAULT | {"at": at})
    assert said in str(error.value)


def test_an_end_before_the_last_time_that_may_be_drawn_is_refused() -> None:
    fault = {key: value for key, value in FAULT.items() if key != "for"} | {"until": "3 min"}
    with pytest.raises(SpecError, match="ends at 3 min, but starts only at 3 min 59 s"):
        small(fault)


def test_what_only_a_time_in_between_breaks_is_refused_by_the_run_that_draws_it() -> None:
    """Two surges of a thousand times the load that do not meet at either end of what may be drawn.

    By the estimate either alone takes about a day to simulate, both together more than three, the most that
    is allowed.
    """
    users = {"people": {"near": HERE, "sessions": 400_000, "think_time": "5 s", "actions": {"view": 1}}}
    first = {"at": "2 min", "for": "1 min", "surge": "people", "factor": 1000}
    second = {"at": {"any": "4 min"}, "for": "30 s", "surge": "people", "factor": 1000}
    loaded = small(first, second, users=users)
    times = {seed: drawn_times_s(loaded.experiment, seed)[1] for seed in range(50)}
    meeting = next(seed for seed, time_s in times.items() if 120 <= time_s < 180)
    with pytest.raises(SpecError) as error:
        run(loaded, seed=meeting)
    assert f"(as seed {meeting} draws it)" in str(error.value)
    assert "to simulate" in str(error.value)
