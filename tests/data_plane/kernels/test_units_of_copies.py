"""Copies draw units when they arrive: whose turn it is, and when (docs/model-request-path.md §4)."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from simulator.data_plane.stores.copies import await_delivery, send_copy
from simulator.data_plane.stores.delivery import deliver
from simulator.data_plane.stores.lanes import append, lane_of
from simulator.data_plane.stores.replicas import new_version
from simulator.data_plane.stores.throughput import WRITES, charge, has_capacity, partition_of, rate_per_s
from tests.small import HERE, THERE, memory_of, plan_of, topology

S = 10**9
MILAN, DUBLIN, TABLE = 0, 1, 0  # whatever their names: the first region and the second
PARTITIONS = 4096
PHASE_S = 1734  # of the second region's half hour of growth that is gone at time zero


@cache
def _plan(write: str, kind: str = "provisioned"):  # type: ignore[no-untyped-def]
    prefix = "warm_" if kind == "on_demand" else ""
    capacity = {kind: {f"{prefix}write": write, f"{prefix}read": "1/s"}}
    table = {"replicas": [HERE, THERE], "items": 3 * PARTITIONS, "capacity": capacity}
    plan = plan_of(topology(tables={"table": table}))
    data = replace(plan.data, growth_phase_ns=np.array([[0, PHASE_S * S]]))
    return replace(plan, data=data)


class Receiver:
    """The second region's replica; its buckets are empty at time zero, those of partitions if asked for."""

    def __init__(self, write: str, kind: str = "provisioned") -> None:
        self.plan, self.memory = memory_of(_plan(write, kind))
        self.buckets = self.memory.token_buckets
        self.buckets.store[TABLE, DUBLIN, WRITES] = self.plan.store_slack_ns[TABLE]

    def empty_partition(self, item: int, until_s: float = 0) -> None:
        """It has one unit again at that time."""
        partition = partition_of(self.plan, TABLE, item)
        self.buckets.partition[partition, DUBLIN, WRITES] = self.plan.partition_slack_ns + int(until_s * S)

    def sent(self, item: int, due_s: float) -> int:
        v = int(new_version(self.memory, TABLE, MILAN, 0, 0, 0))
        lane = lane_of(self.memory, item, TABLE, MILAN)
        append(self.memory, lane, v)
        await_delivery(self.memory, v)
        send_copy(self.memory, lane, v, DUBLIN, int(due_s * S))
        return item

    def arrived_by(self, at_s: float) -> int:
        deliver(self.plan, self.memory, TABLE, DUBLIN, int(at_s * S))
        return int(self.memory.counts.lag[TABLE, MILAN, DUBLIN].sum())

    def next_s(self) -> float:
        return float(self.memory.replicators.next_ns[TABLE, DUBLIN] / S)

    def write(self, at_s: float, item: int = 0) -> None:
        charge(self.plan, self.memory, TABLE, DUBLIN, item, WRITES, int(at_s * S))

    def admits(self, at_s: float, item: int = 0) -> bool:
        return bool(has_capacity(self.plan, self.memory, TABLE, DUBLIN, item, WRITES, int(at_s * S)))


def test_a_copy_waits_until_a_local_write_has_units_beside_it() -> None:
    """One unit a second from zero on: the local write's unit is there at once, the copy's a second later."""
    replica = Receiver("1/s")
    replica.sent(1, due_s=0.2)
    assert replica.admits(0.2)
    assert [replica.arrived_by(at) for at in (0.999, 1)] == [0, 1]
    assert replica.admits(1)


def test_local_writers_go_first() -> None:
    """A write each second leaves nothing to copies; once they stop, one goes a second later."""
    replica = Receiver("1/s")
    replica.sent(1, due_s=0.2)
    for second in range(5):
        assert replica.arrived_by(second) == 0
        assert replica.admits(second)
        replica.write(second)
    assert [replica.arrived_by(at) for at in (5.9, 6)] == [0, 1]


