"""Replicas with limits: copies wait for units, beside local writers (docs/model-request-path.md §4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from tests.twin.clock import FIRST, RankedEnvironment

if TYPE_CHECKING:
    from tests.twin.tables import Replicator, Tables, Written


class Receiver:
    """One replica of a table with limits: whose turn is it, and when?"""

    def __init__(self, env: RankedEnvironment, tables: "Tables", store: int, target: int) -> None:
        self._env, self._tables, self._store, self._target = env, tables, store, target
        self._capacities = tables.capacities
        self._lines: dict[tuple[int, int], list[Written]] = defaultdict(list)  # by origin and partition
        self._lanes: dict[tuple[int, int], list[Written]] = defaultdict(list)  # by origin and item
        self._looks = 0

    def expect(self, w: "Written") -> None:
        """A copy has been sent here."""
        self._lanes[w.origin, w.item.number].append(w)
        self.look_again()

    def forget(self) -> None:
        """Nothing is on its way here any more."""
        self._lines.clear()
        self._lanes.clear()
        self.look_again()

    def queue_anew(self, origin: int, waiting: "Iterable[Written]") -> None:
        """What comes from one origin queues anew, whether it has stepped aside or not."""
        for queues in (self._lines, self._lanes):
            for key in [key for key in queues if key[0] == origin]:
                del queues[key]
        for w in sorted(waiting, key=lambda one: one.number):
            self._lanes[origin, w.item.number].append(w)
        self.look_again()

    def look_again(self) -> None:
        """Something has changed: wait for the next turn."""
        self._looks += 1
        next_ns = self._next_ns()
        if next_ns is not None:
            self._env.process(self._wait(next_ns, self._looks))

    def _wait(self, until_ns: int, look: int) -> Iterator[Any]:
        yield self._env.at(until_ns, FIRST)
        if look == self._looks:
            self.take_free()

    def take_free(self) -> None:
        """All turns of this instant."""
        while self._next_ns() == self._env.now:
            self._take_turn()
        self.look_again()

    def _next_ns(self) -> int | None:
        """The next instant at which something is ready and the table is free."""
        times_ns = [free_ns for free_ns, _, _ in self._aside()] + [ready_ns for ready_ns, *_ in self._queue()]
        if not times_ns:
            return None
        first_ns = int(max(self._env.now, min(times_ns)))
        return self._capacities.table_free_ns(self._store, self._target, first_ns)

    def _running(self) -> "dict[int, Replicator]":
        return {
            origin: replicator
            for (store, origin, target), replicator in self._tables.replicators.items()
            if store == self._store and target == self._target and replicator.running
        }

    def _aside(self) -> "list[tuple[float, int, Written]]":
        """The first of each line: since when its partition is free."""
        running = self._running()
        return [
            (self._free_ns(line[0]), line[0].number, line[0])
            for (origin, _), line in self._lines.items()
            if line and origin in running
        ]

    def _free_ns(self, w: "Written") -> float:
        return self._capacities.partition_free_ns(self._store, self._target, w.item.number)

    def _queue(self) -> "list[tuple[int, int, int, int, Written]]":
        """Of each lane that has not stepped aside the first copy: since when it is ready."""
        found = []
        for origin, replicator in self._running().items():
            for (sender, _), lane in self._lanes.items():
                if sender == origin and lane and lane[0] not in self._line(lane[0]):
                    due_ns = lane[0].due_ns[self._target]
                    found.append((replicator.ready_ns(due_ns), origin, due_ns, lane[0].number, lane[0]))
        return found

    def _line(self, w: "Written") -> "list[Written]":
        return self._lines[w.origin, self._capacities.partition_of(self._store, w.item.number)]

    def _take_turn(self) -> None:
        now = self._env.now
        if aside := [turn for turn in self._aside() if turn[0] <= now]:
            first = min(aside)[-1]
            self._line(first).remove(first)
            self._take(first)
            return
        first = min(self._queue())[-1]
        if self._free_ns(first) > now:
            self._line(first).append(first)
        else:
            self._take(first)

    def _take(self, w: "Written") -> None:
        replicator = self._tables.replicators[self._store, w.origin, self._target]
        self._lanes[w.origin, w.item.number].remove(w)
        if replicator.ready_ns(w.due_ns[self._target]) < self._env.now:
            self._capacities.delayed(self._store, self._target)
        self._capacities.charge_copy(self._store, self._target, w.item.number, self._env.now)
        self._tables.arrive(w, self._target)
