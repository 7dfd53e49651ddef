"""The client: beginning a try, taking its outcome, trying again.

Rules: docs/model.md §4, docs/model-request-path.md §6. Token requests are tries too (docs/model.md §3).
"""

from simulator.boundary.causes import NOTHING
from simulator.boundary.outcomes import (
    BLOCKED,
    CIRCUIT_OPEN,
    DNS_EMPTY,
    DNS_FAILURE,
    ERROR,
    GATEWAY_TIMEOUT,
    OVERLOADED,
    RESET,
    SUCCEEDED,
    THROTTLED,
    TIMEOUT,
    UNAUTHORIZED,
    UNKNOWN,
)
from simulator.data_plane.clients.blocked import hear_of_block
from simulator.data_plane.clients.connection import (
    EDGE_REGION,
    close_connection,
    keep_connection,
    repeats,
    usable_connection,
)
from simulator.data_plane.clients.departing import NO_NAME, NOWHERE, depart, enter
from simulator.data_plane.clients.names import FAILURE, FROM_AUTHORITY, choose_region, knows_address, look_up
from simulator.data_plane.clients.sessions import (
    NO_CONNECTION,
    abandon,
    finish_action,
    log_out,
)
from simulator.data_plane.clients.watched import note_asked
from simulator.data_plane.foreseen import is_ahead
from simulator.data_plane.held import BY_CONNECTION, begin_holding, cause_of_try, hold_action, note_route
from simulator.data_plane.identity import UNBOUND, issuer_of_try, log_in_again, turned_away
from simulator.data_plane.long_times import add_times
from simulator.data_plane.numbers import population_of
from simulator.data_plane.queue import CLIENT_PHASE, LEAVE, RETRY, order_of, push
from simulator.data_plane.retrying.breaker import lets_through, record
from simulator.data_plane.retrying.limiter import adapt, hold_back_ns
from simulator.data_plane.retrying.retries import NO_RETRY_YET, backoff_ns, give_back, grant, retry_cost
from simulator.data_plane.tallies import count_attempt, count_begin, watch, watched_service
from simulator.data_plane.tracing import TRACE_OFF, trace_try
from simulator.data_plane.work.jobs import answer, release_attempt
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import ATTEMPT, uniform, uniform_of, words

NO_VERSION = -2


@kernel
def begin_try(plan, memory, s, t):
    """Begin the next try of whatever the session is after: a token, or its action's operation."""
    sessions = memory.sessions
    population = population_of(sessions.number[s])
    asks_first = memory.stateful_users[0] and not sessions.seeking_token[s] and not sessions.granted[s]
    if asks_first and not may_go(plan, memory, s, population, t):
        return
    sessions.granted[s] = 0
    set_deadline(plan, sessions, s, population, t)
    if sessions.seeking_token[s]:
        begin_token_request(plan, memory, s, population, t)
    else:
        begin_request(plan, memory, s, population, t)


@kernel
def set_deadline(plan, sessions, s, population, t):
    """Until when the client waits for this try: for its connection, if that has a timeout of its own."""
    policy = plan.pop_policy[population]
    sessions.begin_ns[s] = t
    sessions.version[s] = NO_VERSION
    sessions.turned_away[s], sessions.reused[s], sessions.addresses[s] = 0, 0, 0
    begin_holding(sessions, s)
    timeout_ns = plan.policy_connect_timeout_ns[policy]
    if timeout_ns < 0:
        timeout_ns = plan.policy_timeout_ns[policy]
    patience_end_ns = sessions.action_start_ns[s] + plan.pop_patience_ns[population]
    sessions.deadline_ns[s] = min(t + timeout_ns, patience_end_ns)


@kernel
def may_go(plan, memory, s, population, t):
    """Ask the client's own breaker and limiter; if a try may not go now, see to what happens instead."""
    sessions, clients, policy = memory.sessions, memory.user_clients, plan.pop_policy[population]
    let_through = lets_through(plan, clients, s, policy, t)
    sessions.breaker_epoch[s] = clients.breaker_epoch[s] if let_through else -1
    if not let_through:
        fail_at_once(plan, memory, s, population, t)
        return False
    wait_ns = hold_back_ns(plan, clients, s, policy, t)
    if wait_ns == 0:
        return True
    add_times(memory.counts.held_back_time, (), 1, wait_ns)
    sessions.granted[s] = 1
    wait_to_try(plan, memory, s, population, t + wait_ns)
    return False


