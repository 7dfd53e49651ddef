"""What a call does to a store when it takes effect: reads, writes, looks into caches."""

from typing import Any, Protocol

from simulator.boundary.kinds import ABSENT, DELETE, INCREMENT, READ, SHARED_CACHE, TABLE, UNCONDITIONAL
from simulator.boundary.outcomes import CONFLICT_CALL
from simulator.randomness.draws import DAMAGE
from tests.twin.capacity import READS, WRITES
from tests.twin.members import TRIES
from tests.twin.tables import Written

REFUSED = -3
"""The store's answer to a write whose condition does not hold."""


class Effect(Protocol):
    """What a call is for."""

    store: int
    region: int
    is_write: bool

    def waits_ns(self, j: int) -> int:
        """How long try j waits for another member of a strong table."""

    def lacks_quorum(self) -> bool:
        """Whether it needs another member of a strong table, and its region is cut off or behind."""

    def is_throttled(self) -> bool:
        """Whether the store has no capacity for it now."""

    def refusal(self, began_ns: int) -> int | None:
        """Why a store that could make a write does not make it."""

    def note_refusal(self) -> None:
        """The caller is told that a condition does not hold."""

    def apply(self) -> None:
        """Let it take effect now."""


class Effects:
    """The step of a request, in a region."""

    is_write: bool

    def __init__(self, request: Any, step: int, region: int, store: int) -> None:
        self._request, self._plane, self._step, self.region = request, request.plane, step, region
        self._row = int(request.plane.plan.op_step_first[request.operation]) + step
        self.store = store
        self.item = self._item_number(store)

    @property
    def _region(self) -> int:
        """Where it takes effect."""
        place = self._plane.databases.place(self.store, self.region, self.is_write)
        assert place is not None
        return int(place)

    def _item_number(self, store: int) -> int:
        stores, request = self._plane.stores, self._request
        if self._plane.plan.step_own[self._row]:
            return int(stores.own_item_number(store, request.session.own_item))
        return int(stores.item_number(store, request.action_item))

    def waits_ns(self, j: int) -> int:
        """How long try j waits for another member of a strong table."""
        self._try = j
        if not self._needs_quorum:
            return 0
        self._request.meet("replica", self.store, self._region)
        nearest = self._nearest()
        return 0 if nearest is None else nearest[1]

    @property
    def _needs_quorum(self) -> bool:
        return bool(self._plane.plan.step_quorum[self._row])

    def _nearest(self) -> tuple[int, int] | None:
        session, attempt, _ = self._writer
        who = session, attempt, TRIES * self._step + self._try
        found: tuple[int, int] | None = self._plane.stores.members.nearest(self.store, self._region, who)
        return found

    def lacks_quorum(self) -> bool:
        """Whether it needs another member, and its own is cut off, or has returned and is behind."""
        if not self._needs_quorum:
            return False
        self._request.meet("replica", self.store, self._region)
        stores = self._plane.stores
        reached = stores.members.reached_from(self.store, self._region)
        return not reached or not stores.is_caught_up(self.store, self._region)

    def refusal(self, began_ns: int) -> int | None:
        """Only writes are refused."""
        return None

    def note_refusal(self) -> None:
        """Only writes have conditions."""

    @property
    def _named(self) -> tuple[int, bool]:
        """The item as the operation names it: its store, and whether it is the user's own."""
        return self.store, bool(self._plane.plan.step_own[self._row])

    def _meet_writing(self) -> None:
        self._request.meet("replica", self.store, self._region)
        if not self._plane.databases.is_one(self.store):  # whose writes have no timestamps
            self._request.meet("clock", self._region)

    def _is_struck(self) -> bool:
        """Whether the faults of the store make a write of the step wrong."""
        place, request = (self.store, self._region), self._request
        share = self._plane.network.endpoints[place].corrupt_share
        request.meet("corruption", *place)
        draw = DAMAGE, request.session.number, request.action, self._step, 0
        struck = bool(self._plane.draws.uniform(*draw) < share)
        self._plane.counts.corrupted_writes[place] += struck
        return struck

    @property
    def _writer(self) -> tuple[int, int, int]:
        return self._request.session.number, self._request.attempt_number, self._step


class Read(Effects):
    """A read of a table's item, or of a bucket's object."""

    is_write = False

    def is_throttled(self) -> bool:
        """Whether the table lacks capacity."""
        kind = self.store, self._region, READS
        return not self._plane.capacities.admits(kind, self.item, self._plane.env.now)

    def apply(self) -> None:
        """Read."""
        kind = self.store, self._region, READS
        for _ in range(2 if self._plane.plan.step_consistent[self._row] else 1):
            self._plane.capacities.charge(kind, self.item, self._plane.env.now)
        if self._plane.stores.is_forked(self.store, self.region):
            self._plane.counts.reads[self.store] += 1
            self._plane.counts.fork_reads[self.store] += 1
            self._request.take_nothing()
            return
        if not self._needs_quorum:
            filters = bool(self._plane.plan.step_filters_expired[self._row])
            found = self._request.read(self.store, self.item, self._region, filters)
        else:
            found = self._plane.stores.read_latest(self.store, self.item)
            self._request.take_version(self.store, self.item, self._region, found)
        if self._plane.plan.step_kind[self._row] == READ:
            self._request.states[self._named] = self._plane.stores.state(self.store, self.item, found)


