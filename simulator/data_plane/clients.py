"""The client: beginning a try, taking its outcome, trying again (docs/model.md §4). Token requests are
tries too (§3).
"""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.connection import close_connection, keep_connection, usable_connection
from simulator.data_plane.draws import ATTEMPT, nanoseconds, uniform, uniform_of, words
from simulator.data_plane.names import FAILURE, FROM_AUTHORITY, choose_region, look_up
from simulator.data_plane.network import path_delays_ns
from simulator.data_plane.queue import CLIENT_PHASE, CONNECT, LEAVE, REQUEST, RETRY, order_of, push
from simulator.data_plane.sessions import abandon, finish_action, log_out, population_of
from simulator.data_plane.tallies import count_attempt, count_begin, trace_attempt
from simulator.data_plane.waiting import answer, new_attempt, proceed, release_attempt
from simulator.seam import DNS_EMPTY, DNS_FAILURE, ERROR, SUCCEEDED, UNKNOWN

NOWHERE = -1
NO_VERSION = -2


@kernel
def begin_try(plan, memory, s, t):  # type: ignore[no-untyped-def]
    """Begin the next try of whatever the session is after: a token, or its action's operation."""
    sessions = memory.sessions
    population = population_of(sessions.number[s])
    sessions.begin_ns[s] = t
    sessions.version[s] = NO_VERSION
    patience_end_ns = sessions.action_start_ns[s] + plan.pop_patience_ns[population]
    sessions.deadline_ns[s] = min(t + plan.pop_timeout_ns[population], patience_end_ns)
    if sessions.seeking_token[s]:
        begin_token_request(plan, memory, s, population, t)
    else:
        begin_request(plan, memory, s, population, t)


@kernel
def begin_token_request(plan, memory, s, population, t):  # type: ignore[no-untyped-def]
    """Ask the next issuer, on a new connection."""
    memory.counts.token_started[0] += 1
    issuer = plan.issuer_region[memory.sessions.tries[s] % len(plan.issuer_region)]
    jitter_word = words(plan.seed, ATTEMPT, memory.sessions.number[s], memory.sessions.attempts[s], 0)[0]
    depart(plan, memory, s, population, len(plan.op_name) - 1, issuer, jitter_word, False, t)


@kernel
def begin_request(plan, memory, s, population, t):  # type: ignore[no-untyped-def]
    """Send the operation's request: on the kept connection, or where the name leads."""
    sessions, counts = memory.sessions, memory.counts
    operation = sessions.operation[s]
    name = plan.op_name[operation]
    counts.attempts_started[0] += 1
    w = words(plan.seed, ATTEMPT, sessions.number[s], sessions.attempts[s], 0)
    pinned = usable_connection(plan, memory, s, population, name, t)
    if pinned >= 0:
        count_begin(plan, counts, t, pinned, True, False)
        depart(plan, memory, s, population, operation, pinned, w[0], True, t)
        return
    found, took_ns, source = look_up(plan, memory, s, population, name, sessions.attempts[s], t)
    if found <= 0:
        fail_lookup(plan, memory, s, operation, t + took_ns, found)
        return
    region = choose_region(found, uniform(w[1]))
    count_begin(plan, counts, t, region, False, source == FROM_AUTHORITY)
    depart(plan, memory, s, population, operation, region, w[0], False, t + took_ns)


@kernel
def fail_lookup(plan, memory, s, operation, t, found):  # type: ignore[no-untyped-def]
    """There is no address to send the request to."""
    memory.sessions.region[s] = NOWHERE
    a = new_attempt(memory, s, operation, NOWHERE)
    answer(plan, memory, a, t, DNS_FAILURE if found == FAILURE else DNS_EMPTY)


@kernel
def depart(plan, memory, s, population, operation, region, jitter_word, reused, t):  # type: ignore[no-untyped-def]
    """Send the first packet towards a region: the request itself, or the opening of a connection."""
    sessions, attempts = memory.sessions, memory.attempts
    sessions.region[s] = region
    a = new_attempt(memory, s, operation, region)
    attempts.forward_ns[a], attempts.backward_ns[a] = path_delays_ns(
        plan, memory.world, sessions.number[s], sessions.attempts[s], plan.pop_near[population], region,
        sessions.last_mile_ns[s], jitter_word,
    )  # fmt: skip
    if reused:
        attempts.reused[a], attempts.sent[a] = 1, 1
        attempts.resets[a] = sessions.connection_resets[s, plan.op_name[operation]]
    proceed(plan, memory, a, t + attempts.forward_ns[a], REQUEST if reused else CONNECT)


