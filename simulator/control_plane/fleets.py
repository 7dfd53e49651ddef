"""Nodes that failover plans launch: each takes its time, and may fail with its zone.

Specification: docs/model-control-plane.md §8.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator

import simpy

from simulator.boundary.events import (
    LAUNCH_FAILED,
    NODE_LAUNCHED,
)
from simulator.boundary.looks import Place
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfNode
from simulator.boundary.zones import zone_name
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.standbys import FleetPlan

Draw = Callable[[int, int], float]
"""The uniform number of a node (its number) and a word."""

_LAUNCH, _IMAGE, _WARM_UP = range(3)


def _launching(_world: World) -> dict[Place, dict[int, simpy.Process]]:
    """The nodes that are being launched, by site and number; one for all plans."""
    return defaultdict(dict)


def grow_fleet(world: World, plan: FleetPlan, draw: Draw) -> Doing:
    """Launch what is missing; wait until it is in service. Why not, in words, or nothing."""
    site, launching = (plan.service, plan.region), world.one(_launching)
    if site not in world.nodes:  # the site has lost its limits
        return ""
    missing = [one for one in range(plan.nodes) if one not in world.nodes[site] | launching[site].keys()]
    if why := _why_too_many(world, plan, len(missing)):
        return why
    possible = [one for one in missing if _zone_is_up(world, site, one)]
    for number in possible:
        launching[site][number] = world.begin(_launch(world, plan, number, draw))
    if plan.waits:
        yield world.env.all_of([one for number, one in launching[site].items() if number < plan.nodes])
    failed = [one for one in range(plan.nodes) if one not in world.nodes[site] | launching[site].keys()]
    if failed:
        return f"nodes cannot be launched in {', '.join(_zones_of(world, site, failed))}, which is down"
    while plan.waits and not {*range(plan.nodes)} <= _passed(world, site):
        yield world.next_change()
    return ""


def _launch(world: World, plan: FleetPlan, number: int, draw: Draw) -> Process:
    """One node: the machine, its image, the application. It is not there if its zone is down by then."""
    site, kinds = (plan.service, plan.region), (plan.launch, plan.image, plan.warm_up)
    takes_ns = sum(duration_ns(kind, draw(number, word)) for word, kind in enumerate(kinds))
    yield world.after(takes_ns)
    del world.one(_launching)[site][number]
    node = OfNode(world.plan.services[plan.service], world.plan.regions[plan.region], number)
    if not _zone_is_up(world, site, number):
        world.record(LAUNCH_FAILED, node)
        return
    world.nodes[site].add(number)
    world.touch().start_instance(*site, number)
    world.record(NODE_LAUNCHED, node, nodes=len(world.nodes[site]))
    world.causes.change(("site", site))
    world.changed()


def _why_too_many(world: World, plan: FleetPlan, more: int) -> str:
    """The account's quota counts all nodes of the region, those under way too."""
    here = [site for site in world.nodes if site[1] == plan.region]
    there = sum(len(world.nodes[site]) + len(world.one(_launching)[site]) for site in here)
    if not plan.quota or there + more <= plan.quota:
        return ""
    where = world.plan.regions[plan.region]
    return f"{more:,} more nodes beside {there:,} are above the account's quota of {plan.quota:,} in {where}"


def _passed(world: World, site: Place) -> set[int]:
    """The nodes that have been found healthy, or have been there all along."""
    there = {*range(int(world.plan.data.site_there[site]))}
    return there | world.passed.get(site, set())


def _zone(world: World, site: Place, number: int) -> int:
    return int(world.plan.data.instance_zone[int(world.plan.data.site_first[site]) + number])


def _zone_is_up(world: World, site: Place, number: int) -> bool:
    region_is_up = world.region_mode[site[1]] == UP
    return region_is_up and world.zone_mode[site[1]][_zone(world, site, number)] == UP


def _zones_of(world: World, site: Place, nodes: list[int]) -> Iterator[str]:
    region = world.plan.regions[site[1]]
    yield from (zone_name(region, zone) for zone in sorted({_zone(world, site, one) for one in nodes}))
