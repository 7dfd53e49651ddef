"""Restores: the states that are kept for them, and the steps by which a table is brought back.

Rules: Amazon DynamoDB developer guide, *Point-in-time recovery* and *Restoring a table*. Specification:
docs/model-stores.md §2.
"""

from collections.abc import Iterable, Iterator
from dataclasses import field

import simpy

from simulator.boundary.event_kinds import EventKind
from simulator.boundary.events_of_data import (
    ITEMS_COPIED,
    MERGED,
    REPLICA_CREATED,
    REPLICA_LEFT_BEHIND,
    REPLICA_REFUSED,
    RESTORE_BEGUN,
    RESTORE_STARTED,
    RESTORED,
    SETTINGS_REBUILT,
    STRONG_TABLE_CREATED,
    SWAPPED,
    TABLE_DELETED,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfReplica
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.replicas import add, being_made, leave
from simulator.control_plane.service import Service
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.restore_steps import RestoreStepPlan
from simulator.plan.restores import RestorePlan, StrongTable, Time
from simulator.randomness.draws import RESTORE
from simulator.records import dataclass

_TAKES, _SETTINGS, _SWAP, _REPLICA = range(4)  # counters of draws; from the last on, replicas
_S_NS = 10**9


@dataclass
class Queue:
    """The restores of one region: so many at once, of so much together; the others wait in order."""

    running: list[RestorePlan] = field(default_factory=list)
    waiting: list[tuple[RestorePlan, simpy.Event]] = field(default_factory=list)

    def enter(self, plan: RestorePlan, turn: simpy.Event) -> simpy.Event:
        """An event that fires when it is the turn of a restore."""
        self.waiting.append((plan, turn))
        self._admit()
        return turn

    def leave(self, plan: RestorePlan) -> None:
        """A restore is done."""
        self.running.remove(plan)
        self._admit()

    def _admit(self) -> None:
        while self.waiting and self._fits(self.waiting[0][0]):
            plan, turn = self.waiting.pop(0)
            self.running.append(plan)
            turn.succeed()

    def _fits(self, plan: RestorePlan) -> bool:
        """One that is larger than all together may be runs alone."""
        size = sum(one.size for one in self.running) + plan.size
        return not self.running or (len(self.running) < plan.at_once and size <= plan.bytes_at_once)


class Restore:
    """One restore, step by step."""

    def __init__(self, world: World, plan: RestorePlan, queue: Queue) -> None:
        self._world, self._plan, self._queue = world, plan, queue
        self._endpoints = world.one(Faults).endpoints
        self._everywhere = [plan.region, *plan.others]
        self.ended: simpy.Event = world.env.event()
        """Its new table is in use, or it comes to nothing; why, in words, or nothing."""

    def run(self) -> Process:
        """Wait for its start, restore, make anew what did not come along, and swap."""
        yield self._world.after(self._plan.start_ns - self._world.now_ns)
        self._record(RESTORE_STARTED, source=self._plan.source, point_s=self._point_s())
        yield self._world.after(max(self._plan.waits_until_ns - self._world.now_ns, 0))
        if self._is_absent():
            yield from self._make_where_none_is()
        elif self._plan.strong is not None:
            yield from self._make_strong(self._plan.strong)
        elif self._plan.same_name:
            yield from self._replace()
        else:
            yield from self._make_another()

    def _point_s(self) -> float:
        """The point, in seconds of the run."""
        return (self._plan.point_ns - self._world.plan.data.counts_from_ns) / _S_NS

    def _is_absent(self) -> bool:
        """Whether the table has neither a replica in the region nor another table with its name."""
        place = self._plan.store, self._plan.region
        return place in self._world.away and self._endpoints.is_absent(place)

    def _make_where_none_is(self) -> Process:
        """The new table has the name at once, in this region alone; what is elsewhere goes on by itself."""
        yield from self._restore()
        self._put_in_use()
        add(self._world, (self._plan.store, self._plan.region), self._plan.region)
        for other in self._plan.others:
            self._leave_behind(other)
        self.ended.succeed("")
        yield from self._rebuild_settings()

    def _leave_behind(self, region: int) -> None:
        """The old table keeps the name elsewhere, if its region is left, and is another table from now on."""
        world, place = self._world, (self._plan.store, region)
        if place not in world.away and region not in world.one(Faults).forks.lost_regions():
            leave(world, place)
            world.one(Faults).replicators.follow(self._plan.store)
            self._record(REPLICA_LEFT_BEHIND, region)

    def _replace(self) -> Process:
        """The old table goes first; the new one is in use in each region as soon as it is there."""
        if self._plan.deleted_ns == NEVER_NS:
            yield from self._delete()
        yield from self._restore()
        self._swap([self._plan.region])
        yield from self._add_replicas()
        yield from self._rebuild_settings()

    def _make_another(self) -> Process:
        """The new table is in use when it is complete and the application knows its name."""
        yield from self._restore()
        yield from self._rebuild_settings()
        yield from self._add_replicas()
        yield from self._change_name([one for one in self._everywhere if one not in self._plan.refused])

    def _make_strong(self, table: StrongTable) -> Process:
        """Restored under another name, and copied into an empty table, whose members are all made at once."""
        plan = self._plan
        yield from self._restore()
        if plan.same_name and plan.deleted_ns == NEVER_NS:
            yield from self._delete()
        if plan.refused:  # it has all of its members, or there is none
            for region in plan.refused:
                self._record(REPLICA_REFUSED, region)
            places = " and ".join(self._world.plan.regions[one] for one in plan.refused)
            why = f"the quota for a table is too small in {places}, and a strong one has all its members"
            self.ended.succeed(why)
            return
        yield from self._create(table)
        yield self._world.after(table.copy_ns)
        self._record(ITEMS_COPIED, items=table.items)
        if plan.same_name:
            self._swap(self._everywhere)
            yield from self._rebuild_settings()
        else:
            yield from self._rebuild_settings()
            yield from self._change_name(self._everywhere)

    def _change_name(self, regions: list[int]) -> Process:
        """The application is told another name, when what was written since has been merged."""
        if self._plan.merges:
            yield from self._merge()
        yield self._after(self._plan.swap, _SWAP)
        self._swap(regions)

    # the steps

    def _restore(self) -> Process:
        plan = self._plan
        yield self._queue.enter(plan, self._world.env.event())
        yield from self._until_up()
        self._record(RESTORE_BEGUN)
        yield self._after(plan.takes, _TAKES)
        yield from self._until_up()
        self._queue.leave(plan)
        self._record(RESTORED)

    def _delete(self) -> Process:
        yield self._after(self._plan.swap, _SWAP)
        self._record(TABLE_DELETED)
        self._endpoints.set_absent(self._plan.store, self._everywhere, True)

    def _rebuild_settings(self) -> Process:
        yield self._after(self._plan.settings, _SETTINGS)
        self._record(SETTINGS_REBUILT)

    def _add_replicas(self) -> Process:
        """One after the other: a table takes one change at a time."""
        for number, region in enumerate(self._plan.others):
            if (self._plan.store, region) in self._world.away:
                continue
            if region in self._plan.refused:
                self._record(REPLICA_REFUSED, region)
                continue
            yield self._after(self._plan.replica, _REPLICA + number)
            self._record(REPLICA_CREATED, region)
            if self._plan.same_name:
                self._endpoints.set_absent(self._plan.store, [region], False)

    def _create(self, table: StrongTable) -> Process:
        """It is there when the slowest of its members is; where one's region is down it cannot be made."""
        yield from self._until_all_up(table.regions)
        yield simpy.AllOf(
            self._world.env,
            [self._after(self._plan.replica, _REPLICA + number) for number in range(table.made)],
        )
        yield from self._until_all_up(table.regions)
        self._record(STRONG_TABLE_CREATED)

    def _merge(self) -> Process:
        items = self._world.touch().changed_since(self._plan.snapshot)
        yield self._world.after(round(items / self._plan.merge_rate * _S_NS))
        self._record(MERGED, items=items)

    def _put_in_use(self) -> None:
        found = self._world.touch().restore(self._plan.snapshot, self._plan.merges)
        self._world.restored.append(found)
        self._record(SWAPPED, lost=found.lost, items=found.items)

    def _swap(self, regions: list[int]) -> None:
        """The new table takes the place of the old; in regions without it calls fail."""
        self._put_in_use()
        there = [one for one in self._everywhere if (self._plan.store, one) not in self._world.away]
        missing = [region for region in there if region not in regions]
        self._endpoints.set_absent(self._plan.store, missing, True)
        self._endpoints.set_absent(self._plan.store, [one for one in regions if one in there], False)
        self.ended.succeed("")

    def _until_up(self) -> Process:
        """Nothing is restored in a region that is down."""
        yield from self._until_all_up([self._plan.region])

    def _until_all_up(self, regions: Iterable[int]) -> Process:
        while any(self._world.region_mode[region] != UP for region in regions):
            yield self._world.next_change()

    def _after(self, time: Time, counter: int) -> simpy.Event:
        u = uniform(self._world.plan.data.seed, RESTORE, self._plan.snapshot, counter)
        return self._world.after(max(duration_ns(time.draw, u), time.least_ns) + time.more_ns)

    def _record(self, kind: EventKind[OfReplica], region: int | None = None, **detail: object) -> None:
        plan = self._world.plan
        place = self._plan.region if region is None else region
        replica = OfReplica(plan.stores[self._plan.store], plan.regions[place])
        self._world.record(kind, replica, restore=self._plan.snapshot, **detail)


def keep_states(world: World, plans: tuple[RestorePlan, ...]) -> Process:
    """Keep each state that a restore goes back to, before anything else happens at its instant."""
    for plan in sorted(plans, key=lambda one: (one.point_ns, one.snapshot)):
        if plan.point_ns > world.now_ns:
            yield world.before(plan.point_ns - world.now_ns)
        world.touch().take_snapshot(plan.snapshot)


class RestoreWanted(Exception):
    """A step starts a restore that the plan does not know: its deed, its run and number, and when."""


@dataclass
class Restoring:
    """What the restores of a run share."""

    queues: dict[int, Queue] = field(default_factory=dict)
    """By region."""
    of_steps: dict[tuple[int, int], Restore] = field(default_factory=dict)
    """What steps of plans have started, by the numbers of run and step."""

    def made(self, world: World, plan: RestorePlan) -> Restore:
        """A restore, which will take its turn in its region."""
        return Restore(world, plan, self.queues.setdefault(plan.region, Queue()))


def restoring(_world: World) -> Restoring:
    """The one of a run."""
    return Restoring()


def restore_now(world: World, does: RestoreStepPlan, by: tuple[int, int]) -> Doing:
    """A step starts its restore, once, and waits until the new table is in use; that goes on without it."""
    shared = world.one(restoring)
    if by not in shared.of_steps:
        if why := does.refuses(world.now_ns - world.plan.data.counts_from_ns) or _why_not_there(world, does):
            return why
        plans = world.plan.control.of(RestorePlan)
        plan = next((one for one in plans if one.by == by), None)
        if plan is None:
            raise RestoreWanted(does, by, world.now_ns)
        shared.of_steps[by] = shared.made(world, plan)
        world.begin(shared.of_steps[by].run())
    return str((yield shared.of_steps[by].ended))


def _why_not_there(world: World, does: RestoreStepPlan) -> str:
    """Why the region of a restore does not take it now, in words: a replica is being made there."""
    store, region = does.step.restore, does.step.region
    place = world.plan.stores.index(store), world.plan.regions.index(region)
    return f"a replica of {store} is being made in {region}" if place in world.one(being_made) else ""


def _start(world: World) -> Iterator[Process]:
    plans = world.plan.control.of(RestorePlan)
    if plans:
        yield keep_states(world, plans)
    for plan in plans:
        if plan.by is None:
            yield world.one(restoring).made(world, plan).run()


SERVICE = Service(
    "restores",
    _start,
    (
        RESTORE_STARTED,
        RESTORE_BEGUN,
        TABLE_DELETED,
        RESTORED,
        SETTINGS_REBUILT,
        REPLICA_CREATED,
        REPLICA_LEFT_BEHIND,
        REPLICA_REFUSED,
        STRONG_TABLE_CREATED,
        ITEMS_COPIED,
        MERGED,
        SWAPPED,
    ),
)
