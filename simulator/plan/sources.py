"""How long something takes, as a plan has it."""

from simulator.randomness.distributions import CONSTANT

Lowered = tuple[int, float, float]
"""Kind and parameters of a distribution, in nanoseconds."""

AT_ONCE: Lowered = (CONSTANT, 0.0, 0.0)
"""No time."""
