"""Whether a control plane takes changes: not while it is frozen, nor while its region is down.

Specification: docs/model-control-plane.md §2.
"""

from simulator.boundary.control_planes import CONTROL_PLANES, EVERYWHERE
from simulator.boundary.outcomes import UP
from simulator.control_plane.world import World


def why_refused(world: World, name: str, region: int = EVERYWHERE) -> str:
    """Why a control plane takes no change now, in words; nothing if it does. `region`: of a regional one."""
    regions, plane = world.plan.regions, CONTROL_PLANES[name]
    home = plane.home if plane.home is not None else regions[region]
    there = "" if plane.home is not None else f" in {home}"
    if not world.frozen.isdisjoint({(name, EVERYWHERE), (name, region)}):
        return f"{plane.said}{there} refuses changes"
    if home in regions and world.region_mode[regions.index(home)] != UP:
        return f"{plane.said} is down with {home}"
    return ""
