"""Standbys: sites that are switched off when the run begins, until a failover plan switches them on.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Iterator

from simulator.boundary.events import (
    CONCURRENCY_RAISED,
    LAUNCH_FAILED,
    NODE_LAUNCHED,
    SERVICE_ENABLED,
    THROUGHPUT_RAISED,
)
from simulator.boundary.subjects import OfSite
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World


def enable(world: World, service: int, region: int) -> None:
    """Switch a site on. Its instances have just been started; one that is on already goes on."""
    if (service, region) not in world.dormant:
        return
    world.dormant.discard((service, region))
    plane = world.touch()
    for number in range(int(world.plan.data.site_count[service, region])):
        plane.start_instance(service, region, number)
    world.record(SERVICE_ENABLED, OfSite(world.plan.services[service], world.plan.regions[region]))
    world.one(Faults).sites.look_again(service, region)
    world.changed()


def _start(world: World) -> Iterator[Process]:
    """Before anybody looks at the sites, those that are switched off refuse."""
    for site in sorted(world.dormant):
        world.one(Faults).sites.look_again(*site)
    return iter(())


SERVICE = Service(
    "standbys",
    _start,
    (SERVICE_ENABLED, NODE_LAUNCHED, LAUNCH_FAILED, CONCURRENCY_RAISED, THROUGHPUT_RAISED),
)
