"""The event queue against a plain heap, as in `tests/data_plane/test_queue.py`, but never compiled."""

from simulator.data_plane.queue import is_due, push
from simulator.data_plane.queue_arrays import new_queue
from tests.data_plane.test_queue import few_buckets as few_buckets
from tests.data_plane.test_queue import (
    test_events_are_found_as_in_a_plain_heap as test_events_are_found_as_in_a_plain_heap,
)
from tests.data_plane.test_queue import (
    test_many_sessions_act_in_turn_as_in_a_plain_heap as test_many_sessions_act_in_turn_as_in_a_plain_heap,
)


def test_what_lies_beyond_is_not_due() -> None:
    queue = new_queue(64)
    push(queue, 10, 1, 0, 0)
    assert not is_due(queue, 10)
    assert is_due(queue, 11)
