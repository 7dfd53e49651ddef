"""Promotions: a reader of a database becomes its writer, by an operator, or by an orchestrator of one's own.

Aurora Global Database, RDS replicas and ElastiCache Global Datastore never promote across regions by
themselves. Specification: docs/model-stores.md §4. `fail_over` and `switch_over` are what anybody else calls
who decides on promotions.
"""

import math
from collections.abc import Generator, Iterator
from typing import Any

import simpy

from simulator.boundary.events_of_data import (
    COMMITS_BLOCKED,
    COMMITS_RESUMED,
    OLD_WRITER_STEPPED_DOWN,
    PROMOTION_BEGAN,
    PROMOTION_CALLED_OFF,
    PROMOTION_DONE,
    PROMOTION_REFUSED,
    READER_REBUILT,
    SPLIT_BRAIN_BEGAN,
    SPLIT_BRAIN_ENDED,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.readings import Readings
from simulator.boundary.routes import Unshipped
from simulator.control_plane.causes import Cause
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.databases.bounds import keep_bound
from simulator.control_plane.databases.roles import Database
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World, wait_for_start
from simulator.plan.promotions import DatabasePlan, PromotionPlan
from simulator.plan.sources import Lowered
from simulator.randomness.draws import PROMOTION
from simulator.units import Z99

_S = 10**9
_LOOK_NS, _LAST_LOOK_NS = _S, _S // 10
_TAKES, _REBUILD, _GAP = range(3)  # words of a draw


Promoting = Generator[simpy.Event, Any, str]
"""A promotion: at its end why it came to nothing, in words; nothing if it is done."""


class Promotions:
    """What becomes of one database's writer."""

    def __init__(self, world: World, plan: DatabasePlan) -> None:
        self.database = Database(world, plan)
        self._world, self._plan = world, plan
        self._count = 0
        self._busy = False
        self._began: Cause = None
        """The entry of the beginning of the promotion that is under way, or was last."""
        self._backlog = Readings(world.plan.data, gauges=("backlog", "backlog_age_ns"))

    # what an operator, or a plan, may ask for

    def fail_over(self, to: int) -> Promoting:
        """Make a reader the writer whatever becomes of the old one; what has not arrived is lost."""
        if why := self._refuses(to, planned=False):
            return why
        self._busy = True
        self._fork(to)
        self._look()
        yield self._world.after(self._sample(self._plan.promotion, _TAKES))
        self._become_writer(to)
        self._rebuild_others()
        return ""

    def switch_over(self, to: int) -> Promoting:
        """Make a reader the writer once it has seen everything: nothing is lost."""
        if why := self._refuses(to, planned=True):
            return why
        self._busy = True
        old, database = self.database.writer, self.database
        told = self._told(to, True, Unshipped(0, 0), 0)
        self._began = self._world.record(PROMOTION_BEGAN, database.subject, **told)
        is_close = yield from self._wait_for(to, self._usual_lag_ns(to), _LOOK_NS)
        if is_close:
            database.coming = to
            database.settle()
            assert self._plan.switchover is not None
            yield self._world.after(self._sample(self._plan.switchover, _GAP))
            is_close = yield from self._wait_for(to, 0, _LAST_LOOK_NS)
        if not is_close or not database.reaches(old, to):
            self._call_off(to)
            return f"{database.name_of(to)} does not reach the writer"
        self._become_writer(to)
        return ""

    # the parts of both

    def _refuses(self, to: int, *, planned: bool) -> str:
        why = self._why_not(to, planned)
        if why:
            told = {"to": self.database.name_of(to), "why": why}
            self._world.record(PROMOTION_REFUSED, self.database.subject, **told)
        return why

    def _why_not(self, to: int, planned: bool) -> str:
        """Why a region cannot become the writer now; nothing if it can."""
        database, name = self.database, self.database.name_of(to)
        if self._busy:
            return "another promotion is under way"
        if to == database.writer:
            return f"{name} is the writer"
        if not database.follows(to):
            return f"{name} does not follow the writer"
        if not database.is_up(to):
            return f"{name} is down"
        if to in database.were_writers and database.untold:
            return f"{name} was the writer before, and what another one wrote alone has not been discarded"
        if planned and not database.reaches(database.writer, to):
            return f"{name} does not reach the writer"
        return ""

    def _fork(self, to: int) -> None:
        """The old writer's log and the new one's part: what the new one lacks is lost."""
        database, world = self.database, self._world
        old, fencing = database.writer, self._plan.fencing
        fenced = fencing == "certain" or (fencing == "best_effort" and database.reaches(to, old))
        unshipped = world.touch().fork(database.store, old, to)
        since_ns = database.down_since_ns.get(old, world.now_ns)
        told = self._told(to, False, unshipped, max(since_ns - unshipped.oldest_ns, 0))
        self._began = world.record(PROMOTION_BEGAN, database.subject, **told)
        database.forks += 1
        if database.blocked:
            database.blocked = False
            world.record(COMMITS_RESUMED, database.subject)
        others = {region for region in database.replicas if region not in (old, to)} - database.untold
        (database.rebuilding if self._plan.rejoins else database.left_behind).update(others)
        database.untold.add(old)
        if not fenced:
            database.going_on.add(old)
        database.coming, database.readable_coming = to, True
        database.settle()

    def _told(self, to: int, planned: bool, unshipped: Unshipped, age_ns: int) -> dict[str, object]:
        database = self.database
        return {
            "from": database.name_of(database.writer),
            "to": database.name_of(to),
            "planned": planned,
            "unshipped": unshipped.writes,
            "recovery_point_s": age_ns / _S if unshipped.writes else 0.0,
        }

    def _become_writer(self, to: int) -> None:
        database = self.database
        database.epochs[to] = max(database.epochs) + 1
        database.writer, database.coming, database.readable_coming = to, None, False
        database.were_writers.add(to)
        told = {"to": database.name_of(to)}
        self._world.record(PROMOTION_DONE, database.subject, self._began, **told)
        self._tell_old_writers()
        self._busy = False
        self._count += 1
        database.settle()

    def _call_off(self, to: int) -> None:
        self.database.coming, self._busy = None, False
        self._count += 1
        self.database.settle()
        told = {"to": self.database.name_of(to)}
        self._world.record(PROMOTION_CALLED_OFF, self.database.subject, **told)

    def _sample(self, distribution: Lowered, word: int, lane: int = 0) -> int:
        """A duration of the promotion that is under way, or was last."""
        seed, store = self._world.plan.data.seed, self.database.store
        return duration_ns(distribution, uniform(seed, PROMOTION, store, self._count, lane, word))

    def _wait_for(self, to: int, age_ns: int, look_ns: int) -> Generator[simpy.Event, Any, bool]:
        """Wait until nothing older than this is under way; False if the regions do not reach each other."""
        database, reader = self.database, self._world.touch().reader(self._backlog)
        while database.reaches(database.writer, to):
            self._world.touch()
            reading, key = reader.read(), (database.store, slice(None), to)
            waits = reading["backlog"][key].any()
            if not waits or reading["backlog_age_ns"][key].max() < age_ns:
                return True
            yield self._world.after(look_ns)
        return False

    def _usual_lag_ns(self, to: int) -> int:
        """What most copies to a region do not exceed: the 99th percentile of their lag, and a second."""
        data, pair = self._world.plan.data, (self.database.store, self.database.writer, to)
        long_ns = math.exp(min(data.lag_mu[pair] + Z99 * data.lag_sigma[pair], math.log(NEVER_NS)))
        return int(long_ns) + _S

    # afterwards

    def _rebuild_others(self) -> None:
        """Every reader that does not follow is made anew from the new writer."""
        for region in sorted(self.database.rebuilding):
            self._world.begin(self._rebuild(region, self.database.forks))

    def _rebuild(self, region: int, fork: int) -> Process:
        """Make a reader anew; a promotion meanwhile begins that again."""
        database = self.database
        yield self._world.after(self._sample(self._plan.rebuild, _REBUILD, region))
        while database.forks == fork and not database.reaches(region, database.writer):
            yield self._world.next_change()
        if database.forks != fork:
            return
        database.rebuilding.discard(region)
        self._world.touch().rebuild(database.store, region)
        database.settle()
        told = {"region": database.name_of(region)}
        self._world.record(READER_REBUILT, database.subject, **told)

    def watch(self) -> Process:
        """Follow regions and links: old writers step down, and two writers are noticed."""
        while True:
            yield self._world.next_change()
            self._world.causes.act_on(self.database.reach_changed_by())
            self._look()

    def _look(self) -> None:
        database, now_ns = self.database, self._world.now_ns
        for region in database.replicas:
            if database.is_up(region):
                database.down_since_ns.pop(region, None)
            else:
                database.down_since_ns.setdefault(region, now_ns)
        self._tell_old_writers()
        if database.untold:
            database.settle()

    def _tell_old_writers(self) -> None:
        for region in sorted(self.database.untold):
            if self._hears(region):
                self._step_down(region)

    def _hears(self, region: int) -> bool:
        """Whether an old writer learns that there is another, and gives way."""
        database = self.database
        goes_on = region in database.going_on
        if goes_on and (database.coming is not None or not self._plan.rejoins):
            return False
        new = database.writer if database.coming is None else database.coming
        return database.reaches(region, new)

    def _step_down(self, region: int) -> None:
        database = self.database
        database.untold.discard(region)
        database.going_on.discard(region)
        (database.rebuilding if self._plan.rejoins else database.left_behind).add(region)
        new = database.writer if database.coming is None else database.coming
        self._world.touch().rejoin(database.store, region, new)
        database.settle()
        told = {"region": database.name_of(region)}
        entry = self._world.record(OLD_WRITER_STEPPED_DOWN, database.subject, **told)
        if not self._busy and self._plan.rejoins:
            self._world.begin(self._rebuild(region, database.forks), entry)

    # by itself

    def orchestrate(self) -> Process:
        """Promote a reader once the writer has been out of reach for the hold-down, without a break."""
        while True:
            if not self._has_lost_writer():
                yield self._world.next_change()
                continue
            self._world.causes.act_on(self.database.reach_changed_by())
            waited = self._world.after(self._plan.hold_down_ns)
            while not waited.processed and self._has_lost_writer():
                yield waited | self._world.next_change()
            to = self._candidate()
            if self._has_lost_writer() and to is not None:
                yield from self.fail_over(to)
            elif self._has_lost_writer():
                yield self._world.next_change()

    def _has_lost_writer(self) -> bool:
        """Whether most readers that are up do not reach the writer."""
        database = self.database
        up = [region for region in database.replicas if region != database.writer and database.is_up(region)]
        lost = [region for region in up if not database.reaches(region, database.writer)]
        return 2 * len(lost) > len(up)

    def _candidate(self) -> int | None:
        """The first reader that may take over; None if there is none."""
        database = self.database
        cut_off = (one for one in database.followers() if not database.reaches(one, database.writer))
        return next((one for one in cut_off if not self._why_not(one, False)), None)


def databases(world: World) -> dict[int, Promotions]:
    """Every database, by its store; one for all services."""
    return {plan.store: Promotions(world, plan) for plan in world.plan.control.of(DatabasePlan)}


def promote(world: World, plan: PromotionPlan) -> Promoting:
    """Promote as planned or at once; why it came to nothing, in words."""
    promotions = world.one(databases)[plan.store]
    return (yield from (promotions.switch_over if plan.planned else promotions.fail_over)(plan.to))


def _promote_when_due(world: World, plan: PromotionPlan) -> Process:
    """An operator waits for the time, and promotes."""
    yield from wait_for_start(world, plan.at_ns, plan.after_detection_ns)
    yield from promote(world, plan)


def _start(world: World) -> Iterator[Process]:
    found = world.one(databases)
    yield from (one.watch() for one in found.values())
    for plan in world.plan.control.of(DatabasePlan):
        if plan.hold_down_ns != NEVER_NS:
            yield found[plan.store].orchestrate()
        if plan.rpo_ns != NEVER_NS:
            yield keep_bound(world, found[plan.store].database, plan.rpo_ns)
    yield from (_promote_when_due(world, plan) for plan in world.plan.control.of(PromotionPlan))


SERVICE = Service(
    "databases",
    _start,
    (
        PROMOTION_BEGAN, PROMOTION_DONE, PROMOTION_REFUSED, PROMOTION_CALLED_OFF, OLD_WRITER_STEPPED_DOWN,
        READER_REBUILT, SPLIT_BRAIN_BEGAN, SPLIT_BRAIN_ENDED, COMMITS_BLOCKED, COMMITS_RESUMED,
    ),
)  # fmt: skip
