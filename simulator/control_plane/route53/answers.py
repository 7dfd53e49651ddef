"""From the health of records to answers, by policy.

Rules: Amazon Route 53 developer guide, "Choosing a routing policy". Specification:
docs/model-control-plane.md §3.

When no record is healthy, all
answer as if they were. A standby region's record answers only when every active region's is unhealthy, as
with nested alias records; a failover record set says so by its order instead.
"""

from collections.abc import Callable, Iterable

import numpy as np

from simulator.boundary.fields import Ints
from simulator.plan.lowered import Plan
from simulator.plan.names import NamePlan, Route53Plan

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
    (geography,) = plan.control.of(Route53Plan)
    places = (geography.location_country[place], geography.location_continent[place], "default")
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


def last_resorts(name: NamePlan) -> set[int]:
    """The regions to which answers turn only for want of others: turning to them is no failback."""
    if name.routing == "failover":
        return {name.order[-1]}
    weighing = any(name.weights.values())
    idle = {region for region, weight in name.weights.items() if weighing and not weight}
    return idle if {*name.regions} <= name.standby else idle | name.standby


def answer(name: NamePlan, healthy: set[int], plan: Plan, place: int) -> Ints:
    """The weight of each region in Route 53's answer at a place, [region]."""
    weights = np.zeros(plan.data.region_count, np.int64)
    for region, weight in _ROUTINGS[name.routing](name, healthy, plan, place).items():
        weights[region] = weight
    return weights
