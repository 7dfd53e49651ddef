"""The loop: take the earliest event and let its hop act, up to a control instant."""

from simulator.boundary.causes import ERRORS
from simulator.boundary.outcomes import ERROR, UNAUTHORIZED
from simulator.data_plane.clients.arrivals import begin_arrivals, begin_chains, start
from simulator.data_plane.clients.connection import connect, go_to_next_address
from simulator.data_plane.clients.departing import let_arrive
from simulator.data_plane.clients.sessions import (
    abandon,
    begin_action,
    end_session,
)
from simulator.data_plane.clients.tries import begin_try, take_expiry, take_response, take_timeout
from simulator.data_plane.foreseen import NOTHING, look_ahead, take_foreseen
from simulator.data_plane.held import note
from simulator.data_plane.identity import begin_verifiers
from simulator.data_plane.numbers import population_of
from simulator.data_plane.owners import is_nested
from simulator.data_plane.queue import (
    ACT,
    ARRIVE,
    CONNECT,
    DEATH,
    EDGE,
    ERRED,
    EXPIRY,
    FRONT_DEADLINE,
    FRONT_LIMIT,
    LEAVE,
    NEXT_ADDRESS,
    ORIGIN,
    QUEUE_LIMIT,
    REJECTED,
    REQUEST,
    RESPONSE,
    RETRY,
    START,
    STEP,
    VERIFIED,
    is_due,
    session_of,
    take,
)
from simulator.data_plane.way.edge import meet_origin, reach_edge
from simulator.data_plane.way.gateway import leave_authorizer
from simulator.data_plane.way.region import receive_request
from simulator.data_plane.work.calls import end_step
from simulator.data_plane.work.compute import end_work, is_lost, lose_work
from simulator.data_plane.work.fronts import reach_deadline, reach_front_limit
from simulator.data_plane.work.instances import begin_instances
from simulator.data_plane.work.jobs import reach_limit
from simulator.data_plane.work.learning import respond
from simulator.data_plane.work.service_calls import connect_to_service, hear_response
from simulator.kernels.compiling import entry, kernel

# why advancing stopped
ARRIVED, QUEUE_FULL, SESSIONS_FULL, ATTEMPTS_FULL, VERSIONS_FULL, TRACE_FULL = 0, 1, 2, 3, 4, 5
DEEDS_FULL, TOKENS_FULL = 6, 7
DIED = 8

_ROOM = 16  # events that one event may add, with those that are foreseen behind it
_ROWS = 3  # of a trace that one event may add: a try, its action and its session end
_VERSIONS = 2  # that one event may add: what it writes, and the initial one before it


@entry("plan", "memory")
def begin(plan, memory):
    """Put every population at its start, and what verifiers and instances keep at its age."""
    begin_verifiers(plan, memory)
    begin_instances(plan, memory)
    for population in range(len(plan.pop_near)):
        if plan.pop_sessions[population] > 0:
            begin_chains(plan, memory, population)
        else:
            begin_arrivals(plan, memory, population)


@kernel
def shortage(memory):
    """Which pool is too full for one more event, or ARRIVED for none."""
    if memory.queue.size[0] + _ROOM > len(memory.queue.what):
        return QUEUE_FULL
    if memory.sessions.free_count[0] == 0:
        return SESSIONS_FULL
    if memory.attempts.free_count[0] == 0:
        return ATTEMPTS_FULL
    if memory.deeds.free_count[0] == 0:
        return DEEDS_FULL
    if memory.tokens.free_count[0] == 0:
        return TOKENS_FULL
    if memory.versions.free_count[0] < _VERSIONS or memory.lanes.free_count[0] == 0:
        return VERSIONS_FULL
    if memory.copies.free_count[0] < len(memory.world.region_mode):  # an event writes at most once
        return VERSIONS_FULL
    if memory.trace.count[0] + _ROWS > len(memory.trace.rows):
        return TRACE_FULL
    return ARRIVED


