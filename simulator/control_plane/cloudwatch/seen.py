"""Metrics of what the control plane itself knows: health checks, targets of load balancers, cache nodes."""

import math
from collections.abc import Callable, Mapping

from simulator.boundary.outcomes import UP
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.world import World
from simulator.plan.metrics import SeriesPlan


def _check(world: World, series: SeriesPlan) -> tuple[str, int, int]:
    """A health check as the world knows it: name, region, service."""
    name, region, service = series.parts
    return name, world.plan.regions.index(region), world.plan.services.index(service)


def _health(world: World, series: SeriesPlan) -> float:
    """Of a check that no record leads to there is nothing."""
    check = _check(world, series)
    return float(check not in world.unhealthy) if check in world.checks else math.nan


def _healthy_checkers(world: World, series: SeriesPlan) -> float:
    """Percent of the checkers that think so."""
    share = world.healthy_checkers.get(_check(world, series))
    return math.nan if share is None else 100.0 * share()


def _healthy_children(world: World, series: SeriesPlan) -> float:
    count = world.healthy_children.get(_check(world, series))
    return math.nan if count is None else float(count())


def _healthy_hosts(world: World, series: SeriesPlan) -> float:
    """The targets that the load balancer believes alive."""
    service, region = series.place
    everyone = int(world.plan.data.site_there[service, region])
    return float(world.in_service.get((service, region), everyone))


def _is_primary(world: World, series: SeriesPlan) -> float:
    """1 for the primary, 0 for a replica; a node that is down says nothing."""
    store, region, zone = series.place
    if world.zone_mode[region][zone] != UP:
        return math.nan
    return float(world.one(Faults).endpoints.primary_zone[store, region] == zone)


SEEN: Mapping[str, Callable[[World, SeriesPlan], float]] = {
    "health": _health,
    "healthy_checkers": _healthy_checkers,
    "healthy_children": _healthy_children,
    "healthy_hosts": _healthy_hosts,
    "is_primary": _is_primary,
}
"""By the name of what is asked."""
