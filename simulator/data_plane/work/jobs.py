"""A job is work in a region, and this file says whose it is (docs/model.md §4).

An attempt's slot is a job. Its *owner* decides what happens at each end, and that is asked here: whether
anybody waits and until when, who hears of an answer, who learns of silence. A user's session owns a request
until its client or gateway gives up; then it is nobody's: it runs on, its writes take effect and its
instance stays busy, and its end is told to nobody. A nested request is owned by the job that has called
(docs/model-request-path.md §3.2): whoever waits for that one waits for both, and has a limit of its own.
"""

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import (
    CONNECT_CALL,
    ERROR_CALL,
    GATEWAY_TIMEOUT,
    SUCCEEDED,
    TIMEOUT,
    TIMEOUT_CALL,
    UNKNOWN,
)
from simulator.data_plane.deeds import hold, let_go
from simulator.data_plane.foreseen import foresee, is_foreseeable
from simulator.data_plane.owners import CALLER, NOBODY, SESSION
from simulator.data_plane.queue import (
    CONNECT,
    EXPIRY,
    PATH_SHIFT,
    QUEUE_LIMIT,
    RESPONSE,
    RESPONSE_PHASE,
    SERVER_PHASE,
    STEP,
    TIMER,
    TIMER_PHASE,
    is_of,
    order_of,
    push_nested,
)
from simulator.data_plane.work.call_state import HEARS
from simulator.data_plane.work.fronts import leave_with, limit_front, time_out_by
from simulator.kernels.compiling import kernel

QUEUED = 1  # state of an attempt that waits for a worker


@kernel
def new_attempt(memory, s, operation, region):
    """Take a slot for the session's next attempt."""
    attempts, sessions = memory.attempts, memory.sessions
    a = new_job(attempts, operation, region, SESSION)
    attempts.slot[a], attempts.number[a] = s, sessions.number[s]
    attempts.attempt[a], attempts.action[a] = sessions.attempts[s], sessions.actions[s] - 1
    attempts.own_item[a], attempts.action_item[a] = sessions.own_item[s], sessions.action_item[s]
    attempts.token_issuer[a] = sessions.token_issuer[s]
    attempts.deed[a] = sessions.deed[s]
    hold(memory, sessions.deed[s])
    return a


@kernel
def new_job(attempts, operation, region, owner):
    """Take a slot for a job on which nothing has been done."""
    count = attempts.free_count[0] - 1
    attempts.free_count[0] = count
    a = attempts.free[count]
    attempts.operation[a], attempts.region[a] = operation, region
    attempts.owner[a], attempts.sent[a], attempts.reused[a] = owner, 0, 0
    attempts.gateway_deadline_ns[a] = NEVER_NS
    attempts.compute_ns[a], attempts.ambiguous[a], attempts.state[a] = 0, 0, 0
    attempts.met[a], attempts.drawn[a] = 0, -1
    attempts.turned_away[a], attempts.call_flags[a] = 0, 0
    attempts.arrived_ns[a] = NEVER_NS
    return a


@kernel
def release_attempt(plan, memory, a):
    """Give an attempt's slot back."""
    attempts = memory.attempts
    let_go(plan, memory, attempts.deed[a])
    count = attempts.free_count[0]
    attempts.free[count] = a
    attempts.free_count[0] = count + 1


@kernel
def push_for(plan, memory, a, t, phase, kind, slot):
    """Schedule an event of an attempt; what would happen after the run is not needed."""
    if t < plan.duration_ns:
        number, attempt = memory.attempts.number[a], memory.attempts.attempt[a]
        order = order_of(number, attempt, phase)
        push_nested(memory.queue, t, order, attempt >> PATH_SHIFT, kind, slot)


@kernel
def foresee_for(plan, memory, a, t, phase, kind):
    """An event of an attempt is certain, and its session's alone: take it next, or schedule it."""
    attempts, foreseen = memory.attempts, memory.foreseen
    if is_foreseeable(foreseen, t):
        foresee(foreseen, t, order_of(attempts.number[a], attempts.attempt[a], phase), kind, a)
    else:
        push_for(plan, memory, a, t, phase, kind, a)


@kernel
def deadline_ns(memory, a):
    """Until when the owner waits."""
    if memory.attempts.owner[a] == CALLER:
        return memory.attempts.limit_ns[a, 0]
    return memory.sessions.deadline_ns[memory.attempts.slot[a]]


@kernel
def gateway_answers(memory, a):
    """Tell whether the gateway's own answer would reach the client in time."""
    attempts = memory.attempts
    if attempts.gateway_deadline_ns[a] >= NEVER_NS:
        return False
    return attempts.gateway_deadline_ns[a] + attempts.backward_ns[a] <= deadline_ns(memory, a)


@kernel
def give_up(plan, memory, a):
    """Nothing will arrive in time: the gateway, or else whoever waits, gives up, whatever the region does.

    From now on the job is nobody's.
    """
    if memory.attempts.owner[a] == SESSION:
        leave_session(plan, memory, a)
    elif memory.attempts.owner[a] == CALLER:
        caller = memory.attempts.caller[a, 0]
        give_up_before(plan, memory, caller, leave_caller(plan, memory, a))