@kernel
def act(plan, memory, s, t):
    """A session acts, or ends if it is due to."""
    if t >= memory.sessions.due_end_ns[s]:
        end_session(plan, memory, s, memory.sessions.trouble[s], t)
    else:
        begin_action(plan, memory, s, t)
        begin_try(plan, memory, s, t)


@kernel
def handle_client(plan, memory, kind, s, t):
    """Something happens on the client's side."""
    if kind == ACT:
        act(plan, memory, s, t)
    elif kind == RETRY:
        begin_try(plan, memory, s, t)
    elif kind == LEAVE:
        abandon(plan, memory, s, t)
    elif kind == EXPIRY:
        take_expiry(plan, memory, s, t)
    else:
        take_timeout(plan, memory, s, t)


@kernel
def turn_away(plan, memory, a, place, erred, t):
    """An instance has found that it does not accept the token; or it has erred before its first step."""
    if is_lost(memory, a):
        lose_work(plan, memory, a, t)
        return
    if erred:
        note(memory, a, ERRORS)
    end_work(plan, memory, a, t, erred)
    respond(plan, memory, a, place, t, ERROR if erred else UNAUTHORIZED)


@kernel
def handle_attempt(plan, memory, kind, order, a, t):
    """Something happens to an attempt on its way."""
    place = plan.pop_near[population_of(session_of(order))]
    if plan.service_calls and is_nested(memory.attempts, a):
        place = memory.attempts.asked_from[a, 0]
    if kind == STEP:
        end_step(plan, memory, a, place, t)
    elif kind == REQUEST:
        receive_request(plan, memory, a, place, t)
    elif kind == CONNECT and plan.service_calls and is_nested(memory.attempts, a):
        connect_to_service(plan, memory, a, place, t)
    elif kind == CONNECT:
        connect(plan, memory, a, place, t)
    elif kind == NEXT_ADDRESS:
        go_to_next_address(plan, memory, a, place, t)
    elif kind == VERIFIED:
        leave_authorizer(plan, memory, a, t)
    elif kind in (REJECTED, ERRED):
        turn_away(plan, memory, a, place, kind == ERRED, t)
    elif kind == EDGE:
        reach_edge(plan, memory, a, place, t)
    elif kind == ORIGIN:
        meet_origin(plan, memory, a, place, t)
    elif kind == QUEUE_LIMIT:
        reach_limit(plan, memory, a, order, t)
    elif plan.service_calls and is_nested(memory.attempts, a):
        hear_response(plan, memory, a, t)
    else:
        take_response(plan, memory, a, t)


@entry("plan", "memory", int, hot=True)
def advance(plan, memory, to_ns):
    """Run every event before `to_ns`; stop early, between two events, when a pool needs room.

    Also behind the instant at which a node has run out of memory.
    """
    look_ahead(memory.foreseen, to_ns)
    while True:
        if memory.foreseen.event[0] != NOTHING:
            t, order, kind, slot = take_foreseen(memory.foreseen)
        elif is_due(memory.queue, to_ns):
            short = shortage(memory)
            if short != ARRIVED:
                return short
            t, order, kind, slot = take(memory.queue)
            memory.foreseen.now_ns[0] = t
        else:
            return ARRIVED
        if kind == ARRIVE:
            kind, slot = let_arrive(plan, memory, slot, t)
        if kind == START:
            start(plan, memory, session_of(order), t)
        elif CONNECT <= kind <= RESPONSE:
            handle_attempt(plan, memory, kind, order, slot, t)
        elif kind == FRONT_DEADLINE:
            reach_deadline(plan, memory, slot)
        elif kind == FRONT_LIMIT:
            reach_front_limit(plan, memory, slot, order, t)
        elif kind == DEATH:
            is_due(memory.queue, to_ns)  # which removes it
            return DIED
        else:
            handle_client(plan, memory, kind, slot, t)