@kernel
def fail_at_once(plan, memory, s, population, t):
    """The breaker is open: the attempt ends as it begins, in an event of its own."""
    sessions = memory.sessions
    memory.counts.attempts_started[0] += 1
    set_deadline(plan, sessions, s, population, t)
    sessions.region[s] = NOWHERE
    a = enter(plan, memory, s, population, sessions.operation[s], NO_NAME)
    answer(plan, memory, a, t, CIRCUIT_OPEN)


@kernel
def begin_token_request(plan, memory, s, population, t):
    """Ask an issuer, on a new connection."""
    memory.counts.token_started[0] += 1
    issuer = issuer_of_try(plan, memory.sessions, s)
    jitter_word = words(plan.seed, ATTEMPT, memory.sessions.number[s], memory.sessions.attempts[s], 0)[0]
    depart(plan, memory, s, population, len(plan.op_name) - 1, issuer, jitter_word, False, NO_NAME, t)


@kernel
def begin_request(plan, memory, s, population, t):
    """Send the operation's request: on the kept connection, or where the name leads."""
    sessions, counts, place = memory.sessions, memory.counts, plan.pop_near[population]
    operation = sessions.operation[s]
    name, at_edge = plan.op_name[operation], plan.op_cdn[operation] >= 0
    pinned = usable_connection(plan, memory, s, population, name, t)
    if pinned == NO_CONNECTION and is_ahead(memory.foreseen, t) and not knows_address(memory, s, name, t):
        wait_for_resolver(plan, memory, s, t)
        return
    counts.attempts_started[0] += 1
    w = words(plan.seed, ATTEMPT, sessions.number[s], sessions.attempts[s], 0)
    if pinned != NO_CONNECTION:
        note_route(plan, memory, s, place, name, pinned, BY_CONNECTION)
        if pinned != EDGE_REGION:
            count_begin(plan, counts, t, population, pinned, True, False)
        depart(plan, memory, s, population, operation, pinned, w[0], True, NO_NAME, t)
        return
    found, took_ns, source = look_up(plan, memory, s, population, name, sessions.attempts[s], t)
    asked = name if source == FROM_AUTHORITY else NO_NAME
    if found <= 0:
        sessions.route[s] = source
        fail_lookup(plan, memory, s, population, operation, asked, t + took_ns, found)
        return
    region = EDGE_REGION if at_edge else choose_region(found, uniform(w[1]))
    note_route(plan, memory, s, place, name, region, source)
    if not at_edge:
        count_begin(plan, counts, t, population, region, False, source == FROM_AUTHORITY)
        if plan.policy_next_address_ns[plan.pop_policy[population]] >= 0:
            sessions.addresses[s] = found & ~(1 << region)
    depart(plan, memory, s, population, operation, region, w[0], False, asked, t + took_ns)


@kernel
def wait_for_resolver(plan, memory, s, t):
    """A resolver may be asked by others before t: begin the try then, without asking the client again."""
    memory.sessions.granted[s] = 1
    order = order_of(memory.sessions.number[s], memory.sessions.attempts[s], CLIENT_PHASE)
    push(memory.queue, t, order, RETRY, s)


@kernel
def fail_lookup(plan, memory, s, population, operation, asked, t, found):
    """There is no address to send the request to."""
    memory.sessions.region[s] = NOWHERE
    a = enter(plan, memory, s, population, operation, asked)
    answer(plan, memory, a, t, DNS_FAILURE if found == FAILURE else DNS_EMPTY)


@kernel
def is_response(outcome):
    """Tell whether an outcome is an answer that leaves the connection usable."""
    return outcome in (
        SUCCEEDED, ERROR, THROTTLED, OVERLOADED, UNAUTHORIZED, GATEWAY_TIMEOUT, BLOCKED, UNKNOWN,
    )  # fmt: skip


