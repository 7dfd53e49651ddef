"""The event queue against a sorted list: whatever an event causes, the earliest comes next."""

import heapq
import random

import pytest

from simulator.data_plane import pools
from simulator.data_plane.queue import is_due, push, take

ROOM = 4096
NEVER = 2**60


@pytest.mark.parametrize("seed", range(20))
def test_events_are_taken_in_order_whatever_they_cause(seed: int) -> None:
    """Each event causes none, one or several, at its time or later; ranks tell apart those of one time."""
    draw, queue, expected = random.Random(seed), pools.new_queue(ROOM), list[tuple[int, int, int, int]]()
    rank = 0
    for _ in range(draw.randrange(1, 40)):
        rank += 1
        expected.append((draw.randrange(50), rank, rank % 16, rank))
    for event in expected:
        push(queue, *event)
    heapq.heapify(expected)
    while expected:
        assert is_due(queue, NEVER)
        first = take(queue)
        assert first == heapq.heappop(expected)
        for _ in range(draw.choice((0, 0, 1, 1, 1, 2, 3)) if rank < 1000 else 0):
            rank += 1
            event = (int(first[0]) + draw.randrange(30), rank, rank % 16, rank)
            push(queue, *event)
            heapq.heappush(expected, event)
    assert not is_due(queue, NEVER)
    assert (queue.size[0], queue.taken[0]) == (0, 0)


def test_what_lies_beyond_is_not_due() -> None:
    queue = pools.new_queue(ROOM)
    push(queue, 10, 1, 0, 0)
    assert not is_due(queue, 10)
    assert is_due(queue, 11)
