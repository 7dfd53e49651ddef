"""What a caller meets at a site's door, and whether it is answered with an error (docs/model.md §4)."""

from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, uniform_of


@kernel
def door_mode(plan, world, service, region):
    """How a site's door looks; that of a load balancer stands while its region does."""
    if plan.site_balanced[service, region]:
        return world.region_mode[region]
    return world.site_mode[service, region]


@kernel
def errs(plan, memory, a, share):
    """Draw whether the request is answered with a 5xx."""
    attempts = memory.attempts
    return (
        share > 0.0 and uniform_of(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 0, 2) < share
    )
