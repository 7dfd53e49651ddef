"""Work of an instance on a request: its start, and what comes next (docs/model-request-path.md §2, §3)."""

from simulator.boundary.kinds import COMPUTE, INSTANCE, LAMBDA, NEVER_NS, SERVICE
from simulator.data_plane.doors import errs, face_of, share_at
from simulator.data_plane.identity import judge_at_instance
from simulator.data_plane.meeting import meet_endpoint, meet_instance, meet_site
from simulator.data_plane.queue import ERRED, REJECTED, STEP
from simulator.data_plane.stores.items import come_nearer
from simulator.data_plane.stores.strong import quorum_ns
from simulator.data_plane.work.call_state import (
    ASKS,
    CACHE_FAILED,
    COUNTED,
    LATE,
    MISSED,
    call_lane,
    store_of,
)
from simulator.data_plane.work.fronts import note_peak
from simulator.data_plane.work.jobs import proceed
from simulator.data_plane.work.outside import is_external, way_ns
from simulator.data_plane.work.passing import NOWHERE, round_trip_ns, serving_place
from simulator.kernels.bits import quotient, remainder
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import CALL, nanoseconds, sample, uniform, uniform_of, words
from simulator.randomness.draws import STEP as STEP_STREAM
from simulator.times import AGES_NS


@kernel
def start_work(plan, memory, a, i, init_ns, t):
    """An instance takes a request."""
    attempts, world, sites, counts = memory.attempts, memory.world, memory.sites, memory.counts
    service, region = plan.op_service[attempts.operation[a]], attempts.region[a]
    face = face_of(plan, memory, a)
    meet_site(plan, memory, a, face, region)
    attempts.instance[a], attempts.generation[a] = i, memory.instances.generation[i]
    meet_instance(plan, memory, a, i)
    attempts.factor[a] = world.site_factor[face, region] * world.instance_factor[i]
    attempts.started_ns[a] = t
    if plan.conditions:
        attempts.rounds[a, 0] = 0
    memory.instances.busy[i] += 1
    if plan.metered:
        attempts.initial_ns[a] = init_ns
        note_peak(plan, memory, service, region, t)
    sites.in_use[service, region] += 1
    if plan.metered:
        note_peak(plan, memory, service, region, t)
    counts.started[service, region] += 1
    counts.peak_in_use[service, region] = max(
        counts.peak_in_use[service, region], sites.in_use[service, region]
    )
    begin_ns = t + init_ns
    if plan.service_verifies[service] == INSTANCE:
        delay_ns, accepted = judge_at_instance(plan, memory, a, i, t)
        begin_ns += delay_ns
        if not accepted:
            proceed(plan, memory, a, begin_ns, REJECTED)
            return
    if world.instance_error_share[i] > 0.0 and fails_at_once(plan, memory, a, face, i):
        proceed(plan, memory, a, begin_ns, ERRED)
        return
    add_ns = min(world.site_add_ns[face, region] + world.instance_add_ns[i], AGES_NS)
    go_on(plan, memory, a, 0, begin_ns + add_ns)


@kernel
def fails_at_once(plan, memory, a, face, i):
    """Draw whether an environment errs; of nodes and what has no limits the load balancer has asked that."""
    service, region = plan.face_service[face], plan.instance_region[i]
    is_function = plan.site_compute[service, region] == LAMBDA
    return is_function and errs(plan, memory, a, share_at(memory, face, region, i))


@kernel
def compute_step_ns(plan, attempts, a, row, step):
    """How long a compute step takes."""
    u, dist = uniform_of_step(plan, attempts, a, step), plan.step_dist[row]
    return nanoseconds(
        sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], u) * attempts.factor[a]
    )


