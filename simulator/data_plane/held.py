"""What holds an action that is not served well (docs/measures.md, "What held those who were not served").

A try notes what it meets; when it has failed, that, the way to its place, and what Route 53 answers now tell
what held it. Nothing here changes what happens.
"""

from simulator.boundary.causes import (
    CALLED_SERVICES,
    CIRCUIT_BREAKERS,
    DEAD_NODES,
    DEVICE_ANSWERS,
    ERRORS,
    ISSUERS,
    KEPT_CONNECTIONS,
    NAME_SERVERS,
    NEGATIVE_ANSWERS,
    NO_OTHER_ANSWER,
    NO_QUORUM,
    NOTHING,
    OPEN_REQUESTS,
    RESOLVER_ANSWERS,
    SLOW,
    STORES,
)
from simulator.boundary.outcomes import (
    ANSWERING,
    CIRCUIT_OPEN,
    DNS_EMPTY,
    DNS_FAILURE,
    REFUSED_OUTCOME,
    RESET,
)
from simulator.data_plane.owners import is_awaited
from simulator.kernels.compiling import kernel

BY_DEVICE, BY_RESOLVER, BY_AUTHORITY, BY_CONNECTION = 0, 1, 2, 3  # the first three: who answered
_NOWHERE = -1


@kernel
def note(memory, a, why):
    """A request has met something: that holds whoever waits for it, unless it meets something else later.

    What a nested request meets is its caller's affair, whom the service that it calls holds.
    """
    if is_awaited(memory, a):
        memory.sessions.why[memory.attempts.slot[a]] = why


@kernel
def note_callee(memory, a, store):
    """A request waits for a service that its service calls, or has been failed by it."""
    if is_awaited(memory, a):
        s = memory.attempts.slot[a]
        memory.sessions.why[s], memory.sessions.callee[s, 0] = CALLED_SERVICES, store


@kernel
def stop_waiting(memory, a, t):
    """The answer to a call is there: nothing that would hold a request, if that was not most of its time."""
    attempts, sessions, s = memory.attempts, memory.sessions, memory.attempts.slot[a]
    if not is_awaited(memory, a) or sessions.why[s] != CALLED_SERVICES or attempts.call_try[a] > 0:
        return
    if t - attempts.call_begin_ns[a] <= attempts.call_begin_ns[a] - sessions.begin_ns[s]:
        sessions.why[s] = SLOW


@kernel
def begin_holding(sessions, s):
    """A try begins: it has met nothing, and its way is not known yet."""
    sessions.why[s], sessions.route[s], sessions.stale[s], sessions.wrong[s] = SLOW, BY_AUTHORITY, 0, 0


@kernel
def is_answered(plan, world, name, place, region):
    """Tell whether Route 53 leads users at a place to a region now."""
    return world.answer_weight[name, place, region] > 0


@kernel
def note_route(plan, memory, s, place, name, region, route):
    """A try knows its way: over a kept connection or by an answer, to a region (an edge: NOWHERE)."""
    sessions = memory.sessions
    sessions.route[s] = route
    sessions.stale[s] = region >= 0 and not is_answered(plan, memory.world, name, place, region)


@kernel
def misleads(why):
    """Tell whether users who are led elsewhere would not have met it."""
    return why in (
        SLOW, NO_OTHER_ANSWER, ERRORS, DEAD_NODES, STORES, NEGATIVE_ANSWERS, NAME_SERVERS, NO_QUORUM,
        CALLED_SERVICES,
    )  # fmt: skip


@kernel
def cause_of_route(route):
    """What held a try that was led to a place to which Route 53 led nobody any more."""
    if route == BY_CONNECTION:
        return KEPT_CONNECTIONS
    return DEVICE_ANSWERS if route == BY_DEVICE else RESOLVER_ANSWERS


@kernel
def cause_of_place(plan, memory, s, place, name, outcome):
    """What held a try of an operation that had an address."""
    sessions, region = memory.sessions, memory.sessions.region[s]
    why = sessions.why[s]
    if why == SLOW and outcome in (REFUSED_OUTCOME, RESET):
        why = NO_OTHER_ANSWER
    if sessions.stale[s] and misleads(why):
        return cause_of_route(sessions.route[s])
    gone = region != _NOWHERE and not is_answered(plan, memory.world, name, place, region)
    return OPEN_REQUESTS if why == NO_OTHER_ANSWER and gone else why


@kernel
def cause_of_try(plan, memory, s, place, outcome):
    """What held a try that has failed, or has not ended at the end of the run."""
    sessions = memory.sessions
    if sessions.seeking_token[s]:
        return ISSUERS
    name = plan.op_name[sessions.operation[s]]
    if outcome in (DNS_FAILURE, DNS_EMPTY):
        outdated = sessions.route[s] != BY_AUTHORITY and memory.world.authoritative_mode[name] == ANSWERING
        return NEGATIVE_ANSWERS if outdated else NAME_SERVERS
    if outcome == CIRCUIT_OPEN:
        return CIRCUIT_BREAKERS
    return cause_of_place(plan, memory, s, place, name, outcome)


@kernel
def cause_of_action(sessions, s):
    """What held an action that has ended: what its last failed try met; if none failed, what it met."""
    return sessions.why[s] if sessions.held[s] == NOTHING else sessions.held[s]


@kernel
def hold_action(plan, sessions, s, cause):
    """A try has failed: that is what holds the action, unless another one fails."""
    sessions.held[s] = cause
    if cause == CALLED_SERVICES:
        sessions.held_callee[s, 0] = sessions.callee[s, 0]


@kernel
def callee_of_action(plan, sessions, s):
    """The called service that holds an action, if one does."""
    if not plan.service_calls:
        return _NOWHERE
    return sessions.callee[s, 0] if sessions.held[s] == NOTHING else sessions.held_callee[s, 0]