@kernel
def take_response(plan, memory, a, t):
    """Something has arrived at the client."""
    attempts, sessions = memory.attempts, memory.sessions
    s, outcome, operation = attempts.slot[a], attempts.outcome[a], attempts.operation[a]
    if is_response(outcome):
        keep_connection(plan, memory, s, operation, population_of(sessions.number[s]), t)
    elif outcome != CIRCUIT_OPEN:
        close_connection(plan, memory, s, operation)
    sessions.turned_away[s] = attempts.turned_away[a]
    release_attempt(plan, memory, a)
    finish_try(plan, memory, s, operation, outcome, t)


@kernel
def present_operation(plan, sessions, s):
    """What the session's try in progress is for: its operation, or a token."""
    return len(plan.op_name) - 1 if sessions.seeking_token[s] else sessions.operation[s]


@kernel
def take_expiry(plan, memory, s, t):
    """The gateway's own answer has arrived: it has given up waiting."""
    sessions, operation = memory.sessions, present_operation(plan, memory.sessions, s)
    keep_connection(plan, memory, s, operation, population_of(sessions.number[s]), t)
    finish_try(plan, memory, s, operation, sessions.last_outcome[s], t)


@kernel
def take_timeout(plan, memory, s, t):
    """The client has given up waiting."""
    operation = present_operation(plan, memory.sessions, s)
    close_connection(plan, memory, s, operation)
    finish_try(plan, memory, s, operation, memory.sessions.last_outcome[s], t)


@kernel
def finish_try(plan, memory, s, operation, outcome, t):
    """A try has ended: count it, and go on from its outcome."""
    sessions = memory.sessions
    attempt = sessions.attempts[s]
    sessions.attempts[s] = attempt + 1
    count_try(plan, memory, s, operation, outcome, t)
    cause = NOTHING
    if outcome != SUCCEEDED:
        place = plan.pop_near[population_of(sessions.number[s])]
        cause = cause_of_try(plan, memory, s, place, outcome)
        hold_action(plan, sessions, s, cause)
    if memory.trace.session[0] != TRACE_OFF:
        trace_try(plan, memory, s, attempt, operation, outcome, cause, t)
    if outcome == RESET and repeats(plan, sessions, s, operation, t):
        repeat_request(plan, memory, s, outcome, t)
        return
    if not sessions.seeking_token[s] and memory.stateful_users[0]:
        remember_result(plan, memory, s, outcome, t)
    if outcome != SUCCEEDED:
        go_on_after_failure(plan, memory, s, attempt, outcome, t)
    elif sessions.seeking_token[s]:
        take_token(plan, memory, s, t)
    else:
        if sessions.token_issuer[s] == UNBOUND:
            bind_token(plan, sessions, s)
        finish_action(plan, memory, s, SUCCEEDED, t)


@kernel
def repeat_request(plan, memory, s, outcome, t):
    """Send it again at once, on a new connection: no try of the client's own, and asked of nobody."""
    sessions = memory.sessions
    memory.counts.repeated[0] += 1
    sessions.last_outcome[s] = outcome
    sessions.trouble[s] = max(sessions.trouble[s], 1)
    population = population_of(sessions.number[s])
    set_deadline(plan, sessions, s, population, t)
    begin_request(plan, memory, s, population, t)


@kernel
def bind_token(plan, sessions, s):
    """A token from before the run was issued where its region's verifiers trust it."""
    if sessions.region[s] != NOWHERE:
        sessions.token_issuer[s] = plan.issuer_home[sessions.region[s]]


@kernel
def remember_result(plan, memory, s, outcome, t):
    """The client's breaker, limiter and quota hear of a result."""
    sessions, clients = memory.sessions, memory.user_clients
    policy = plan.pop_policy[population_of(sessions.number[s])]
    if outcome == CIRCUIT_OPEN:
        return
    record(plan, clients, s, policy, sessions.breaker_epoch[s], int(outcome != SUCCEEDED), t)
    adapt(plan, clients, s, policy, outcome == THROTTLED, t)
    if outcome == SUCCEEDED:
        give_back(plan, clients, s, policy, sessions.retry_cost[s])


