"""Hop: a service calls an operation of another one (docs/model-request-path.md §3.2).

Each try is a nested request: a job whose owner is the caller's, and which goes the whole way of the callee's
site. The caller's worker or environment is held meanwhile: by a slow callee, all of them (Nygard, *Release
It!*, 2018, "Blocked Threads").
"""

from simulator.boundary.causes import CIRCUIT_BREAKERS
from simulator.boundary.outcomes import (
    BLACK_HOLE,
    CONNECT_CALL,
    ERROR_CALL,
    OPEN_CALL,
    REFUSED,
    REFUSED_CALL,
    REFUSED_OUTCOME,
    RESET,
    SUCCEEDED,
    THROTTLED,
    THROTTLED_CALL,
    TIMEOUT_CALL,
    UNAUTHORIZED,
    UNKNOWN,
    UP,
)
from simulator.data_plane.deeds import deed_of_callee, hold
from simulator.data_plane.doors import door_mode, place_of
from simulator.data_plane.held import note, note_callee, stop_waiting
from simulator.data_plane.meeting import meet_link, reaches_site
from simulator.data_plane.network import delays_between_sites_ns
from simulator.data_plane.owners import CALLER, NOBODY
from simulator.data_plane.queue import CONNECT, PATH_SHIFT, REQUEST
from simulator.data_plane.tallies import watch, watched_store
from simulator.data_plane.work.call_state import ADMITTED, ASKS, COUNTED, HEARS, store_of
from simulator.data_plane.work.callers import ask_client, policy_of, remember_result
from simulator.data_plane.work.compute import is_lost, lose_work
from simulator.data_plane.work.endpoints import FINE, LATER, close_endpoint, is_connected, open_endpoint
from simulator.data_plane.work.jobs import answer, fall_silent, new_job, proceed, release_attempt
from simulator.data_plane.work.learning import give_up_call, learn_failure
from simulator.data_plane.work.progress import go_on
from simulator.kernels.compiling import kernel

_TRIES, _STEPS = 32, 16  # of a call, and of an operation, at most


@kernel
def call_service(plan, memory, a, place, t):
    """A try begins, or the caller's deadline has come, or a gateway's own answer."""
    attempts = memory.attempts
    if attempts.call_flags[a] & HEARS:
        hear(plan, memory, a, place, attempts.outcome[a], attempts.call_failure[a], t)
    elif is_lost(memory, a):
        lose_work(plan, memory, a, t)
    else:
        begin_service_try(plan, memory, a, place, t)


@kernel
def begin_service_try(plan, memory, a, place, t):
    """The caller's breaker and limiter let a try go, hold it back, or turn it away."""
    attempts, store = memory.attempts, store_of(plan, memory.attempts, a)
    note_callee(memory, a, store)
    verdict = FINE
    if not attempts.call_flags[a] & ADMITTED:
        verdict = ask_client(plan, memory, a, store, t)
    if verdict == LATER:
        return
    attempts.call_flags[a] &= ~ASKS
    if verdict == OPEN_CALL:
        fail_try(plan, memory, a, place, store, OPEN_CALL, t)
    else:
        ask_service(plan, memory, a, store, t)


# there


@kernel
def region_of_call(plan, attempts, a):
    """Where the service is that a job calls now: in a certain region, or in the caller's own."""
    to = plan.step_to[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]
    return attempts.region[a] if to < 0 else to


@kernel
def ask_service(plan, memory, a, store, t):
    """Send the first packet of a nested request: the request, or the opening of a connection."""
    attempts, instances, i = memory.attempts, memory.instances, memory.attempts.instance[a]
    c = new_nested(plan, memory, a)
    policy, region = policy_of(plan, attempts, a, store), attempts.region[c]
    resets = memory.world.site_resets[plan.op_service[attempts.operation[c]], region]
    attempts.call_begin_ns[a] = t
    memory.counts.asked[attempts.operation[c]] += 1
    meet_link(plan, memory, c, attempts.region[a], region)
    meet_link(plan, memory, c, region, attempts.region[a])
    attempts.forward_ns[c], attempts.backward_ns[c] = delays_between_sites_ns(
        plan, memory.world, attempts.number[c], attempts.attempt[c], attempts.region[a], region
    )
    if is_connected(plan, memory, i, store, policy, resets, t):
        attempts.reused[c], attempts.sent[c] = 1, 1
        attempts.resets[c] = instances.connection_resets[i, store]
        attempts.limit_ns[c, 0] = t + plan.policy_timeout_ns[policy]
        proceed(plan, memory, c, t + attempts.forward_ns[c], REQUEST)
    else:
        connect_ns = plan.policy_connect_timeout_ns[policy]
        attempts.limit_ns[c, 0] = t + (plan.policy_timeout_ns[policy] if connect_ns < 0 else connect_ns)
        proceed(plan, memory, c, t + attempts.forward_ns[c], CONNECT)


@kernel
def new_nested(plan, memory, a):
    """Take a slot for a request that a job makes, for its present step and try."""
    attempts, step = memory.attempts, memory.attempts.step[a]
    operation = plan.step_operation[plan.op_step_first[attempts.operation[a]] + step]
    c = new_job(attempts, operation, region_of_call(plan, attempts, a), CALLER)
    attempts.slot[c], attempts.number[c] = attempts.slot[a], attempts.number[a]
    attempts.attempt[c] = number_below(
        attempts.attempt[a], _STEPS * _TRIES, _TRIES * step + attempts.call_try[a]
    )
    attempts.action[c] = number_below(attempts.action[a], _STEPS, step)
    attempts.own_item[c], attempts.action_item[c] = attempts.own_item[a], attempts.action_item[a]
    attempts.token_issuer[c] = attempts.token_issuer[a]
    attempts.deed[c] = deed_of_callee(plan, memory, attempts.deed[a], step)
    hold(memory, attempts.deed[c])
    attempts.caller[c, 0], attempts.asked_from[c, 0] = a, attempts.region[a]
    return c