@kernel
def give_up_before(plan, memory, a, t):
    """Nothing is heard of a job before t: whoever waits for it, or for its caller, until earlier gives up."""
    attempts = memory.attempts
    time_out_by(plan, memory, a, t)
    while attempts.owner[a] != NOBODY:
        late = t > min(deadline_ns(memory, a), attempts.gateway_deadline_ns[a])
        if attempts.owner[a] == SESSION:
            if late:
                leave_session(plan, memory, a)
            return
        caller = attempts.caller[a, 0]
        if late:
            t = leave_caller(plan, memory, a)
        a = caller
        time_out_by(plan, memory, a, t)


@kernel
def leave_session(plan, memory, a):
    """A user's client, or the gateway before it, gives up."""
    attempts, sessions = memory.attempts, memory.sessions
    s = attempts.slot[a]
    unknown = attempts.sent[a] and plan.op_writes[attempts.operation[a]]
    if gateway_answers(memory, a):
        sessions.last_outcome[s] = UNKNOWN if unknown else GATEWAY_TIMEOUT
        arrival_ns = attempts.gateway_deadline_ns[a] + attempts.backward_ns[a]
        push_for(plan, memory, a, arrival_ns, RESPONSE_PHASE, EXPIRY, s)
    else:
        sessions.last_outcome[s] = UNKNOWN if unknown else TIMEOUT
        push_for(plan, memory, a, sessions.deadline_ns[s], TIMER_PHASE, TIMER, s)
    attempts.owner[a] = NOBODY


@kernel
def leave_caller(plan, memory, a):
    """The job that has called, or the gateway in between, gives up; when the caller hears of that."""
    attempts = memory.attempts
    caller, phase = attempts.caller[a, 0], TIMER_PHASE
    unknown = attempts.sent[a] and plan.op_writes[attempts.operation[a]]
    outcome, t = TIMEOUT, attempts.limit_ns[a, 0]
    attempts.call_failure[caller] = TIMEOUT_CALL if attempts.sent[a] else CONNECT_CALL
    if gateway_answers(memory, a):
        outcome, phase, attempts.call_failure[caller] = GATEWAY_TIMEOUT, RESPONSE_PHASE, ERROR_CALL
        t = attempts.gateway_deadline_ns[a] + attempts.backward_ns[a]
    attempts.outcome[caller] = UNKNOWN if unknown else outcome
    attempts.call_flags[caller] |= HEARS
    push_for(plan, memory, a, t, phase, STEP, caller)
    attempts.owner[a] = NOBODY
    return t


@kernel
def waits_until_ns(memory, a):
    """When the gateway of a job, or else its owner, gives up."""
    return memory.attempts.gateway_deadline_ns[a] if gateway_answers(memory, a) else deadline_ns(memory, a)


@kernel
def limit_waiting(plan, memory, a):
    """A request waits for nobody knows how long: remember when the first who waits for it gives up."""
    limit_front(plan, memory, a)
    attempts, b, limit_ns = memory.attempts, a, NEVER_NS
    if attempts.owner[a] == NOBODY:
        return
    while attempts.owner[b] == CALLER:
        limit_ns = min(limit_ns, waits_until_ns(memory, b))
        b = attempts.caller[b, 0]
        limit_front(plan, memory, b)
    if attempts.owner[b] == SESSION:
        limit_ns = min(limit_ns, waits_until_ns(memory, b))
    push_for(plan, memory, a, limit_ns, TIMER_PHASE, QUEUE_LIMIT, a)


@kernel
def reach_limit(plan, memory, a, order, t):
    """One of those who wait for a request gives up, if it still waits for a worker."""
    attempts, b = memory.attempts, a
    if attempts.state[a] != QUEUED or not is_of(order, attempts.number[a], attempts.attempt[a]):
        return
    while attempts.owner[b] == CALLER and t < waits_until_ns(memory, b):
        b = attempts.caller[b, 0]
    if attempts.owner[b] != NOBODY and t >= waits_until_ns(memory, b):
        give_up(plan, memory, b)
    limit_waiting(plan, memory, a)


@kernel
def proceed(plan, memory, a, t, kind):
    """The attempt's next event in the region is at t; after the deadline the client will not see its end."""
    time_out_by(plan, memory, a, t)
    if memory.attempts.owner[a] != NOBODY:
        give_up_before(plan, memory, a, t)
        if kind == CONNECT and memory.attempts.owner[a] == NOBODY:
            release_attempt(plan, memory, a)
            return
        if kind == CONNECT and memory.attempts.owner[a] == SESSION:
            foresee_for(plan, memory, a, t, SERVER_PHASE, CONNECT)
            return
    if t < plan.duration_ns:
        push_for(plan, memory, a, t, SERVER_PHASE, kind, a)


@kernel
def fall_silent(plan, memory, a):
    """Nothing more comes back."""
    time_out_by(plan, memory, a, NEVER_NS)
    give_up(plan, memory, a)
    release_attempt(plan, memory, a)


@kernel
def answer(plan, memory, a, t, outcome):
    """Something arrives at the client at t: in time, too late, or for nobody."""
    attempts = memory.attempts
    leave_with(plan, memory, a, outcome, t - attempts.backward_ns[a])
    if attempts.owner[a] != NOBODY and t <= deadline_ns(memory, a):
        attempts.outcome[a] = outcome
        if attempts.owner[a] == SESSION and outcome == SUCCEEDED:
            foresee_for(plan, memory, a, t, RESPONSE_PHASE, RESPONSE)
            return
        push_for(plan, memory, a, t, RESPONSE_PHASE, RESPONSE, a)
        if attempts.owner[a] == CALLER:
            give_up_before(plan, memory, attempts.caller[a, 0], t)
    else:
        fall_silent(plan, memory, a)