class Write(Effects):
    """A write of an item or an object, or an increment of a counter."""

    is_write = True

    def is_throttled(self) -> bool:
        """Whether the table lacks capacity; leaving a write out takes none."""
        kind = self.store, self._region, WRITES
        is_admitted = self._plane.capacities.admits(kind, self.item, self._plane.env.now)
        return not (is_admitted or self._is_left_out())

    def refusal(self, began_ns: int) -> int | None:
        """Another region's write came first, or the condition does not hold; that costs units, too."""
        if self._conflicts(began_ns):
            self._charge(self._region)
            return CONFLICT_CALL
        is_forked = self._plane.stores.is_forked(self.store, self.region)
        if self._plane.plan.step_condition[self._row] == UNCONDITIONAL or is_forked or self._is_left_out():
            return None
        return self._decide()

    def _conflicts(self, began_ns: int) -> bool:
        latest = self._plane.stores.latest(self.store, self.item)
        if not self._needs_quorum or latest is None or latest.origin == self._region:
            return False
        return bool(latest.time_ns > began_ns)

    def _decide(self) -> int | None:
        """Whether the condition holds; and if so, whether that is true everywhere."""
        stores, place = self._plane.stores, (self.store, self.region)
        self._request.meet("replica", self.store, self._region)
        if self._needs_quorum:
            seen = stores.latest(self.store, self.item)
        else:
            seen = stores.held(self.store, self.item, self._region)
        if self._holds_for(seen):
            anywhere = stores.highest_anywhere(self.store, self.item)
            self._plane.counts.held_conditions[place] += 1
            self._plane.counts.broken_conditions[place] += not self._holds_for(anywhere)
            return None
        if self._plane.plan.store_kind[self.store] == TABLE:
            self._charge(self._region)
        return REFUSED

    def _holds_for(self, w: Written | None) -> bool:
        state = self._plane.stores.state(self.store, self.item, w)
        if self._plane.plan.step_condition[self._row] == ABSENT:
            return bool(state == "nothing")
        return bool(state == self._request.states[self._named])

    def note_refusal(self) -> None:
        """The caller is told; it may be by what the same step has written."""
        self._plane.counts.refused_conditions[self.store, self.region] += 1
        self._plane.counts.refused_by_own[self.store, self.region] += bool(self._applied)

    def _charge(self, region: int) -> None:
        self._plane.capacities.charge((self.store, region, WRITES), self.item, self._plane.env.now)

    @property
    def _applied(self) -> list[Written]:
        """What this step has written for this action so far, in whichever region."""
        session = self._request.session
        applied: list[Written] = session.applied.setdefault((self._request.action, self._step), [])
        return applied

    def _is_left_out(self) -> bool:
        """Whether it carries a token that the region's replica holds."""
        if self._plane.stores.is_forked(self.store, self.region):
            return False
        is_found = any(self._region in written.arrived for written in self._applied)
        return bool(self._plane.plan.step_idempotent[self._row]) and is_found

    def apply(self) -> None:
        """Write, unless the token of an idempotent step is found; a forked replica is another table."""
        if self._plane.stores.is_forked(self.store, self.region):
            self._charge(self.region)
            self._plane.stores.write_to_fork(self.store)
            return
        if self._is_left_out():
            self._plane.counts["deduplicated"] += 1
            return
        self._plane.counts["double_applied"] += bool(self._applied) and not self._deletes
        self._charge(self._region)
        self._applied.append(self._write_strongly() if self._needs_quorum else self._write())

    def _write(self) -> Written:
        self._meet_writing()
        is_increment = bool(self._plane.plan.step_kind[self._row] == INCREMENT)
        written: Written = self._plane.stores.write(*self._what, increment=is_increment, **self._how())
        return written

    def _write_strongly(self) -> Written:
        nearest = self._nearest()
        assert nearest is not None
        member = nearest[0]
        if self._plane.plan.store_witness[self.store] != member:
            self._charge(member)
        written: Written = self._plane.stores.write_strongly(*self._what, member, **self._how())
        return written

    @property
    def _what(self) -> tuple[int, int, int, tuple[int, int, int]]:
        return self.store, self.item, self._region, self._writer

    def _how(self) -> dict[str, bool]:
        deletes = self._deletes
        alone = bool(self._plane.plan.step_stands_alone[self._row])
        return {"alone": alone, "damaged": not deletes and self._is_struck(), "deletes": deletes}

    @property
    def _deletes(self) -> bool:
        return bool(self._plane.plan.step_kind[self._row] == DELETE)


class Look(Effects):
    """A look into a cache."""

    is_write = False
    is_hit = False

    def is_throttled(self) -> bool:
        """Caches have no limits."""
        return False

    def apply(self) -> None:
        """Look."""
        place, caches = (self.store, self._region), self._plane.caches
        self._request.meet("replica", *place)
        if caches.was_flushed(place, self.item, self._plane.env.now):
            self._request.meet("flush", *place)
        self.is_hit = caches.holds(place, self.item, self._plane.env.now)
        counted = self._plane.counts.cache_hits if self.is_hit else self._plane.counts.cache_misses
        counted[place] += 1
        if not self.is_hit:
            self._plane.note_cold()
        if self.is_hit and self._plane.plan.store_kind[self.store] == SHARED_CACHE:
            self._request.read(self.store, self.item, self._region)
        elif self.is_hit and caches.is_damaged(place, self.item):
            self._plane.note_wrong(self._request, *place)

    def fill(self) -> None:
        """Put the item that was missing into the cache."""
        if self._plane.caches.is_single_region(self.store):
            place, damaged = (self.store, self._region), self._request.read_damage
            self._plane.caches.fill(place, self.item, self._plane.env.now, damaged)
        else:
            self._meet_writing()
            damaged = self._is_struck() or self._request.read_damage
            write = self._plane.stores.write
            write(self.store, self.item, self._region, self._writer, alone=True, damaged=damaged)
