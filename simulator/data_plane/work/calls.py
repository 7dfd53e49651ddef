"""Hop: calls from an instance to the stores of its region, and to externals (docs/model-request-path.md §3).

Their tries, the fate of each, and what follows.
"""

from simulator.boundary.causes import (
    CIRCUIT_BREAKERS,
    COLD_CACHES,
    EXTERNALS,
    FENCED_WRITES,
    NAME_SERVERS,
    NEGATIVE_ANSWERS,
    NO_QUORUM,
    TABLE_LIMITS,
    WRITE_CONFLICTS,
)
from simulator.boundary.kinds import GET
from simulator.boundary.outcomes import (
    ABSENT_CALL,
    CONFLICT_CALL,
    CONNECT_CALL,
    DNS_CALL,
    ERROR_CALL,
    FENCED_CALL,
    OPEN_CALL,
    SUCCEEDED,
    THROTTLED_CALL,
    TIMEOUT_CALL,
)
from simulator.data_plane.held import note
from simulator.data_plane.meeting import meet_endpoint
from simulator.data_plane.queue import STEP
from simulator.data_plane.stores.conditions import REFUSED
from simulator.data_plane.stores.handlers import admits, fill, lacks_quorum, refusal_of, take_effect
from simulator.data_plane.stores.remembering import has_applied
from simulator.data_plane.stores.throughput import READS, WRITES
from simulator.data_plane.tallies import watch, watched_served, watched_store, window_of
from simulator.data_plane.work.call_state import (
    ADMITTED,
    ASKS,
    CACHE_FAILED,
    CONNECTED,
    COUNTED,
    FAILED,
    HEARS,
    LATE,
    MISSED,
    is_write,
    store_of,
)
from simulator.data_plane.work.callers import (
    ask_client,
    begin_round,
    begins_round,
    call_draw,
    policy_of,
    remember_result,
)
from simulator.data_plane.work.compute import end_work, is_lost, lose_work
from simulator.data_plane.work.endpoints import (
    FINE,
    LATER,
    close_endpoint,
    is_connected,
    leads_nowhere,
    open_connection,
    reach_endpoint,
)
from simulator.data_plane.work.jobs import proceed
from simulator.data_plane.work.learning import learn_failure, respond, turn_to_table
from simulator.data_plane.work.outside import (
    handshakes_ns,
    is_external,
    mode_when_connecting,
    number_of,
    reach_home,
)
from simulator.data_plane.work.passing import UNANSWERED, cause_of_passing, pass_on, serving_place
from simulator.data_plane.work.progress import go_on
from simulator.data_plane.work.service_calls import call_service
from simulator.kernels.compiling import kernel


@kernel
def end_step(plan, memory, a, place, t):
    """A try, or the last step, ends; work of an instance that has been lost since is lost."""
    attempts = memory.attempts
    if attempts.call_flags[a] & (ASKS | HEARS):
        call_service(plan, memory, a, place, t)
    elif is_lost(memory, a):
        lose_work(plan, memory, a, t)
    elif attempts.step[a] == plan.op_step_count[attempts.operation[a]]:
        end_work(plan, memory, a, t, False)
        respond(plan, memory, a, place, t, SUCCEEDED)
    elif attempts.call_flags[a] & FAILED:
        learn_failure(plan, memory, a, place, attempts.call_failure[a], t)
    else:
        end_try(plan, memory, a, place, t)


@kernel
def end_try(plan, memory, a, place, t):
    """Decide the fate of a try."""
    attempts, counts = memory.attempts, memory.counts
    store, region = store_of(plan, attempts, a), attempts.region[a]
    meet_endpoint(plan, memory, a, store, region)
    fate = fate_of(plan, memory, a, store, t)
    if fate == LATER:
        return
    counts.calls[store, region] += not attempts.call_flags[a] & COUNTED
    counts.call_tries[store, region] += 1
    attempts.call_flags[a] |= COUNTED
    if fate == FINE:
        learn_success(plan, memory, a, place, store, t)
        return
    if fate == REFUSED:
        learn_refusal(plan, memory, a, place, store, t)
        return
    counts.call_failures[fate, store, region] += 1
    note(memory, a, cause_of_call(plan, memory, a, store, fate, t))
    if is_external(plan, store):
        counts.window_external_failures[window_of(plan, t), number_of(plan, store)] += fate != OPEN_CALL
    if fate == ERROR_CALL and plan.metered:
        counts.store_errors[WRITES if is_write(plan, attempts, a) else READS, store, region] += 1
    if fate == THROTTLED_CALL:
        counts.store_throttled[WRITES if is_write(plan, attempts, a) else READS, store, region] += 1
    learned_ns = learning_ns(plan, attempts, a, store, fate, t)
    if learned_ns > t:
        attempts.call_flags[a] |= FAILED
        attempts.call_failure[a] = fate
        proceed(plan, memory, a, learned_ns, STEP)
    else:
        learn_failure(plan, memory, a, place, fate, t)


