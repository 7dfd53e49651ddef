"""Tables: each replica holds what has really arrived there; one process per copied write."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from simulator.boundary.causes import BY_FORK, BY_PROMOTION, WITH_REGION
from simulator.boundary.kinds import OBJECTS
from simulator.plan.lowered import DataPlan
from simulator.randomness.draws import LAG, LAG_LOSS, STRIKE, UNDER_WAY, normal_quantile
from tests.twin.capacity import WRITES, Capacities
from tests.twin.clock import FIRST, RankedEnvironment
from tests.twin.counts import Counts, add_time, bin_of
from tests.twin.databases import Databases
from tests.twin.draws import Draws, retransmissions_ns
from tests.twin.expiry import Expiry
from tests.twin.members import Members
from tests.twin.network import Network
from tests.twin.receivers import Receiver
from tests.twin.restores import Restores, line_of, replaced_elsewhere

Pair = tuple[int, int, int]
"""A directed replicator: table, origin, target."""

Writer = tuple[int, int, int]
"""Session, attempt, step."""

_STRIKE_LANE = 4096
"""Of the draws of the member that acknowledges what a fault writes."""

NOBODYS = -1
"""The item of a write that nobody asks for."""

PENDING, VISIBLE, DISCARDED, LOST = "pending", "visible", "discarded", "lost"


@dataclass(eq=False)
class Written:
    """One acknowledged write."""

    store: int
    origin: int
    time_ns: int
    stamp_ns: int
    session: int
    attempt: int
    step: int
    number: int  # in order of writing
    item: "Item"
    arrived: set[int]  # replicas in which it is visible
    increment: bool = False  # of a counter
    due_ns: dict[int, int] = field(default_factory=dict)  # by the other replicas
    fate: str = PENDING
    at_risk: bool = False
    barred: bool = False  # of a database: in an old writer's part of the log alone
    alone: bool = False  # it does not build on what was there
    damaged: bool = False  # its content is wrong
    deletes: bool = False  # it leaves a tombstone
    parent: "Written | None" = None  # what its region had in view
    overtaken: tuple[int, int] | None = None  # region and time of the first write that was made without it
    overtaken_ns: int = 0  # when the higher one was written
    replaced: int = 0  # how many it discarded, standing alone
    counted: bool = True  # not of the warm-up alone
    worth_below: int = 0  # of what a restore put there: its own, and that of its line

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Last writer wins: timestamp, then origin, then time, then order of writing."""
        return self.stamp_ns, self.origin, self.time_ns, self.number


@dataclass
class Item:
    """One item: what each replica holds, and the writes that are still under way."""

    number: int  # in its store
    held: dict[int, Written] = field(default_factory=dict)  # by region: the highest that has arrived
    writes: list[Written] = field(default_factory=list)
    log: list[Written] = field(default_factory=list)  # of a database: all of them
    highest: Written | None = None
    unseen: dict[int, dict[Written, None]] = field(default_factory=dict)  # by region: not yet there
    due_ns: dict[tuple[int, int], int] = field(default_factory=dict)  # latest so far, by origin and target
    set_worth: int = 0  # of what a restore made of it last
    back: int = 0  # writes that a restore brought back, and are there


