"""The client: how a try sets off towards a region or the edge (docs/model.md §4.2, §4.3)."""

from simulator.data_plane.clients.connection import EDGE_REGION, begin_connecting, request_deadline_ns
from simulator.data_plane.meeting import meet_link, meet_load, meet_name
from simulator.data_plane.network import path_delays_ns
from simulator.data_plane.numbers import population_of
from simulator.data_plane.queue import ARRIVE, EDGE, REQUEST, SERVER_PHASE, order_of, push
from simulator.data_plane.way.edge import edge_delay_ns
from simulator.data_plane.work.jobs import new_attempt, proceed
from simulator.data_plane.work.progress import uniform_of_step
from simulator.kernels.compiling import kernel

NOWHERE = -1
NO_NAME = -1


@kernel
def enter(plan, memory, s, population, operation, asked):
    """Take a slot for the session's next attempt; `asked`: the name whose servers were asked, or NO_NAME."""
    a = new_attempt(memory, s, operation, memory.sessions.region[s])
    meet_load(plan, memory, a, population)
    if asked != NO_NAME:
        meet_name(plan, memory, a, asked)
    return a


@kernel
def depart(plan, memory, s, population, operation, region, jitter_word, reused, asked, t):  # noqa: PLR0913
    """Send the first packet towards a region or the edge: the request, or the opening of a connection."""
    sessions = memory.sessions
    sessions.region[s] = NOWHERE if region == EDGE_REGION else region
    forward_ns, backward_ns = ways_ns(plan, memory, s, population, region, jitter_word)
    if not reused:
        a = set_off(plan, memory, s, population, operation, asked, forward_ns, backward_ns)
        begin_connecting(plan, memory, a, t)
        return
    arrival_ns = t + forward_ns
    sessions.reused[s] = 1
    sessions.resets[s] = sessions.connection_resets[s, plan.op_name[operation]]
    sessions.deadline_ns[s] = request_deadline_ns(plan, sessions, s, population, t)
    if arrival_ns < memory.foreseen.until_ns[0] and arrival_ns <= sessions.deadline_ns[s]:
        sessions.opened_ns[s] = backward_ns  # kept there until it arrives
        order = order_of(sessions.number[s], sessions.attempts[s], SERVER_PHASE)
        push(memory.queue, arrival_ns, order, ARRIVE, s)
        return
    a = set_off_again(plan, memory, s, population, operation, forward_ns, backward_ns)
    proceed(plan, memory, a, arrival_ns, EDGE if region == EDGE_REGION else REQUEST)


@kernel
def ways_ns(plan, memory, s, population, region, jitter_word):
    """How long it takes from a session to a region or the edge, and back."""
    sessions, place = memory.sessions, plan.pop_near[population]
    if region == EDGE_REGION:
        way_ns = edge_delay_ns(plan, place, sessions.last_mile_ns[s], jitter_word)
        return way_ns, way_ns
    return path_delays_ns(
        plan, memory.world, sessions.number[s], sessions.attempts[s], place, region, sessions.last_mile_ns[s],
        jitter_word,
    )  # fmt: skip


@kernel
def set_off(plan, memory, s, population, operation, asked, forward_ns, backward_ns):
    """Take a slot for an attempt that knows its way."""
    attempts, place, region = memory.attempts, plan.pop_near[population], memory.sessions.region[s]
    a = enter(plan, memory, s, population, operation, asked)
    attempts.forward_ns[a], attempts.backward_ns[a] = forward_ns, backward_ns
    if region != NOWHERE:
        meet_link(plan, memory, a, place, region)
        meet_link(plan, memory, a, region, place)
        uniform_of_step(plan, attempts, a, 0)  # while nothing waits for it
    return a


@kernel
def set_off_again(plan, memory, s, population, operation, forward_ns, backward_ns):
    """Take a slot for an attempt over the connection that is kept."""
    attempts, sessions = memory.attempts, memory.sessions
    sessions.opened_ns[s] = sessions.connection_opened_ns[s, plan.op_name[operation]]
    a = set_off(plan, memory, s, population, operation, NO_NAME, forward_ns, backward_ns)
    attempts.reused[a], attempts.sent[a], attempts.resets[a] = 1, 1, sessions.resets[s]
    return a


@kernel
def let_arrive(plan, memory, s, t):
    """The request of a kept connection is at its door: which event that is, and its attempt.

    Until then it needs no slot: nobody asks for one on its way before the next control instant.
    """
    sessions, operation = memory.sessions, memory.sessions.operation[s]
    population, forward_ns = population_of(sessions.number[s]), t - sessions.begin_ns[s]
    a = set_off_again(plan, memory, s, population, operation, forward_ns, sessions.opened_ns[s])
    return EDGE if plan.op_cdn[operation] >= 0 else REQUEST, a
