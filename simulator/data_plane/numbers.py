"""Numbers of sessions: a population, and the session's own among theirs (`simulator.boundary.kinds`)."""

from simulator.boundary.kinds import ORDINAL_BITS
from simulator.kernels.compiling import kernel


@kernel
def population_of(number):
    """The population of a session number."""
    return number >> ORDINAL_BITS


@kernel
def ordinal_of(number):
    """The number of a session among those of its population."""
    return number & ((1 << ORDINAL_BITS) - 1)


@kernel
def address_of(plan, population, ordinal):
    """The shared address from which a user of a population comes, by its number among all; -1: its own."""
    shared = plan.pop_addresses[population]
    return plan.pop_address_first[population] + ordinal % shared if shared else -1
