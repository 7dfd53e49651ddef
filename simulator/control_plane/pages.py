"""What asks for its health gets from a site: the page that health checks and load balancers ask for.

The page takes no work, but it is served by the application. Specification: docs/model-control-plane.md §3.
"""

from dataclasses import dataclass

from simulator.boundary.kinds import LAMBDA, NODES
from simulator.boundary.looks import Look, Place
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, UP
from simulator.control_plane.world import World
from simulator.plan.lowered import DataPlan


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


def page_of(world: World, site: Place) -> Page:
    """The page of a site as things are now."""
    look, data = world.site_looks[site], world.plan.data
    behind = look.mode if data.site_balanced[site] else UP
    starves = not _runs_any(data, site, look)
    errs = behind == REFUSED or (starves and data.site_compute[site] == LAMBDA)
    silent = behind == BLACK_HOLE or (starves and data.site_compute[site] == NODES)
    return Page(1.0 if errs else look.error_share, silent, look.add_ns)


def _runs_any(data: DataPlan, site: Place, look: Look) -> bool:
    """Whether faults leave a site the capacity for a single request."""
    if look.capacity == 1.0:
        return True
    if data.site_compute[site] == NODES:
        return int(int(data.node_workers[site]) * look.capacity + 0.5) > 0
    return int(int(data.lambda_reserved[site] or data.lambda_limit[site[1]]) * look.capacity) > 0
