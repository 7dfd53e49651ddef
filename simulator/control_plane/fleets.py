"""Nodes that failover plans and scalers launch, and that scalers take away.

Each takes its time, and may fail with its zone. Specification: docs/model-control-plane.md §8,
docs/scaling.md §6.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import field
from math import prod

import simpy

from simulator.boundary.control_planes import EVERYWHERE
from simulator.boundary.events import (
    LAUNCH_FAILED,
    NODE_LAUNCHED,
    NODE_LEFT,
)
from simulator.boundary.looks import Place
from simulator.boundary.outcomes import UP
from simulator.boundary.subjects import OfNode
from simulator.boundary.zones import zone_name
from simulator.control_plane.chance import duration_ns
from simulator.control_plane.world import Doing, Process, World
from simulator.plan.standbys import FleetPlan
from simulator.records import dataclass

Draw = Callable[[int, int], float]
"""The uniform number of a node (its number) and a word."""

_LAUNCH, _IMAGE, _WARM_UP, _LUCK = range(4)


@dataclass
class Fleet:
    """What becomes of a site's nodes, by number; one for all plans and scalers."""

    launching: dict[int, simpy.Process] = field(default_factory=dict)
    since_ns: dict[int, int] = field(default_factory=dict)
    """When those that were launched were there."""
    leaving_until_ns: dict[int, int] = field(default_factory=dict)
    """Until when those that were taken away are leaving."""
    asked: int = 0
    """The most that anybody has asked for; of a scaler, what it asks for. 0: nobody has asked."""


def fleets_of(_world: World) -> dict[Place, Fleet]:
    """The fleets by site."""
    return defaultdict(Fleet)


def grow_fleet(world: World, plan: FleetPlan, draw: Draw) -> Doing:
    """Launch what is missing; wait until it is in service. Why not, in words, or nothing."""
    site = (plan.service, plan.region)
    if site not in world.nodes:  # the site has lost its limits
        return ""
    fleet = world.one(fleets_of)[site]
    missing = [one for one in range(plan.nodes) if one not in world.nodes[site] | fleet.launching.keys()]
    if why := why_too_many(world, plan, len(missing)):
        return why
    fleet.asked = max(fleet.asked, plan.nodes)
    for number in missing:
        if zone_is_up(world, site, number):
            begin_launch(world, plan, number, draw)
    if plan.waits:
        yield world.env.all_of([one for number, one in fleet.launching.items() if number < plan.nodes])
    failed = [one for one in range(plan.nodes) if one not in world.nodes[site] | fleet.launching.keys()]
    if failed:
        return f"nodes cannot be launched in {', '.join(_zones_of(world, site, failed))}, which is down"
    while plan.waits and not {*range(plan.nodes)} <= _passed(world, site):
        yield world.next_change()
    return ""


def begin_launch(world: World, plan: FleetPlan, number: int, draw: Draw) -> None:
    """Launch a node of a site."""
    fleet = world.one(fleets_of)[plan.service, plan.region]
    fleet.launching[number] = world.begin(_launch(world, plan, number, draw))


def _launch(world: World, plan: FleetPlan, number: int, draw: Draw) -> Process:
    """One node: the machine, its image, the application. It is not there if its zone is down by then."""
    site, kinds = (plan.service, plan.region), (plan.launch, plan.image, plan.warm_up)
    takes_ns = sum(duration_ns(kind, draw(number, word)) for word, kind in enumerate(kinds))
    yield world.after(takes_ns)
    fleet = world.one(fleets_of)[site]
    del fleet.launching[number]
    node = OfNode(world.plan.services[plan.service], world.plan.regions[plan.region], number)
    if not zone_is_up(world, site, number) or draw(number, _LUCK) < _failing(world, plan.region):
        world.record(LAUNCH_FAILED, node)
        return
    if (*site, number) in world.killed:  # another one of its number, which had been taken away
        world.set_killed((*site, number), None)
    world.nodes[site].add(number)
    fleet.since_ns[number] = world.now_ns
    fleet.leaving_until_ns.pop(number, None)
    world.touch().start_instance(*site, number)
    world.record(NODE_LAUNCHED, node, nodes=len(world.nodes[site]))
    world.causes.change(("site", site))
    world.changed()


def _failing(world: World, region: int) -> float:
    """The share of the launches in a region that fail now: each fault takes its part of what is left."""
    shares = [share for where, share in world.failing_launches if where in (EVERYWHERE, region)]
    return 1.0 - prod(1.0 - share for share in shares)


def take_away(world: World, site: Place, leaves_ns: int) -> None:
    """One node leaves: of the zone that has most of them, the last; it works on what it has."""
    there, fleet = world.nodes[site], world.one(fleets_of)[site]
    zones = Counter(_zone(world, site, number) for number in there)
    number = max(there, key=lambda one: (zones[_zone(world, site, one)], _zone(world, site, one), one))
    there.discard(number)
    fleet.since_ns.pop(number, None)
    fleet.leaving_until_ns[number] = world.now_ns + leaves_ns
    node = OfNode(world.plan.services[site[0]], world.plan.regions[site[1]], number)
    world.record(NODE_LEFT, node, nodes=len(there))
    world.causes.change(("site", site))
    world.changed()


def why_too_many(world: World, plan: FleetPlan, more: int) -> str:
    """The account's quota counts all nodes of the region, those under way too."""
    here = [site for site in world.nodes if site[1] == plan.region]
    there = sum(len(world.nodes[site]) + len(world.one(fleets_of)[site].launching) for site in here)
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


def zone_is_up(world: World, site: Place, number: int) -> bool:
    """Whether the zone of a node is up, as that of every node of Lambda or nodes is in one."""
    region_is_up = world.region_mode[site[1]] == UP
    return region_is_up and world.zone_mode[site[1]][_zone(world, site, number)] == UP


def _zones_of(world: World, site: Place, nodes: list[int]) -> Iterator[str]:
    region = world.plan.regions[site[1]]
    yield from (zone_name(region, zone) for zone in sorted({_zone(world, site, one) for one in nodes}))
