"""Databases with one writer: where calls are served, and how they get there (docs/model-stores.md §4)."""

from typing import Any

from simulator.boundary.causes import BLOCKED_COMMITS, NO_WRITER, PROMOTION, STORES
from simulator.boundary.kinds import DATABASE
from simulator.boundary.outcomes import BLACK_HOLE, NO_WRITER_CALL, REFUSED, REFUSED_CALL, TIMEOUT_CALL, UP
from simulator.plan.lowered import DataPlan
from tests.twin.draws import CALL, retransmissions_ns

NOWHERE = None
LANES_OF_TRIES = 1024


class Databases:
    """Which region serves the calls of each region."""

    def __init__(self, plan: DataPlan) -> None:
        self._plan = plan
        self.reads_at: dict[tuple[int, int], int] = {}
        self.writes_at: dict[tuple[int, int], int | None] = {}
        self.epochs: dict[tuple[int, int], int] = {}
        self.promoting: set[int] = set()
        self.split: set[int] = set()
        self.blocked: set[int] = set()
        """Whose writer lets no commit through."""
        self.forked: set[tuple[int, int]] = set()
        """Old writers, whose writes are lost at once."""
        for store in range(len(plan.store_kind)):
            for region in range(plan.region_count):
                writer = int(plan.store_writer[store])
                local = plan.store_replica[store, region] or not self.is_one(store)
                self.reads_at[store, region] = region if local else writer
                self.writes_at[store, region] = writer if self.is_one(store) else region
                self.epochs[store, region] = 0

    def is_one(self, store: int) -> bool:
        """Whether a store is a database."""
        return int(self._plan.store_kind[store]) == DATABASE

    def place(self, store: int, region: int, is_write: bool) -> int | None:
        """Where a call of a service in a region is served."""
        return self.writes_at[store, region] if is_write else self.reads_at[store, region]


class Passing:
    """The way of one call's tries to the region that serves them, if that is another."""

    def __init__(self, plane: Any, request: Any, effect: Any) -> None:
        self._plane, self._request, self._effect = plane, request, effect
        self._region = effect.region

    @property
    def place(self) -> int | None:
        """Where the call is served now."""
        effect = self._effect
        place: int | None = self._plane.databases.place(effect.store, self._region, effect.is_write)
        return place

    @property
    def endpoint(self) -> Any:
        """Whose share of errors and slowness count: the caller's own, if the call is served nowhere."""
        place = self._region if self.place is NOWHERE else self.place
        return self._plane.network.endpoints[self._effect.store, place]

    def way_ns(self, lane: int) -> int:
        """There and back, as the links are now."""
        place = self.place
        if place is NOWHERE or place == self._region:
            return 0
        return self._leg_ns(self._region, place, lane, 0) + self._leg_ns(place, self._region, lane, 1)

    def _leg_ns(self, a: int, b: int, lane: int, word: int) -> int:
        plan, link = self._plane.plan, self._plane.network.links[a, b]
        leg_ns = min(int(int(plan.rtt_ns[a, b]) / 2 * link.factor + 0.5), 2**60) + link.add_ns
        if link.loss:
            u = self._request.uniform(CALL, LANES_OF_TRIES + lane, word)
            leg_ns += retransmissions_ns(link.loss, u, plan.retransmit_ns, plan.retransmit_longest_ns)
        return int(min(leg_ns, 2**60))

    def handshakes_ns(self, lane: int) -> int:
        """How long a new connection to the endpoint takes: TCP and TLS 1.3, in the region."""
        return 2 * int(self._plane.plan.in_region_rtt_ns)

    def mode_of_new(self, takes_ns: int, limit_ns: int) -> int:
        """How the endpoint in the caller's region looks to a connection that is made now."""
        return int(self._plane.network.endpoints[self._effect.store, self._region].mode)

    def failure(self) -> int | None:
        """Why the region that serves the call does not get it; None if it does."""
        place = self.place
        if place == self._region:
            return None
        if place is NOWHERE:
            is_blocked = self._effect.store in self._plane.databases.blocked
            return TIMEOUT_CALL if is_blocked else NO_WRITER_CALL
        links, regions = self._plane.network.links, self._plane.network.regions
        for kind, where in (
            ("link", (self._region, place)),
            ("link", (place, self._region)),
            ("region", (place,)),
            ("endpoint", (self._effect.store, place)),
        ):
            self._request.meet(kind, *where)
        modes = regions[place].mode, self.endpoint.mode
        if links[self._region, place].cut or BLACK_HOLE in modes:
            return TIMEOUT_CALL
        return REFUSED_CALL if REFUSED in modes else None

    def loses_answers(self) -> bool:
        """Whether nothing comes back from where the call is served."""
        return self.place != self._region and bool(self._plane.network.links[self.place, self._region].cut)

    def held_by(self) -> int:
        """What holds a request whose call was not served."""
        place, links = self.place, self._plane.network.links
        if place is NOWHERE and self._effect.store in self._plane.databases.blocked:
            return BLOCKED_COMMITS
        if place is NOWHERE:
            return PROMOTION if self._effect.store in self._plane.databases.promoting else NO_WRITER
        if place == self._region or not self._effect.is_write:
            return STORES
        cut = links[self._region, place].cut or links[place, self._region].cut
        return NO_WRITER if cut or self._plane.network.regions[place].mode != UP else STORES
