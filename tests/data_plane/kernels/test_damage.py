"""Damaged versions and tombstones: what builds on them, what heals, and who reads them."""

from functools import cache

import pytest

from simulator.data_plane.stores.damage import DAMAGED, DELETES, STANDS_ALONE
from simulator.data_plane.stores.expiry import EXPIRED, GONE, is_there, presence_of
from simulator.data_plane.stores.expiry import THERE as THERE_STILL
from simulator.data_plane.stores.replicas import best_seen, write_item
from simulator.data_plane.stores.versions import NONE
from simulator.plan.lowered import Plan
from tests.small import HERE, THERE, memory_of, plan_of, topology

S = 10**9
MILAN, DUBLIN, TABLE, ITEM = 0, 1, 0, 0  # whatever their names: the first region and the second


@cache
def _plan():  # type: ignore[no-untyped-def]
    lag = {"median": "1 s", "p99": "1 s"}
    return plan_of(topology(tables={"t": {"replicas": [HERE, THERE], "items": 3, "replication_lag": lag}}))


class Table:
    """One item that two regions write."""

    def __init__(self) -> None:
        self.plan, self.memory = memory_of(_plan())
        self._attempt = 0

    def write(self, region: int, at_s: float, how: int = 0) -> None:
        self._attempt += 1
        write_item(self.plan, self.memory, TABLE, ITEM, region, 0, self._attempt, 0, how, int(at_s * S))

    def seen(self, region: int, at_s: float) -> tuple[bool, bool]:
        """Whether what a region sees is damaged, and whether it is a tombstone."""
        v = best_seen(self.plan, self.memory, TABLE, ITEM, region, int(at_s * S))
        versions = self.memory.versions
        return bool(versions.damaged[v]), bool(versions.deleted[v])

    @property
    def damaged_writes(self) -> list[int]:
        """By region."""
        return [int(self.memory.counts.damaged_writes[TABLE, region]) for region in (MILAN, DUBLIN)]


@pytest.fixture
def table() -> Table:
    return Table()


SOUND, WRONG = (False, False), (True, False)


def test_damage_is_elsewhere_once_its_copy_is(table: Table) -> None:
    """The lag is a second and the one-way delay, some 20 ms."""
    table.write(MILAN, 0)
    table.write(MILAN, 10, DAMAGED)
    assert table.seen(MILAN, 10) == WRONG
    assert table.seen(DUBLIN, 11) == SOUND
    assert table.seen(DUBLIN, 11.1) == WRONG


def test_what_builds_on_damage_is_damaged_in_any_region(table: Table) -> None:
    table.write(MILAN, 0, DAMAGED)
    table.write(DUBLIN, 0.5)  # has not seen it, and is higher
    assert table.seen(MILAN, 5) == SOUND
    table.write(MILAN, 5, DAMAGED)
    table.write(DUBLIN, 10)
    assert table.seen(MILAN, 15) == WRONG
    assert table.damaged_writes == [2, 1]


def test_a_write_that_stands_alone_heals_unless_it_is_wrong_itself(table: Table) -> None:
    table.write(MILAN, 0, DAMAGED)
    table.write(DUBLIN, 5, STANDS_ALONE)
    table.write(DUBLIN, 10)
    assert table.seen(MILAN, 15) == SOUND
    table.write(DUBLIN, 20, STANDS_ALONE | DAMAGED)
    assert table.seen(MILAN, 25) == WRONG


def test_a_delete_leaves_a_tombstone_that_is_not_wrong_and_a_write_makes_the_item_anew(table: Table) -> None:
    table.write(MILAN, 0, DAMAGED)
    table.write(MILAN, 5, STANDS_ALONE | DELETES)
    assert table.seen(DUBLIN, 10) == (False, True)
    table.write(DUBLIN, 10)
    assert table.seen(MILAN, 15) == SOUND
    assert table.memory.counts.deletes[TABLE] == 1


def test_a_slot_that_is_taken_again_is_neither_damaged_nor_deleted(table: Table) -> None:
    """Writes five seconds apart are soon visible everywhere, and give their slots back."""
    versions = table.memory.versions
    first = int(versions.free[versions.free_count[0] - 1])
    table.write(MILAN, 0, STANDS_ALONE | DELETES | DAMAGED)
    assert (versions.damaged[first], versions.deleted[first]) == (1, 1)
    for number in range(1, 8):
        table.write(MILAN, 5 * number, STANDS_ALONE)
        assert table.seen(MILAN, 5 * number) == SOUND
    assert (versions.damaged[first], versions.deleted[first]) == (0, 0)


@cache
def _expiring(within: str = "1 h", after: str = "1 h") -> Plan:
    table = {"replicas": [HERE, THERE], "items": 2000, "time_to_live": after, "expired_within": within}
    return plan_of(topology(tables={"t": table}))


def test_expired_items_are_there_until_they_are_deleted_evenly_spread() -> None:
    """Written at zero, expired after an hour, and half an hour later half of them are gone.

    Of 2,000 a standard deviation is 1.1 %.
    """
    plan, memory = memory_of(_expiring())
    versions = [write_item(plan, memory, TABLE, item, MILAN, 0, item, 0, 0, 0) for item in range(2000)]

    def share(state: int, at_h: float) -> float:
        at = int(at_h * 3600 * S)
        found = [presence_of(plan, memory, TABLE, item, v, at) for item, v in enumerate(versions)]
        return found.count(state) / 2000

    assert share(THERE_STILL, 0.999) == share(EXPIRED, 1) == share(GONE, 2) == 1
    assert share(GONE, 1.5) == pytest.approx(0.5, abs=0.04)


def test_what_was_there_before_the_run_was_written_within_the_time_to_live() -> None:
    """So after half of it half of the items have expired, and after all of it all have."""
    plan, memory = memory_of(_expiring("0 s"))

    def gone(at_h: float) -> float:
        at = int(at_h * 3600 * S)
        return sum(presence_of(plan, memory, TABLE, item, NONE, at) == GONE for item in range(2000)) / 2000

    assert (gone(0), gone(1)) == (0, 1)
    assert gone(0.5) == pytest.approx(0.5, abs=0.04)


def test_what_is_gone_hands_no_damage_on() -> None:
    plan, memory = memory_of(_expiring("0 s", after="1 min"))
    minute = 60 * S
    before = write_item(plan, memory, TABLE, ITEM, MILAN, 0, 0, 0, DAMAGED, 0)
    assert is_there(plan, memory, TABLE, ITEM, before, minute - 1)
    assert not is_there(plan, memory, TABLE, ITEM, before, minute)
    after = write_item(plan, memory, TABLE, ITEM, MILAN, 0, 1, 0, 0, minute)
    assert memory.versions.damaged[after] == 0
    soon = write_item(plan, memory, TABLE, ITEM + 1, MILAN, 0, 2, 0, DAMAGED, minute)
    still = write_item(plan, memory, TABLE, ITEM + 1, MILAN, 0, 3, 0, 0, 2 * minute - 1)
    assert (memory.versions.damaged[soon], memory.versions.damaged[still]) == (1, 1)
