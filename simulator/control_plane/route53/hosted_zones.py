"""Hosted zones: names, their health as it has reached the answers, and the answers.

Health reaches the answers some seconds after a check's status has changed. Specification:
docs/model-control-plane.md §3.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.boundary.events import (
    ANSWER_CHANGED,
    FAILBACK_HELD,
    FAILBACK_RELEASED,
    HEALTH_HEALTHY,
    HEALTH_UNHEALTHY,
)
from simulator.boundary.fields import Ints
from simulator.boundary.subjects import (
    OfName,
    OfRecord,
)
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.route53.answers import answer, last_resorts
from simulator.control_plane.route53.holding_back import HeldBack
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.failover_plans import all_changes
from simulator.plan.lowered import ControlPlan
from simulator.plan.names import NamePlan, Route53Plan
from simulator.randomness.draws import STATUS

_BY_HAND = "routing control"


class HostedZone:
    """One name's record set, its health as it has reached the answers, and the answers themselves."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._name = world.plan.control.of(NamePlan)[number]
        (self._delays,) = world.plan.control.of(Route53Plan)
        self._unhealthy: set[tuple[int, str]] = set()  # region, and by what; others never get in
        self._statuses = 0
        self._latest_status_ns = 0
        self._latest_edit_ns = 0
        self._places = sorted({int(place) for place in world.plan.data.pop_near})
        self._answers: dict[int, Ints] = {}
        self._held = HeldBack(world, self._name, self._publish)
        self._publish("start")

    def watch_targets(self, regions: list[int]) -> Process:
        """`EvaluateTargetHealth`: follow the gateways or load balancers themselves, without checkers.

        What is wrong behind them, such as a broken application, does not show.
        """
        unreachable = {one for one in regions if not self._world.is_reachable(self._name.service, one)}
        self.begin_without(unreachable, "target")
        while True:
            yield self._world.next_change()
            for region in regions:
                reachable = self._world.is_reachable(self._name.service, region)
                if reachable == (region in unreachable):
                    (unreachable.discard if reachable else unreachable.add)(region)
                    self._note_target(region, reachable)

    def begin_without(self, regions: set[int], by: str) -> None:
        """These regions have been unhealthy since before the run, as a check or the target says."""
        if regions:
            self._unhealthy |= {(region, by) for region in regions}
            self._publish("start")

    def _note_target(self, region: int, reachable: bool) -> None:
        world, record = self._world, OfRecord(self._name.name, self._world.plan.regions[region])
        because = world.causes.newest([("region", (region,)), ("targets", (self._name.service, region))])
        world.record(HEALTH_HEALTHY if reachable else HEALTH_UNHEALTHY, record, because)
        self.health_changed(region, reachable, "target")

    def health_changed(self, region: int, healthy: bool, by: str = "check") -> None:
        """A status has changed: it reaches the answers after a while, changes in order.

        A record is healthy if both its health check and its target are, as far as it follows them.
        """
        self._world.begin(self._take_health((region, by), healthy, self._next_status_ns()))

    def _next_status_ns(self) -> int:
        """When a status that changes now is in the answers: never before an earlier one."""
        u = uniform(self._world.plan.data.seed, STATUS, self._number, self._statuses)
        self._statuses += 1
        delay_ns = duration_ns(self._delays.status_to_answer, u)
        self._latest_status_ns = max(self._latest_status_ns, self._world.now_ns + delay_ns)
        return self._latest_status_ns

    def _take_health(self, status: tuple[int, str], healthy: bool, at_ns: int) -> Process:
        yield self._world.env.timeout(at_ns - self._world.now_ns)
        before = self._found_unhealthy()
        (self._unhealthy.discard if healthy else self._unhealthy.add)(status)
        for region in before ^ self._found_unhealthy():
            self._held.turned(region, healthy=healthy)
        self._publish("health")

    def _found_unhealthy(self) -> set[int]:
        """The regions that a check or a target says to be unhealthy, as far as the answers know."""
        return {region for region, by in self._unhealthy if by != _BY_HAND}

    def held_unhealthy(self) -> list[int]:
        """The regions that are held back and are not healthy."""
        return sorted(self._held.regions & self._found_unhealthy())

    def fail_back(self) -> Process:
        """Let the regions that are held back now answer again; it takes what a status takes."""
        held = sorted(self._held.regions)
        if held:
            yield self._world.env.timeout(self._next_status_ns() - self._world.now_ns)
            self._held.release(held)
            self._publish("operator")

    def in_effect_ns(self, propagated_ns: int) -> int:
        """When a change that is accepted now takes effect: never before one that was accepted earlier."""
        self._latest_edit_ns = max(self._latest_edit_ns, propagated_ns)
        return self._latest_edit_ns

    def edit(
        self, order: tuple[int, ...] | None, weights: dict[int, int] | None, geography: dict[str, int] | None
    ) -> None:
        """An operator's change of the record set is in effect."""
        edits: dict[str, Any] = {"order": order, "weights": weights, "geography": geography}
        self._name = replace(self._name, **{key: value for key, value in edits.items() if value is not None})
        self._publish("operator")

    def switch(self, on: tuple[int, ...], off: tuple[int, ...]) -> None:
        """Routing controls have settled: records of regions whose control is off count as unhealthy."""
        self._unhealthy -= {(region, _BY_HAND) for region in on}
        self._unhealthy |= {(region, _BY_HAND) for region in off}
        self._publish("operator")

    def _publish(self, cause: str) -> None:
        """Hand changed answers to the data plane."""
        world, changed = self._world, False
        before = self._answered()
        every = self._name.routing in ("simple", "multivalue")
        for place in self._places:
            weights = answer(self._name, self._healthy(), world.plan, place)
            if place not in self._answers or not np.array_equal(weights, self._answers[place]):
                self._answers[place] = weights
                world.touch().set_answer(self._number, place, weights, every)
                changed = True
        if changed and cause != "start":
            after = self._answered()
            regions = [world.plan.regions[region] for region in after]
            world.record(ANSWER_CHANGED, OfName(self._name.name), cause=cause, regions=regions)
            world.causes.change(("answers", (self._number,)))
            for region in {*before} - {*after} & self._found_unhealthy():
                self._held.leave_out(region)

    def _healthy(self) -> set[int]:
        """The regions that count as healthy."""
        out = {region for region, _ in self._unhealthy}
        if self._held.regions:
            out |= self._held.regions - last_resorts(self._name)
        return {*range(self._world.plan.data.region_count)} - out

    def _answered(self) -> list[int]:
        """The regions answered at any place."""
        return [int(region) for region in np.flatnonzero(np.any([*self._answers.values()], axis=0))]


def hosted_zones(world: World) -> list[HostedZone]:
    """Every name, by number; `World.one` keeps them for all who ask."""
    return [HostedZone(world, number) for number in range(len(world.plan.control.of(NamePlan)))]


def regions_with_record(control: ControlPlan, number: int) -> list[int]:
    """The regions that have a record of a name, then those that only an operator's change gives one."""
    changes = [change for change in all_changes(control) if change.name == number]
    brought_in = {region for change in changes for region in change.regions()}
    return [*dict.fromkeys([*control.of(NamePlan)[number].regions, *sorted(brought_in)])]


def _start(world: World) -> Iterator[Process]:
    """Names that evaluate the health of their targets follow these."""
    control, zones = world.plan.control, world.one(hosted_zones)
    for number, name in enumerate(control.of(NamePlan)):
        if name.target_health and name.heeds_health and name.routing != "simple":
            yield zones[number].watch_targets(regions_with_record(control, number))


SERVICE = Service(
    "hosted zones",
    _start,
    (HEALTH_UNHEALTHY, HEALTH_HEALTHY, ANSWER_CHANGED, FAILBACK_HELD, FAILBACK_RELEASED),
)
