"""Sessions: how they start, act, pause and end (docs/model.md §3)."""

from simulator.boundary.causes import DAMAGED_DATA, NOTHING
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.outcomes import ERROR, SUCCEEDED, THROTTLED, TIMEOUT, UNKNOWN
from simulator.data_plane.clients.blocked import begin_unblocked, end_block
from simulator.data_plane.clients.watched import forget_asked
from simulator.data_plane.deeds import NONE as NO_DEED
from simulator.data_plane.deeds import let_go, new_deed
from simulator.data_plane.foreseen import foresee, is_ahead, is_foreseeable
from simulator.data_plane.held import begin_holding, callee_of_action, cause_of_action, cause_of_try
from simulator.data_plane.identity import NO_TOKEN, UNBOUND, kind_of_request, seek_token
from simulator.data_plane.numbers import population_of
from simulator.data_plane.queue import ACT, CLIENT_PHASE, order_of, push
from simulator.data_plane.tallies import (
    NOT_PRESENT,
    count_action,
    count_action_of_bot,
    count_held,
    count_service,
    count_session,
    count_wrong,
    presence,
    watch,
)
from simulator.data_plane.tracing import TRACE_OFF, trace_action, trace_session
from simulator.data_plane.way.rates import forget_keys
from simulator.data_plane.work.instances import reset_client
from simulator.kernels.bits import quotient
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import int64
from simulator.randomness.draws import (
    ACTION,
    SESSION,
    nanoseconds,
    sample,
    sample_in_progress,
    uniform,
    words,
)

_LONG_AGO_NS = -(2**62)

NO_CONNECTION = -1
BEFORE_NS = _LONG_AGO_NS + 1  # of what a session in progress at time zero holds: to be recalled when needed
MADE_BEFORE = -3  # a connection of such a session

UNDISTURBED, RECOVERED, INTERRUPTED, LOGGED_OUT, ABANDONED = 0, 1, 2, 3, 4


@kernel
def draw_ns(plan, dist, word):
    """Sample a distribution, rounded to nanoseconds."""
    return nanoseconds(sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], uniform(word)))


@kernel
def draw_in_progress_ns(plan, dist, word, other_word):
    """Sample a distribution as it is found in progress at a random instant, rounded to nanoseconds."""
    kind, a, b = plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist]
    return nanoseconds(sample_in_progress(kind, a, b, uniform(word), uniform(other_word)))


@kernel
def start_session(plan, memory, number, own, t, length_ns):
    """Take a slot for a session and schedule its first action; t < 0: it is in progress as the run begins.

    `own`: the draws that are its own, of which the first is for its length.
    """
    sessions = memory.sessions
    count = sessions.free_count[0] - 1
    sessions.free_count[0] = count
    s = sessions.free[count]
    population = population_of(number)
    memory.counts.sessions_started[0] += 1 - plan.pop_bots[population]
    memory.populations.sessions[population] += 1
    draw_traits(plan, sessions, s, population, own)
    sessions.number[s] = number
    sessions.start_ns[s] = t
    sessions.due_end_ns[s] = t + length_ns
    sessions.token_expiry_ns[s] = first_expiry_ns(plan, t)
    sessions.token_issuer[s] = (
        NO_TOKEN if plan.pop_bots[population] or plan.token_lifetime_ns == 0 else UNBOUND
    )
    clear(sessions, s)
    if t < 0:
        sessions.device_expiry_ns[s] = BEFORE_NS
        sessions.connection_region[s] = MADE_BEFORE
    if memory.stateful_users[0]:
        reset_client(memory.user_clients, s)
    if plan.web_acls:
        begin_unblocked(sessions, s)
    forget_asked(plan, memory, s)
    push_act(plan, memory, s, first_act_ns(plan, population, number, t))
    return s


