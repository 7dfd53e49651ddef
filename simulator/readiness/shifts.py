"""Zonal shifts: whether the zones that are left could carry what the region has today (docs/readiness.md)."""

from collections.abc import Iterator

from simulator.boundary.zones import place_of
from simulator.language.models.reactions import ZonalShift
from simulator.readiness.limits import amount
from simulator.readiness.load import Fleet, Load
from simulator.readiness.today import Today
from simulator.result.readiness import Left, Limit


def shifts_of(now: Today) -> Iterator[Left]:
    """For each zonal shift, what it leaves of each service on nodes whose load balancer it moves."""
    for name, shift in now.topology.zonal_shifts.items():
        region, _ = place_of(shift.zone)
        load = _today_in(region, now)
        zones = now.topology.regions[region].zones
        busy = load.by_service(load.busy)
        for number, service in enumerate(load.services):
            fleet = load.fleet(service)
            if fleet is not None and _moves(shift, service):
                nodes = fleet.nodes * (zones - 1) // zones
                limits = _limits(fleet, nodes, service, float(busy[number]))
                yield Left(name, shift.zone, service, nodes, fleet.nodes, limits)


def _today_in(region: str, now: Today) -> Load:
    """What users ask for there today, and what services elsewhere pass on to it."""
    here, rates = now.context.regions.index(region), now.rates_in_regions
    elsewhere = rates.copy()
    elsewhere[here] = 0.0
    return Load(now, region, rates[here], elsewhere)


def _moves(shift: ZonalShift, service: str) -> bool:
    return shift.services is None or service in shift.services


def _limits(fleet: Fleet, nodes: int, service: str, busy: float) -> tuple[Limit, ...]:
    """What bounds so many nodes, the narrowest first; nothing where nobody asks, or no node is left."""
    if not busy or not nodes:
        return ()
    workers = nodes * fleet.workers
    found = [Limit(f"{amount(workers)} workers of {service}", workers, busy)]
    if fleet.room is not None:
        held = nodes * fleet.room
        found.append(Limit(f"{amount(held)} requests at once in the memory of {service}", held, busy))
    return tuple(sorted(found, key=lambda one: one.times))