@kernel
def take_response(plan, memory, a, t):  # type: ignore[no-untyped-def]
    """Something has arrived at the client."""
    attempts, sessions = memory.attempts, memory.sessions
    s, outcome, operation = attempts.slot[a], attempts.outcome[a], attempts.operation[a]
    if outcome in (SUCCEEDED, ERROR):
        keep_connection(plan, memory, a, population_of(sessions.number[s]), t)
    else:
        close_connection(plan, memory, s, operation)
    release_attempt(memory, a)
    finish_try(plan, memory, s, operation, outcome, t)


@kernel
def take_timeout(plan, memory, s, t):  # type: ignore[no-untyped-def]
    """The client has given up waiting."""
    sessions = memory.sessions
    operation = len(plan.op_name) - 1 if sessions.seeking_token[s] else sessions.operation[s]
    close_connection(plan, memory, s, operation)
    finish_try(plan, memory, s, operation, sessions.last_outcome[s], t)


@kernel
def finish_try(plan, memory, s, operation, outcome, t):  # type: ignore[no-untyped-def]
    """A try has ended: count it, and go on from its outcome."""
    sessions = memory.sessions
    attempt = sessions.attempts[s]
    sessions.attempts[s] = attempt + 1
    count_try(plan, memory, s, attempt, operation, outcome, t)
    if outcome != SUCCEEDED:
        go_on_after_failure(plan, memory, s, attempt, outcome, t)
    elif sessions.seeking_token[s]:
        take_token(plan, memory, s, t)
    else:
        finish_action(plan, memory, s, SUCCEEDED, t)


@kernel
def count_try(plan, memory, s, attempt, operation, outcome, t):  # type: ignore[no-untyped-def]
    """Count and trace a finished try."""
    sessions = memory.sessions
    begin_ns, region = sessions.begin_ns[s], sessions.region[s]
    if sessions.seeking_token[s]:
        memory.counts.token_attempts[outcome] += 1
    else:
        count_attempt(plan, memory.counts, begin_ns, t, region, outcome)
    if memory.trace.session[0] != -2:
        trace_attempt(
            memory.trace,
            sessions.number[s],
            attempt,
            begin_ns,
            t,
            operation,
            region,
            outcome,
            sessions.version[s],
        )


@kernel
def take_token(plan, memory, s, t):  # type: ignore[no-untyped-def]
    """A new token: now the action itself."""
    sessions = memory.sessions
    sessions.token_expiry_ns[s] = t + plan.token_lifetime_ns
    sessions.seeking_token[s] = 0
    sessions.tries[s] = 0
    begin_try(plan, memory, s, t)


@kernel
def go_on_after_failure(plan, memory, s, attempt, outcome, t):  # type: ignore[no-untyped-def]
    """Leave, give the action up, or try again after a while."""
    sessions = memory.sessions
    population = population_of(sessions.number[s])
    sessions.last_outcome[s] = outcome
    sessions.action_unknown[s] |= outcome == UNKNOWN
    sessions.trouble[s] = max(sessions.trouble[s], 1)
    sessions.tries[s] += 1
    leave_ns = sessions.action_start_ns[s] + plan.pop_patience_ns[population]
    if t >= leave_ns:
        abandon(plan, memory, s, t)
    elif sessions.tries[s] < plan.pop_attempts[population]:
        try_again(plan, memory, s, population, attempt, leave_ns, t)
    elif sessions.seeking_token[s]:
        log_out(plan, memory, s, t)
    else:
        finish_action(plan, memory, s, outcome, t)


@kernel
def backoff_ns(plan, population, failures, u):  # type: ignore[no-untyped-def]
    """Full jitter (AWS Architecture Blog, "Exponential Backoff and Jitter"): uniform up to min(cap, base
    · 2^failures).
    """
    cap_ns = plan.pop_backoff_cap_ns[population]
    longest_ns = plan.pop_backoff_base_ns[population]
    for _ in range(failures):
        longest_ns = min(2 * longest_ns, cap_ns)
    return nanoseconds(u * min(longest_ns, cap_ns))


@kernel
def try_again(plan, memory, s, population, attempt, leave_ns, t):  # type: ignore[no-untyped-def]
    """Wait a while, then try again, unless the user's patience ends first."""
    sessions = memory.sessions
    number = sessions.number[s]
    u = uniform_of(plan.seed, ATTEMPT, number, attempt, 0, 3)
    next_ns = t + backoff_ns(plan, population, sessions.tries[s] - 1, u)
    kind = RETRY
    if next_ns >= leave_ns:
        next_ns, kind = leave_ns, LEAVE
    if next_ns < plan.duration_ns:
        push(memory.queue, next_ns, order_of(number, attempt + 1, CLIENT_PHASE), kind, s)