@kernel
def number_below(number, most, which):
    """The number of what is nested in a request or action; 0 above the attempt or action is a user's own."""
    path, own = number >> PATH_SHIFT, number & ((1 << PATH_SHIFT) - 1)
    return ((most + 1) * path + 1 + which) << PATH_SHIFT | own


@kernel
def connect_to_service(plan, memory, c, place, t):
    """The first packet of a new connection reaches the door of the callee's site."""
    attempts, world = memory.attempts, memory.world
    service, region = plan.op_service[attempts.operation[c]], attempts.region[c]
    arrives = reaches_site(plan, memory, c, place, service, region)
    mode = door_mode(plan, world, service, region)
    if arrives and mode == UP:
        meet_link(plan, memory, c, region, place)
    if not arrives or mode == BLACK_HOLE:
        fall_silent(plan, memory, c)
    elif mode == REFUSED:
        answer(plan, memory, c, t + attempts.backward_ns[c], REFUSED_OUTCOME)
    elif world.link_cut[region, place]:
        fall_silent(plan, memory, c)
    else:
        open_connection(plan, memory, c, world.site_resets[service, region], t)


@kernel
def open_connection(plan, memory, c, resets, t):
    """The handshakes go on: the request is sent after them, unless the caller has given up by then."""
    attempts, a = memory.attempts, memory.attempts.caller[c, 0]
    store = store_of(plan, attempts, a)
    policy = policy_of(plan, attempts, a, store)
    attempts.resets[c] = resets
    memory.counts.connections_opened[store, attempts.region[a]] += 1
    if not is_lost(memory, a):
        open_endpoint(plan, memory, attempts.instance[a], store, policy, resets, t)
    sent_ns = t + 2 * attempts.backward_ns[c] + attempts.forward_ns[c]
    if sent_ns > attempts.limit_ns[c, 0]:
        fall_silent(plan, memory, c)
        return
    attempts.sent[c] = 1
    if plan.policy_connect_timeout_ns[policy] >= 0:
        attempts.limit_ns[c, 0] = sent_ns + plan.policy_timeout_ns[policy]
    proceed(plan, memory, c, sent_ns + attempts.forward_ns[c], REQUEST)


# back


@kernel
def hear_response(plan, memory, c, t):
    """What a service has answered arrives at its caller."""
    attempts, a = memory.attempts, memory.attempts.caller[c, 0]
    attempts.outcome[a] = attempts.outcome[c]
    attempts.owner[c] = NOBODY
    release_attempt(plan, memory, c)
    hear(plan, memory, a, place_of(plan, memory, a), attempts.outcome[a], cause_of(attempts.outcome[a]), t)


@kernel
def cause_of(outcome):
    """Why a try failed that has been answered."""
    if outcome in (REFUSED_OUTCOME, RESET):
        return REFUSED_CALL
    return THROTTLED_CALL if outcome == THROTTLED else ERROR_CALL


@kernel
def hear(plan, memory, a, place, outcome, cause, t):
    """The caller hears what has become of its request, or its work is found lost."""
    attempts = memory.attempts
    operation = plan.step_operation[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]
    attempts.call_flags[a] &= ~HEARS
    memory.counts.answered[operation, outcome] += 1
    if is_lost(memory, a):
        lose_work(plan, memory, a, t)
        return
    store = store_of(plan, attempts, a)
    if plan.op_writes[operation] and outcome in (SUCCEEDED, UNKNOWN):
        attempts.ambiguous[a] = 1
    if outcome == SUCCEEDED:
        take_answer(plan, memory, a, store, t)
        return
    if cause in (CONNECT_CALL, TIMEOUT_CALL, REFUSED_CALL):
        close_endpoint(memory.instances, attempts.instance[a], store)
    else:
        memory.instances.connection_used_ns[attempts.instance[a], store] = t
    if outcome == UNAUTHORIZED:
        count_failure(plan, memory, a, store, cause)
        remember_result(plan, memory, a, store, 1, False, t)
        give_up_call(plan, memory, a, place, store, cause, t)
    else:
        fail_try(plan, memory, a, place, store, cause, t)


@kernel
def take_answer(plan, memory, a, store, t):
    """A success: on to the next step."""
    attempts = memory.attempts
    count_service_try(memory, a, store)
    stop_waiting(memory, a, t)
    memory.instances.connection_used_ns[attempts.instance[a], store] = t
    watch(memory, watched_store(plan, store, attempts.region[a]), t - attempts.call_begin_ns[a])
    remember_result(plan, memory, a, store, 0, False, t)
    go_on(plan, memory, a, attempts.step[a] + 1, t)


@kernel
def fail_try(plan, memory, a, place, store, cause, t):
    """A try has failed: another one, or the end of the work."""
    count_failure(plan, memory, a, store, cause)
    learn_failure(plan, memory, a, place, cause, t)


@kernel
def count_failure(plan, memory, a, store, cause):
    """Count a failed try; whoever waits for the caller is held by the service that it has called."""
    count_service_try(memory, a, store)
    memory.counts.call_failures[cause, store, memory.attempts.region[a]] += 1
    if cause == OPEN_CALL:
        note(memory, a, CIRCUIT_BREAKERS)
    else:
        note_callee(memory, a, store)


@kernel
def count_service_try(memory, a, store):
    """Count a try, and a call with its first."""
    attempts, region = memory.attempts, memory.attempts.region[a]
    memory.counts.calls[store, region] += not attempts.call_flags[a] & COUNTED
    memory.counts.call_tries[store, region] += 1
    attempts.call_flags[a] |= COUNTED