@kernel
def count_try(plan, memory, s, operation, outcome, t):
    """Count a finished try."""
    sessions = memory.sessions
    begin_ns, region = sessions.begin_ns[s], sessions.region[s]
    if sessions.seeking_token[s]:
        memory.counts.token_attempts[outcome] += 1
    else:
        turned_away = outcome in (THROTTLED, OVERLOADED) or sessions.turned_away[s] != 0
        count_attempt(plan, memory.counts, begin_ns, t, region, outcome, turned_away)
        note_asked(plan, memory, s, operation, outcome)
        if region != NOWHERE:
            watch(memory, watched_service(plan, plan.op_service[operation], region), t - begin_ns)
    if outcome == BLOCKED and not plan.pop_bots[population_of(sessions.number[s])]:
        hear_of_block(memory, s, population_of(sessions.number[s]))
    if outcome != SUCCEEDED and sessions.cause[s] == 0:
        sessions.cause[s] = outcome


@kernel
def take_token(plan, memory, s, t):
    """A new token: now the action itself."""
    sessions = memory.sessions
    sessions.token_expiry_ns[s] = t + plan.token_lifetime_ns
    sessions.token_issuer[s] = sessions.region[s]
    sessions.seeking_token[s] = 0
    sessions.tries[s], sessions.retry_cost[s] = 0, NO_RETRY_YET
    begin_holding(sessions, s)
    begin_try(plan, memory, s, t)


@kernel
def go_on_after_failure(plan, memory, s, attempt, outcome, t):
    """Leave, log in again, give the action up, or try again after a while."""
    sessions = memory.sessions
    population = population_of(sessions.number[s])
    sessions.last_outcome[s] = outcome
    sessions.action_unknown[s] |= outcome == UNKNOWN
    sessions.trouble[s] = max(sessions.trouble[s], 1)
    sessions.tries[s] += 1
    if t >= sessions.action_start_ns[s] + plan.pop_patience_ns[population]:
        abandon(plan, memory, s, t)
    elif outcome == UNAUTHORIZED and turned_away(plan, memory, s):
        log_in_again(memory, s)
        begin_try(plan, memory, s, t)
    elif may_retry(plan, memory, s, population, outcome):
        try_again(plan, memory, s, population, attempt, outcome, t)
    elif sessions.seeking_token[s]:
        log_out(plan, memory, s, t)
    else:
        finish_action(plan, memory, s, outcome, t)


@kernel
def may_retry(plan, memory, s, population, outcome):
    """Tell whether the client has another try, and the quota for it."""
    sessions, policy = memory.sessions, plan.pop_policy[population]
    if sessions.tries[s] >= plan.policy_attempts[policy]:
        return False
    if sessions.seeking_token[s]:
        return True
    if outcome in (UNAUTHORIZED, BLOCKED):
        return False
    cost = retry_cost(plan, policy, outcome in (TIMEOUT, UNKNOWN), outcome == THROTTLED)
    if not grant(plan, memory.user_clients, s if memory.stateful_users[0] else 0, policy, cost):
        memory.counts.retries_denied[0] += 1
        return False
    sessions.retry_cost[s] = cost
    return True


@kernel
def try_again(plan, memory, s, population, attempt, outcome, t):
    """Wait a while, then try again."""
    sessions, policy = memory.sessions, plan.pop_policy[population]
    u = uniform_of(plan.seed, ATTEMPT, sessions.number[s], attempt, 0, 3)
    wait_ns = backoff_ns(plan, policy, sessions.tries[s], outcome == THROTTLED, u)
    wait_to_try(plan, memory, s, population, t + wait_ns)


@kernel
def wait_to_try(plan, memory, s, population, t):
    """Try at t, unless the user's patience ends first."""
    sessions, kind = memory.sessions, RETRY
    leave_ns = sessions.action_start_ns[s] + plan.pop_patience_ns[population]
    if t >= leave_ns:
        t, kind, sessions.granted[s] = leave_ns, LEAVE, 0
    if t < plan.duration_ns:
        push(memory.queue, t, order_of(sessions.number[s], sessions.attempts[s], CLIENT_PHASE), kind, s)
