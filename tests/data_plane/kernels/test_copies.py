"""The queue of undelivered copies: its order, what waits, and the oldest that does (docs/model.md §6)."""

import random
from functools import cache

import numpy as np
import pytest

from simulator.data_plane.stores.copies import await_delivery, dequeue_first, enqueue, send_copy
from simulator.data_plane.stores.delivery import count_pending, deliver, stop_waiting_for
from simulator.data_plane.stores.lanes import append, highest_in, lane_of
from simulator.data_plane.stores.lineage import build_on
from simulator.data_plane.stores.replicas import new_version
from simulator.data_plane.stores.versions import VISIBLE
from tests.small import HERE, THERE, memory_of, plan_of, topology

S = 10**9
MILAN, DUBLIN, TABLE = 0, 1, 0  # whatever their names: the first region and the second
PAIR = TABLE, MILAN, DUBLIN


@cache
def _plan():  # type: ignore[no-untyped-def]
    return plan_of(topology(tables={"table": {"replicas": [HERE, THERE], "items": 500}}))


class Copies:
    """Copies from the first region to the second."""

    def __init__(self) -> None:
        self.plan, self.memory = memory_of(_plan())

    def lane(self, item: int) -> int:
        return int(lane_of(self.memory, item, TABLE, MILAN))

    def written(self, item: int, at_s: float, due_s: float) -> int:
        v = int(new_version(self.memory, TABLE, MILAN, 0, 0, int(at_s * S)))
        build_on(self.memory, item, highest_in(self.memory, item, MILAN), v)
        append(self.memory, self.lane(item), v)
        await_delivery(self.memory, v)
        send_copy(self.memory, self.lane(item), v, DUBLIN, int(due_s * S))
        return v

    def deliver(self, at_s: float) -> float:
        deliver(self.plan, self.memory, TABLE, DUBLIN, int(at_s * S))
        return float(self.memory.replicators.next_ns[TABLE, DUBLIN] / S)

    def pending(self, at_s: float) -> tuple[int, float]:
        """How many wait, and when the oldest was written."""
        shape = self.memory.replicators.waiting.shape
        copies, oldest_ns = np.zeros(shape, np.int64), np.full(shape, -1, np.int64)
        count_pending(self.plan, self.memory, int(at_s * S), copies, oldest_ns)
        return int(copies[PAIR]), float(oldest_ns[PAIR] / S)


@pytest.fixture
def copies() -> Copies:
    return Copies()


@pytest.mark.parametrize("seed", range(5))
def test_a_queue_gives_its_lanes_in_order_of_when_they_are_due(copies: Copies, seed: int) -> None:
    chance, due, taken = random.Random(seed), list[int](), list[int]()
    for item in range(300):
        due.append(chance.randrange(100))
        enqueue(copies.memory, copies.lane(item), DUBLIN, due[-1], item)
        if chance.random() < 0.4:
            root = copies.memory.replicators.root[PAIR]
            taken.append(int(copies.memory.copies.due_ns[root]))
            assert taken[-1] == min(due)
            due.remove(taken[-1])
            dequeue_first(copies.memory, *PAIR)
    free = len(copies.memory.copies.free) - int(copies.memory.copies.free_count[0])
    assert free == len(due) == 300 - len(taken)


def test_a_delivery_says_before_when_nothing_more_arrives(copies: Copies) -> None:
    copies.written(1, at_s=0, due_s=3)
    copies.written(2, at_s=1, due_s=2)
    assert copies.deliver(1.5) == 2
    assert copies.deliver(2.5) == 3


def test_a_backlog_is_one_entry_for_each_lane(copies: Copies) -> None:
    for second in range(10):
        copies.written(1, at_s=second, due_s=second + 100)
    assert len(copies.memory.copies.free) - int(copies.memory.copies.free_count[0]) == 1
    assert copies.pending(50) == (10, 0)
    assert copies.pending(105) == (4, 6)


def test_the_oldest_that_waits_is_not_the_one_that_is_due_first(copies: Copies) -> None:
    copies.written(1, at_s=0, due_s=9)
    copies.written(2, at_s=1, due_s=3)
    copies.written(3, at_s=2, due_s=20)
    assert copies.pending(5) == (2, 0)
    assert copies.pending(10) == (1, 2)


def test_nothing_is_delivered_while_the_clock_stands_and_no_order_changes(copies: Copies) -> None:
    copies.written(1, at_s=0, due_s=2)
    copies.written(2, at_s=0, due_s=4)
    copies.deliver(3)
    world = copies.memory.world
    world.replicating[PAIR], world.resumed_clock_ns[PAIR] = 0, 3 * S
    copies.memory.replicators.next_ns[TABLE, DUBLIN] = 3 * S
    copies.deliver(60)
    assert copies.pending(60) == (1, 0)


def test_what_waited_for_a_lost_region_alone_is_visible_everywhere(copies: Copies) -> None:
    v = copies.written(1, at_s=0, due_s=9)
    copies.memory.world.region_lost[DUBLIN] = 1
    copies.memory.world.replica_lost[:, DUBLIN] = 1
    stop_waiting_for(copies.plan, copies.memory, DUBLIN)
    assert copies.memory.versions.state[v] == VISIBLE
    assert copies.memory.copies.free_count[0] == len(copies.memory.copies.free)
    assert copies.pending(60) == (0, -1 / S)
