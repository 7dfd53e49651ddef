"""Canaries: programs that run in a region, and do not run while it is down.

Amazon CloudWatch user guide, *Synthetic monitoring (canaries)*. What they ask for is load like any other;
what they find is a metric (`simulator.boundary.metrics`).
"""

from collections.abc import Iterator, Sequence

from simulator.boundary.outcomes import UP
from simulator.control_plane.service import Service
from simulator.control_plane.world import Process, World
from simulator.plan.canaries import CanaryPlan


def follow_regions(world: World, canaries: Sequence[CanaryPlan]) -> Process:
    """Let canaries run while their regions are up."""
    is_up = dict.fromkeys(canaries, True)
    while True:
        yield world.next_change()
        for canary in canaries:
            was_up, is_up[canary] = is_up[canary], world.region_mode[canary.region] == UP
            if is_up[canary] != was_up:
                world.touch().set_surge(canary.population, float(is_up[canary]))


def _start(world: World) -> Iterator[Process]:
    canaries = world.plan.control.of(CanaryPlan)
    if canaries:
        yield follow_regions(world, canaries)


SERVICE = Service("canaries", _start)
