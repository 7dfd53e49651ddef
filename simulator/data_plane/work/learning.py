"""Hop: what a caller does when a call, or a try of it, has failed, and how its answer leaves.

Another try, the table behind a cache, or the end of the work. Rules: docs/model-request-path.md §3.
"""

from simulator.boundary.causes import NO_OTHER_ANSWER
from simulator.boundary.kinds import GET, NEVER_NS
from simulator.boundary.outcomes import ERROR, FENCED_CALL, OPEN_CALL, THROTTLED, THROTTLED_CALL, UNKNOWN
from simulator.data_plane.held import note
from simulator.data_plane.meeting import meet_link
from simulator.data_plane.retrying.retries import backoff_ns
from simulator.data_plane.work.call_state import CACHE_FAILED, MISSED, store_of
from simulator.data_plane.work.callers import call_draw, may_retry, policy_of, remember_result
from simulator.data_plane.work.compute import end_work
from simulator.data_plane.work.fronts import leave_with
from simulator.data_plane.work.jobs import answer, fall_silent
from simulator.data_plane.work.progress import schedule_try
from simulator.kernels.compiling import kernel


@kernel
def respond(plan, memory, a, place, t, outcome):
    """The response leaves, if there is a way back."""
    attempts = memory.attempts
    meet_link(plan, memory, a, attempts.region[a], place)
    leave_with(plan, memory, a, outcome, t)
    if memory.world.link_cut[attempts.region[a], place]:
        attempts.gateway_deadline_ns[a] = NEVER_NS
        note(memory, a, NO_OTHER_ANSWER)
        fall_silent(plan, memory, a)
    else:
        answer(plan, memory, a, t + attempts.backward_ns[a], outcome)


@kernel
def turn_to_table(plan, memory, a, why, t):
    """The cache did not help: read the table behind it, a call of its own."""
    attempts = memory.attempts
    attempts.call_flags[a], attempts.retry_cost[a] = why, -1
    schedule_try(plan, memory, a, 0, t)


@kernel
def learn_failure(plan, memory, a, place, cause, t):
    """The caller learns that a try failed: another one, the table behind a cache, or the end of the work."""
    attempts = memory.attempts
    store = store_of(plan, attempts, a)
    if cause != OPEN_CALL:
        remember_result(plan, memory, a, store, int(cause != FENCED_CALL), cause == THROTTLED_CALL, t)
    if may_retry(plan, memory, a, store, cause):
        u, policy = call_draw(plan, attempts, a, 3), policy_of(plan, attempts, a, store)
        number = attempts.call_try[a] + 1
        wait_ns = backoff_ns(plan, policy, number, cause == THROTTLED_CALL, u)
        schedule_try(plan, memory, a, number, t + wait_ns)
    else:
        give_up_call(plan, memory, a, place, store, cause, t)


@kernel
def give_up_call(plan, memory, a, place, store, cause, t):
    """A call has failed for good: on to the table behind a cache, or the end of the work."""
    attempts = memory.attempts
    memory.counts.calls_failed[store, attempts.region[a]] += 1
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    looking = plan.step_kind[row] == GET and not attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    if looking and plan.step_miss[row] >= 0:
        turn_to_table(plan, memory, a, CACHE_FAILED, t)
        return
    outcome = THROTTLED if cause == THROTTLED_CALL else ERROR
    outcome = UNKNOWN if attempts.ambiguous[a] else outcome
    end_work(plan, memory, a, t, outcome != THROTTLED)
    respond(plan, memory, a, place, t, outcome)
