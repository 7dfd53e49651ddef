"""Scalers: each looks once a minute at its metrics and alarms, and acts by its policies.

Rules: user guides of Amazon EC2 Auto Scaling and Application Auto Scaling. Specification: docs/scaling.md.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from simulator.boundary.alarm_states import ALARM, OK
from simulator.boundary.events import (
    CONTROL_PLANE_REFUSED,
    NODE_LEFT,
    SCALED,
    SCALING_REFUSED,
    THROUGHPUT_LOWERED,
)
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfControlPlane, OfScaler
from simulator.boundary.thresholds import Threshold
from simulator.control_plane.causes import Cause
from simulator.control_plane.cloudwatch.alarms import Alarms
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.cloudwatch.standing import Judge
from simulator.control_plane.cloudwatch.windows import Windows
from simulator.control_plane.control_planes import why_refused
from simulator.control_plane.scaling.amounts import by_steps, next_time_ns, whole
from simulator.control_plane.scaling.capacities import capacity_of
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.alarms import ThresholdPlan
from simulator.plan.scaling import ScalingPlan, StepsPlan, TrackingPlan
from simulator.records import dataclass

_MINUTE_S = 60.0
_PLANES = ("auto_scaling", "ec2", "lambda", "dynamodb")


@dataclass(frozen=True)
class Wish:
    """What a policy wants: how much, by which policy, and because of which entry."""

    to: float
    policy: str
    because: Cause = None


@dataclass
class _Pair:
    """The states of a tracked metric's alarms."""

    high: int = OK
    low: int = OK
    unit: float = math.nan
    """What has been asked for, where they are about a share of it."""
    judges: tuple[Judge, ...] = ()
    """Of the high one and the low one, with thresholds for that unit."""

    def judged_by(self, plan: TrackingPlan, unit: float, windows: Windows) -> tuple[Judge, ...]:
        """Who judges them: others once something else has been asked for."""
        if unit != self.unit:
            self.unit = unit
            self.judges = tuple(Judge(_scaled(on, unit), windows) for on in (plan.high, plan.low))
        return self.judges


