"""Hop: making a connection, TCP and TLS 1.3 (docs/model.md §4.3).

Two round trips pass before the request can be sent.
"""

from simulator.boundary.causes import NO_OTHER_ANSWER
from simulator.boundary.kinds import NEVER_NS, REPEATS_ALL, REPEATS_NOTHING
from simulator.boundary.outcomes import BLACK_HOLE, REFUSED, REFUSED_OUTCOME, UP
from simulator.data_plane.clients.names import choose_region
from simulator.data_plane.clients.sessions import MADE_BEFORE, NO_CONNECTION, thought_ns
from simulator.data_plane.doors import door_mode
from simulator.data_plane.held import note, note_route
from simulator.data_plane.meeting import meet_link, reaches_site
from simulator.data_plane.network import path_delays_ns
from simulator.data_plane.numbers import population_of
from simulator.data_plane.owners import is_awaited
from simulator.data_plane.queue import CONNECT, EDGE, NEXT_ADDRESS, REQUEST, RESPONSE_PHASE, TIMER_PHASE
from simulator.data_plane.work.jobs import answer, fall_silent, proceed, push_for
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, SESSION, uniform_of, words

EDGE_REGION = -2  # where a connection to a content network leads


@kernel
def connect(plan, memory, a, place, t):
    """The first packet of a new connection reaches the site's door, or the edge of a content network."""
    attempts, world = memory.attempts, memory.world
    operation, region, backward_ns = attempts.operation[a], attempts.region[a], attempts.backward_ns[a]
    handshaken_ns = t + 2 * backward_ns + attempts.forward_ns[a]
    if plan.op_cdn[operation] >= 0:
        send_request(plan, memory, a, handshaken_ns, EDGE)
        return
    service = plan.op_service[operation]
    if not reaches_site(plan, memory, a, place, service, region):
        note(memory, a, NO_OTHER_ANSWER)
        miss_address(plan, memory, a)
        return
    mode = door_mode(plan, world, service, region)
    if mode == UP:
        meet_link(plan, memory, a, region, place)
    if mode == BLACK_HOLE:
        note(memory, a, NO_OTHER_ANSWER)
        miss_address(plan, memory, a)
    elif mode == REFUSED:
        if not leave_address(plan, memory, a, t + backward_ns, RESPONSE_PHASE):
            answer(plan, memory, a, t + backward_ns, REFUSED_OUTCOME)
    elif world.link_cut[region, place]:
        note(memory, a, NO_OTHER_ANSWER)
        miss_address(plan, memory, a)
    else:
        note_resets(memory, a, world.site_resets[service, region])
        send_request(plan, memory, a, handshaken_ns, REQUEST)


@kernel
def address_time_ns(plan, number):
    """How long a session's client tries one address of an answer."""
    return plan.policy_next_address_ns[plan.pop_policy[population_of(number)]]


@kernel
def leave_address(plan, memory, a, t, phase):
    """Tell whether the client goes on to the answer's next address at t: there is one, and it still waits."""
    attempts, sessions = memory.attempts, memory.sessions
    s = attempts.slot[a]
    if not is_awaited(memory, a) or sessions.addresses[s] == 0 or t >= sessions.deadline_ns[s]:
        return False
    push_for(plan, memory, a, t, phase, NEXT_ADDRESS, a)
    return True


@kernel
def miss_address(plan, memory, a):
    """Nothing comes back from an address: on to the next one after its time, or silence."""
    t = memory.attempts.connecting_ns[a] + address_time_ns(plan, memory.attempts.number[a])
    if not leave_address(plan, memory, a, t, TIMER_PHASE):
        fall_silent(plan, memory, a)


@kernel
def begin_connecting(plan, memory, a, t):
    """The first packet leaves at t; an address too far to answer within its time is left after it."""
    attempts, sessions = memory.attempts, memory.sessions
    attempts.connecting_ns[a] = t
    limit_ns = address_time_ns(plan, attempts.number[a])
    is_too_far = attempts.forward_ns[a] + attempts.backward_ns[a] > limit_ns
    if sessions.addresses[attempts.slot[a]] != 0 and is_too_far:
        miss_address(plan, memory, a)
    else:
        proceed(plan, memory, a, t + attempts.forward_ns[a], CONNECT)


@kernel
def next_region(addresses, region):
    """The next of an answer's regions after one, in ascending order and in a circle."""
    later = addresses >> (region + 1)
    found = region + 1
    if later == 0:
        later, found = addresses, 0
    while later & 1 == 0:
        later >>= 1
        found += 1
    return found


@kernel
def go_to_next_address(plan, memory, a, place, t):
    """The client tries the next address of the answer, by the links as they are now."""
    attempts, sessions = memory.attempts, memory.sessions
    s, number = attempts.slot[a], attempts.number[a]
    region = next_region(sessions.addresses[s], attempts.region[a])
    sessions.addresses[s] &= ~(1 << region)
    sessions.region[s], attempts.region[a] = region, region
    note_route(plan, memory, s, place, plan.op_name[attempts.operation[a]], region, sessions.route[s])
    memory.counts.next_addresses[0] += 1
    meet_link(plan, memory, a, place, region)
    meet_link(plan, memory, a, region, place)
    jitter_word = words(plan.seed, ATTEMPT, number, attempts.attempt[a], 0)[0]
    attempts.forward_ns[a], attempts.backward_ns[a] = path_delays_ns(
        plan, memory.world, number, attempts.attempt[a], place, region, sessions.last_mile_ns[s], jitter_word
    )
    begin_connecting(plan, memory, a, t)


