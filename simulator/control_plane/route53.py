"""Route 53: from the health of records to answers, by policy.

Rules: Amazon Route 53 developer guide, "Choosing a routing policy". Specification:
docs/model-control-plane.md §3.

Health reaches the answers some seconds after a check's status has changed. When no record is healthy, all
answer as if they were. A standby region's record answers only when every active region's is unhealthy, as
with nested alias records; a failover record set says so by its order instead.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from simulator.boundary.events import ANSWER_CHANGED, HEALTH_HEALTHY, HEALTH_UNHEALTHY, OfName, OfRecord
from simulator.boundary.fields import Ints
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.world import Process, World
from simulator.plan.lowered import NamePlan, Plan
from simulator.randomness.draws import STATUS

_MOST_ANSWERS = 8  # of a multivalue record set

Weights = dict[int, int]


def _preferred(regions: Iterable[int], healthy: set[int], standby: frozenset[int]) -> list[int]:
    """The regions that may answer: healthy active ones, else healthy standbys, else as if all were."""
    regions = list(regions)
    active = [region for region in regions if region not in standby] or regions
    return (
        [region for region in active if region in healthy]
        or [region for region in regions if region in healthy]
        or active
    )


def _simple(name: NamePlan, _healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """Every value of the record, whatever its health; standbys are left out while the topology has others."""
    return dict.fromkeys(_preferred(name.regions, set(name.regions), name.standby), 1)


def _failover(name: NamePlan, healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """The first healthy in order; the first of all if none is. Order alone counts, not who is a standby."""
    return {next((region for region in name.order if region in healthy), name.order[0]): 1}


def _weighted(name: NamePlan, healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """By weight; records of weight 0 only when every other one is unhealthy, and then with equal chances."""
    chosen = _preferred(name.weights, healthy, name.standby)
    weighing = {region: name.weights[region] for region in chosen if name.weights[region] > 0}
    return weighing or dict.fromkeys(chosen, 1)


def _latency(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Weights:
    """The lowest usual round-trip time from the asking place, whatever the region's load."""
    chosen = _preferred(name.regions, healthy, name.standby)
    return {min(chosen, key=lambda region: (plan.data.rtt_ns[place, region], region)): 1}


def _geolocation(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Weights:
    """The most specific healthy record of the asking place: country, continent, default; none: no answer."""
    control = plan.control
    places = (control.location_country[place], control.location_continent[place], "default")
    matching = [name.geography[where] for where in places if where in name.geography]
    return dict.fromkeys(_preferred(matching, healthy, name.standby)[:1], 1)


def _multivalue(name: NamePlan, healthy: set[int], _plan: Plan, place: int) -> Weights:
    """Up to eight of those that may answer; the client takes one. Which eight depends on the place."""
    chosen = _preferred(name.regions, healthy, name.standby)
    first = place % len(chosen) if len(chosen) > _MOST_ANSWERS else 0
    return dict.fromkeys((chosen[first:] + chosen[:first])[:_MOST_ANSWERS], 1)


_ROUTINGS: dict[str, Callable[[NamePlan, set[int], Plan, int], Weights]] = {
    "simple": _simple,
    "failover": _failover,
    "weighted": _weighted,
    "latency": _latency,
    "geolocation": _geolocation,
    "multivalue": _multivalue,
}


def answer(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Ints:
    """The weight of each region in Route 53's answer at a place, [region]."""
    weights = np.zeros(plan.data.region_count, np.int64)
    for region, weight in _ROUTINGS[name.routing](name, healthy, plan, place).items():
        weights[region] = weight
    return weights


class HostedZone:
    """One name's record set, its health as it has reached the answers, and the answers themselves."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._name = world.plan.control.names[number]
        self._unhealthy: set[tuple[int, str]] = set()  # region, and by what; others never get in
        self._statuses = 0
        self._latest_status_ns = 0
        self._latest_edit_ns = 0
        self._places = sorted({int(place) for place in world.plan.data.pop_near})
        self._answers: dict[int, Ints] = {}
        self._publish("start")

    def watch_targets(self, regions: list[int]) -> Process:
        """`EvaluateTargetHealth`: follow the gateways or load balancers themselves, without checkers.

        What is wrong behind them, such as a broken application, does not show.
        """
        unreachable: set[int] = set()
        while True:
            yield self._world.next_change()
            for region in regions:
                reachable = self._world.is_reachable(self._name.service, region)
                if reachable == (region in unreachable):
                    (unreachable.discard if reachable else unreachable.add)(region)
                    self._note_target(region, reachable)

    def _note_target(self, region: int, reachable: bool) -> None:
        record = OfRecord(self._name.name, self._world.plan.regions[region])
        self._world.record(HEALTH_HEALTHY if reachable else HEALTH_UNHEALTHY, record)
        self.health_changed(region, reachable, "target")

    def health_changed(self, region: int, healthy: bool, by: str = "check") -> None:
        """A status has changed: it reaches the answers after a while, changes in order.

        A record is healthy if both its health check and its target are, as far as it follows them.
        """
        delay_ns = duration_ns(self._world.plan.control.status_to_answer, self._draw())
        self._latest_status_ns = max(self._latest_status_ns, self._world.now_ns + delay_ns)
        self._world.env.process(self._take_health((region, by), healthy, self._latest_status_ns))

    def _draw(self) -> float:
        self._statuses += 1
        return uniform(self._world.plan.data.seed, STATUS, self._number, self._statuses - 1)

    def _take_health(self, status: tuple[int, str], healthy: bool, at_ns: int) -> Process:
        yield self._world.env.timeout(at_ns - self._world.now_ns)
        (self._unhealthy.discard if healthy else self._unhealthy.add)(status)
        self._publish("health")

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

    def _publish(self, cause: str) -> None:
        """Hand changed answers to the data plane."""
        world, changed = self._world, False
        healthy = {*range(world.plan.data.region_count)} - {region for region, _ in self._unhealthy}
        every = self._name.routing in ("simple", "multivalue")
        for place in self._places:
            weights = answer(self._name, healthy, world.plan, place)
            if place not in self._answers or not np.array_equal(weights, self._answers[place]):
                self._answers[place] = weights
                world.touch().set_answer(self._number, place, weights, every)
                changed = True
        if changed and cause != "start":
            world.record(ANSWER_CHANGED, OfName(self._name.name), cause=cause, regions=self._answered())

    def _answered(self) -> list[str]:
        """The regions answered at any place."""
        anywhere = np.any([*self._answers.values()], axis=0)
        return [region for region, found in zip(self._world.plan.regions, anywhere, strict=True) if found]