class Scaler:
    """One scaler."""

    def __init__(self, world: World, plan: ScalingPlan) -> None:
        self._world, self._plan = world, plan
        self._capacity = capacity_of(world, plan)
        self._least, self._most = plan.least, plan.most
        self._pairs = [_Pair() for _ in plan.tracks]
        self._pending: Wish | None = None
        """What the clock asks for, and could not be done yet."""
        self._entry: Cause = None
        self._refused, self._why = set[str](), set[str]()
        """Why something could not be done at the look before, and at this one."""
        self._taken_ns: int | None = None

    # processes

    def run(self) -> Process:
        """Look once a minute, right after the alarms of the region."""
        world, due_ns = self._world, self._world.one(Alarms).first_evaluation_ns(self._plan.region, MINUTE_NS)
        while True:
            yield world.after(due_ns - world.now_ns)
            if world.region_mode[self._plan.region] == UP and self._capacity.is_there():
                self._look()
            due_ns += MINUTE_NS

    def follow_clock(self) -> Process:
        """Take new limits at times of the day."""
        world, offset_ns = self._world, self._world.plan.data.day_offset_ns
        times_ns = [one.at_ns for one in self._plan.schedule]
        while times_ns:
            wait_ns, at_ns = next_time_ns(times_ns, world.now_ns, offset_ns)
            yield world.after(wait_ns)
            (one,) = [one for one in self._plan.schedule if one.at_ns == at_ns]
            self._least = self._least if one.least is None else one.least
            self._most = self._most if one.most is None else one.most
            if self._capacity.is_there():
                to = self._capacity.asked if one.desired is None else one.desired
                self._pending = Wish(to, "schedule")
                if world.region_mode[self._plan.region] == UP:
                    self._keep_time()

    # one look

    def _look(self) -> None:
        """Do what is left to be done, then what the policies want now."""
        self._most = max(self._most, self._capacity.asked) if self._pending is None else self._most
        self._keep_time()
        wish = self._wish()
        if wish is not None:
            self._do(wish)
        self._settle()
        self._refused, self._why = self._why, set()

    def _keep_time(self) -> None:
        """What the clock asks for comes first, and is within its limits."""
        if self._pending is not None:
            wish = replace(self._pending, to=min(max(self._pending.to, self._least), self._most))
            if wish.to == self._capacity.asked or self._do(wish):
                self._pending = None
            self._settle()

    def _wish(self) -> Wish | None:
        """What all policies together want: out if any does, in if all agree; None: nothing."""
        asked = self._capacity.asked
        tracked = [self._track(*one) for one in zip(self._plan.tracks, self._pairs, strict=True)]
        stepped = [one for one in map(self._step, self._plan.steps) if one is not None]
        more = [one for one in (*(out for out, _ in tracked), *stepped) if one is not None and one.to > asked]
        if more:
            return max(more, key=lambda one: one.to)
        if self._capacity.is_settling or self._is_cooling:
            return None
        voters = [low for (_, low), one in zip(tracked, self._plan.tracks, strict=True) if one.scale_in]
        less = [one for one in stepped if one.to < asked]
        if voters and all(voters):
            less.append(max((one for one in voters if one is not None), key=lambda one: one.to))
        return max(less, key=lambda one: one.to, default=None)

    @property
    def _is_cooling(self) -> bool:
        """Whether something has been taken away not long ago."""
        since_ns = self._taken_ns
        return since_ns is not None and self._world.now_ns < since_ns + self._plan.in_cooldown_ns

    # policies

    def _track(self, plan: TrackingPlan, pair: _Pair) -> tuple[Wish | None, Wish | None]:
        """More, and less, than is asked for, as a tracked metric wants it."""
        unit = self._capacity.asked * _MINUTE_S if plan.relative else 1.0
        high, low = pair.judged_by(plan, unit, self._world.one(Windows))
        pair.high, newest = high.judge(self._world.now_ns, pair.high)
        pair.low, values = low.judge(self._world.now_ns, pair.low)
        name, because = plan.high.watched[0][1].key[0], self._world.causes.newest_fault()
        out = in_ = None
        if pair.high == ALARM and (wanted := self._wanted(plan, newest)):
            out = Wish(wanted[-1], f"target tracking of {name}", because)
        if pair.low == ALARM and (wanted := self._wanted(plan, values)[-plan.low.points :]):
            less = min(self._capacity.asked, self._capacity.gently(max(wanted)))
            in_ = Wish(less, f"target tracking of {name}", because)
        return out, in_

    def _wanted(self, plan: TrackingPlan, values: Sequence[float | None]) -> list[float]:
        """What each point that is there wants, oldest first: the load that it tells of, at the target."""
        metrics, key = self._world.one(Metrics), plan.high.watched[0][1].key
        first = metrics.archive.minute_of(self._world.now_ns) - len(values)
        found = [(minute, one) for minute, one in enumerate(values, first) if one is not None]
        if plan.relative:
            return [whole(value / _MINUTE_S / plan.target) for _, value in found]
        shared = ((value, metrics.shared_among(key, minute)) for minute, value in found)
        return [whole(value * count / plan.target) for value, count in shared if count]

    def _step(self, plan: StepsPlan) -> Wish | None:
        """What a step policy wants."""
        alarms = self._world.one(Alarms)
        value = alarms.newest_of(plan.alarm)
        if alarms.state_of(plan.alarm) != ALARM or value is None:
            return None
        to = by_steps(plan, value, *self._capacity.bases())
        return Wish(to, f"steps on alarm {plan.alarm}", alarms.changed_by(plan.alarm))

    # changes

    def _do(self, wish: Wish) -> bool:
        """Ask for what is wanted, within the limits; whether that could be asked for."""
        asked, to = self._capacity.asked, min(max(wish.to, self._least), self._most)
        if to == asked:
            if wish.to > asked:
                self._refuse(wish.to, f"{asked:,g} {self._plan.unit} are the most", wish.because)
            return False
        if why := self._capacity.refuses(to):
            self._refuse(to, why, wish.because)
            return False
        told = {"before": _plain(asked), "to": _plain(to), "policy": wish.policy}
        self._entry = self._world.record(
            SCALED, OfScaler(self._plan.name), wish.because, **self._of(), **told
        )
        if to < asked:
            self._taken_ns = self._world.now_ns
        self._capacity.ask(to)
        return True

    def _settle(self) -> None:
        self._world.causes.act_on(self._entry)
        if why := self._capacity.settle():
            self._refuse(self._capacity.asked, why, self._entry)

    def _refuse(self, to: float, why: str, because: Cause) -> None:
        """Log why something cannot be done, once until a look at which all can be."""
        if why not in self._refused | self._why:
            subject = OfScaler(self._plan.name)
            self._world.record(SCALING_REFUSED, subject, because, **self._of(), to=_plain(to), why=why)
            self._note_plane(why, because)
        self._why.add(why)

    def _note_plane(self, why: str, because: Cause) -> None:
        """The control plane that refuses has met the scaler."""
        region = self._plan.region
        for plane in _PLANES:
            if why_refused(self._world, plane, region) == why:
                where = self._world.plan.regions[region]
                self._world.record(CONTROL_PLANE_REFUSED, OfControlPlane(plane), because, region=where)

    def _of(self) -> dict[str, str]:
        return {"countermeasure": self._plan.name, "of": self._plan.subject, "unit": self._plan.unit}


def _plain(amount: float) -> float:
    """Whole amounts are integers."""
    return int(amount) if amount == int(amount) else amount


def _scaled(on: ThresholdPlan, unit: float) -> ThresholdPlan:
    """The threshold of a share of what has been asked for."""
    assert isinstance(on.limit, Threshold)
    return on if unit == 1.0 else replace(on, limit=replace(on.limit, value=on.limit.value * unit))


def _start(world: World) -> Iterator[Process]:
    for plan in world.plan.control.of(ScalingPlan):
        scaler = Scaler(world, plan)
        yield scaler.run()
        yield scaler.follow_clock()


SERVICE = Service(
    "scaling", _start, (SCALED, SCALING_REFUSED, CONTROL_PLANE_REFUSED, NODE_LEFT, THROUGHPUT_LOWERED)
)