@kernel
def note_resets(memory, a, resets):
    """Note the site's reset count with the attempt's connection."""
    attempts = memory.attempts
    attempts.resets[a] = resets
    if is_awaited(memory, a):
        memory.sessions.resets[attempts.slot[a]] = resets


@kernel
def request_deadline_ns(plan, sessions, s, population, t):
    """Until when a client waits for the answer to a request that it sends at t."""
    policy = plan.pop_policy[population]
    if plan.policy_connect_timeout_ns[policy] < 0:  # its timeout counts from the begin of the try
        return sessions.deadline_ns[s]
    patience_end_ns = sessions.action_start_ns[s] + plan.pop_patience_ns[population]
    return min(t + plan.policy_timeout_ns[policy], patience_end_ns)


@kernel
def send_request(plan, memory, a, t, kind):
    """The handshakes are done at t: send the request unless the client has given up by then."""
    attempts, sessions = memory.attempts, memory.sessions
    s = attempts.slot[a]
    if t > sessions.deadline_ns[s] or not is_awaited(memory, a):
        fall_silent(plan, memory, a)
        return
    attempts.sent[a] = 1
    sessions.opened_ns[s] = t
    sessions.deadline_ns[s] = request_deadline_ns(plan, sessions, s, population_of(attempts.number[a]), t)
    proceed(plan, memory, a, t + attempts.forward_ns[a], kind)


@kernel
def keep_connection(plan, memory, s, operation, population, t):
    """After a response the connection stays open, if the client keeps connections alive."""
    sessions, name = memory.sessions, plan.op_name[operation]
    if name < 0 or plan.policy_keep_alive_ns[plan.pop_policy[population]] == 0:
        return
    if is_too_old(plan, sessions, s, operation):
        sessions.connection_region[s, name] = NO_CONNECTION
        return
    sessions.connection_region[s, name] = EDGE_REGION if plan.op_cdn[operation] >= 0 else sessions.region[s]
    sessions.connection_used_ns[s, name] = t
    sessions.connection_opened_ns[s, name] = sessions.opened_ns[s]
    sessions.connection_resets[s, name] = sessions.resets[s]


@kernel
def age_limit_ns(plan, operation, region):
    """How old a connection gets: a load balancer answers one more request then, and ends it.

    Application Load Balancers guide, *HTTP client keepalive duration*. NEVER_NS for all other doors.
    """
    if region < 0:
        return NEVER_NS
    return plan.site_keep_alive_ns[plan.op_service[operation], region]


@kernel
def is_too_old(plan, sessions, s, operation):
    """Tell whether the try that is answered was sent over a connection that had reached its age limit."""
    age_ns = sessions.begin_ns[s] - sessions.opened_ns[s]  # of a kept one, which sends as it begins
    return age_ns >= age_limit_ns(plan, operation, sessions.region[s])


@kernel
def repeats(plan, sessions, s, operation, t):
    """Tell whether the client repeats by itself what it sent over a reused connection that was reset."""
    population = population_of(sessions.number[s])
    what = plan.policy_repeats[plan.pop_policy[population]]
    if not sessions.reused[s] or what == REPEATS_NOTHING:
        return False
    if plan.op_writes[operation] and what != REPEATS_ALL:
        return False
    return t < sessions.action_start_ns[s] + plan.pop_patience_ns[population]


@kernel
def close_connection(plan, memory, s, operation):
    """A failed attempt leaves no usable connection to its name."""
    name = plan.op_name[operation]
    if name >= 0:
        memory.sessions.connection_region[s, name] = NO_CONNECTION


@kernel
def recall_connection(plan, memory, s, population, name, keep_ns):
    """The connection of a session in progress at time zero, last used at the end of its last action."""
    sessions = memory.sessions
    sessions.connection_region[s, name] = NO_CONNECTION
    answer = memory.resolvers.first_answer[sessions.resolver[s], name]
    if answer <= 0 or keep_ns == 0:
        return
    number, region = sessions.number[s], EDGE_REGION
    if plan.op_cdn[sessions.operation[s]] < 0:
        region = choose_region(answer, uniform_of(plan.seed, SESSION, number, 0, 2, 3))
    used_ns = -thought_ns(plan, population, number)[1]
    kept_ns = max(used_ns - sessions.start_ns[s], 0)
    sessions.connection_region[s, name] = region
    sessions.connection_used_ns[s, name] = used_ns
    sessions.connection_opened_ns[s, name] = used_ns - kept_ns % age_limit_ns(
        plan, sessions.operation[s], region
    )
    sessions.connection_resets[s, name] = 0


@kernel
def usable_connection(plan, memory, s, population, name, t):
    """The region of a kept-alive connection that has not idled out, or NO_CONNECTION.

    EDGE_REGION stands for an edge.
    """
    sessions, keep_ns = memory.sessions, plan.policy_keep_alive_ns[plan.pop_policy[population]]
    if sessions.connection_region[s, name] == MADE_BEFORE:
        recall_connection(plan, memory, s, population, name, keep_ns)
    region = sessions.connection_region[s, name]
    if region == NO_CONNECTION or t - sessions.connection_used_ns[s, name] > keep_ns:
        return NO_CONNECTION
    return region
