"""Steps of failover plans about data: fences. Specification: docs/model-stores.md §6."""

from simulator.control_plane.chance import duration_ns
from simulator.control_plane.faults.process import Faults
from simulator.control_plane.world import Process, World
from simulator.plan.fences import FencePlan


def set_fence(world: World, plan: FencePlan, u: float) -> Process:
    """Writes are refused, or no longer so, once all who must know have heard of it, by a uniform number."""
    yield world.after(duration_ns(plan.settles, u))
    endpoints = world.one(Faults).endpoints
    for store in plan.stores:
        endpoints.set_fenced(store, plan.region, plan.by, plan.is_fenced)
