"""What asks for its health gets from a site: the page that health checks and load balancers ask for.

The page takes no work, but it is served by the application. Specification: docs/model-control-plane.md §3.
"""

from collections.abc import Iterator

import numpy as np

from simulator.boundary.kinds import LAMBDA, NODES
from simulator.boundary.looks import WELL, Look, Place, share_of_any
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.control_plane.causes import Spot
from simulator.control_plane.world import World
from simulator.plan.lowered import DataPlan
from simulator.records import dataclass
from simulator.times import total_add_ns


@dataclass(frozen=True)
class Page:
    """What a request for the page comes to, once it has got through the door."""

    error_share: float
    """The chance of a 5xx, which comes at once."""
    silent: bool
    """Whether it is not answered otherwise."""
    add_ns: int
    """How long the answer takes, if it is none of the two."""


def door_mode(world: World, site: Place) -> int:
    """What whoever connects to a site meets; the door of a load balancer stands while its region does."""
    if world.plan.data.site_balanced[site]:
        return world.region_mode[site[1]]
    return world.site_looks[site].mode


def page_of(world: World, site: Place, deep: bool = False, operation: int | None = None) -> Page:
    """The page of a site as things are now: of one of its service's operations, or one of its own.

    A deep one calls each store that is behind the operation, or behind any.
    """
    stores = _stores_of(world.plan.data, site, operation) if deep else []
    pages = [_shallow(world, site, operation)]
    pages += [page_of_endpoint(world, (store, site[1])) for store in stores]
    return _all_of(pages)


def page_met(world: World, site: Place, deep: bool = False, operation: int | None = None) -> Page:
    """The page of a site as who comes from outside meets it: at one of its instances, grey or not."""
    page, looks = page_of(world, site, deep, operation), _looks_met(world, site)
    if not looks:
        return page
    share = sum(look.error_share for look in looks) / len(looks)
    return _all_of([page, Page(share, False, min(look.add_ns for look in looks))])


def page_at(page: Page, look: Look) -> Page:
    """The page of a site at one of its instances, which looks so by itself and with its zone."""
    return page if look == WELL else _all_of([page, Page(look.error_share, False, look.add_ns)])


def _all_of(pages: list[Page]) -> Page:
    """What several things that must all be there come to."""
    return Page(
        share_of_any(page.error_share for page in pages),
        any(page.silent for page in pages),
        total_add_ns(page.add_ns for page in pages),
    )


def _looks_met(world: World, site: Place) -> list[Look]:
    """The looks of instances that a visitor may meet; none where all are well."""
    if not world.is_grey(site):
        return []
    if site in world.nodes:
        there = world.nodes[site]
        left = world.shifted.get(site)
        in_service = world.passed.get(site, there) or there
        in_service = {one for one in in_service if world.zone_of(site, one) != left} or in_service
        up = [one for one in sorted(in_service) if world.mode_of_node(site, one) == UP]
        return [world.instance_look(site, number) for number in up]
    zones = enumerate(world.zones(site[1]))
    return [world.zone_looks[site[1], zone] for zone, mode in zones if mode == UP]


def spots_of(world: World, site: Place, deep: bool = False, operation: int | None = None) -> Iterator[Spot]:
    """All on which the door and the page of a site depend."""
    data, (service, region) = world.plan.data, site
    face = service if operation is None else int(data.page_face[operation])
    yield from (("region", (region,)), ("site", site), ("site", (face, region)))
    yield from (("zone", (region, zone)) for zone in range(len(world.zones(region))))
    yield from (("node", (*site, number)) for number in world.struck_nodes(site))
    for store in _stores_of(data, site, operation) if deep else []:
        yield "endpoint", (store, region)
        home = int(data.store_home[store])
        if home >= 0:
            yield from (("link", (region, home)), ("link", (home, region)), ("region", (home,)))


def _shallow(world: World, site: Place, operation: int | None) -> Page:
    """The page of the application alone."""
    data, (service, region) = world.plan.data, site
    face = service if operation is None else int(data.page_face[operation])
    look = world.site_looks[face, region]
    starves = not _runs_any(data, site, look)
    errs = look.mode == REFUSED or (starves and data.site_compute[site] == LAMBDA)
    silent = look.mode == BLACK_HOLE or (starves and data.site_compute[site] == NODES)
    return Page(1.0 if errs else look.error_share, silent, look.add_ns)


def page_of_endpoint(world: World, endpoint: Place) -> Page:
    """What a call to a store does to the page; the application makes a 5xx of whatever fails."""
    look = world.endpoint_looks[endpoint]
    modes = look.mode, mode_of_home(world, endpoint)
    failing = share_of_any((look.error_share, look.throttle_share))
    errs = REFUSED in modes or look.empty or look.absent
    return Page(1.0 if errs else failing, BLACK_HOLE in modes, look.add_ns)


def mode_of_home(world: World, endpoint: Place) -> int:
    """How the home of an external looks from a region, if that is another place; of any store UP."""
    (store, region), data = endpoint, world.plan.data
    home = int(data.store_home[store])
    if home in (-1, region):
        return UP
    links = world.link_looks[region, home], world.link_looks[home, region]
    if BLACK_HOLE in (link.mode for link in links):
        return BLACK_HOLE
    return world.region_mode[home] if home < data.region_count else UP


def _stores_of(data: DataPlan, site: Place, operation: int | None) -> list[int]:
    """The stores without which the operation, or any of the service, fails: of a cache with a table, that."""
    stores: set[int] = set()
    every = np.flatnonzero(data.op_service == site[0]).tolist()
    for one in every if operation is None else [operation]:
        first = int(data.op_step_first[one])
        steps = range(first, first + int(data.op_step_count[one]))
        stores |= {int(data.step_miss[step] if data.step_miss[step] >= 0 else data.step_store[step])
                   for step in steps}  # fmt: skip
    return sorted(stores - {-1})


def _runs_any(data: DataPlan, site: Place, look: Look) -> bool:
    """Whether faults leave a site the capacity for a single request."""
    if look.capacity == 1.0:
        return True
    if data.site_compute[site] == NODES:
        return int(int(data.node_workers[site]) * look.capacity + 0.5) > 0
    return int(int(data.lambda_reserved[site] or data.lambda_limit[site[1]]) * look.capacity) > 0
