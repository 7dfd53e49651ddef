"""What a promotion does to a database's log: a plain list of all writes, of which some are barred."""

from collections.abc import Iterable
from typing import Any

from simulator.boundary.causes import BY_PROMOTION
from simulator.boundary.routes import NOWHERE, Routes, Unshipped
from tests.twin.databases import Databases
from tests.twin.tables import LOST, PENDING, Tables, Written


class Forks:
    """Forks of the logs of databases, old writers that return, readers that are rebuilt."""

    def __init__(self, plane: Any, tables: Tables, databases: Databases) -> None:
        self._plane, self._tables, self._databases = plane, tables, databases

    def set_routes(self, store: int, routes: Routes) -> None:
        """Where services of each region read and write."""
        databases = self._databases
        for region, place in enumerate(routes.reads):
            databases.reads_at[store, region] = place
            writes_at = routes.writes[region]
            databases.writes_at[store, region] = None if writes_at == NOWHERE else writes_at
            databases.epochs[store, region] = routes.epochs[region]
        for chosen, holds in (
            (databases.promoting, routes.promoting),
            (databases.split, routes.split),
            (databases.blocked, routes.blocked),
        ):
            (chosen.add if holds else chosen.discard)(store)

    def fork(self, store: int, old: int, new: int) -> Unshipped:
        """What the new writer has not seen is lost, and seen by the old one alone."""
        self._tables.arrive_due()
        unshipped = [w for w in self._tables.logs[store] if not w.barred and new not in w.arrived]
        lost = [w for w in unshipped if w.fate == PENDING]
        keep = {old} | {region for one, region in self._databases.forked if one == store}
        for w in lost:
            w.fate = LOST
            self._tables.gone.append((w, BY_PROMOTION))
        for w in unshipped:
            w.barred = True
            for region in self._tables.replicas_of(store):
                if region not in keep & w.arrived:
                    self._hide(w, region)
        self._databases.forked.add((store, old))
        self._plane.counts.lost_unshipped[store] += len(lost)
        return Unshipped(len(lost), min((w.time_ns for w in lost), default=self._plane.env.now))

    def _hide(self, w: Written, region: int) -> None:
        w.arrived.discard(region)
        w.item.unseen.setdefault(region, {})[w] = None
        if region != w.origin:
            self._tables.replicators[w.store, w.origin, region].under_way.pop(w, None)
        held = [one for one in w.item.log if region in one.arrived]
        if held:
            w.item.held[region] = max(held, key=lambda one: one.order)
        else:
            w.item.held.pop(region, None)

    def _barred(self, store: int) -> Iterable[Written]:
        return (w for w in self._tables.logs[store] if w.barred)

    def rejoin(self, store: int, region: int) -> None:
        """An old writer gives up what is barred; if it was the last one, that is forgotten."""
        self._tables.arrive_due()
        self._databases.forked.discard((store, region))
        for w in self._barred(store):
            self._hide(w, region)
        if not any(one == store for one, _ in self._databases.forked):
            for w in self._barred(store):
                for unseen in w.item.unseen.values():
                    unseen.pop(w, None)
            self._tables.logs[store] = [w for w in self._tables.logs[store] if not w.barred]

    def rebuild(self, store: int, region: int) -> None:
        """All that is not barred is visible in a region; its replicators have nothing to catch up with."""
        self._tables.arrive_due()
        for (one, origin, target), replicator in self._tables.replicators.items():
            if (one, target) == (store, region):
                for w in list(replicator.under_way):
                    self._tables.arrive(w, region)
                if not replicator.running:
                    down_ns = self._plane.network.regions[origin].down_ns(self._plane.env.now)
                    replicator.begin_anew(down_ns)
