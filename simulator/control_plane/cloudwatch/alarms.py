"""Alarms: evaluated every minute in the region in which their metrics are seen.

Specification: docs/monitoring.md, "Alarms"; the states follow by `evaluating`. Nothing runs without alarms,
and an alarm that nobody follows changes nothing.
"""

from collections.abc import Iterator, Sequence

import simpy

from simulator.boundary.alarm_rules import alarms_in, holds
from simulator.boundary.alarm_states import ALARM, OK, STATES
from simulator.boundary.events import (
    ALARM_ACKNOWLEDGED,
    ALARM_CHANGED,
    ALARM_TOLD,
)
from simulator.boundary.fields import Floats
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfAlarm
from simulator.control_plane.causes import Cause
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.evaluating import ABSENT, GOOD, next_state
from simulator.control_plane.cloudwatch.limits import Judged, Learned, Limit, limit_of
from simulator.control_plane.cloudwatch.looking import as_seen, begins_ns_of, until_ns_of, values_of
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.cloudwatch.standing import Group, Standing, groups_of, is_plain, note, rule_of
from simulator.control_plane.cloudwatch.windows import Windows
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.outcome import AlarmSeen
from simulator.plan.alarms import AlarmPlan, BurnPlan, CompositePlan, ThresholdPlan, WatchedPlan
from simulator.plan.histories import first_minute_ns
from simulator.plan.metrics import OUTSIDE
from simulator.randomness.draws import ALARM as STREAM

EVALUATION, NOTIFICATION, ACKNOWLEDGEMENT = range(3)
"""Words of an alarm's draws; counters count its notifications."""


