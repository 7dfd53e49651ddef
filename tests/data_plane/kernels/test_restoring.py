"""Snapshots and restores: what an item was at an instant, and how many writes are missing for it."""

from functools import cache

import pytest

from simulator.data_plane.stores.damage import DAMAGED, STANDS_ALONE
from simulator.data_plane.stores.delivery import deliver_all
from simulator.data_plane.stores.lanes import highest_in
from simulator.data_plane.stores.replicas import write_item
from simulator.data_plane.stores.restoring import restored
from simulator.data_plane.stores.snapshots import changed_since, take_snapshot
from simulator.data_plane.stores.survivors import settle_lines
from simulator.kernels.blocks import Block
from tests.small import HERE, THERE, experiment, memory_of, plan_of, topology

S = 10**9
MILAN, DUBLIN, TABLE, ITEM = 0, 1, 0, 0


@cache
def _plan():  # type: ignore[no-untyped-def]
    lag = {"median": "1 s", "p99": "1 s"}
    rows = {"replicas": [HERE, THERE], "items": 3, "replication_lag": lag, "point_in_time_recovery": {}}
    one = {"table": "t", "region": HERE, "point": "10 s", "at": "6 min", "written_since": "drop"}
    run = experiment(duration="10 min", restores=[one, one])
    return plan_of(topology(tables={"t": rows}), run)


class Table:
    """Three items that two regions write, and two snapshots of the replica in Milan."""

    def __init__(self) -> None:
        self.plan, self.memory = memory_of(_plan())
        self._attempt = 0

    def write(self, region: int, at_s: float, how: int = 0, item: int = ITEM) -> None:
        self._attempt += 1
        write_item(self.plan, self.memory, TABLE, item, region, 0, self._attempt, 0, how, int(at_s * S))

    def snapshot(self, number: int, at_s: float) -> None:
        deliver_all(self.plan, self.memory, int(at_s * S))
        take_snapshot(self.plan, self.memory, number)

    def restore(self, number: int, at_s: float, merges: bool = False) -> tuple[int, int]:
        """How many writes are lost with it, and how many it brings back."""
        deliver_all(self.plan, self.memory, int(at_s * S))
        self.found = restored(self.plan, self.memory, number, merges, int(at_s * S))
        return self.found.lost, self.found.brought_back

    def seen(self, region: int, item: int = ITEM) -> int:
        """Which write a region sees, in order of writing; 0 for none."""
        v = highest_in(self.memory, item, region)
        return 0 if v < 0 else int(self.memory.versions.tag[v]) >> 4

    @property
    def counts(self) -> Block:
        counts: Block = self.memory.counts
        return counts

    @property
    def used(self) -> int:
        """Slots of versions that are in use."""
        versions: Block = self.memory.versions
        return len(versions.free) - int(versions.free_count[0])

    def missing(self) -> int:
        """Lost writes and lost updates, less those brought back, if the run ends now."""
        settle_lines(self.plan, self.memory)
        overtaken = int(self.memory.lineage.overtaken.sum())
        return int(self.counts.lost[TABLE] + overtaken - self.counts.brought_back[TABLE])


@pytest.fixture
def table() -> Table:
    return Table()


def test_what_was_written_after_the_point_is_lost_with_the_restore(table: Table) -> None:
    for at_s in (0, 5):
        table.write(MILAN, at_s)
    table.snapshot(0, 10)
    for at_s, region in ((20, MILAN), (30, DUBLIN), (40, MILAN)):
        table.write(region, at_s)
    assert table.restore(0, 60) == (3, 0)
    assert table.found.oldest_ns == 20 * S
    assert [table.seen(region) for region in (MILAN, DUBLIN)] == [2, 2]
    assert (table.counts.lost[TABLE], table.counts.visible[TABLE]) == (3, 2)
    assert table.missing() == 3


def test_an_item_that_nobody_had_written_is_as_it_was_in_the_beginning(table: Table) -> None:
    table.snapshot(0, 10)
    table.write(DUBLIN, 20)
    assert table.restore(0, 30) == (1, 0)
    assert [table.seen(region) for region in (MILAN, DUBLIN)] == [0, 0]
    assert table.used == 0


def test_what_follows_builds_on_what_was_restored(table: Table) -> None:
    """Restored to the first write; the third builds on it; restored again to before all, both are lost."""
    table.snapshot(0, 1)
    table.write(MILAN, 5)
    table.snapshot(1, 10)
    table.write(MILAN, 20)
    assert table.restore(1, 30) == (1, 0)
    table.write(DUBLIN, 40)
    assert table.restore(0, 60) == (2, 0)
    assert table.missing() == 3


def test_a_copy_on_its_way_at_the_point_is_not_in_the_snapshot(table: Table) -> None:
    """Dublin's write of 9.5 s is visible in Milan a second later: it is missing, and older than the point."""
    table.write(DUBLIN, 9.5)
    table.snapshot(0, 10)
    assert table.restore(0, 60) == (1, 0)
    assert table.found.oldest_ns == int(9.5 * S)


def test_what_still_waits_when_the_table_is_swapped_goes_nowhere(table: Table) -> None:
    table.write(MILAN, 5)
    table.snapshot(0, 10)
    table.write(DUBLIN, 59.5)
    assert table.restore(0, 60) == (1, 0)
    deliver_all(table.plan, table.memory, 90 * S)
    assert [table.seen(region) for region in (MILAN, DUBLIN)] == [1, 1]
    assert table.memory.replicators.waiting.sum() == 0


