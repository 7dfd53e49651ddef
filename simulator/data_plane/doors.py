"""What a caller meets at a site's door, and whether it is answered with an error (docs/model.md §4).

A request meets a face of the site's service: the one of everybody, which has the service's number, or, where
limited faults touch it, another (docs/model-control-plane.md §2).
"""

from simulator.boundary.looks import ATTRIBUTES, Look
from simulator.data_plane.numbers import ordinal_of, population_of
from simulator.data_plane.owners import is_nested
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, uniform_of


def put(world: Block, kind: str, place: tuple[int, ...], look: Look) -> None:
    """Let a place of a kind look as it now does."""
    for name in ATTRIBUTES[kind]:
        getattr(world, f"{kind}_{name}")[place] = getattr(look, name)


@kernel
def face_of(plan, memory, a):
    """The face of its service that a request meets."""
    attempts = memory.attempts
    return plan.op_face[attempts.operation[a], population_of(attempts.number[a])]


@kernel
def asked_for(memory, a):
    """The population of the user for whom a request is made, and the user's number in it."""
    number = memory.attempts.number[a]
    return population_of(number), ordinal_of(number)


@kernel
def place_of(plan, memory, a):
    """Where whoever asks is: the place of its users, or of a nested request the region of its caller."""
    if is_nested(memory.attempts, a):
        return memory.attempts.asked_from[a, 0]
    return plan.pop_near[population_of(memory.attempts.number[a])]


@kernel
def door_mode(plan, world, face, region):
    """How a site's door looks; that of a load balancer stands while its region does."""
    if plan.site_balanced[plan.face_service[face], region]:
        return world.region_mode[region]
    return world.site_mode[face, region]


@kernel
def share_at(memory, face, region, i):
    """The share of requests that an instance of a site answers with a 5xx, by all that makes it err."""
    world = memory.world
    of_site = world.site_error_share[face, region]
    return of_site + world.instance_error_share[i] * (1.0 - of_site)


@kernel
def errs(plan, memory, a, share):
    """Draw whether the request is answered with a 5xx."""
    attempts = memory.attempts
    return (
        share > 0.0 and uniform_of(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 0, 2) < share
    )