@kernel
def cause_of_call(plan, memory, a, store, fate, t):
    """What holds a request of which a try of a call has failed."""
    attempts = memory.attempts
    if is_external(plan, store):
        return CIRCUIT_BREAKERS if fate == OPEN_CALL else EXTERNALS
    if fate == THROTTLED_CALL:
        return COLD_CACHES if attempts.call_flags[a] & (MISSED | CACHE_FAILED) else TABLE_LIMITS
    if fate == DNS_CALL:
        is_empty = memory.world.endpoint_empty[store, attempts.region[a]]
        return NAME_SERVERS if is_empty else NEGATIVE_ANSWERS
    if fate == CONFLICT_CALL:
        return WRITE_CONFLICTS
    if fate == FENCED_CALL:
        return FENCED_WRITES
    if fate == ERROR_CALL and lacks_quorum(plan, memory, a, store, t):
        return NO_QUORUM
    return CIRCUIT_BREAKERS if fate == OPEN_CALL else cause_of_passing(plan, memory, a, store)


@kernel
def learning_ns(plan, attempts, a, store, cause, t):
    """When the caller learns of a failure: silence is learned by waiting."""
    policy, begin_ns = policy_of(plan, attempts, a, store), attempts.call_begin_ns[a]
    if cause == CONNECT_CALL and plan.policy_connect_timeout_ns[policy] >= 0:
        return max(t, begin_ns + plan.policy_connect_timeout_ns[policy])
    if cause in (CONNECT_CALL, TIMEOUT_CALL):
        return max(t, begin_ns + plan.policy_timeout_ns[policy])
    return t


@kernel
def fate_of(plan, memory, a, store, t):
    """FINE (what the step does has been done), the cause of a failure, or LATER."""
    attempts = memory.attempts
    if not attempts.call_flags[a] & ADMITTED:
        verdict = ask_client(plan, memory, a, store, t)
        if verdict != FINE:
            return verdict
    if not attempts.call_flags[a] & CONNECTED:
        verdict = ask_connection(plan, memory, a, store, t)
        if verdict != FINE:
            return verdict
    verdict = reach_endpoint(plan, memory, attempts.instance[a], store)
    if verdict != FINE:
        return verdict
    place = serving_place(plan, memory, a, store)
    if place != attempts.region[a]:
        verdict = pass_on(plan, memory, a, store, place)
    elif is_external(plan, store):
        verdict = reach_home(plan, memory, a, store)
    if verdict == UNANSWERED:
        return take_effect_unseen(plan, memory, a, store, place, t)
    return verdict if verdict != FINE else ask_store(plan, memory, a, store, place, t)


@kernel
def ask_connection(plan, memory, a, store, t):
    """A connection: the kept one, or a new one after its handshakes."""
    attempts = memory.attempts
    i, policy = attempts.instance[a], policy_of(plan, attempts, a, store)
    resets = memory.world.endpoint_resets[store, attempts.region[a]]
    if is_connected(plan, memory, i, store, policy, resets, t):
        attempts.call_flags[a] |= CONNECTED
        return FINE
    if leads_nowhere(plan, memory, i, store, t):
        return DNS_CALL
    takes_ns, limit_ns = handshakes_ns(plan, memory, a, store), plan.policy_connect_timeout_ns[policy]
    mode = mode_when_connecting(plan, memory, a, store, takes_ns, limit_ns)
    verdict = open_connection(plan, memory, i, store, policy, mode, t)
    if verdict != FINE:
        return verdict
    attempts.call_flags[a] |= CONNECTED
    if takes_ns == 0:
        return FINE
    proceed(plan, memory, a, t + takes_ns, STEP)
    return LATER


