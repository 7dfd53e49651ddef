"""The client's side of an attempt: what it waits for, and when it gives up (docs/model.md §4)."""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.queue import (
    CONNECT,
    RESPONSE,
    RESPONSE_PHASE,
    SERVER_PHASE,
    TIMER,
    TIMER_PHASE,
    order_of,
    push,
)
from simulator.seam import TIMEOUT, UNKNOWN


@kernel
def new_attempt(memory, s, operation, region):  # type: ignore[no-untyped-def]
    """Take a slot for the session's next attempt."""
    attempts, sessions = memory.attempts, memory.sessions
    count = attempts.free_count[0] - 1
    attempts.free_count[0] = count
    a = attempts.free[count]
    attempts.slot[a], attempts.number[a] = s, sessions.number[s]
    attempts.attempt[a], attempts.action[a] = sessions.attempts[s], sessions.actions[s] - 1
    attempts.own_item[a], attempts.action_item[a] = sessions.own_item[s], sessions.action_item[s]
    attempts.operation[a], attempts.region[a] = operation, region
    attempts.waiting[a], attempts.sent[a], attempts.reused[a] = 1, 0, 0
    return a


@kernel
def release_attempt(memory, a):  # type: ignore[no-untyped-def]
    """Give an attempt's slot back."""
    attempts = memory.attempts
    count = attempts.free_count[0]
    attempts.free[count] = a
    attempts.free_count[0] = count + 1


@kernel
def push_for(plan, memory, a, t, phase, kind, slot):  # type: ignore[no-untyped-def]
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
def give_up_at_deadline(plan, memory, a):  # type: ignore[no-untyped-def]
    """Nothing will arrive in time: the client gives up at its deadline, whatever the region does."""
    attempts, sessions = memory.attempts, memory.sessions
    if not attempts.waiting[a]:
        return
    s = attempts.slot[a]
    attempts.waiting[a] = 0
    unknown = attempts.sent[a] and plan.op_writes[attempts.operation[a]]
    sessions.last_outcome[s] = UNKNOWN if unknown else TIMEOUT
    push_for(plan, memory, a, sessions.deadline_ns[s], TIMER_PHASE, TIMER, s)


@kernel
def proceed(plan, memory, a, t, kind):  # type: ignore[no-untyped-def]
    """The attempt's next event in the region is at t; if that is after the deadline the client will not
    see its end.
    """
    attempts = memory.attempts
    if attempts.waiting[a] and t > memory.sessions.deadline_ns[attempts.slot[a]]:
        give_up_at_deadline(plan, memory, a)
        if kind == CONNECT:
            release_attempt(memory, a)
            return
    if t < plan.duration_ns:
        push_for(plan, memory, a, t, SERVER_PHASE, kind, a)


@kernel
def fall_silent(plan, memory, a):  # type: ignore[no-untyped-def]
    """Nothing more comes back."""
    give_up_at_deadline(plan, memory, a)
    release_attempt(memory, a)


@kernel
def answer(plan, memory, a, t, outcome):  # type: ignore[no-untyped-def]
    """Something arrives at the client at t: in time, too late, or for nobody."""
    attempts = memory.attempts
    if attempts.waiting[a] and t <= memory.sessions.deadline_ns[attempts.slot[a]]:
        attempts.outcome[a] = outcome
        push_for(plan, memory, a, t, RESPONSE_PHASE, RESPONSE, a)
    else:
        fall_silent(plan, memory, a)
