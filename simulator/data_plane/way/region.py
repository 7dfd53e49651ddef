"""Hop: the door of a site: a service in a region (docs/model.md §4.4)."""

from simulator.boundary.causes import ERRORS, KEPT_CONNECTIONS, NO_OTHER_ANSWER
from simulator.boundary.kinds import AT_CLOUDFRONT, REGIONAL
from simulator.boundary.outcomes import BLACK_HOLE, ERROR, REFUSED, REFUSED_OUTCOME, RESET
from simulator.data_plane.doors import door_mode, errs, face_of
from simulator.data_plane.held import note
from simulator.data_plane.meeting import reaches_site
from simulator.data_plane.way.gateway import enter_gateway
from simulator.data_plane.way.shedding import sheds
from simulator.data_plane.way.web_acl import turns_away
from simulator.data_plane.work.compute import dispatch
from simulator.data_plane.work.fronts import arrive
from simulator.data_plane.work.jobs import answer, fall_silent
from simulator.kernels.compiling import kernel


@kernel
def receive_request(plan, memory, a, place, t):
    """The request reaches the site's door."""
    attempts, world = memory.attempts, memory.world
    region, back_ns = attempts.region[a], t + attempts.backward_ns[a]
    if turns_away(plan, memory, a, region, AT_CLOUDFRONT, t):
        return
    if sheds(plan, memory, a, region, AT_CLOUDFRONT, t):
        return
    arrive(plan, memory, a, t)
    service, face = plan.op_service[attempts.operation[a]], face_of(plan, memory, a)
    arrives = reaches_site(plan, memory, a, place, face, region)
    mode = door_mode(plan, world, face, region)
    if not arrives or mode == BLACK_HOLE:
        note(memory, a, NO_OTHER_ANSWER)
        fall_silent(plan, memory, a)
    elif mode == REFUSED:
        answer(plan, memory, a, back_ns, RESET if attempts.reused[a] else REFUSED_OUTCOME)
    elif world.site_resets[service, region] != attempts.resets[a]:
        note(memory, a, KEPT_CONNECTIONS)
        answer(plan, memory, a, back_ns, RESET)
    elif turns_away(plan, memory, a, region, REGIONAL, t) or sheds(plan, memory, a, region, REGIONAL, t):
        return
    elif errs_at_door(plan, memory, a, service, face, region):
        note(memory, a, ERRORS)
        memory.counts.door_errors[service, region] += plan.metered
        answer(plan, memory, a, back_ns, ERROR)
    elif plan.site_gateway[service, region]:
        enter_gateway(plan, memory, a, t)
    else:
        dispatch(plan, memory, a, t)


@kernel
def errs_at_door(plan, memory, a, service, face, region):
    """Draw whether the door answers with a 5xx; behind a load balancer that is for its targets to do."""
    if plan.site_balanced[service, region]:
        return False
    return errs(plan, memory, a, memory.world.site_error_share[face, region])
