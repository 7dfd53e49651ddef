"""Hop: the gateway: token buckets, then the authorizer, then the way to the compute.

Rules: docs/model-request-path.md §1; Amazon API Gateway developer guide, *request throttling*: method, stage,
account; 10,000 requests a second and account.
"""

from simulator.boundary.causes import GATEWAY_LIMITS, NO_OTHER_ANSWER
from simulator.boundary.kinds import GATEWAY, NEVER_NS
from simulator.boundary.outcomes import RESET, STATUS_4XX, THROTTLED, UNAUTHORIZED, UP
from simulator.data_plane.doors import door_mode, face_of
from simulator.data_plane.held import note
from simulator.data_plane.identity import judge_at_gateway
from simulator.data_plane.meeting import meet_site
from simulator.data_plane.queue import VERIFIED
from simulator.data_plane.token_buckets import take
from simulator.data_plane.work.compute import dispatch
from simulator.data_plane.work.fronts import leave_later
from simulator.data_plane.work.jobs import answer, fall_silent, proceed
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, nanoseconds, sample, uniform, words

METHOD, STAGE, ACCOUNT, PASSED = 0, 1, 2, 3


@kernel
def pass_buckets(plan, memory, operation, service, region, t):
    """Ask method, stage and account in turn; the number of the one that has no token, or PASSED."""
    buckets = memory.token_buckets
    gap_ns = plan.method_gap_ns[operation, region]
    if gap_ns > 0 and not take(
        buckets.method, operation, region, gap_ns, plan.method_slack_ns[operation, region], t
    ):
        return METHOD
    gap_ns = plan.stage_gap_ns[service, region]
    if gap_ns > 0 and not take(
        buckets.stage, service, region, gap_ns, plan.stage_slack_ns[service, region], t
    ):
        return STAGE
    gap_ns, slack_ns = plan.account_gap_ns[region], plan.account_slack_ns[region]
    return PASSED if take(buckets.account, 0, region, gap_ns, slack_ns, t) else ACCOUNT


@kernel
def enter_gateway(plan, memory, a, t):
    """A request that the door has let in meets the gateway."""
    attempts = memory.attempts
    region = attempts.region[a]
    service = plan.op_service[attempts.operation[a]]
    full = pass_buckets(plan, memory, attempts.operation[a], service, region, t)
    if full != PASSED:
        memory.counts.gateway_throttled[full, service, region] += 1
        note(memory, a, GATEWAY_LIMITS)
        answer(plan, memory, a, t + attempts.backward_ns[a], THROTTLED)
        return
    w = words(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 2)
    delay_ns, accepted = 0, True
    if plan.service_verifies[service] == GATEWAY:
        delay_ns, accepted = judge_at_gateway(plan, memory, a, region, uniform(w[0]), t)
    if not accepted and delay_ns <= plan.service_timeout_ns[service]:
        leave_later(plan, memory, a, STATUS_4XX, t + delay_ns)
        answer(plan, memory, a, t + delay_ns + attempts.backward_ns[a], UNAUTHORIZED)
        return
    set_deadline(plan, memory, a, service, w[1], t)
    if not accepted:
        fall_silent(plan, memory, a)
    elif delay_ns > 0:
        proceed(plan, memory, a, t + delay_ns, VERIFIED)
    else:
        dispatch(plan, memory, a, t)


@kernel
def set_deadline(plan, memory, a, service, overhead_word, t):
    """From here on the gateway adds its overhead, and waits only so long."""
    attempts, dist = memory.attempts, plan.service_overhead[service]
    overhead = sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], uniform(overhead_word))
    attempts.overhead_ns[a] = nanoseconds(overhead)
    attempts.backward_ns[a] += attempts.overhead_ns[a]
    if plan.service_timeout_ns[service] < NEVER_NS:
        attempts.gateway_deadline_ns[a] = t + plan.service_timeout_ns[service]


@kernel
def leave_authorizer(plan, memory, a, t):
    """The keys have been fetched: on to the compute, if the site still stands."""
    attempts, world = memory.attempts, memory.world
    service, region = plan.op_service[attempts.operation[a]], attempts.region[a]
    face = face_of(plan, memory, a)
    meet_site(plan, memory, a, face, region)
    if door_mode(plan, world, face, region) == UP:
        dispatch(plan, memory, a, t)
    elif world.site_resets[service, region] != attempts.resets[a]:
        answer(plan, memory, a, t + attempts.backward_ns[a], RESET)
    else:
        attempts.gateway_deadline_ns[a] = NEVER_NS
        note(memory, a, NO_OTHER_ANSWER)
        fall_silent(plan, memory, a)