class Replicator:
    """One directed replicator's clock."""

    def __init__(self, env: RankedEnvironment, multiple_num: int) -> None:
        self._env, self._num = env, multiple_num
        self.running = True
        self.resumed = env.event()
        self._since_ns, self._clock_ns = 0, 0
        self._origin_down_ns = 0  # at the last stop
        self.under_way: dict[Written, Item] = {}

    def clock_ns(self, t: int) -> int:
        """The clock at t."""
        if not self.running:
            return self._clock_ns
        return min(t, self._clock_ns + (t - self._since_ns) * self._num // 100)

    def stop(self, origin_down_ns: int) -> None:
        """Stand still."""
        self._clock_ns, self._origin_down_ns, self.running = (
            self.clock_ns(self._env.now),
            origin_down_ns,
            False,
        )

    def resume(self, origin_down_ns: int) -> None:
        """Run again, ahead by the time in which nothing was written."""
        self._since_ns, self.running = self._env.now, True
        self._clock_ns += origin_down_ns - self._origin_down_ns
        self.resumed.succeed()
        self.resumed = self._env.event()

    def begin_anew(self, origin_down_ns: int) -> None:
        """While it stands still: there is nothing that it would have to catch up with."""
        self._clock_ns, self._origin_down_ns = self._env.now, origin_down_ns

    def ready_ns(self, due_ns: int) -> int:
        """Since when, or from when on, a copy is ready, if the clock goes on running."""
        return max(self._since_ns, self.reaches_ns(due_ns))

    def reaches_ns(self, due_ns: int) -> int:
        """The first instant at which the clock has reached a time ahead of it, if it goes on running."""
        if self.clock_ns(due_ns) == due_ns:
            return due_ns
        low, high = due_ns, due_ns + 1
        while self.clock_ns(high) < due_ns:
            high += 2 * (high - low)
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self.clock_ns(middle) >= due_ns else (middle + 1, high)
        return low


class Tables:
    """All tables of a plan."""

    def __init__(
        self,
        env: RankedEnvironment,
        plan: DataPlan,
        draws: Draws,
        network: Network,
        counts: Counts,
        capacities: Capacities,
        databases: Databases,
    ) -> None:
        self._databases = databases
        self._last_due_ns: dict[Pair, int] = {}
        self.logs: dict[int, list[Written]] = defaultdict(list)
        self.capacities = capacities
        self._env, self._plan, self._draws, self._network, self._counts = env, plan, draws, network, counts
        self.writes: list[Written] = []
        self._written = 0
        self.restores = Restores(self, counts)
        self.expiry = Expiry(plan, draws)
        self.skew_ns = [0] * plan.region_count
        self.members = Members(plan, draws, network)
        self._items: dict[tuple[int, int], Item] = {}
        self._lost_regions: list[int] = []
        self.forked: set[tuple[int, int]] = set()  # replicas that are tables of their own
        self._held_at_fork: dict[tuple[int, int], dict[int, Written]] = {}
        self.gone: list[tuple[Written, int]] = []  # and not by being overtaken; by what
        self._deleted: set[int] = set()  # when the run is over
        regions = range(plan.region_count)
        self._replicas = [
            [r for r in regions if plan.store_replica[t, r]] for t in range(len(plan.store_items))
        ]
        self.replicators = {
            (t, o, d): Replicator(env, int(plan.catch_up_num[t]))
            for t, replicas in enumerate(self._replicas)
            for o in regions
            for d in replicas
            if o != d
        }
        self._receivers = {
            (t, d): Receiver(env, self, t, d)
            for t, replicas in enumerate(self._replicas)
            for d in replicas
            if capacities.is_limited(t)
        }

    def surviving(self, store: int) -> set[int]:
        """The replicas in regions that are not gone for good, but for those that are forked."""
        forked = {region for table, region in self.forked if table == store}
        return set(self._replicas[store]) - set(self._lost_regions) - forked

    def is_forked(self, store: int, region: int) -> bool:
        """Whether a replica, whose region is there, is a table of its own."""
        return (store, region) in self.forked and region not in self._lost_regions

    def write_to_fork(self, store: int) -> None:
        """A write of another table, which this one never has."""
        self._counts.writes[store] += 1
        self._counts.fork_writes[store] += 1

    def fork_replica(self, store: int, region: int) -> int:
        """What is in a replica alone is lost to the table, and nothing arrives there any more."""
        lost = [w for w in self._only_in(store, region) if w.fate == PENDING]
        for w in lost:
            w.fate = LOST
            self.gone.append((w, BY_FORK))
        self._counts.lost_by_fork[store] += len(lost)
        self._held_at_fork[store, region] = self.all_held(store, region)
        self.forked.add((store, region))
        for w in self.writes:
            self._settle(w)
        return len(lost)

    def all_held(self, store: int, region: int) -> dict[int, Written]:
        """What a replica holds of each item; one that is forked, what it held then."""
        if (store, region) in self.forked:
            return dict(self._held_at_fork[store, region])
        return {item.number: item.held[region] for item in self.items(store) if region in item.held}

    def add_replica(self, store: int, region: int, source: int) -> None:
        """A replica joins: it is a copy of its source, and goes on with what was written there before."""
        for item in self.items(store):
            self._join(item, store, region, source)
        self.forked.discard((store, region))
        for (table, origin, target), replicator in self.replicators.items():
            if table == store and region in (origin, target):
                replicator.begin_anew(self._network.regions[origin].down_ns(self._env.now))
        if self.capacities.is_limited(store):
            for target in self._replicas[store]:
                for origin in self._replicas[store]:
                    if region in (origin, target) and origin != target:
                        waiting = [*self.replicators[store, origin, target].under_way]
                        self._receivers[store, target].queue_anew(origin, waiting)

    def _join(self, item: Item, store: int, region: int, source: int) -> None:
        under_way = {w for waiting in item.unseen.values() for w in waiting}
        kept = [item.held[source]] if source in item.held else []
        for w in sorted(under_way, key=lambda one: one.number):
            if w.origin != region:
                self._see_as(w, item, region, source)
            elif w.arrived & self.surviving(store):
                kept.append(w)
                for target in {*self._replicas[store]} - w.arrived:
                    w.due_ns[target] = max(w.due_ns[target], self._env.now + 1)
            else:
                self._forget(w, item)
        item.held.pop(region, None)
        if kept:
            item.held[region] = max(kept, key=lambda one: one.order)
        for origin, target in [*item.due_ns]:
            if region in (origin, target):
                dues = [w.due_ns[target] for w in item.unseen.get(target, ()) if w.origin == origin]
                item.due_ns[origin, target] = max(dues, default=0)

    def _see_as(self, w: Written, item: Item, region: int, source: int) -> None:
        """A write is in a new replica if it is in its source; else it is due there when it is due in that."""
        waits, under_way = item.unseen.setdefault(region, {}), self.replicators[w.store, w.origin, region]
        if source in w.arrived:
            w.arrived.add(region)
            waits.pop(w, None)
            under_way.under_way.pop(w, None)
            return
        w.arrived.discard(region)
        w.due_ns[region] = max(w.due_ns[source], self._env.now + 1)
        waits[w] = None
        under_way.under_way[w] = item
        if not self.capacities.is_limited(w.store):
            self._env.process(self._copy(w, region))

    def _forget(self, w: Written, item: Item) -> None:
        """A write that the replica before alone had: it is in no replica, and on its way to none."""
        w.barred = True
        w.arrived.clear()
        for target, waits in item.unseen.items():
            if target != w.origin:
                waits.pop(w, None)
                self.replicators[w.store, w.origin, target].under_way.pop(w, None)

    def item_number(self, store: int, u: float) -> int:
        """The item at quantile u of a table's popularity."""
        plan, first = self._plan, int(self._plan.store_item_first[store])
        x = u * int(plan.store_items[store])
        i = int(x)
        if plan.store_zipf[store] and not x - i < plan.alias_probability[first + i]:
            i = int(plan.alias_item[first + i])
        return i

    def own_item_number(self, store: int, u: float) -> int:
        """The session's own item."""
        return int(u * int(self._plan.store_items[store]))

    # writing and copying

    def write(
        self,
        store: int,
        number: int,
        origin: int,
        writer: Writer,
        increment: bool = False,
        alone: bool = False,
        damaged: bool = False,
        deletes: bool = False,
        asked: bool = True,
    ) -> Written:
        """Acknowledge a write and send its copies on their way."""
        now, item = self._env.now, self._items.setdefault((store, number), Item(number))
        is_log = self._databases.is_one(store)
        stamp_ns = self._databases.epochs[store, origin] if is_log else now + self.skew_ns[origin]
        w = Written(store, origin, now, stamp_ns, *writer, self._written, item, {origin}, increment)
        self._write_down(w, item.held.get(origin), alone, damaged, deletes, asked)
        self._counts.increments[store] += increment
        if is_log:
            self._enter_log(w, item)
        else:
            self._judge(w, item)
        self._hold(w, item, origin)
        for d in self._replicas[store]:
            if d != origin and not w.barred:
                self._send(w, item, d)
        self._settle(w)
        return w

    def _enter_log(self, w: Written, item: Item) -> None:
        """A write of a database; at an old writer it is lost at once."""
        self.logs[w.store].append(w)
        item.log.append(w)
        self._counts.split_writes[w.store, w.origin] += w.store in self._databases.split
        if (w.store, w.origin) in self._databases.forked:
            w.barred, w.fate = True, LOST
            self.gone.append((w, BY_PROMOTION))
            self._counts.lost_past_promotion[w.store] += 1
            for d in self._replicas[w.store]:
                if d != w.origin:
                    item.unseen.setdefault(d, {})[w] = None

    def replicas_of(self, store: int) -> list[int]:
        """The regions that hold a copy."""
        return self._replicas[store]

    def strike(self, store: int, origin: int, fault: int, share: float, deletes: bool) -> None:
        """A share of the items becomes wrong, or is deleted, by writes that nobody has asked for."""
        strong = bool(self._plan.store_strong[store])
        if strong and not (self.members.reached_from(store, origin) and self.is_caught_up(store, origin)):
            return
        for number in range(int(self._plan.store_items[store])):
            seen = self.latest(store, number) if strong else self.held(store, number, origin)
            was_made = not self._plan.store_empty[store] or seen is not None
            if was_made and self._draws.uniform(STRIKE, number, fault, 0, 0) < share:
                (self._strike_strongly if strong else self._strike)(store, number, origin, deletes)
                self._counts.struck_items[store, origin] += 1

    def _strike(self, store: int, number: int, origin: int, deletes: bool) -> None:
        writer = NOBODYS, number, 0
        self.write(store, number, origin, writer, damaged=True, deletes=deletes, asked=False)

    def _strike_strongly(self, store: int, number: int, origin: int, deletes: bool) -> None:
        """Another member acknowledges it, and takes the units of a copy."""
        nearest, writer = self.members.nearest(store, origin, (0, number, _STRIKE_LANE)), (NOBODYS, number, 0)
        assert nearest is not None
        member = nearest[0]
        if member != self._plan.store_witness[store]:
            self.capacities.charge((store, member, WRITES), number, self._env.now)
        how = {"damaged": True, "deletes": deletes, "asked": False}
        self.write_strongly(store, number, origin, writer, member, **how)

    def _write_down(
        self,
        w: Written,
        parent: Written | None,
        alone: bool,
        damaged: bool,
        deletes: bool,
        asked: bool = True,
    ) -> None:
        """What a new write builds on, and what is wrong with it."""
        w.alone, w.deletes, w.parent = alone, deletes, parent
        gone = self.expiry.is_gone(w.store, w.item.number, parent, w.time_ns)
        w.damaged = damaged or (not alone and parent is not None and parent.damaged and not gone)
        self._written += 1
        if not asked:
            w.counted, w.fate = False, VISIBLE
            return
        self.writes.append(w)
        w.item.writes.append(w)
        self._counts.writes[w.store] += 1
        self._counts.damaged_writes[w.store, w.origin] += w.damaged
        self._counts.deletes[w.store] += deletes

    def send_earlier(
        self, store: int, origin: int, time_ns: int, number: int, due_ns: dict[int, int]
    ) -> None:
        """A write of before the run, of an object of its own, is under way where it is due after zero."""
        there = {replica for replica, due in due_ns.items() if due <= 0}
        item = Item(NOBODYS)
        w = Written(store, origin, time_ns, time_ns, -1, 0, 0, number, item, {origin} | there)
        self.writes.append(w)
        for d, due in due_ns.items():
            if due > 0:
                w.due_ns[d] = due
                self.replicators[store, origin, d].under_way[w] = item
                item.unseen[d] = {w: None}
                self._env.process(self._copy(w, d))

    def write_strongly(
        self,
        store: int,
        number: int,
        origin: int,
        writer: Writer,
        member: int,
        alone: bool = False,
        damaged: bool = False,
        deletes: bool = False,
        asked: bool = True,
    ) -> Written:
        """Acknowledge a write of a strong table, which another member has taken."""
        now, item = self._env.now, self._items.setdefault((store, number), Item(number))
        w = Written(store, origin, now, now, *writer, self._written, item, {origin, member})
        self._write_down(w, item.highest, alone, damaged, deletes, asked)
        if not asked:
            item.writes.append(w)  # it stands in the way of what is held behind it
        item.highest = w
        for d in self._replicas[store]:
            if d not in w.arrived:
                self._send(w, item, d)
        for d in self._replicas[store]:
            self._hold_in_order(w, item, d)
        self._settle(w)
        return w

    def highest_anywhere(self, store: int, number: int) -> Written | None:
        """The highest version of an item in any replica, or on its way to one."""
        item = self._items.get((store, number), Item(number))
        under_way = [w for waiting in item.unseen.values() for w in waiting]
        return max([*item.held.values(), *under_way], key=lambda w: w.order, default=None)

    def state(self, store: int, number: int, w: Written | None) -> object:
        """What a condition compares of an item: which version is there, or that none is."""
        is_gone = self.expiry.is_gone(store, number, w, self._env.now)
        if is_gone or (w is not None and w.deletes):
            return "nothing"
        return "initial" if w is None else w.number

    def latest(self, store: int, number: int) -> Written | None:
        """The version that was acknowledged last, wherever that was."""
        return self._items.get((store, number), Item(number)).highest

    def is_caught_up(self, store: int, region: int) -> bool:
        """Whether a member that returned has all that had been acknowledged by then."""
        until = self.members.behind.get((store, region))
        if until is None:
            return True
        waits = (
            w
            for (table, _, target), replicator in self.replicators.items()
            if table == store and target == region
            for w in replicator.under_way
        )
        if any(w.number < until for w in waits):
            return False
        del self.members.behind[store, region]
        return True

    def set_reach(self, store: int, one: int, other: int, reached: bool) -> None:
        """Two members of a strong table do or do not reach each other."""
        self.arrive_due()
        for region in {one, other} & set(self._replicas[store]):
            self.is_caught_up(store, region)
        for region in self.members.set_reach(store, one, other, reached):
            self.members.behind[store, region] = self._written

    def _is_in_order(self, w: Written, item: Item, d: int) -> bool:
        """Whether a replica has all that the origin wrote of the item before."""
        waiting = item.unseen.get(d, {})
        return not any(before.origin == w.origin and before.number < w.number for before in waiting)

    def _hold_in_order(self, w: Written, item: Item, d: int) -> None:
        """A replica shows what it holds when all before it is there."""
        for one in item.writes:
            if one.origin == w.origin and d in one.arrived and self._is_in_order(one, item, d):
                self._hold(one, item, d)

    def _is_visible_everywhere(self, w: Written) -> bool:
        if not self.surviving(w.store) <= w.arrived:
            return False
        strong = bool(self._plan.store_strong[w.store])
        return not strong or all(self._is_in_order(w, w.item, d) for d in self.surviving(w.store))

    def _send(self, w: Written, item: Item, d: int) -> None:
        w.due_ns[d] = w.time_ns + self._lag_ns(w, item, d)
        if self._databases.is_one(w.store):  # in order of the log
            pair = w.store, w.origin, d
            w.due_ns[d] = self._last_due_ns[pair] = max(w.due_ns[d], self._last_due_ns.get(pair, 0))
        else:
            w.due_ns[d] = max(w.due_ns[d], item.due_ns.get((w.origin, d), 0))
        item.due_ns[w.origin, d] = w.due_ns[d]
        self.replicators[w.store, w.origin, d].under_way[w] = item
        item.unseen.setdefault(d, {})[w] = None
        if self.capacities.is_limited(w.store):
            self._receivers[w.store, d].expect(w)
        else:
            self._env.process(self._copy(w, d))

    def _lag_ns(self, w: Written, item: Item, d: int) -> int:
        plan, o, link = self._plan, w.origin, self._network.links[w.origin, d]
        where = (max(w.session, 0), w.attempt, 32 * w.step + d // 4, d % 4)
        z = self._standing(w, item, d)
        lag_ns = int(math.exp(plan.lag_mu[w.store, o, d] + plan.lag_sigma[w.store, o, d] * z) + 0.5)
        lag_ns += link.add_ns + int((link.factor - 1.0) * int(plan.rtt_ns[o, d]) / 2 + 0.5)
        if link.loss:
            u = self._draws.uniform(LAG_LOSS, *where)
            lag_ns += retransmissions_ns(link.loss, u, plan.retransmit_ns, plan.retransmit_longest_ns)
        return lag_ns

    def _standing(self, w: Written, item: Item, d: int) -> float:
        """Of the item on this way, at the time of the write: standard normal, joined between slots."""
        slot_ns = int(self._plan.lag_slot_ns[w.store, w.origin, d])
        first, of_store = int(self._plan.store_item_first[w.store]), self._databases.is_one(w.store)
        number, share = first + (0 if of_store else item.number), w.time_ns % slot_ns / slot_ns
        ends = [
            float(normal_quantile(self._standing_in(w.store, number, slot, 64 * w.origin + d)))
            for slot in (w.time_ns // slot_ns, w.time_ns // slot_ns + 1)
        ]
        joined = (1.0 - share) * ends[0] + share * ends[1]
        return joined / math.sqrt((1.0 - share) * (1.0 - share) + share * share)

    def _standing_in(self, store: int, item: int, slot: int, way: int) -> float:
        """The uniform number of a slot; evenly spread over the objects of a bucket at first."""
        if slot == 0 and self._plan.store_kind[store] == OBJECTS:
            first = self._draws.uniform(UNDER_WAY, store, 0, way, 2)
            return max((first + item * 0.6180339887498949) % 1.0, 2.0**-53)
        return self._draws.uniform(LAG, item, slot, way, 0)

    def _judge(self, w: Written, item: Item) -> None:
        """Whom replicas discard: the last writer wins."""
        by = None if w.alone else (w.origin, w.time_ns)
        lower = [other for other in item.unseen.get(w.origin, ()) if other.order < w.order]
        conflict = sum(self._discard(other, by, w) for other in lower)
        w.replaced = conflict if w.alone else 0
        if item.highest is None or item.highest.order < w.order:
            item.highest = w
        else:
            conflict += self._discard(w, (item.highest.origin, w.time_ns), item.highest)
        self._counts.conflicts[w.store] += conflict > 0

    @staticmethod
    def _discard(w: Written, by: tuple[int, int] | None, higher: Written) -> bool:
        """Whether it has just been discarded."""
        if w.fate != PENDING:
            return False
        w.fate, w.overtaken, w.overtaken_ns = DISCARDED, by, higher.time_ns
        return True

    def _hold(self, w: Written, item: Item, region: int) -> None:
        """The replica keeps the higher of what it holds and what arrives."""
        held = item.held.get(region)
        if held is None or held.order < w.order:
            self.restores.note_change(w.store, region, item, w.time_ns)
            item.held[region] = w

    def _copy(self, w: Written, d: int) -> Iterator[Any]:
        """The journey of one copy: until the replicator's clock has reached its due time."""
        replicator = self.replicators[w.store, w.origin, d]
        while d not in w.arrived and not w.barred:
            if not replicator.running:
                yield replicator.resumed
            elif replicator.clock_ns(self._env.now) < w.due_ns[d]:
                yield self._env.at(replicator.reaches_ns(w.due_ns[d]), FIRST)
            else:
                self.arrive(w, d)

    def arrive_due(self) -> None:
        """Let the copies arrive that are due at this very instant: whatever happens at it sees them."""
        for receiver in self._receivers.values():
            receiver.take_free()
        for (store, _, target), replicator in self.replicators.items():
            if self.capacities.is_limited(store):
                continue
            clock_ns = replicator.clock_ns(self._env.now)
            for w in [w for w in replicator.under_way if w.due_ns[target] <= clock_ns]:
                self.arrive(w, target)

    def arrive(self, w: Written, d: int) -> None:
        """A copy becomes visible in a replica."""
        self.capacities.take_copy(w.store, d)
        pair = (w.store, w.origin, d)
        item = self.replicators[pair].under_way.pop(w)
        w.arrived.add(d)
        self._counts.damaged_copies[w.store, d] += w.damaged
        del item.unseen[d][w]
        if self._plan.store_strong[w.store]:
            self._hold_in_order(w, item, d)
        else:
            self._hold(w, item, d)
        lag_ns, bucket = self._env.now - w.time_ns, self._lag_step()
        self._counts.lag[*pair, bin_of(lag_ns)] += 1
        self._counts.lag_step_count[*pair, bucket] += 1
        add_time(self._counts.lag_step_sum[*pair, bucket], lag_ns)
        late = self._env.now - w.due_ns[d] > 30 * 10**9 or lag_ns > self._plan.lag_unusual_ns[pair]
        self._counts.lag_step_late[*pair, bucket] += late
        longest = self._counts.lag_step_max_ns
        longest[*pair, bucket] = max(longest[*pair, bucket], lag_ns)
        for one in item.writes if self._plan.store_strong[w.store] else [w]:
            self._settle(one)

    def _lag_step(self) -> int:
        plan = self._plan
        return max(self._env.now - plan.counts_from_ns, 0) // plan.lag_step_ns

    def _settle(self, w: Written) -> None:
        """Visible in every surviving replica?"""
        if w.fate == PENDING and self._is_visible_everywhere(w):
            w.fate = VISIBLE

    # reading

    def held(self, store: int, number: int, region: int) -> Written | None:
        """The highest version visible in the region, without reading it."""
        return self._items.get((store, number), Item(number)).held.get(region)

    def read(self, store: int, number: int, region: int, session: int) -> Written | None:
        """The highest version visible in the region; counts what the reader could object to."""
        item = self._items.get((store, number), Item(number))
        held = item.held.get(region)
        unseen = [w for w in self._unseen(store, item, region) if held is None or held.order < w.order]
        self._counts.reads[store] += 1
        self._counts.stale_reads[store] += any(w.fate != LOST for w in unseen)
        self._counts.ryw_violations[store] += any(w.session == session for w in unseen)
        return held

    def read_latest(self, store: int, number: int) -> Written | None:
        """The version that was acknowledged last, wherever that was; nobody could object to it."""
        latest = self.latest(store, number)
        self._counts.reads[store] += 1
        return latest

    def _unseen(self, store: int, item: Item, region: int) -> list[Written]:
        """What is not visible in a region; a member of a strong table may hold it."""
        waiting = [*item.unseen.get(region, ())]
        if not self._plan.store_strong[store]:
            return waiting
        held = [w for w in item.writes if region in w.arrived]
        return waiting + [w for w in held if not self._is_in_order(w, item, region)]

    # what happens to replicators and regions

    def set_replication(self, pair: Pair, running: bool, origin_down_ns: int) -> None:
        """Stop or resume one replicator."""
        replicator = self.replicators[pair]
        if replicator.running != running:
            self.arrive_due()
            (replicator.resume if running else replicator.stop)(origin_down_ns)
            self.arrive_due()

    def capacity_changes(self) -> None:
        """What replicas can take has just changed."""
        for receiver in self._receivers.values():
            receiver.take_free()

    def _last_member(self, store: int, region: int) -> int | None:
        """The replica that would be all that is left of a strong table without a region."""
        left = self.surviving(store) - {region}
        gone = {*self._lost_regions, region, -1}
        witness = int(self._plan.store_witness[store]) not in gone
        return min(left) if len(left) == 1 and not witness else None

    def _above(self, store: int, last: int) -> list[Written]:
        """The writes of a strong table above all of their item that one replica holds."""
        return [w for w in self.writes if w.store == store and w.number > self._highest_held(w.item, last)]

    @staticmethod
    def _highest_held(item: Item, region: int) -> int:
        """The number of the highest version of an item that a replica has, visible or not."""
        shown = item.held.get(region)
        numbers = [w.number for w in item.writes if region in w.arrived]
        return max([*numbers, -1 if shown is None else shown.number])

    def _only_in(self, store: int, region: int) -> list[Written]:
        """Acknowledged writes, not discarded or lost, visible in a region and in no other surviving one."""
        if self._plan.store_strong[store] and self.surviving(store) - {region}:
            last = self._last_member(store, region)
            above = [] if last is None else self._above(store, last)
            return [w for w in above if w.fate == PENDING and region in w.arrived]
        others = self.surviving(store) - {region}
        return [
            w
            for w in self.writes
            if w.store == store
            and w.fate in (PENDING, VISIBLE)
            and region in w.arrived
            and not others & w.arrived
        ]

    def mark_at_risk(self, store: int, region: int) -> list[Written]:
        """A region's data has become unreachable: the writes newly at risk."""
        marked = [w for w in self._only_in(store, region) if not w.at_risk]
        for w in marked:
            w.at_risk = True
        return marked

    def lose(self, region: int) -> None:
        """A region is gone for good, with the writes visible nowhere else."""
        for store in range(len(self._replicas)):
            for w in self._lost_with(store, region):
                if w.fate == PENDING:
                    self.gone.append((w, WITH_REGION))
                w.fate = LOST
        self._lost_regions.append(region)
        for w in self.writes:
            self._settle(w)

    def _lost_with(self, store: int, region: int) -> list[Written]:
        """What is lost if a region is; of a strong table, whoever had it."""
        last = self._last_member(store, region) if self._plan.store_strong[store] else None
        if last is None:
            return self._only_in(store, region)
        return [w for w in self._above(store, last) if w.fate == PENDING]

    def lose_deleted(self, stores: set[int]) -> list[int]:
        """The run is over, and these tables are deleted: the stores of the writes that are lost with them."""
        lost = [w for w in self.writes if w.store in stores and w.fate in (PENDING, VISIBLE)]
        for w in lost:
            w.fate = LOST
        self._deleted = stores
        return [w.store for w in lost]

    def begin_counting(self) -> None:
        """Only writes whose fate is open count, as acknowledged now."""
        for w in self.writes:
            w.counted, w.replaced = w.fate == PENDING, 0
        self.writes = [w for w in self.writes if w.fate == PENDING]
        self.gone = []
        for item in self._items.values():
            item.writes = [w for w in item.writes if w.fate == PENDING]
        for w in self.writes:
            self._counts.under_way[w.store] += 1
            self._counts.increments[w.store] += w.increment

    def tally(self, fate: str, at_risk_only: bool = False) -> list[int]:
        """Number of writes with a fate, per table."""
        chosen = [w.store for w in self.writes if w.fate == fate and (w.at_risk or not at_risk_only)]
        return [chosen.count(store) for store in range(len(self._replicas))]

    # what each write builds on

    def items(self, store: int) -> list[Item]:
        """The items of a store that have been written."""
        return [item for (table, _), item in self._items.items() if table == store]

    def replicas(self, store: int) -> list[int]:
        """The regions that hold a store."""
        return self._replicas[store]

    def stop_copies(self, store: int) -> None:
        """Nothing of a store is on its way any more."""
        self.logs[store] = []
        for (table, _, target), replicator in self.replicators.items():
            if table == store:
                for w in [*replicator.under_way]:
                    w.arrived.add(target)
                replicator.under_way.clear()
        for (table, _), receiver in self._receivers.items():
            if table == store:
                receiver.forget()

    def copy_of(self, w: Written, item: Item, worth: int) -> Written:
        """What a restore puts in place of a version: it is like it, and counts for all of its line."""
        like = (w.store, w.origin, w.time_ns, w.stamp_ns, w.session, w.attempt, w.step, w.number)
        everywhere = {*self._replicas[w.store]}
        flags = {"damaged": w.damaged, "deletes": w.deletes}
        return Written(*like, item, everywhere, fate=VISIBLE, counted=False, worth_below=worth, **flags)

    def winner(self, store: int, item: Item) -> Written | None:
        """The highest version in any surviving replica; if none is left, in the one that was lost last."""
        last = [region for region in self._lost_regions if region in self._replicas[store]][-1:]
        held = [item.held.get(region) for region in self.surviving(store) or last]
        return max((w for w in held if w), key=lambda w: w.order, default=None)

    def winner_not_lost(self, store: int, item: Item) -> Written | None:
        """The same for a restore, of whose database what was lost at a promotion never wins."""
        if self._plan.store_strong[store]:
            line = [w for w in line_of(item.highest) if w.fate != LOST]
            return line[0] if line else None
        if not self._databases.is_one(store):
            return self.winner(store, item)
        held = [item.held.get(region) for region in self.surviving(store)]
        return max((w for w in held if w and w.fate != LOST), key=lambda w: w.order, default=None)

    def cut_off(self) -> Iterator[tuple[int, Written]]:
        """The writes that no winner builds on, and their items' numbers."""
        for (store, number), item in self._items.items():
            line, w = set[Written](), self.winner(store, item)
            while w is not None:
                line.add(w)
                w = w.parent
            yield from ((number, w) for w in item.writes if w not in line)

    def lost_updates(self) -> list[tuple[int, Written]]:
        """Those that something overtook, and that are not lost."""
        settled = [(w.item.number, w) for w in self.restores.lost_updates]
        return settled + [(number, w) for number, w in self.cut_off() if w.overtaken and w.fate != LOST]

    def replaced_elsewhere(self, store: int) -> int:
        """How many writes were replaced, and are not what the winners' worths count as replaced."""
        left = sum(replaced_elsewhere(item.writes, self.winner(store, item)) for item in self.items(store))
        return self.restores.replaced_elsewhere[store] + left

    def _is_left(self, store: int) -> bool:
        return bool(self.surviving(store)) and store not in self._deleted

    def missing(self) -> list[int]:
        """Lost writes and lost updates, or all of a table without a replica, per table."""
        gone = [w.store for w in self.writes if w.fate == LOST] + [w.store for _, w in self.lost_updates()]
        return [
            gone.count(store) + int(self._counts.fork_writes[store]) - int(self._counts.brought_back[store])
            if self._is_left(store)
            else int(self._counts.writes[store] + self._counts.under_way[store])
            for store in range(len(self._replicas))
        ]

    def lost_increments(self) -> list[int]:
        """Increments that the final values lack, per table."""
        gone = [w.store for _, w in self.cut_off() if w.increment and (w.overtaken or w.fate == LOST)]
        return [
            gone.count(store) if self._is_left(store) else int(self._counts.increments[store])
            for store in range(len(self._replicas))
        ]
