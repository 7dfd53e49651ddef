"""Hop: a content network: its edge near the users, its origins, and the failover between them.

Rules: docs/model-request-path.md §7; Amazon CloudFront developer guide,
*high_availability_origin_failover*.
"""

from simulator.boundary.causes import NEGATIVE_ANSWERS, STORES
from simulator.boundary.kinds import AT_CLOUDFRONT
from simulator.boundary.outcomes import BLACK_HOLE, ERROR, REFUSED, SUCCEEDED, UNKNOWN, UP
from simulator.data_plane.held import note
from simulator.data_plane.meeting import meet_endpoint, meet_host, meet_link
from simulator.data_plane.network import jitter_of
from simulator.data_plane.queue import ORIGIN
from simulator.data_plane.stores.damage import mislead
from simulator.data_plane.stores.handlers import take_effect
from simulator.data_plane.stores.items import step_item
from simulator.data_plane.tallies import window_of
from simulator.data_plane.way.shedding import sheds
from simulator.data_plane.way.web_acl import turns_away
from simulator.data_plane.work.fronts import arrive
from simulator.data_plane.work.jobs import answer, proceed
from simulator.kernels.bits import quotient
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, CALL, nanoseconds, sample, uniform_of, words
from simulator.randomness.draws import STEP as STEP_STREAM

# where an attempt stands, in the place of a step
_UNDER_WAY, _GIVEN_UP, _ANSWERED, _RETURNED = 0, -1, -2, -3

_ANY_REGION = 0  # what stands at CloudFront is before all

_AN_OBJECT, _AN_ERROR, _DAMAGED = 0, 1, 2  # what an edge keeps


@kernel
def edge_delay_ns(plan, place, last_mile_ns, jitter_word):
    """One way between a user and the edge at the same place."""
    return quotient(last_mile_ns, 2) + nanoseconds(
        plan.rtt_ns[place, place] / 2 * jitter_of(plan, jitter_word)
    )


@kernel
def origin_delay_ns(plan, memory, a, place, region):
    """One way between the edge at a place and an origin."""
    attempts = memory.attempts
    word = words(plan.seed, ATTEMPT, attempts.number[a], attempts.attempt[a], 0)[0]
    return nanoseconds(plan.rtt_ns[place, region] / 2 * jitter_of(plan, word))


@kernel
def origin_region(plan, memory, a):
    """The region of the origin that an attempt asks now."""
    cdn = plan.op_cdn[memory.attempts.operation[a]]
    return plan.origin_region[plan.cdn_origin_first[cdn] + memory.attempts.origin[a]]


@kernel
def bucket_of(plan, memory, a):
    """The bucket behind the content network."""
    return plan.step_store[plan.op_step_first[memory.attempts.operation[a]]]


@kernel
def puts(plan, memory, a):
    """Tell whether the operation writes an object."""
    return plan.step_writes[plan.op_step_first[memory.attempts.operation[a]]] != 0


@kernel
def entry_of(plan, memory, a):
    """The object's entry in the edges' caches."""
    store = bucket_of(plan, memory, a)
    first = plan.cdn_entry_first[plan.op_cdn[memory.attempts.operation[a]]]
    return first + step_item(plan, memory, a, store) - plan.store_item_first[store]


@kernel
def reach_edge(plan, memory, a, place, t):
    """A request is at the edge: answered from its cache, or passed on to the first origin."""
    attempts, edges, counts = memory.attempts, memory.edges, memory.counts
    attempts.step[a], attempts.origin[a] = 0, 0
    arrive(plan, memory, a, t)
    if turns_away(plan, memory, a, _ANY_REGION, AT_CLOUDFRONT, t):
        return
    if not puts(plan, memory, a):
        entry = entry_of(plan, memory, a)
        if t < edges.expiry_ns[entry, place]:
            kept = edges.failed[entry, place]
            if kept == _AN_ERROR:
                counts.edge_errors[0] += 1
                note(memory, a, NEGATIVE_ANSWERS)
            else:
                counts.edge_hits[0] += 1
            if kept == _DAMAGED:
                counts.edge_wrong[0] += 1
                mislead(plan, memory, a, bucket_of(plan, memory, a))
            outcome = ERROR if kept == _AN_ERROR else SUCCEEDED
            answer(plan, memory, a, t + attempts.backward_ns[a], outcome)
            return
    if sheds(plan, memory, a, _ANY_REGION, AT_CLOUDFRONT, t):
        return
    if not puts(plan, memory, a):
        counts.edge_misses[0] += 1
        counts.window_cold[window_of(plan, t)] += 1
    ask_origin(plan, memory, a, place, t)


@kernel
def ask_origin(plan, memory, a, place, t):
    """The edge asks an origin."""
    attempts = memory.attempts
    attempts.step[a], attempts.call_begin_ns[a] = _UNDER_WAY, t
    memory.counts.origin_failovers[0] += attempts.origin[a] > 0
    way_ns = origin_delay_ns(plan, memory, a, place, origin_region(plan, memory, a))
    proceed(plan, memory, a, t + way_ns, ORIGIN)


