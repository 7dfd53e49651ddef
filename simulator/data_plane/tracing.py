"""The trace: what followed sessions do, a row for each try, action and session that ends.

The caller has made sure of the room (`simulator.data_plane.loop.shortage`); nothing here changes what
happens.
"""

from simulator.boundary.causes import SLOW
from simulator.boundary.outcomes import SUCCEEDED
from simulator.boundary.traces import ACTION, SESSION, TRY
from simulator.data_plane.held import callee_of_action, cause_of_action
from simulator.kernels.compiling import kernel

TRACE_OFF, TRACE_ALL = -2, -1
_NOTHING = -1


@kernel
def is_followed(trace, session):
    """Tell whether what a session does is written down."""
    return trace.session[0] == TRACE_ALL or trace.session[0] == session


@kernel
def write_row(trace, row):
    """Add a row of `simulator.boundary.traces.TRACE_FIELDS`."""
    at = trace.count[0]
    trace.count[0] = at + 1
    for i in range(len(row)):
        trace.rows[at, i] = row[i]


@kernel
def trace_try(plan, memory, s, attempt, operation, outcome, cause, t):
    """A try has ended; `cause`: what held it, if it failed."""
    sessions = memory.sessions
    number = sessions.number[s]
    if not is_followed(memory.trace, number):
        return
    why = sessions.why[s] if outcome == SUCCEEDED else cause
    callee = sessions.callee[s, 0] if plan.service_calls else _NOTHING
    row = (
        number, attempt, sessions.begin_ns[s], t, operation, sessions.region[s], outcome, sessions.version[s],
        TRY, sessions.actions[s], why, sessions.route[s], sessions.stale[s], sessions.wrong[s], 0, callee,
    )  # fmt: skip
    write_row(memory.trace, row)


@kernel
def trace_action(plan, memory, s, outcome, is_good, t):
    """An action has ended, well or not."""
    sessions = memory.sessions
    number = sessions.number[s]
    if not is_followed(memory.trace, number):
        return
    row = (
        number, sessions.attempts[s], sessions.action_start_ns[s], t, sessions.operation[s],
        sessions.region[s], outcome, sessions.version[s], ACTION, sessions.actions[s],
        cause_of_action(sessions, s), sessions.route[s], sessions.stale[s], sessions.wrong[s], int(is_good),
        callee_of_action(plan, sessions, s),
    )  # fmt: skip
    write_row(memory.trace, row)


@kernel
def trace_session(memory, s, class_, t):
    """A session has ended, in a class."""
    sessions = memory.sessions
    number = sessions.number[s]
    if not is_followed(memory.trace, number):
        return
    row = (
        number, sessions.attempts[s], sessions.start_ns[s], t, _NOTHING, _NOTHING, class_,
        sessions.due_end_ns[s], SESSION, sessions.actions[s], SLOW, sessions.resolver[s], 0, 0, 0, _NOTHING,
    )  # fmt: skip
    write_row(memory.trace, row)
