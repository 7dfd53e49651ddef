"""Route 53: from the health of records to answers, by policy (Amazon Route 53 developer guide, "Choosing a routing policy").

Health reaches the answers some seconds after a check's status has changed. When no record is healthy, Route 53 answers as if all were.
A standby region's record answers only when every active region's is unhealthy, as with nested alias records.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np

from simulator.control_plane.world import Process, World
from simulator.data_plane.draws import STATUS, nanoseconds, sample, uniform_of
from simulator.plan.lowered import Ints, NamePlan, Plan

_MOST_ANSWERS = 8  # of a multivalue record set

Weights = dict[int, int]


def _preferred(regions: Iterable[int], healthy: set[int], standby: frozenset[int]) -> list[int]:
    """The regions that may answer: healthy active ones, else healthy standbys, else as if all were healthy."""
    regions = list(regions)
    active = [region for region in regions if region not in standby] or regions
    return (
        [region for region in active if region in healthy]
        or [region for region in regions if region in healthy]
        or active
    )


def _failover(name: NamePlan, healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """The first healthy in order; the first of all if none is."""
    return {next((region for region in name.order if region in healthy), name.order[0]): 1}


def _weighted(name: NamePlan, healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """By weight; records of weight 0 only when every other one is unhealthy."""
    weighing = {region for region, weight in name.weights.items() if weight > 0}
    if not weighing & healthy and healthy & set(name.weights):
        return dict.fromkeys(_preferred(set(name.weights) & healthy, healthy, name.standby), 1)
    chosen = _preferred(sorted(weighing or name.weights), healthy, name.standby)
    return {region: name.weights[region] or 1 for region in chosen}


def _latency(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Weights:
    """The lowest usual round-trip time from the asking place: neither a region's health nor its load (but for checks)."""
    chosen = _preferred(name.regions, healthy, name.standby)
    return {min(chosen, key=lambda region: (plan.data.rtt_ns[place, region], region)): 1}


def _geolocation(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Weights:
    """The most specific record of the asking place that is healthy: country, continent, default; none: no answer."""
    control = plan.control
    places = (control.location_country[place], control.location_continent[place], "default")
    matching = [name.geography[where] for where in places if where in name.geography]
    return {region: 1 for region in (_preferred(matching, healthy, name.standby) if matching else [])[:1]}


def _every(name: NamePlan, healthy: set[int], _plan: Plan, _place: int) -> Weights:
    """Up to eight of those that may answer; the client takes one."""
    return dict.fromkeys(_preferred(name.regions, healthy, name.standby)[:_MOST_ANSWERS], 1)


_POLICIES: dict[str, Callable[[NamePlan, set[int], Plan, int], Weights]] = {
    "simple": _every,
    "failover": _failover,
    "weighted": _weighted,
    "latency": _latency,
    "geolocation": _geolocation,
    "multivalue": _every,
}


def answer(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Ints:
    """The weight of each region in Route 53's answer at a place, [region]."""
    weights = np.zeros(plan.data.region_count, np.int64)
    for region, weight in _POLICIES[name.policy](name, healthy, plan, place).items():
        weights[region] = weight
    return weights


class HostedZone:
    """One name's record set, its health as it has reached the answers, and the answers themselves."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._number = number
        self._name = world.plan.control.names[number]
        self._healthy = set(self._name.regions)
        self._changes = 0
        self._latest_ns = 0
        self._places = sorted({int(place) for place in world.plan.data.pop_near})
        self._answers: dict[int, Ints] = {}
        self._publish("start")

    def health_changed(self, region: int, healthy: bool) -> None:
        """A health check's status has changed: it reaches the answers after a while, changes in order."""
        delay = sample(*self._world.plan.control.status_to_answer, self._draw())
        self._latest_ns = max(self._latest_ns, self._world.now_ns + nanoseconds(delay))
        self._world.env.process(self._take_health(region, healthy, self._latest_ns))

    def _draw(self) -> float:
        self._changes += 1
        return float(uniform_of(self._world.plan.data.seed, STATUS, self._number, self._changes - 1, 0, 0))

    def _take_health(self, region: int, healthy: bool, at_ns: int) -> Process:
        yield self._world.env.timeout(at_ns - self._world.now_ns)
        (self._healthy.add if healthy else self._healthy.discard)(region)
        self._publish("health")

    def edit(
        self, order: tuple[int, ...] | None, weights: dict[int, int] | None, geography: dict[str, int] | None
    ) -> None:
        """An operator's change of the record set is in effect."""
        edits = {"order": order, "weights": weights, "geography": geography}
        self._name = replace(self._name, **{key: value for key, value in edits.items() if value is not None})
        self._publish("operator")

    def _publish(self, cause: str) -> None:
        """Hand changed answers to the data plane."""
        world, changed = self._world, False
        for place in self._places:
            weights = answer(self._name, self._healthy | self._unchecked(), world.plan, place)
            if place not in self._answers or not np.array_equal(weights, self._answers[place]):
                self._answers[place] = weights
                every = self._name.policy in ("simple", "multivalue")
                world.touch().set_answer(self._number, place, weights, every)
                changed = True
        if changed and cause != "start":
            world.record("answer_changed", self._name.name, cause=cause, regions=self._answered())

    def _unchecked(self) -> set[int]:
        """Records without a health check are always healthy; simple records cannot have one."""
        free = self._name.health_check is None or self._name.policy == "simple"
        return {*self._name.regions, *self._name.order} if free else set()

    def _answered(self) -> list[str]:
        total = sum(self._answers.values())
        return [
            region
            for region, weight in zip(self._world.plan.regions, np.atleast_1d(total), strict=False)
            if weight
        ]
