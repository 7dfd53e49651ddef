"""Lanes of versions: what a region sees of another's writes, and which writes lose (docs/model.md §6)."""

from functools import cache

import pytest

from simulator.data_plane.stores.copies import await_delivery, send_copy
from simulator.data_plane.stores.delivery import deliver, deliver_all
from simulator.data_plane.stores.lanes import (
    append,
    discard_unseen,
    drop_outdone,
    highest_in,
    lane_of,
    seen_top_of,
    unseen_above,
)
from simulator.data_plane.stores.lineage import build_on
from simulator.data_plane.stores.replicas import new_version
from simulator.data_plane.stores.versions import DISCARDED, FREE, LIVE, VISIBLE
from tests.small import HERE, THERE, memory_of, plan_of, topology

S = 10**9
MILAN, DUBLIN = 0, 1  # whatever their names: the first region and the second
TABLE, ITEM, NONE, SESSION = 0, 0, -1, 0


@cache
def _plan():  # type: ignore[no-untyped-def]
    return plan_of(topology(tables={"table": {"replicas": [HERE, THERE], "items": 3}}))


class Item:
    """The versions of one item."""

    def __init__(self) -> None:
        self.plan, self.memory = memory_of(_plan())

    def written(self, at_s: float, due_s: float, origin: int = MILAN, clock_s: float = 0) -> int:
        """A version written at a time, due in the other region at another; the clock of its region is off."""
        memory, versions = self.memory, self.memory.versions
        memory.world.region_skew_ns[origin] = int(clock_s * S)
        v = int(new_version(memory, TABLE, origin, SESSION, 0, int(at_s * S)))
        versions.increment[v] = 0
        build_on(memory, ITEM, highest_in(memory, ITEM, origin), v)
        append(memory, self.lane(origin), v)
        await_delivery(memory, v)
        send_copy(memory, self.lane(origin), v, DUBLIN - origin, int(due_s * S))
        return v

    def lane(self, origin: int = MILAN) -> int:
        return int(lane_of(self.memory, ITEM, TABLE, origin))

    def seen(self, at_s: float, region: int = DUBLIN, origin: int = MILAN) -> int:
        """The highest version of a region's that another one sees at a time."""
        deliver(self.plan, self.memory, TABLE, region, int(at_s * S))
        return int(seen_top_of(self.memory, self.lane(origin), region))


@pytest.fixture
def item() -> Item:
    return Item()


def test_an_item_has_one_lane_of_each_region_that_wrote_it(item: Item) -> None:
    assert item.lane(MILAN) == item.lane(MILAN)
    assert item.lane(MILAN) != item.lane(DUBLIN)


def test_a_version_is_seen_at_home_at_once_and_elsewhere_from_the_instant_when_it_is_due(item: Item) -> None:
    v = item.written(0, due_s=2)
    assert item.seen(0, MILAN) == v
    assert [item.seen(at) for at in (0, 1.999, 2)] == [NONE, NONE, v]


def test_a_lag_is_counted_once_for_each_copy(item: Item) -> None:
    item.written(0, due_s=2)
    for at_s in (3, 4, 5):
        item.seen(at_s)
    counts = item.memory.counts
    assert counts.lag[TABLE, MILAN, DUBLIN].sum() == 1
    assert counts.lag_step_max_ns[TABLE, MILAN, DUBLIN].max() == 2 * S


def test_a_clock_set_back_makes_the_earlier_write_the_higher_one(item: Item) -> None:
    earlier = item.written(0, due_s=1)
    item.written(5, due_s=6, clock_s=-60)
    assert item.seen(10) == earlier


def test_what_is_visible_everywhere_is_the_base_and_lower_ones_are_dropped(item: Item) -> None:
    first, second = item.written(0, due_s=1), item.written(2, due_s=3)
    free = int(item.memory.versions.free_count[0])
    deliver_all(item.plan, item.memory, 10 * S)
    assert item.memory.lanes.base[item.lane()] == second
    assert item.memory.versions.state[second] == VISIBLE
    assert item.memory.versions.free_count[0] == free + 2  # the first, and the initial version before it
    assert item.memory.versions.state[first] == FREE
    assert item.memory.counts.visible[TABLE] == 2


