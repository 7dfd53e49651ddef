"""Damaged versions and tombstones: what builds on them, what heals, and who reads them."""

from functools import cache

import pytest

from simulator.data_plane.stores.damage import DAMAGED, DELETES, STANDS_ALONE
from simulator.data_plane.stores.replicas import best_seen, write_item
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