class Alarms:
    """All alarms of a run; `world.one(Alarms)` is the one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._states = {plan.name: Standing(plan) for plan in world.plan.control.of(AlarmPlan)}
        """Before the run all was well, so each is OK at its beginning."""
        self._followers = self._by_child()
        self._dark_ns: dict[int, list[tuple[int, int]]] = {}
        """When regions evaluated nothing, because they were down."""
        self._change: simpy.Event = world.env.event()
        self.first_ns = first_minute_ns(world.plan.data)
        """The first full minute that is measured; before it all was well."""
        self._limits = dict(self._made_limits())

    def _by_child(self) -> dict[str, list[str]]:
        """The composite alarms that follow each alarm."""
        followers: dict[str, list[str]] = {name: [] for name in self._states}
        for name, one in self._states.items():
            if isinstance(one.plan.on, CompositePlan):
                for child in dict.fromkeys(alarms_in(one.plan.on.condition)):
                    followers[child].append(name)
        return followers

    def _made_limits(self) -> Iterator[tuple[str, Limit]]:
        """What the data points of each alarm are compared with, by its name."""
        for name, one in self._states.items():
            if isinstance(one.plan.on, ThresholdPlan):
                yield name, limit_of(one.plan, one.plan.on, self._world, self.first_ns)

    def _is_up(self, home: int) -> bool:
        return home == OUTSIDE or self._world.region_mode[home] == UP

    # what others ask

    def state_of(self, name: str) -> int:
        """The present state of an alarm."""
        return self._states[name].state

    def changed_by(self, name: str) -> Cause:
        """The entry by which an alarm has changed its state last."""
        return self._states[name].changed_by

    def points_of(self, name: str) -> tuple[list[int], int]:
        """The points that a threshold alarm would look at now, oldest first, and its N.

        All are absent while its region is down.
        """
        plan = self._states[name].plan
        on = plan.on
        assert isinstance(on, ThresholdPlan)
        if not self._is_up(plan.home):
            return [ABSENT] * on.looked_at, on.periods
        return self._look(self._limits[name], on)[1], on.periods

    def newest_of(self, name: str) -> float | None:
        """The newest value that an alarm saw when it was evaluated last; None if there was none."""
        return self._states[name].seen.newest

    def first_evaluation_ns(self, home: int, every_ns: int) -> int:
        """When the alarms of a region are evaluated first: at a second that is drawn for it."""
        u = uniform(self._world.plan.data.seed, STREAM, home + 1, 0, 0, EVALUATION)
        return self.first_ns + int(u * every_ns)

    def next_change(self) -> simpy.Event:
        """An event that fires when the next alarm changes its state."""
        return self._change

    def collected(self) -> tuple[AlarmSeen, ...]:
        """What each alarm has seen, at the end of the run."""
        return tuple(
            AlarmSeen(
                one.plan,
                STATES[one.state],
                one.seen.points,
                one.breaching,
                one.seen.extreme,
                tuple(self._dark_ns.get(one.plan.home, ())),
                one.seen.without_limit,
                self._band(one),
            )
            for one in self._states.values()
        )

    def _band(self, one: Standing) -> Floats | None:
        """What an alarm with a band has seen."""
        limit, world = self._limits.get(one.plan.name), self._world
        return limit.seen(world.now_ns) if isinstance(limit, Learned) else None

    # processes

    def begin(self) -> Iterator[Process]:
        """One process for each region and interval; composite alarms stand where their rules put them."""
        groups: dict[tuple[int, int], list[Standing]] = {}
        for one in self._states.values():
            if isinstance(one.plan.on, CompositePlan):
                self._follow(one.plan.name, None)
            else:
                groups.setdefault((one.plan.home, one.plan.on.every_ns), []).append(one)
        for (home, every_ns), some in groups.items():
            yield self._evaluate(home, every_ns, some)

    def _evaluate(self, home: int, every_ns: int, some: list[Standing]) -> Process:
        """Evaluate some alarms at a second of the minute, or of the hour, that is drawn for their region."""
        world, due_ns = self._world, self.first_evaluation_ns(home, every_ns)
        groups = [*groups_of((one for one in some if is_plain(one.plan.on)), world.one(Windows))]
        others = [one for one in some if not is_plain(one.plan.on)]
        while True:
            yield world.after(due_ns - world.now_ns)
            if self._is_up(home):
                for one, state in self._changes(groups, others):
                    self._set(one, state, home, world.causes.newest_fault())
            else:
                self._dark_ns.setdefault(home, []).append((due_ns, due_ns + every_ns))
            due_ns += every_ns

    def _changes(self, groups: Sequence[Group], others: Sequence[Standing]) -> list[tuple[Standing, int]]:
        """The alarms that take another state now, and which: in their order."""
        found = [change for group in groups for change in group.changes(self._world.now_ns)]
        found += [(one, state) for one in others if (state := self._next(one)) != one.state]
        return sorted(found, key=lambda change: change[0].plan.number)

    def _next(self, one: Standing) -> int:
        """The state that an alarm takes which is in no group."""
        on = one.plan.on
        if isinstance(on, BurnPlan):
            return self._burns(on, one)
        assert isinstance(on, ThresholdPlan)
        judged, points = self._look(self._limits[one.plan.name], on)
        there = [each for each in judged if each is not None]
        one.seen.newest = there[-1].value if there else None
        note(one, there[-on.periods :])
        return next_state(points, rule_of(on), one.state)

    def _look(self, limit: Limit, on: ThresholdPlan) -> tuple[list[Judged | None], list[int]]:
        """What becomes of each of the periods looked at now; what began before the run was good."""
        metrics, now_ns = self._world.one(Metrics), self._world.now_ns
        until_ns = until_ns_of(on, metrics.archive, now_ns)
        if on.expression is None:
            window = self._world.one(Windows).of(on)
            window.look(now_ns)
            values = window.values
        else:
            values = as_seen(values_of(on, metrics, on.looked_at, until_ns, now_ns))
        begins_ns = begins_ns_of(on, metrics.archive, until_ns)
        limit.learn(now_ns)
        judged = limit.judged(values, begins_ns)
        points = [
            GOOD if begin < self.first_ns else ABSENT if each is None else each.kind
            for each, begin in zip(judged, begins_ns, strict=True)
        ]
        return judged, points

    def _burns(self, on: BurnPlan, one: Standing) -> int:
        """ALARM if the budget is spent too fast in both windows; before the run no request had failed."""
        shares = [self._share(on, window_ns) for window_ns in on.windows_ns]
        there = [share for share in shares if share is not None]
        breaching = sum(share > on.share for share in there)
        seen, one.breaching = one.seen, max(one.breaching, breaching)
        seen.points += len(there)
        if there:
            seen.extreme = max(seen.extreme or 0.0, min(there))
        return ALARM if breaching == len(shares) else OK

    def _share(self, on: BurnPlan, window_ns: int) -> float | None:
        """The share of a window's requests that failed; before the run it was as busy."""
        metrics, now_ns = self._world.one(Metrics), self._world.now_ns
        measured_ns = min(window_ns, (now_ns - self.first_ns) // MINUTE_NS * MINUTE_NS)
        if measured_ns <= 0:
            return None

        def total(watched: WatchedPlan) -> float:
            found = metrics.archive.points(
                metrics.number[watched.key], period_ns=measured_ns, count=1, until_ns=now_ns, now_ns=now_ns
            )
            return found[0].value(watched.statistic) or 0.0

        requests = total(on.requests) * window_ns / measured_ns
        return total(on.errors) / requests if requests > 0 else None

    # changes

    def _set(self, one: Standing, state: int, home: int, because: Cause) -> None:
        """Take a new state because of an entry; tell those who follow it, and people."""
        if state == one.state:
            return
        before, one.state = one.state, state
        world, name = self._world, one.plan.name
        where = world.plan.regions[home] if home != OUTSIDE else one.plan.region
        told = {"state": STATES[state], "before": STATES[before], "region": where}
        one.changed_by = world.record(ALARM_CHANGED, OfAlarm(name), because, **told)
        if state == ALARM and one.plan.tells:
            world.begin(self._tell(one))
        self._change.succeed()
        self._change = world.env.event()
        for follower in self._followers[name]:
            self._follow(follower, one.changed_by)

    def _follow(self, name: str, because: Cause) -> None:
        """A composite alarm's state follows from those of others at once."""
        one = self._states[name]
        assert isinstance(one.plan.on, CompositePlan)
        home = one.plan.home
        if self._is_up(home):
            self._set(one, ALARM if holds(one.plan.on.condition, self.state_of) else OK, home, because)

    def _tell(self, one: Standing) -> Process:
        """Tell somebody, unless it is suppressed; then they see it."""
        world, plan, count = self._world, one.plan, one.told
        one.told += 1
        if isinstance(plan.on, CompositePlan) and plan.on.suppressor:
            yield from self._wait_for_suppressor(one, plan.on)
            if one.state != ALARM:
                return
        for word, distribution, kind in (
            (NOTIFICATION, plan.notified, ALARM_TOLD),
            (ACKNOWLEDGEMENT, plan.acknowledged, ALARM_ACKNOWLEDGED),
        ):
            u = uniform(world.plan.data.seed, STREAM, plan.number + 1, count, 1, word)
            yield world.after(duration_ns(distribution, u))
            world.record(kind, OfAlarm(plan.name), owner=plan.tells)

    def _wait_for_suppressor(self, one: Standing, on: CompositePlan) -> Process:
        """Wait while the suppressor is in ALARM, for its extension, and at first for it to come."""
        world = self._world
        quiet_ns = world.now_ns + on.wait_ns
        while one.state == ALARM:
            if self.state_of(on.suppressor) == ALARM:
                yield self._change
                if self.state_of(on.suppressor) != ALARM:
                    quiet_ns = world.now_ns + on.extension_ns
            elif world.now_ns >= quiet_ns:
                return
            else:
                yield world.after(quiet_ns - world.now_ns) | self._change


def _start(world: World) -> Iterator[Process]:
    if world.plan.control.of(AlarmPlan):
        yield from world.one(Alarms).begin()


SERVICE = Service("alarms", _start, (ALARM_CHANGED, ALARM_TOLD, ALARM_ACKNOWLEDGED))
