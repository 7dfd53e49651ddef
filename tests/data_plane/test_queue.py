"""The event queue against a plain heap; compiled, unless the compiler is off."""

import random
from typing import Any

import pytest
from hypothesis import given, settings

from simulator.data_plane import queue_arrays
from simulator.data_plane.queue import ACT
from tests.data_plane.queue_scripts import DEEDS, found_by_queue, script_of


@pytest.fixture(autouse=True, scope="module")
def few_buckets() -> Any:
    """So few that they are passed, and grow in number, within a short script."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queue_arrays, "_FEWEST", 4)
        patch.setattr(queue_arrays, "_ROOM_FOR_EACH", 1)
        yield


@given(DEEDS)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_events_are_found_as_in_a_plain_heap(deeds: list[Any]) -> None:
    script = script_of(deeds)
    assert found_by_queue(script, room=4) == script.found


@pytest.mark.parametrize("seed", range(3))
def test_many_sessions_act_in_turn_as_in_a_plain_heap(seed: int) -> None:
    """Each event causes one or two, mostly soon; each thousand is followed by a pause at which more come."""
    draw = random.Random(seed)

    def event(most_ns: float) -> Any:
        return "push", int(draw.random() ** 3 * most_ns), (draw.randrange(9), draw.randrange(3), ACT)

    deeds = [event(1e11) for _ in range(500)]
    for number in range(2500):
        deeds += [("look", 2**60, None), event(1e11 if number % 6 == 0 else 5e7)]
        if number % 100 == 0:
            deeds += [("look", draw.randrange(10**8), None), event(1e9), event(1.0)]
    script = script_of(deeds)
    assert found_by_queue(script, room=64) == script.found
