"""How often a message is lost before it gets through."""

from simulator.kernels.compiling import entry


@entry(float, float, int)
def losses_in_a_row(loss, u, most):
    """How often a message is lost before it gets through: the largest n with u < loss^n, at most `most`."""
    n = 0
    chance = loss
    while n < most and u < chance:
        n += 1
        chance *= loss
    return n
