"""Metrics of what the control plane itself knows: health checks, targets of load balancers, cache nodes."""

import math
from collections.abc import Callable, Mapping

from simulator.boundary.outcomes import UP
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.world import World
from simulator.plan.metrics import SeriesPlan

Ask = Callable[[], float]
"""Asks for the present value; NaN is what nobody can tell."""


def _check(world: World, series: SeriesPlan) -> tuple[str, int, int]:
    """A health check as the world knows it: name, region, service."""
    name, region, service = series.parts
    return name, world.plan.regions.index(region), world.plan.services.index(service)


def _health(world: World, series: SeriesPlan) -> Ask:
    """Of a check that no record leads to there is nothing."""
    check = _check(world, series)
    return lambda: float(check not in world.unhealthy) if check in world.checks else math.nan


def _healthy_checkers(world: World, series: SeriesPlan) -> Ask:
    """Percent of the checkers that think so."""
    check, shares = _check(world, series), world.healthy_checkers
    return lambda: 100.0 * shares[check]() if check in shares else math.nan


def _healthy_children(world: World, series: SeriesPlan) -> Ask:
    check, counts = _check(world, series), world.healthy_children
    return lambda: float(counts[check]()) if check in counts else math.nan


def _healthy_hosts(world: World, series: SeriesPlan) -> Ask:
    """The targets that the load balancer believes alive."""
    service, region = series.place
    everyone = int(world.plan.data.site_there[service, region])
    return lambda: float(world.in_service.get((service, region), everyone))


def _is_primary(world: World, series: SeriesPlan) -> Ask:
    """1 for the primary, 0 for a replica; a node that is down says nothing."""
    store, region, zone = series.place
    return lambda: (
        float(world.one(Faults).endpoints.primary_zone[store, region] == zone)
        if world.zone_mode[region][zone] == UP
        else math.nan
    )


SEEN: Mapping[str, Callable[[World, SeriesPlan], Ask]] = {
    "health": _health,
    "healthy_checkers": _healthy_checkers,
    "healthy_children": _healthy_children,
    "healthy_hosts": _healthy_hosts,
    "is_primary": _is_primary,
}
"""By the name of what is asked: what to ask of a series each minute."""