def test_copies_arrive_as_units_come_in_and_count_as_delayed() -> None:
    replica = Receiver("1/s")
    for item in range(10):
        replica.sent(item, due_s=0.1)
    assert [replica.arrived_by(at) for at in (0.5, 1.5, 2.5, 20)] == [0, 1, 2, 10]
    assert replica.memory.counts.copies_delayed[TABLE, DUBLIN] == 10
    assert replica.memory.counts.units_milli[WRITES, TABLE, DUBLIN] == 10_000


def test_what_meets_a_hot_partition_steps_aside_and_others_pass() -> None:
    """Three lanes in one partition, which has units beside a local write's from 10.001 s on; one not."""
    replica = Receiver("1000000/s")
    replica.empty_partition(7, until_s=10)
    for item in (7, 7 + PARTITIONS, 7 + 2 * PARTITIONS):
        replica.sent(item, due_s=1)
    replica.sent(8, due_s=2)
    assert [replica.arrived_by(at) for at in (1, 2, 10)] == [0, 1, 1]
    assert replica.next_s() == pytest.approx(10.001)
    assert [replica.arrived_by(at) for at in (10.001, 10.002, 10.003)] == [2, 3, 4]


def test_a_line_keeps_its_order_and_a_lane_goes_behind_it() -> None:
    """The first lane has two writes: the second one waits behind the other lane."""
    replica = Receiver("1000000/s")
    replica.empty_partition(7, until_s=10)
    first, other = 7, 7 + PARTITIONS
    replica.sent(first, due_s=1)
    replica.sent(first, due_s=1)
    replica.sent(other, due_s=2)
    replica.arrived_by(5)
    unseen = replica.memory.lanes.unseen[:, DUBLIN]
    for at, left in ((10.001, [first, other]), (10.002, [first]), (10.003, [])):
        replica.arrived_by(at)
        lanes = [item for item in (first, other) if unseen[lane_of(replica.memory, item, TABLE, MILAN)] >= 0]
        assert lanes == left


def test_local_writes_put_a_line_off() -> None:
    replica = Receiver("1000000/s")
    replica.empty_partition(7, until_s=10)
    replica.sent(7, due_s=1)
    replica.arrived_by(5)
    for number in range(100):
        replica.write(10 + number / 1000, 7)
    assert [replica.arrived_by(at) for at in (10.1, 10.101)] == [0, 1]


def test_nothing_is_ready_while_the_replicator_stands_still() -> None:
    replica = Receiver("1/s")
    replica.sent(1, due_s=0.2)
    replica.memory.world.replicating[TABLE, MILAN, DUBLIN] = 0
    assert replica.arrived_by(600) == 0
    assert replica.memory.counts.units_milli[WRITES, TABLE, DUBLIN] == 0


def test_a_peak_counts_copies_when_they_arrive() -> None:
    """Ten arrive after 62 s, 1,796 s after the half hour began: in its minute 29."""
    replica = Receiver("100/s", "on_demand")
    for item in range(10):
        replica.sent(item, due_s=61)
    replica.arrived_by(62)
    assert replica.buckets.minute_milli[TABLE, DUBLIN, WRITES] == 10_000
    assert replica.buckets.minute[TABLE, DUBLIN, WRITES] == 29


def test_a_table_grows_in_half_hours_of_its_own() -> None:
    """150 writes in one minute, 2.5 a second: five from 1,800 - 1,734 = 66 s on, for half an hour."""
    replica = Receiver("1/s", "on_demand")
    for _ in range(150):
        replica.write(5)
    found = [
        rate_per_s(replica.plan, replica.memory, TABLE, DUBLIN, WRITES, int(at * S))
        for at in (5, 65.999, 66, 1865.999)
    ]
    assert found == [1, 1, 5, 5]


def test_a_copy_that_waits_goes_sooner_once_the_table_has_grown() -> None:
    """What was written at 5 s, at one unit a second, is paid at 155 s.

    With a burst of one second a copy's unit is there beside a local write's a gap after 154 s: a second
    at first, 0.2 s at five units a second, from 66 s on.
    """
    replica = Receiver("1/s", "on_demand")
    for _ in range(150):
        replica.write(5)
    replica.sent(1, due_s=30)
    assert [replica.arrived_by(at) for at in (66, 154.199, 154.2)] == [0, 0, 1]