@kernel
def uniform_of_step(plan, attempts, a, step):
    """The uniform number of a step. A block of draws is that of four steps, so the attempt keeps it."""
    block = quotient(step, 4)
    if attempts.drawn[a] != block:
        attempts.drawn[a] = block
        w = words(plan.seed, STEP_STREAM, attempts.number[a], attempts.attempt[a], block)
        attempts.draws[a, 0], attempts.draws[a, 1] = uniform(w[0]), uniform(w[1])
        attempts.draws[a, 2], attempts.draws[a, 3] = uniform(w[2]), uniform(w[3])
    return attempts.draws[a, remainder(step, 4)]


@kernel
def go_on(plan, memory, a, step, t):
    """Do the steps from `step` on: compute for a while, then call a store, or end."""
    attempts = memory.attempts
    operation = attempts.operation[a]
    first, count = plan.op_step_first[operation], plan.op_step_count[operation]
    while step < count and plan.step_kind[first + step] == COMPUTE:
        took_ns = compute_step_ns(plan, attempts, a, first + step, step)
        attempts.compute_ns[a] = min(attempts.compute_ns[a] + took_ns, NEVER_NS)
        t = min(t + took_ns, NEVER_NS)
        step += 1
    attempts.step[a] = step
    if step < count:
        attempts.call_flags[a], attempts.retry_cost[a] = 0, -1
        schedule_try(plan, memory, a, 0, t)
    else:
        proceed(plan, memory, a, t, STEP)


@kernel
def _try_quantile(plan, attempts, a):
    """The uniform number that picks how long a try takes."""
    behind = attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    if attempts.call_try[a] == 0 and not behind:
        return uniform_of_step(plan, attempts, a, attempts.step[a])
    return uniform_of(plan.seed, CALL, attempts.number[a], attempts.attempt[a], call_lane(attempts, a), 0)


@kernel
def _takes_ns(plan, memory, a, store):
    """How long a try takes, as slow as the endpoint is now."""
    attempts, world = memory.attempts, memory.world
    row, region = plan.op_step_first[attempts.operation[a]] + attempts.step[a], attempts.region[a]
    place = serving_place(plan, memory, a, store)
    if place == NOWHERE:
        place = region
    behind = attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    dist = plan.step_miss_dist[row] if behind else plan.step_dist[row]
    sampled = sample(
        plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], _try_quantile(plan, attempts, a)
    )
    slowed = sampled * attempts.factor[a] * world.endpoint_factor[store, place]
    takes_ns = nanoseconds(slowed) + world.endpoint_add_ns[store, place]
    if plan.step_quorum[row]:
        takes_ns += quorum_ns(plan, memory, a, store)
    if is_external(plan, store):
        return takes_ns + way_ns(plan, memory, a, store, 0)
    return takes_ns if place == region else takes_ns + round_trip_ns(plan, memory, a, place)


@kernel
def schedule_try(plan, memory, a, number, begin_ns):
    """Schedule the end of a try that begins at `begin_ns`: when it is answered, or at its read timeout.

    Of a call of a service, its begin: what becomes of it, others decide.
    """
    attempts = memory.attempts
    attempts.call_try[a], attempts.call_begin_ns[a] = number, begin_ns
    attempts.call_flags[a] &= MISSED | CACHE_FAILED | COUNTED
    store = store_of(plan, attempts, a)
    if plan.store_kind[store] == SERVICE:
        attempts.call_flags[a] |= ASKS
        proceed(plan, memory, a, begin_ns, STEP)
        return
    meet_endpoint(plan, memory, a, store, attempts.region[a])
    come_nearer(plan, memory, a, store)
    takes_ns = _takes_ns(plan, memory, a, store)
    attempts.takes_ns[a] = takes_ns
    timeout_ns = plan.policy_timeout_ns[plan.call_policy[plan.op_service[attempts.operation[a]], store]]
    if takes_ns > timeout_ns:
        attempts.call_flags[a] |= LATE
        takes_ns = timeout_ns
    proceed(plan, memory, a, begin_ns + takes_ns, STEP)
