"""Lines of versions: which writes nothing that survives builds on, and how long their slots live."""

from functools import cache

import pytest

from simulator.data_plane.stores.damage import STANDS_ALONE
from simulator.data_plane.stores.delivery import deliver_all
from simulator.data_plane.stores.replicas import write_item
from simulator.data_plane.stores.survivors import settle_lines
from simulator.kernels.blocks import Block
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

    def write(self, region: int, at_s: float, alone: bool = False) -> None:
        self._attempt += 1
        who, how = (0, self._attempt, 0), STANDS_ALONE if alone else 0
        write_item(self.plan, self.memory, TABLE, ITEM, region, *who, how, int(at_s * S))

    def stop(self, origin: int, target: int) -> None:
        """Copies in one direction wait from now on."""
        self.memory.world.replicating[TABLE, origin, target] = 0

    @property
    def used(self) -> int:
        """Slots of versions that are in use."""
        versions: Block = self.memory.versions
        return len(versions.free) - int(versions.free_count[0])

    def lost_updates(self, at_s: float) -> list[list[int]]:
        """By origin and by the region that overtook them, if the run ends now."""
        deliver_all(self.plan, self.memory, int(at_s * S))
        settle_lines(self.plan, self.memory)
        found: list[list[int]] = self.memory.lineage.overtaken.sum(axis=3)[TABLE].tolist()
        return found


@pytest.fixture
def table() -> Table:
    return Table()


def test_a_write_that_saw_all_before_takes_nothing(table: Table) -> None:
    for at_s, region in ((0, MILAN), (5, DUBLIN), (10, MILAN)):
        table.write(region, at_s)
    assert table.lost_updates(20) == [[0, 0], [0, 0]]


def test_of_two_first_writes_that_did_not_see_each_other_one_is_missing(table: Table) -> None:
    """They build on the initial version both."""
    table.write(MILAN, 0)
    table.write(DUBLIN, 0.5)
    assert table.lost_updates(20) == [[0, 1], [0, 0]]


def test_a_whole_line_is_missing_if_another_one_goes_on(table: Table) -> None:
    """Milan writes four times without Dublin's write in view; later it builds on Dublin's second one."""
    table.stop(MILAN, DUBLIN)
    table.write(DUBLIN, 0)
    for at_s in (0.2, 0.4, 0.6, 0.8):
        table.write(MILAN, at_s)
    table.write(DUBLIN, 0.9)
    table.write(MILAN, 9)
    assert table.lost_updates(20) == [[0, 4], [0, 0]]


def test_what_stands_alone_takes_nothing_and_may_be_taken(table: Table) -> None:
    table.write(MILAN, 0)
    table.write(DUBLIN, 0.5, alone=True)
    table.write(MILAN, 0.7)
    table.write(MILAN, 9)
    assert table.lost_updates(20) == [[0, 0], [1, 0]]


def test_slots_follow_what_is_open_and_not_what_was_written(table: Table) -> None:
    """Copies from Milan wait; Dublin writes ten times a second, and about ten of its copies are under way."""
    table.write(MILAN, 0)
    table.stop(MILAN, DUBLIN)
    table.write(MILAN, 5)
    for number in range(2500):
        table.write(DUBLIN, 10 + number / 10)
        assert table.used < 20
    assert table.lost_updates(290) == [[0, 2], [0, 0]]