@kernel
def take_effect_unseen(plan, memory, a, store, place, t):
    """The answer is late, or will never come: what the call writes takes effect, if it is not fenced."""
    attempts = memory.attempts
    close_endpoint(memory.instances, attempts.instance[a], store)
    alone = lacks_quorum(plan, memory, a, store, t)  # a read, too, has asked, and meets what it finds
    if is_write(plan, attempts, a) and not memory.world.endpoint_fenced[store, place]:
        apply_unseen(plan, memory, a, store, alone, 1.0, t)
    return TIMEOUT_CALL


@kernel
def ask_store(plan, memory, a, store, place, t):
    """The store at its place: fenced, late, no quorum, an error, throttled, refused; else it takes effect."""
    attempts, writes = memory.attempts, is_write(plan, memory.attempts, a)
    if memory.world.endpoint_absent[store, place]:
        return ABSENT_CALL
    if writes and memory.world.endpoint_fenced[store, place]:
        return FENCED_CALL
    if attempts.call_flags[a] & LATE:
        return take_effect_unseen(plan, memory, a, store, place, t)
    alone = lacks_quorum(plan, memory, a, store, t)
    errs, throttled = shares_struck(memory.world, store, place)
    u = call_draw(plan, attempts, a, 1) if throttled > 0.0 else 1.0
    if alone or u < errs:
        if writes:
            apply_unseen(plan, memory, a, store, alone, plan.applied_share, t)
        return ERROR_CALL
    if u < throttled or not admits(plan, memory, a, store, writes, t):
        return THROTTLED_CALL
    refusal = refusal_of(plan, memory, a, store, writes, t)
    if refusal == FINE:
        have_effect(plan, memory, a, store, t)
    return refusal


@kernel
def apply_unseen(plan, memory, a, store, alone, share, t):
    """A write whose caller hears of a failure may take effect, if it could; `alone`: without a quorum."""
    memory.attempts.ambiguous[a] = 1
    applied = not alone and (share == 1.0 or call_draw(plan, memory.attempts, a, 2) < share)
    if applied and refusal_of(plan, memory, a, store, True, t) == FINE:
        have_effect(plan, memory, a, store, t)


@kernel
def shares_struck(world, store, region):
    """The share of calls that an endpoint answers with an error, and that share with those throttled."""
    errs = world.endpoint_error_share[store, region]
    return errs, errs + world.endpoint_throttle_share[store, region] * (1.0 - errs)


@kernel
def have_effect(plan, memory, a, store, t):
    """The step takes effect; a look into a cache may miss."""
    attempts = memory.attempts
    hit = take_effect(plan, memory, a, store, is_write(plan, attempts, a), t)
    if attempts.call_flags[a] & MISSED:
        fill(plan, memory, a, t)
    elif not hit:
        attempts.call_flags[a] |= MISSED


@kernel
def hear_answer(plan, memory, a, store, t):
    """The store has answered: the connection is good, and the client hears of a success."""
    attempts = memory.attempts
    memory.instances.connection_used_ns[attempts.instance[a], store] = t
    watch(memory, watched_store(plan, store, attempts.region[a]), t - attempts.call_begin_ns[a])
    remember_result(plan, memory, a, store, 0, False, t)


@kernel
def learn_success(plan, memory, a, place, store, t):
    """The caller has its answer: on to the next step, or to the table behind a cache that missed."""
    attempts = memory.attempts
    hear_answer(plan, memory, a, store, t)
    if plan.metered:
        writes = int(is_write(plan, attempts, a))
        watch(memory, watched_served(plan, store, attempts.region[a], writes), attempts.takes_ns[a])
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    looked = plan.step_kind[row] == GET and store == plan.step_store[row]
    if looked and attempts.call_flags[a] & MISSED and plan.step_miss[row] >= 0:
        turn_to_table(plan, memory, a, MISSED, t)
    else:
        go_on(plan, memory, a, attempts.step[a] + 1, t)


@kernel
def learn_refusal(plan, memory, a, place, store, t):
    """The caller hears that a condition does not hold: an answer, and the end of the work."""
    attempts, counts = memory.attempts, memory.counts
    region = attempts.region[a]
    counts.refused_conditions[store, region] += 1
    counts.refused_by_own[store, region] += has_applied(memory, a)
    hear_answer(plan, memory, a, store, t)
    if begins_round(plan, memory, a, store):
        begin_round(plan, memory, a, store, t)
        return
    end_work(plan, memory, a, t, False)
    respond(plan, memory, a, place, t, SUCCEEDED)
