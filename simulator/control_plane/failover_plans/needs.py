"""What a step of a failover plan needs, and whether it is there.

Specification: docs/model-control-plane.md §8.
"""

from collections.abc import Iterator

from simulator.boundary.events import CONTROL_PLANE_REFUSED
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfControlPlane
from simulator.control_plane.control_planes import why_refused
from simulator.control_plane.pages import door_mode, page_of, page_of_endpoint
from simulator.control_plane.world import World
from simulator.plan.failover_plans import NeedsPlan
from simulator.plan.names import NamePlan


def lacking(world: World, needs: NeedsPlan) -> str:
    """What is not there now, in words; nothing if all is."""
    return next(_lacks(world, needs), "")


def _lacks(world: World, needs: NeedsPlan) -> Iterator[str]:
    for name, region in needs.control_planes:
        if why := why_refused(world, name, region):
            where = world.plan.regions[region] if region >= 0 else ""
            world.record(CONTROL_PLANE_REFUSED, OfControlPlane(name), region=where)
            yield why
    for region in needs.regions:
        if world.region_mode[region] != UP:
            yield f"{world.plan.regions[region]} is down"
    for service, regions in needs.services:
        if not any(_answers(world, service, region) for region in regions):
            yield f"service {world.plan.services[service]} does not answer"
    for external in needs.externals:
        if not any(_serves(world, external, region) for region in range(world.plan.data.region_count)):
            yield f"external {world.plan.stores[external]} does not answer"
    names = world.plan.control.of(NamePlan)
    for number in needs.names:
        if number in world.unanswered:
            yield f"nobody answers for the name {names[number].name}"


def _answers(world: World, service: int, region: int) -> bool:
    """Whether whoever asks a site gets a page, at least now and then."""
    page = page_of(world, (service, region))
    return door_mode(world, (service, region)) == UP and page.error_share < 1 and not page.silent


def _serves(world: World, external: int, region: int) -> bool:
    """Whether an external answers callers in a region, at least now and then."""
    page = page_of_endpoint(world, (external, region))
    return world.region_mode[region] == UP and page.error_share < 1 and not page.silent