def test_a_later_writer_who_has_not_seen_a_write_overwrites_it(item: Item) -> None:
    unseen, seen_first = item.written(2, due_s=30), item.written(0, due_s=30)
    later = item.written(5, due_s=35, origin=DUBLIN)
    discard_unseen(item.memory, item.lane(MILAN), DUBLIN, later, 0)
    assert [item.memory.versions.state[v] for v in (unseen, seen_first)] == [DISCARDED] * 2
    assert item.memory.counts.discarded[TABLE] == 2


def test_what_the_writer_has_seen_is_not_lost(item: Item) -> None:
    v = item.written(0, due_s=1)
    later = item.written(5, due_s=6, origin=DUBLIN)
    assert item.seen(5) == v
    discard_unseen(item.memory, item.lane(MILAN), DUBLIN, later, 0)
    assert item.memory.versions.state[v] == VISIBLE


def test_nor_is_what_has_the_later_timestamp(item: Item) -> None:
    ahead = item.written(0, due_s=30, clock_s=60)
    later = item.written(5, due_s=35, origin=DUBLIN)
    discard_unseen(item.memory, item.lane(MILAN), DUBLIN, later, 0)
    assert item.memory.versions.state[ahead] == LIVE


def test_a_lane_whose_base_is_outdone_is_dropped(item: Item) -> None:
    item.written(0, due_s=1)
    item.written(5, due_s=6, origin=DUBLIN)
    free = int(item.memory.lanes.free_count[0])
    deliver_all(item.plan, item.memory, 10 * S)
    drop_outdone(item.memory, ITEM)
    assert item.memory.lanes.free_count[0] == free + 1
    assert item.memory.lanes.origin[item.memory.item_lane[ITEM]] == DUBLIN


def test_lower_writes_are_found_on_both_sides_of_a_clock_set_back(item: Item) -> None:
    """Timestamps 0, 1, 20, then 5, 6, 22: a write at 10 outdoes four of them."""
    clocks = {0: 0, 1: 0, 20: 0, 25: -20, 26: -20, 42: -20}
    versions = [item.written(at, due_s=99, clock_s=clock) for at, clock in clocks.items()]
    later = item.written(50, due_s=99, origin=DUBLIN, clock_s=-40)
    discard_unseen(item.memory, item.lane(MILAN), DUBLIN, later, 0)
    states = [item.memory.versions.state[v] for v in versions]
    assert states == [DISCARDED, DISCARDED, LIVE, DISCARDED, DISCARDED, LIVE]
    assert item.memory.counts.discarded[TABLE] == 4


def test_a_fall_that_every_region_has_seen_is_forgotten(item: Item) -> None:
    for at, clock in {0: 0, 1: -20, 2: -20}.items():
        item.written(at, due_s=at + 1, clock_s=clock)
    assert item.memory.lanes.falls[item.lane()] == 1
    item.seen(2.5)
    assert item.memory.lanes.falls[item.lane()] == 0


def test_a_read_below_an_unseen_version_is_stale_and_breaks_its_writers_session(item: Item) -> None:
    seen = item.written(0, due_s=1)
    item.written(2, due_s=30)
    item.written(3, due_s=30, clock_s=-60)  # lower than what is seen
    assert item.seen(5) == seen
    lane, far = item.lane(), SESSION + 1
    assert unseen_above(item.memory, lane, DUBLIN, seen, SESSION, 3 * S) == (True, True)
    assert unseen_above(item.memory, lane, DUBLIN, seen, far, 3 * S) == (True, False)
    item.seen(40)
    assert unseen_above(item.memory, lane, DUBLIN, seen, SESSION, 3 * S) == (False, False)
