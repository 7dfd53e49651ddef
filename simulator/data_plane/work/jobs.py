"""A job is work in a region, and this file says whose it is (docs/model.md §4).

An attempt's slot is a job. Its *owner* decides what happens at each end, and that is asked here: whether
anybody waits and until when, who hears of an answer, who learns of silence. A user's session owns a request
until its client or gateway gives up; then it is nobody's: it runs on, its writes take effect and its
instance stays busy, and its end is told to nobody.
"""

from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import GATEWAY_TIMEOUT, TIMEOUT, UNKNOWN
from simulator.data_plane.deeds import hold, let_go
from simulator.data_plane.owners import NOBODY, SESSION, is_awaited
from simulator.data_plane.queue import (
    CONNECT,
    EXPIRY,
    QUEUE_LIMIT,
    RESPONSE,
    RESPONSE_PHASE,
    SERVER_PHASE,
    TIMER,
    TIMER_PHASE,
    is_of,
    order_of,
    push,
)
from simulator.data_plane.work.fronts import leave_with, limit_front, time_out_by
from simulator.kernels.compiling import kernel

QUEUED = 1  # state of an attempt that waits for a worker


@kernel
def new_attempt(memory, s, operation, region):
    """Take a slot for the session's next attempt."""
    attempts, sessions = memory.attempts, memory.sessions
    count = attempts.free_count[0] - 1
    attempts.free_count[0] = count
    a = attempts.free[count]
    attempts.slot[a], attempts.number[a] = s, sessions.number[s]
    attempts.attempt[a], attempts.action[a] = sessions.attempts[s], sessions.actions[s] - 1
    attempts.own_item[a], attempts.action_item[a] = sessions.own_item[s], sessions.action_item[s]
    attempts.operation[a], attempts.region[a] = operation, region
    attempts.owner[a], attempts.sent[a], attempts.reused[a] = SESSION, 0, 0
    attempts.token_issuer[a], attempts.gateway_deadline_ns[a] = sessions.token_issuer[s], NEVER_NS
    attempts.deed[a] = sessions.deed[s]
    hold(memory, sessions.deed[s])
    attempts.compute_ns[a], attempts.ambiguous[a], attempts.state[a] = 0, 0, 0
    attempts.met[a] = 0
    attempts.turned_away[a] = 0
    attempts.arrived_ns[a] = NEVER_NS
    return a


@kernel
def release_attempt(memory, a):
    """Give an attempt's slot back."""
    attempts = memory.attempts
    let_go(memory, attempts.deed[a])
    count = attempts.free_count[0]
    attempts.free[count] = a
    attempts.free_count[0] = count + 1


@kernel
def push_for(plan, memory, a, t, phase, kind, slot):
    """Schedule an event of an attempt; what would happen after the run is not needed."""
    if t < plan.duration_ns:
        push(
            memory.queue,
            t,
            order_of(memory.attempts.number[a], memory.attempts.attempt[a], phase),
            kind,
            slot,
        )


@kernel
def deadline_ns(memory, a):
    """Until when the owner waits."""
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
    """Nothing will arrive in time: the gateway, or else the client, gives up, whatever the region does.

    From now on the job is nobody's.
    """
    attempts, sessions = memory.attempts, memory.sessions
    if not is_awaited(memory, a):
        return
    s = attempts.slot[a]
    attempts.owner[a] = NOBODY
    unknown = attempts.sent[a] and plan.op_writes[attempts.operation[a]]
    if gateway_answers(memory, a):
        sessions.last_outcome[s] = UNKNOWN if unknown else GATEWAY_TIMEOUT
        arrival_ns = attempts.gateway_deadline_ns[a] + attempts.backward_ns[a]
        push_for(plan, memory, a, arrival_ns, RESPONSE_PHASE, EXPIRY, s)
    else:
        sessions.last_outcome[s] = UNKNOWN if unknown else TIMEOUT
        push_for(plan, memory, a, sessions.deadline_ns[s], TIMER_PHASE, TIMER, s)


@kernel
def limit_waiting(plan, memory, a):
    """A request waits for nobody knows how long: remember when its gateway or client gives up."""
    limit_front(plan, memory, a)
    if not is_awaited(memory, a):
        return
    limit_ns = (
        memory.attempts.gateway_deadline_ns[a] if gateway_answers(memory, a) else deadline_ns(memory, a)
    )
    push_for(plan, memory, a, limit_ns, TIMER_PHASE, QUEUE_LIMIT, a)


@kernel
def reach_limit(plan, memory, a, order):
    """The gateway or the client gives up, if the request still waits for a worker."""
    attempts = memory.attempts
    if attempts.state[a] == QUEUED and is_of(order, attempts.number[a], attempts.attempt[a]):
        give_up(plan, memory, a)


@kernel
def proceed(plan, memory, a, t, kind):
    """The attempt's next event in the region is at t; after the deadline the client will not see its end."""
    attempts = memory.attempts
    time_out_by(plan, memory, a, t)
    if is_awaited(memory, a) and t > min(deadline_ns(memory, a), attempts.gateway_deadline_ns[a]):
        give_up(plan, memory, a)
        if kind == CONNECT:
            release_attempt(memory, a)
            return
    if t < plan.duration_ns:
        push_for(plan, memory, a, t, SERVER_PHASE, kind, a)


@kernel
def fall_silent(plan, memory, a):
    """Nothing more comes back."""
    time_out_by(plan, memory, a, NEVER_NS)
    give_up(plan, memory, a)
    release_attempt(memory, a)


@kernel
def answer(plan, memory, a, t, outcome):
    """Something arrives at the client at t: in time, too late, or for nobody."""
    attempts = memory.attempts
    leave_with(plan, memory, a, outcome, t - attempts.backward_ns[a])
    if is_awaited(memory, a) and t <= deadline_ns(memory, a):
        attempts.outcome[a] = outcome
        push_for(plan, memory, a, t, RESPONSE_PHASE, RESPONSE, a)
    else:
        fall_silent(plan, memory, a)
