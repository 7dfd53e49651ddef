"""Hop: the door of a site: a service in a region (docs/model.md §4.4)."""

from simulator.boundary.outcomes import BLACK_HOLE, ERROR, REFUSED, REFUSED_OUTCOME, RESET
from simulator.data_plane.meeting import reaches_site
from simulator.data_plane.way.gateway import enter_gateway
from simulator.data_plane.work.compute import dispatch
from simulator.data_plane.work.jobs import answer, fall_silent
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, uniform_of


@kernel
def receive_request(plan, memory, a, place, t):
    """The request reaches the site's door."""
    attempts, world = memory.attempts, memory.world
    region, back_ns = attempts.region[a], t + attempts.backward_ns[a]
    service = plan.op_service[attempts.operation[a]]
    arrives = reaches_site(plan, memory, a, place, service, region)
    if not arrives or world.site_mode[service, region] == BLACK_HOLE:
        fall_silent(plan, memory, a)
    elif world.site_mode[service, region] == REFUSED:
        answer(plan, memory, a, back_ns, RESET if attempts.reused[a] else REFUSED_OUTCOME)
    elif world.site_resets[service, region] != attempts.resets[a]:
        answer(plan, memory, a, back_ns, RESET)
    elif errs(plan, memory, a, world.site_error_share[service, region]):
        answer(plan, memory, a, back_ns, ERROR)
    elif plan.site_gateway[service, region]:
        enter_gateway(plan, memory, a, t)
    else:
        dispatch(plan, memory, a, t)


@kernel
def errs(plan, memory, a, share):
    """Draw whether the request is answered with a 5xx."""
    attempts = memory.attempts
    return (
        share > 0.0 and uniform_of(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 0, 2) < share
    )
