"""Lanes of versions: what a region sees of another's writes, and which writes lose (docs/model.md §6)."""

from functools import cache

import pytest

from simulator.data_plane.stores.lanes import (
    advance_in,
    append,
    lane_of,
    seen_top_of,
    settle,
    settle_item,
    suppress_unseen,
)
from simulator.data_plane.stores.tables import new_version
from simulator.data_plane.stores.versions import LIVE, SUPPRESSED, VISIBLE
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
        v = int(new_version(self.plan, memory, TABLE, ITEM, origin, SESSION, 0, int(at_s * S)))
        versions.increment[v], versions.due_ns[v] = 0, int(due_s * S)
        append(self.plan, memory, self.lane(origin), v)
        return v

    def lane(self, origin: int = MILAN) -> int:
        return int(lane_of(self.memory, ITEM, TABLE, origin))

    def seen(self, at_s: float, region: int = DUBLIN, origin: int = MILAN) -> int:
        """The highest version of a region's that another one sees at a time."""
        advance_in(self.plan, self.memory, self.lane(origin), region, int(at_s * S))
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
    settle(item.plan, item.memory, item.lane(), 10 * S)
    assert item.memory.lanes.base[item.lane()] == second
    assert item.memory.versions.state[second] == VISIBLE
    assert item.memory.versions.free_count[0] == free + 1
    assert item.memory.versions.free[free] == first
    assert item.memory.counts.visible[TABLE] == 2


def test_a_later_writer_who_has_not_seen_a_write_overwrites_it(item: Item) -> None:
    unseen, seen_first = item.written(2, due_s=30), item.written(0, due_s=30)
    later = item.written(5, due_s=35, origin=DUBLIN)
    suppress_unseen(item.memory, item.lane(MILAN), DUBLIN, later)
    assert [item.memory.versions.state[v] for v in (unseen, seen_first)] == [SUPPRESSED] * 2
    assert item.memory.counts.suppressed[TABLE] == 2


def test_what_the_writer_has_seen_is_not_lost(item: Item) -> None:
    v = item.written(0, due_s=1)
    later = item.written(5, due_s=6, origin=DUBLIN)
    assert item.seen(5) == v
    suppress_unseen(item.memory, item.lane(MILAN), DUBLIN, later)
    assert item.memory.versions.state[v] == LIVE


def test_nor_is_what_has_the_later_timestamp(item: Item) -> None:
    ahead = item.written(0, due_s=30, clock_s=60)
    later = item.written(5, due_s=35, origin=DUBLIN)
    suppress_unseen(item.memory, item.lane(MILAN), DUBLIN, later)
    assert item.memory.versions.state[ahead] == LIVE


def test_a_lane_whose_base_is_outdone_is_dropped(item: Item) -> None:
    item.written(0, due_s=1)
    item.written(5, due_s=6, origin=DUBLIN)
    free = int(item.memory.lanes.free_count[0])
    settle_item(item.plan, item.memory, ITEM, 10 * S)
    assert item.memory.lanes.free_count[0] == free + 1
    assert item.memory.lanes.origin[item.memory.item_lane[ITEM]] == DUBLIN