@kernel
def draw_traits(plan, sessions, s, population, own):
    """What stays the same over a session: its last mile, its resolver, its own item."""
    sessions.last_mile_ns[s] = draw_ns(plan, plan.pop_last_mile[population], own[1])
    sessions.resolver[s] = resolver_at(plan, population, uniform(own[2]))
    sessions.own_item[s] = uniform(own[3])


@kernel
def resolver_at(plan, population, u):
    """The resolver at quantile u of a population's users."""
    low = plan.pop_resolver_first[population]
    high = low + plan.pop_resolver_count[population] - 1
    while low < high:
        middle = (low + high) // 2
        if plan.resolver_users_upto[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@kernel
def clear(sessions, s):
    """Nothing done, nothing cached, nothing read."""
    sessions.actions[s], sessions.attempts[s], sessions.tries[s] = 0, 0, 0
    sessions.seeking_token[s], sessions.trouble[s], sessions.action_unknown[s] = 0, 0, 0
    sessions.last_outcome[s], sessions.deed[s], sessions.cause[s] = 0, NO_DEED, 0
    sessions.action_start_ns[s], sessions.trouble_since_ns[s] = NEVER_NS, NEVER_NS
    sessions.first_issuer[s], sessions.granted[s], sessions.resets[s] = 0, 0, 0
    sessions.device_expiry_ns[s] = _LONG_AGO_NS
    sessions.connection_region[s] = NO_CONNECTION
    sessions.recent_item[s] = -1
    sessions.wrote_ns[s] = _LONG_AGO_NS


@kernel
def first_expiry_ns(plan, start_ns):
    """When the token of a new session expires: one in progress has renewed its token whenever it ran out."""
    if plan.token_lifetime_ns == 0 or start_ns >= 0:
        return _LONG_AGO_NS
    return start_ns + (-start_ns // plan.token_lifetime_ns + 1) * plan.token_lifetime_ns


@kernel
def first_act_ns(plan, population, number, start_ns):
    """When a session first acts: at its start, or part of a think time into the run."""
    if start_ns >= 0:
        return start_ns
    think_ns, since_ns = thought_ns(plan, population, number)
    return think_ns - since_ns


@kernel
def thought_ns(plan, population, number):
    """Of a session in progress at time zero: the think time in progress, and how much of it has passed."""
    w = words(plan.seed, SESSION, number, 0, 1)
    other_word = words(plan.seed, SESSION, number, 0, 2)[0]
    think_ns = draw_in_progress_ns(plan, plan.pop_think[population], w[1], other_word)
    return think_ns, think_ns - int(uniform(w[2]) * think_ns)


@kernel
def push_act(plan, memory, s, t):
    """Schedule the session's next action (or its end), or take it next."""
    sessions = memory.sessions
    if t >= plan.duration_ns:
        return
    order = order_of(sessions.number[s], sessions.attempts[s], CLIENT_PHASE)
    if is_foreseeable(memory.foreseen, t) and acts_alone(plan, memory, s, t):
        foresee(memory.foreseen, t, order, ACT, s)
    else:
        push(memory.queue, t, order, ACT, s)


@kernel
def acts_alone(plan, memory, s, t):
    """Tell whether what a session does when it next acts concerns nobody else.

    Its end does if a request of it may still be under way that nobody waits for: whether that is its own is
    asked until then. Its requests have all been answered if none has failed.
    """
    sessions = memory.sessions
    if t < sessions.due_end_ns[s] or not is_ahead(memory.foreseen, t):
        return True
    if plan.web_acls or plan.service_calls or sessions.trouble[s] != 0:
        return False
    return plan.counts_from_ns == 0 or sessions.start_ns[s] >= plan.counts_from_ns


@kernel
def choose_operation(plan, population, u):
    """The operation at quantile u of a population's mix."""
    row = plan.pop_mix_first[population]
    last = row + plan.pop_mix_count[population] - 1
    while row < last and plan.mix_cumulative[row] <= u:
        row += 1
    return plan.mix_operation[row]


@kernel
def begin_action(plan, memory, s, t):
    """The user acts: what it is and on which item."""
    sessions, population = memory.sessions, population_of(memory.sessions.number[s])
    action = sessions.actions[s]
    w = words(plan.seed, ACTION, sessions.number[s], action, 0)
    sessions.actions[s] = action + 1
    sessions.operation[s] = choose_operation(plan, population, uniform(w[0]))
    let_go(plan, memory, sessions.deed[s])
    sessions.deed[s] = new_deed(plan, memory) if plan.op_writes[sessions.operation[s]] else NO_DEED
    sessions.action_item[s] = uniform(w[2])
    sessions.action_start_ns[s] = t
    sessions.think_ns[s] = draw_ns(plan, plan.pop_think[population], w[1])
    sessions.action_unknown[s], sessions.tries[s], sessions.retry_cost[s] = 0, 0, -1
    sessions.seeking_token[s], sessions.renewed[s], sessions.last_outcome[s] = 0, 0, THROTTLED
    sessions.held[s] = NOTHING
    begin_holding(sessions, s)
    if sessions.token_issuer[s] != NO_TOKEN and sessions.token_expiry_ns[s] <= t:
        seek_token(memory, s, kind_of_request(plan, sessions, s, population))
    memory.counts.actions_started[0] += 1 - plan.pop_bots[population]


@kernel
def count_end_of_action(plan, memory, s, outcome, t):
    """Count an action; unknown if any of its tries was and none succeeded."""
    sessions = memory.sessions
    if outcome != SUCCEEDED:
        sessions.trouble[s] = 2
        if sessions.action_unknown[s]:
            outcome = UNKNOWN
    population, start_ns = population_of(sessions.number[s]), sessions.action_start_ns[s]
    operation = sessions.operation[s]
    watch(memory, population, t - start_ns)
    is_good = outcome == SUCCEEDED
    if plan.pop_bots[population]:
        count_action_of_bot(plan, memory.counts, population, operation, outcome)
    else:
        count_action(plan, memory.counts, population, operation, start_ns, t, outcome)
        is_wrong = sessions.wrong[s] == 1 and outcome == SUCCEEDED
        is_wrong = is_wrong and count_wrong(plan, memory.counts, population, operation, t - start_ns)
        served = ERROR if is_wrong else outcome
        is_good = count_service(plan, memory.counts, population, operation, start_ns, t, served)
        if not is_good:
            cause = DAMAGED_DATA if is_wrong else cause_of_action(sessions, s)
            count_held(plan, memory.counts, start_ns, t, cause, callee_of_action(plan, sessions, s))
            sessions.trouble_since_ns[s] = min(sessions.trouble_since_ns[s], start_ns)
        else:
            end_trouble(plan, memory, s, t)
    if memory.trace.session[0] != TRACE_OFF:
        trace_action(plan, memory, s, outcome, is_good, t)
    sessions.action_start_ns[s] = NEVER_NS


@kernel
def end_trouble(plan, memory, s, t):
    """A user who was not served well is, or leaves: count the time that this took."""
    since_ns = memory.sessions.trouble_since_ns[s]
    if since_ns != NEVER_NS:
        population = population_of(memory.sessions.number[s])
        memory.counts.lost_ms_by_population[population] += quotient(t - since_ns, 1_000_000)
        memory.sessions.trouble_since_ns[s] = NEVER_NS
    if plan.web_acls:
        end_block(memory, s, population_of(memory.sessions.number[s]), t)


@kernel
def finish_action(plan, memory, s, outcome, t):
    """The action is over; the user thinks, then acts again, or leaves when the session is due to end."""
    sessions = memory.sessions
    count_end_of_action(plan, memory, s, outcome, t)
    population, think_ns = population_of(sessions.number[s]), sessions.think_ns[s]
    surge = memory.world.surge[population]
    if surge != 1.0 and plan.pop_sessions[population] > 0:
        think_ns = nanoseconds(think_ns / surge)
    push_act(plan, memory, s, min(t + think_ns, max(sessions.due_end_ns[s], t)))


@kernel
def end_session(plan, memory, s, class_, t):
    """Count a session and give its slot back."""
    sessions, population = memory.sessions, population_of(memory.sessions.number[s])
    memory.populations.sessions[population] -= 1
    if not plan.pop_bots[population]:
        end_trouble(plan, memory, s, t)
        count_session(plan, memory.counts, population, sessions.start_ns[s], t, class_, sessions.cause[s])
    if memory.trace.session[0] != TRACE_OFF:
        trace_session(memory, s, class_, t)
    let_go(plan, memory, sessions.deed[s])
    if plan.web_acls:
        forget_keys(memory, s)
    sessions.number[s] = -1
    count = sessions.free_count[0]
    sessions.free[count] = s
    sessions.free_count[0] = count + 1


@kernel
def abandon(plan, memory, s, t):
    """The user's patience has ended."""
    memory.counts.gave_up[0] += 1
    count_end_of_action(plan, memory, s, memory.sessions.last_outcome[s], t)
    end_trouble(plan, memory, s, due_end_ns(plan, memory, s, t))
    end_session(plan, memory, s, ABANDONED, t)


@kernel
def due_end_ns(plan, memory, s, t):
    """When a session that ends early was due to end, within the run."""
    return min(max(memory.sessions.due_end_ns[s], t), plan.duration_ns)


@kernel
def log_out(plan, memory, s, t):
    """No issuer gave a token."""
    count_end_of_action(plan, memory, s, memory.sessions.last_outcome[s], t)
    end_trouble(plan, memory, s, due_end_ns(plan, memory, s, t))
    end_session(plan, memory, s, LOGGED_OUT, t)


@kernel
def cause_of_waiting(plan, memory, s, population):
    """What holds an action in progress: what its last failed try met, or else its first one so far."""
    if memory.sessions.held[s] != NOTHING:
        return memory.sessions.held[s]
    return cause_of_try(plan, memory, s, plan.pop_near[population], TIMEOUT)


@entry("plan", "memory", int)
def count_waiting(plan, memory, now_ns):
    """Count the actions in progress that have already taken too long, as if they ended now.

    Count also the time that users have lost so far.
    """
    sessions = memory.sessions
    for s in range(len(sessions.number)):
        if sessions.number[s] < 0:
            continue
        start_ns, operation = sessions.action_start_ns[s], sessions.operation[s]
        population = population_of(sessions.number[s])
        if start_ns != NEVER_NS and now_ns - start_ns > plan.within_ns[population, operation]:  # never: bots
            count_service(plan, memory.counts, population, operation, start_ns, now_ns, UNKNOWN)
            cause, callee = cause_of_waiting(plan, memory, s, population), callee_of_action(plan, sessions, s)
            count_held(plan, memory.counts, start_ns, now_ns, cause, callee)
            sessions.trouble_since_ns[s] = min(sessions.trouble_since_ns[s], start_ns)
        end_trouble(plan, memory, s, now_ns)


@entry("plan", "memory", int, int64[::1], int64[:, :, ::1], int64[:, ::1])
def count_alive(plan, memory, now_ns, alive, by_presence, by_cause):
    """Count the sessions in progress by their class so far: all, those alive during a fault, and by cause."""
    sessions = memory.sessions
    for s in range(len(sessions.number)):
        population = population_of(sessions.number[s])
        if sessions.number[s] < 0 or plan.pop_bots[population]:
            continue
        by_cause[sessions.trouble[s], sessions.cause[s]] += sessions.cause[s] > 0
        alive[sessions.trouble[s]] += 1
        present = presence(plan, sessions.start_ns[s], now_ns)
        if present != NOT_PRESENT:
            by_presence[population, present, sessions.trouble[s]] += 1