def test_a_lost_update_that_the_point_still_had_is_brought_back(table: Table) -> None:
    """Milan writes at 9.5 s and 9.8 s, Dublin at 9.9 s with neither in view, and wins: two are lost updates.

    Milan at 10 s still has its own two: to restore them loses one write and brings two back, one in all.
    """
    for at_s, region in ((9.5, MILAN), (9.8, MILAN), (9.9, DUBLIN)):
        table.write(region, at_s)
    table.snapshot(0, 10)
    assert table.restore(0, 60) == (0, 1)
    assert table.missing() == 1
    assert table.seen(DUBLIN) == 2


def test_a_write_that_stands_alone_counts_for_what_it_replaced(table: Table) -> None:
    """Milan's write is replaced by Dublin's, so none is missing; with a restore to before them both are."""
    table.snapshot(0, 1)
    table.write(MILAN, 9.5)
    table.write(DUBLIN, 9.9, STANDS_ALONE)
    assert table.restore(0, 60) == (2, 0)
    assert table.missing() == 2


def test_a_merge_keeps_all_that_is_not_damaged(table: Table) -> None:
    """Of two items written after the point one is damaged: its two writes are dropped, the other's kept."""
    table.write(MILAN, 5)
    table.snapshot(0, 10)
    table.write(MILAN, 20, DAMAGED)
    table.write(DUBLIN, 30)
    table.write(DUBLIN, 30, item=1)
    assert table.restore(0, 60, merges=True) == (2, 0)
    assert [table.seen(MILAN, item) for item in (0, 1)] == [1, 4]
    assert (table.counts.lost_in_merge[TABLE], table.counts.lost_after_point[TABLE]) == (2, 0)


def test_only_what_changed_is_kept_and_an_older_snapshot_finds_it_in_a_later_one(table: Table) -> None:
    for item in (0, 1, 2):
        table.write(MILAN, 5, item=item)
    table.snapshot(0, 10)
    table.write(MILAN, 15, item=0)
    table.snapshot(1, 20)
    table.write(MILAN, 25, item=1)
    assert table.memory.snapshots.changes.tolist() == [1, 1]
    assert [changed_since(table.plan, table.memory, number) for number in (0, 1)] == [2, 1]
    assert table.restore(0, 60) == (2, 0)
    assert [table.seen(MILAN, item) for item in (0, 1, 2)] == [1, 2, 3]


def test_a_discarded_write_whose_line_goes_on_is_lost_with_the_restore_and_is_no_lost_update(
    table: Table,
) -> None:
    """Dublin's write of 20.5 s discards Milan's of 20.2 s; Milan, which has not seen it, goes on and wins.

    Dublin's is a lost update. Milan's two are a line, and both are lost with the restore, though one was
    discarded; nowhere has a newer version been visible everywhere yet.
    """
    table.snapshot(0, 10)
    for at_s, region in ((20.2, MILAN), (20.5, DUBLIN), (20.9, MILAN)):
        table.write(region, at_s)
    assert table.restore(0, 21) == (2, 0)
    assert int(table.memory.lineage.overtaken.sum()) == 1
    assert table.missing() == 3


def test_slots_are_given_back(table: Table) -> None:
    table.write(MILAN, 5)
    table.snapshot(0, 10)
    for at_s in range(20, 50):
        table.write(at_s % 2, at_s + 0.3)
    table.restore(0, 60)
    assert table.used == 1


def fates(table: Table) -> tuple[int, int, int, int]:
    """Visible, discarded, lost, brought back."""
    counts = table.counts
    found = counts.visible, counts.discarded, counts.lost, counts.brought_back
    return tuple(int(one[TABLE]) for one in found)  # type: ignore[return-value]


def test_what_was_brought_back_and_is_undone_again_is_lost_once(table: Table) -> None:
    """Three writes are lost with a restore to before them, there again with one to after, and lost again."""
    table.snapshot(0, 1)
    for at_s in (2, 4, 6):
        table.write(MILAN, at_s)
    table.snapshot(1, 10)
    assert table.restore(0, 20) == (3, 0)
    assert fates(table) == (0, 0, 3, 0)
    assert table.restore(1, 30) == (0, 3)
    assert fates(table) == (0, 0, 3, 3)
    assert table.seen(DUBLIN) == 3
    assert table.missing() == 0
    assert table.restore(0, 40) == (3, 0)
    assert fates(table) == (0, 0, 3, 0)
    assert table.missing() == 3


def test_of_what_is_lost_the_writes_made_since_others_were_brought_back_go_first(table: Table) -> None:
    """Two writes come back, two follow, and another item has one: four lost, of them two for the first time.

    The other item's stays visible, as nothing has undone it.
    """
    table.snapshot(0, 1)
    for at_s in (2, 4):
        table.write(MILAN, at_s)
    table.snapshot(1, 10)
    table.restore(0, 20)
    table.restore(1, 30)
    for at_s in (40, 42):
        table.write(DUBLIN, at_s)
    assert table.restore(0, 50) == (4, 0)
    table.write(MILAN, 60, item=1)
    deliver_all(table.plan, table.memory, 70 * S)
    assert fates(table) == (1, 0, 4, 0)
    assert table.missing() == 4


def test_an_overtaken_write_that_is_brought_back_and_undone_again_stays_discarded(table: Table) -> None:
    """Two lost updates, one write: the point that still had the two brings back one more than it takes.

    All is undone afterwards: the two are lost updates, and the one that had overtaken them is lost.
    """
    table.snapshot(0, 1)
    for at_s, region in ((9.5, MILAN), (9.8, MILAN), (9.9, DUBLIN)):
        table.write(region, at_s)
    table.snapshot(1, 10)
    assert table.restore(1, 60) == (0, 1)
    assert fates(table) == (1, 2, 0, 1)
    assert table.restore(0, 70) == (2, 0)
    assert fates(table) == (0, 2, 1, 0)
    assert table.missing() == 3
