"""Hop: load shedding at a service's door, or at CloudFront.

Rules: docs/model-request-path.md §1.2; Beyer and others, *Site Reliability Engineering*, ch. 21.
"""

from simulator.boundary.causes import SHEDDING
from simulator.boundary.kinds import AT_CLOUDFRONT
from simulator.boundary.outcomes import OVERLOADED
from simulator.data_plane.held import note
from simulator.data_plane.numbers import population_of
from simulator.data_plane.owners import is_nested
from simulator.data_plane.work.jobs import answer
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, uniform_of

_LANE, _FIRST_WORD = 2, 2  # the next word at CloudFront


@kernel
def sheds(plan, memory, a, region, where, t):
    """A request is where load may be shed: tell whether that has answered it."""
    if plan.sheds == 0:
        return False
    attempts = memory.attempts
    if where == AT_CLOUDFRONT and is_nested(attempts, a):
        return False
    operation, population = attempts.operation[a], population_of(attempts.number[a])
    share = memory.world.shed_share[where, operation, region, population]
    if share == 0.0:
        return False
    word = _FIRST_WORD + where
    if uniform_of(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], _LANE, word) >= share:
        return False
    memory.counts.shed[where, plan.op_service[operation], region, population] += 1
    note(memory, a, SHEDDING)
    answer(plan, memory, a, t + attempts.backward_ns[a], OVERLOADED)
    return True
