"""Zonal shifts and load shedding: each waits for what starts it, acts, and ends.

Rules: Amazon Application Recovery Controller developer guide, *zonal shift*; Beyer and others, *Site
Reliability Engineering*, ch. 21. Specification: docs/model-control-plane.md §7.1.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from itertools import product
from typing import Any

from simulator.boundary.alarm_states import ALARM
from simulator.boundary.event_kinds import EventKind
from simulator.boundary.events_of_reactions import (
    REACTION_REFUSED,
    SHEDDING_BEGAN,
    SHEDDING_EASES,
    SHEDDING_ENDED,
    ZONAL_SHIFT_BEGAN,
    ZONAL_SHIFT_ENDED,
)
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.looks import Place, share_left
from simulator.boundary.subjects import OfReaction
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.alarms import Alarms
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.control_planes import why_refused
from simulator.control_plane.failover_plans.starting import wait_for_trigger
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.reactions import ReactionPlan, SheddingPlan, ZonalShiftPlan
from simulator.randomness.draws import REACTION

_S_NS = 10**9


class Reacting(ABC):
    """One reaction: by an alarm again and again, else once."""

    def __init__(self, world: World, plan: ReactionPlan) -> None:
        self._world, self._of = world, plan

    def run(self) -> Process:
        """Wait, act, end."""
        world, plan, times = self._world, self._of, 0
        while True:
            yield from wait_for_trigger(world, plan.trigger)
            u = uniform(world.plan.data.seed, REACTION, plan.number, times)
            yield world.after(duration_ns(plan.delay, u))
            yield from self._until_allowed()
            yield from self.act()
            if not plan.trigger.alarm:
                return
            while self._is_in_alarm():
                yield world.one(Alarms).next_change()
            times += 1

    @abstractmethod
    def act(self) -> Process:
        """Do it, and end it."""

    def why_not(self) -> str:
        """Why it cannot begin now, in words; nothing if it can."""
        return ""

    def record(self, kind: EventKind[OfReaction], **detail: Any) -> None:
        """Log an entry of it."""
        told = {"countermeasure": self._of.name} | detail
        self._world.record(kind, OfReaction(self._of.name, self._of.of), **told)

    def wait(self) -> Process:
        """Wait for its end: so long, or until its alarm is in ALARM no more."""
        if self._of.lasts_ns < NEVER_NS:
            yield self._world.after(self._of.lasts_ns)
            return
        alarms = self._world.one(Alarms)
        while self._is_in_alarm():
            yield alarms.next_change()
        self._world.causes.act_on(alarms.changed_by(self._of.trigger.alarm))

    def _is_in_alarm(self) -> bool:
        return self._world.one(Alarms).state_of(self._of.trigger.alarm) == ALARM

    def _until_allowed(self) -> Process:
        before = ""
        while why := self.why_not():
            if why != before:
                self.record(REACTION_REFUSED, why=why)
            before = why
            yield self._world.after(self._of.retry_ns)


class ZonalShift(Reacting):
    """Load balancers leave a zone."""

    def __init__(self, world: World, plan: ZonalShiftPlan) -> None:
        super().__init__(world, plan)
        self._plan = plan
        self._sites: list[Place] = [(service, plan.region) for service in plan.services]

    def why_not(self) -> str:
        """Its control plane refuses, or one of the load balancers is shifted already."""
        refused = why_refused(self._world, "zonal_shift", self._plan.region)
        taken = any(site in self._world.shifted for site in self._sites)
        return refused or ("another zonal shift of a load balancer is in effect" if taken else "")

    def act(self) -> Process:
        """Begin, expire."""
        world, plan = self._world, self._plan
        services = [world.plan.services[one] for one in plan.services]
        until_s = (world.now_ns + plan.lasts_ns) / _S_NS
        self.record(ZONAL_SHIFT_BEGAN, services=services, until_s=until_s)
        self._set({site: plan.zone for site in self._sites})
        yield from self.wait()
        self.record(ZONAL_SHIFT_ENDED)
        for site in self._sites:
            del world.shifted[site]
        self._set({})

    def _set(self, shifted: dict[Place, int]) -> None:
        self._world.shifted |= shifted
        for site in self._sites:
            self._world.causes.change(("targets", site))
        self._world.changed()


def _shares_kept(_world: World) -> dict[tuple[int, int, int, int], dict[int, float]]:
    """By front, operation, region and population, the share that each (its number) lets in; one for all."""
    return {}


class Shedding(Reacting):
    """A part of the requests is turned away, and let in again in steps of a minute."""

    def __init__(self, world: World, plan: SheddingPlan) -> None:
        super().__init__(world, plan)
        self._plan = plan

    def act(self) -> Process:
        """Begin, ease, end."""
        plan = self._plan
        self.record(SHEDDING_BEGAN, keeps=plan.keep)
        self._keep(plan.keep)
        yield from self.wait()
        if plan.ramp_ns:
            self.record(SHEDDING_EASES)
            yield from self._ramp()
        self.record(SHEDDING_ENDED)
        self._keep(1.0)

    def _ramp(self) -> Process:
        """At each minute of it another part is let in."""
        plan, passed_ns = self._plan, 0
        while plan.ramp_ns - passed_ns > MINUTE_NS:
            passed_ns += MINUTE_NS
            yield self._world.after(MINUTE_NS)
            self._keep(plan.keep + (1.0 - plan.keep) * (passed_ns / plan.ramp_ns))
        yield self._world.after(plan.ramp_ns - passed_ns)

    def _keep(self, share: float) -> None:
        plane, kept = self._world.touch(), self._world.one(_shares_kept)
        of = self._plan
        for place in product([of.front], of.operations, of.regions, of.populations):
            kept.setdefault(place, {})[self._plan.number] = share
            plane.set_shed(place, 1.0 - share_left(kept[place].values()))


def _start(world: World) -> Iterator[Process]:
    yield from (ZonalShift(world, plan).run() for plan in world.plan.control.of(ZonalShiftPlan))
    yield from (Shedding(world, plan).run() for plan in world.plan.control.of(SheddingPlan))


SERVICE = Service(
    "reactions",
    _start,
    (
        ZONAL_SHIFT_BEGAN, ZONAL_SHIFT_ENDED, SHEDDING_BEGAN, SHEDDING_EASES, SHEDDING_ENDED,
        REACTION_REFUSED,
    ),
)  # fmt: skip