@kernel
def come_to(plan, memory, a, state, t):
    """Something of an attempt is at the edge again at t."""
    memory.attempts.step[a] = state
    if state != _RETURNED:
        note(memory, a, STORES)
    proceed(plan, memory, a, t, ORIGIN)


@kernel
def meet_origin(plan, memory, a, place, t):
    """A request is where the origin is; or its answer, or the end of the edge's patience, is at the edge."""
    state = memory.attempts.step[a]
    if state == _UNDER_WAY:
        knock_at_origin(plan, memory, a, place, t)
    elif state == _RETURNED:
        memory.attempts.step[a] = 0
        if not puts(plan, memory, a):
            kept = _DAMAGED if memory.attempts.wrong[a] else _AN_OBJECT
            keep_at_edge(plan, memory, a, place, kept, t)
        answer(plan, memory, a, t + memory.attempts.backward_ns[a], SUCCEEDED)
    else:
        leave_origin(plan, memory, a, place, state == _ANSWERED, t)


@kernel
def knock_at_origin(plan, memory, a, place, t):
    """The fate of a request at an origin."""
    attempts, world = memory.attempts, memory.world
    region, store, cdn = (
        origin_region(plan, memory, a),
        bucket_of(plan, memory, a),
        plan.op_cdn[attempts.operation[a]],
    )
    way_ns = t - attempts.call_begin_ns[a]
    meet_link(plan, memory, a, place, region)
    if not world.link_cut[place, region]:
        meet_endpoint(plan, memory, a, store, region)
        meet_host(plan, memory, a, region)
    endpoint, host = world.endpoint_mode[store, region], world.region_mode[region]
    if world.link_cut[place, region] or endpoint == BLACK_HOLE or host == BLACK_HOLE:
        wait_ns = plan.cdn_attempts[cdn] * plan.cdn_connect_timeout_ns[cdn]
        come_to(plan, memory, a, _GIVEN_UP, max(attempts.call_begin_ns[a] + wait_ns, t))
    elif endpoint == REFUSED or host != UP:
        come_to(plan, memory, a, _GIVEN_UP, t + way_ns)
    elif errs_at_origin(plan, memory, a, world.endpoint_error_share[store, region]):
        come_to(plan, memory, a, _ANSWERED, t + way_ns)
    else:
        be_served(plan, memory, a, store, region, way_ns, t)


@kernel
def errs_at_origin(plan, memory, a, share):
    """Draw whether an origin answers with a 5xx."""
    attempts = memory.attempts
    if share == 0.0:
        return False
    lane = 64 * attempts.origin[a]
    return uniform_of(plan.seed, CALL, attempts.number[a], attempts.attempt[a], lane, 1) < share


@kernel
def be_served(plan, memory, a, store, region, way_ns, t):
    """The origin reads or writes the object."""
    attempts = memory.attempts
    attempts.region[a] = region  # of the bucket that is read or written
    take_effect(plan, memory, a, store, puts(plan, memory, a), t)
    come_to(plan, memory, a, _RETURNED, t + way_ns + object_ns(plan, memory, a, store, region))


@kernel
def object_ns(plan, memory, a, store, region):
    """How long the bucket takes for an object, as slow as it is now."""
    attempts, world = memory.attempts, memory.world
    dist = plan.step_dist[plan.op_step_first[attempts.operation[a]]]
    u = uniform_of(plan.seed, STEP_STREAM, attempts.number[a], attempts.attempt[a], 0, 0)
    sampled = sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], u)
    return nanoseconds(sampled * world.endpoint_factor[store, region]) + world.endpoint_add_ns[store, region]


@kernel
def keep_at_edge(plan, memory, a, place, kept, t):
    """The edge caches an object, or an error, from t."""
    entry, cdn = entry_of(plan, memory, a), plan.op_cdn[memory.attempts.operation[a]]
    memory.edges.failed[entry, place] = kept
    memory.edges.expiry_ns[entry, place] = t + (
        plan.cdn_error_ttl_ns[cdn] if kept == _AN_ERROR else plan.cdn_ttl_ns[cdn]
    )


@kernel
def leave_origin(plan, memory, a, place, answered, t):
    """The edge has given an origin up: the next one for reads, or the end."""
    attempts, cdn = memory.attempts, plan.op_cdn[memory.attempts.operation[a]]
    attempts.step[a] = 0
    if puts(plan, memory, a):
        answer(plan, memory, a, t + attempts.backward_ns[a], UNKNOWN if answered else ERROR)
    elif attempts.origin[a] + 1 < plan.cdn_origin_count[cdn]:
        attempts.origin[a] += 1
        ask_origin(plan, memory, a, place, t)
    else:
        keep_at_edge(plan, memory, a, place, _AN_ERROR, t)
        answer(plan, memory, a, t + attempts.backward_ns[a], ERROR)
