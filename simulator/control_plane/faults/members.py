"""Members of strong tables, as the log tells of them: who is alone, who is back, whether there is a quorum.

Specification: docs/model-stores.md §3.
"""

from simulator.boundary.events import (
    MEMBER_CAUGHT_UP,
    MEMBER_LEFT,
    MEMBER_RETURNED,
    QUORUM_LOST,
    QUORUM_REGAINED,
)
from simulator.boundary.subjects import (
    OfReplica,
    OfStore,
)
from simulator.control_plane.causes import Cause
from simulator.control_plane.world import Process, World

_LOOK_NS = 10**8


class Members:
    """The replicas of strong tables that reach no other member of theirs, and those that have returned."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._alone: dict[int, frozenset[int]] = {}
        self._without_quorum: set[int] = set()
        self._times_left: dict[tuple[int, int], int] = {}

    def tell(self, store: int, alone: frozenset[int], has_quorum: bool, because: Cause) -> None:
        """Log what has become of a table's replicas, of which these are alone, and of the table, and why."""
        before = self._alone.get(store, frozenset())
        self._alone[store] = alone
        for region in sorted(alone - before):
            self._times_left[store, region] = self._times_left.get((store, region), 0) + 1
            self._world.record(MEMBER_LEFT, self._replica(store, region), because)
        if has_quorum == (store in self._without_quorum):
            (self._without_quorum.discard if has_quorum else self._without_quorum.add)(store)
            kind = QUORUM_REGAINED if has_quorum else QUORUM_LOST
            self._world.record(kind, OfStore(self._world.plan.stores[store]), because)
        for region in sorted(before - alone):
            entry = self._world.record(MEMBER_RETURNED, self._replica(store, region), because)
            self._world.begin(self._catch_up(store, region, self._times_left[store, region]), entry)

    def _catch_up(self, store: int, region: int, times: int) -> Process:
        """Look at a member that has returned, until it has caught up or is alone again."""
        yield self._world.after(0)
        while self._times_left[store, region] == times:
            if self._world.touch().is_caught_up(store, region):
                self._world.record(MEMBER_CAUGHT_UP, self._replica(store, region))
                return
            yield self._world.after(_LOOK_NS)

    def _replica(self, store: int, region: int) -> OfReplica:
        plan = self._world.plan
        return OfReplica(plan.stores[store], plan.regions[region])
