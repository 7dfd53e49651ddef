"""Restores: each snapshot is a list of what every item held, and nothing is counted until it is restored."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.tallies import Restored
from tests.twin.counts import Counts

if TYPE_CHECKING:
    from tests.twin.tables import Item, Tables, Written


@dataclass
class Snapshot:
    """What one replica held at an instant."""

    store: int
    region: int
    held: "dict[int, Written]"  # by item
    changed_ns: dict[int, int] = field(default_factory=dict)  # by item: when its first change was written


def line_of(w: "Written | None") -> "Iterator[Written]":
    """A version, what it builds on, and so on."""
    while w is not None:
        yield w
        w = w.parent


def worth_of(w: "Written | None") -> int:
    """The acknowledged writes of the item that are not missing if it wins."""
    return sum(one.worth_below + (1 + one.replaced if one.counted else 0) for one in line_of(w))


def replaced_elsewhere(writes: "Iterable[Written]", winner: "Written | None") -> int:
    """How many of an item's writes were replaced, and are not what the winner's worth counts as replaced.

    Below 0 where it counts more: what a version replaced unseen can be in its own line.
    """
    line = [*line_of(winner)]
    replaced = sum(w.fate == "discarded" and not w.overtaken for w in writes if w not in line)
    return replaced - sum(w.replaced for w in line if w.counted)


class Restores:
    """The snapshots of all stores, and what becomes of the writes when one of them is restored."""

    def __init__(self, tables: "Tables", counts: Counts) -> None:
        self._tables, self._counts = tables, counts
        self.snapshots: dict[int, Snapshot] = {}
        self.lost_updates: list[Written] = []
        self.replaced_elsewhere = Counter[int]()  # by store, of what has been settled

    def take(self, number: int, store: int, region: int) -> None:
        """Keep what every item holds in a replica."""
        self.snapshots[number] = Snapshot(store, region, self._tables.all_held(store, region))

    def note_change(self, store: int, region: int, item: "Item", written_ns: int) -> None:
        """The highest version of an item in a replica changes."""
        for snapshot in self.snapshots.values():
            if (snapshot.store, snapshot.region) == (store, region):
                snapshot.changed_ns.setdefault(item.number, written_ns)

    def restore(self, number: int, merges: bool, now_ns: int) -> Restored:
        """A store becomes what a snapshot holds."""
        snapshot = self.snapshots[number]
        store = snapshot.store
        lost = brought_back = again = items = 0
        oldest_ns = NEVER_NS
        restored = [
            item
            for item in self._tables.items(store)
            if item.held or item.writes or item.number in snapshot.held
        ]
        self._tables.stop_copies(store)
        alone = not self._tables.surviving(store)
        for item in restored:
            winner, kept = self._tables.winner_not_lost(store, item), snapshot.held.get(item.number)
            outlived = [
                w for w in item.writes if w.overtaken and w.fate == "discarded" and w in line_of(winner)
            ]
            writes = item.writes
            self._settle(item, winner)
            if alone:  # all is lost already, but for what was discarded and yet in the last line
                winner, brought_back = None, brought_back - len(outlived)
                oldest_ns = min(oldest_ns, snapshot.changed_ns.get(item.number, NEVER_NS))
            self.replaced_elsewhere[store] += replaced_elsewhere(writes, winner)
            if merges and is_well(winner):
                kept = winner
            else:
                missing = worth_of(winner) - worth_of(kept)
                lost, brought_back, items = lost + max(missing, 0), brought_back + max(-missing, 0), items + 1
                again += self._note_worth(item, worth_of(winner), worth_of(kept))
                if missing > 0:
                    assert winner is not None
                    changed_ns = snapshot.changed_ns.get(item.number, winner.time_ns)
                    oldest_ns = min(oldest_ns, changed_ns)
            for region in self._tables.replicas(store):
                self.note_change(store, region, item, now_ns)
            self._put(item, kept)
        if brought_back < 0:
            lost, brought_back = -brought_back, 0
        anew = self._lose(store, lost - again)
        self._counts.brought_back[store] += brought_back - again
        (self._counts.lost_in_merge if merges else self._counts.lost_after_point)[store] += anew
        return Restored(number, now_ns, lost, brought_back, oldest_ns, items, alone)

    @staticmethod
    def _note_worth(item: "Item", before: int, after: int) -> int:
        """How many writes that a restore had brought back are lost again, after all that were made since."""
        since, item.set_worth = max(before - item.set_worth, 0), after
        again = min(max(before - after - since, 0), item.back)
        item.back += max(after - before, 0) - again
        return again

    def _settle(self, item: "Item", winner: "Written | None") -> None:
        """What waited is visible; what is overtaken and not in the winner's line is a lost update."""
        line = {*line_of(winner)}
        for w in item.writes:
            if w.fate == "pending":
                w.fate = "visible"
            if w not in line and w.overtaken and w.fate != "lost":
                self.lost_updates.append(w)
        item.writes = []

    def _put(self, item: "Item", kept: "Written | None") -> None:
        """The item has one version, in every replica, or none but the initial one."""
        item.unseen.clear()
        item.due_ns.clear()
        item.held, item.highest, item.log = {}, None, []
        if kept is not None:
            version = self._tables.copy_of(kept, item, worth_of(kept))
            item.held = dict.fromkeys(self._tables.replicas(kept.store), version)
            item.highest, item.log = version, [version]

    def _lose(self, store: int, lost: int) -> int:
        """Lost writes were visible, those never at risk and the latest first; or else discarded: how many."""
        writes = [w for w in self._tables.writes if w.store == store]
        visible = [w for w in writes if w.fate == "visible"]
        visible.sort(key=lambda w: (w.at_risk, -w.number))
        discarded = [w for w in writes if w.fate == "discarded"]
        chosen = (visible + discarded)[:lost]
        for w in chosen:
            w.fate = "lost"
        return len(chosen)


def is_well(w: "Written | None") -> bool:
    """Whether what an item holds is worth keeping."""
    return w is None or not w.damaged
