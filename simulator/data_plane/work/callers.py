"""What a caller of a store remembers and decides: its policy, its quota, whether it tries again.

Rules: docs/model-request-path.md §3 and §6; after a refused condition docs/model-stores.md §5.
"""

from simulator.boundary.outcomes import (
    ABSENT_CALL,
    CONNECT_CALL,
    FENCED_CALL,
    OPEN_CALL,
    THROTTLED_CALL,
    TIMEOUT_CALL,
)
from simulator.data_plane.layout import CALL_TRIES
from simulator.data_plane.queue import STEP
from simulator.data_plane.retrying.breaker import lets_through, record
from simulator.data_plane.retrying.limiter import adapt, hold_back_ns
from simulator.data_plane.retrying.retries import backoff_ns, give_back, grant, retry_cost
from simulator.data_plane.work.call_state import ADMITTED, call_lane
from simulator.data_plane.work.endpoints import FINE, LATER
from simulator.data_plane.work.jobs import proceed
from simulator.data_plane.work.progress import go_on
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import CALL, uniform_of


@kernel
def policy_of(plan, attempts, a, store):
    """The policy by which a service calls a store."""
    return plan.call_policy[plan.op_service[attempts.operation[a]], store]


@kernel
def client_row(plan, attempts, a, store):
    """The row of the client object that an instance has for a store."""
    return attempts.instance[a] * len(plan.store_items) + store


@kernel
def call_draw(plan, attempts, a, word):
    """A word of a try's own draws."""
    lane = call_lane(attempts, a)
    return uniform_of(plan.seed, CALL, attempts.number[a], attempts.attempt[a], lane, word)


@kernel
def remember_result(plan, memory, a, store, failed, throttled, t):
    """The caller's breaker, limiter and quota hear of a result."""
    if not memory.stateful_calls[0]:
        return
    attempts, clients = memory.attempts, memory.call_clients
    row, policy = client_row(plan, attempts, a, store), policy_of(plan, attempts, a, store)
    record(plan, clients, row, policy, attempts.breaker_epoch[a], failed, t)
    adapt(plan, clients, row, policy, throttled, t)
    if not failed:
        give_back(plan, clients, row, policy, attempts.retry_cost[a])


@kernel
def may_retry(plan, memory, a, store, cause):
    """Tell whether the caller has another try, and the quota for it.

    Who is told that the table is not there, or that writing is not allowed, does not try again: a
    ResourceNotFoundException or an AccessDeniedException (AWS SDKs), or the application's own refusal.
    """
    attempts = memory.attempts
    if cause in (ABSENT_CALL, FENCED_CALL):
        return False
    policy = policy_of(plan, attempts, a, store)
    if attempts.call_try[a] + 1 >= plan.policy_attempts[policy]:
        return False
    cost = retry_cost(plan, policy, cause in (CONNECT_CALL, TIMEOUT_CALL), cause == THROTTLED_CALL)
    if not pay_retry(plan, memory, a, store, policy, cost):
        return False
    attempts.retry_cost[a] = cost
    return True


@kernel
def pay_retry(plan, memory, a, store, policy, cost):
    """Take what a retry costs from the caller's quota, if it is there."""
    row = client_row(plan, memory.attempts, a, store) if memory.stateful_calls[0] else 0
    if not grant(plan, memory.call_clients, row, policy, cost):
        memory.counts.call_retries_denied[0] += 1
        return False
    return True


@kernel
def begins_round(plan, memory, a, store):
    """Tell whether the caller tries again although the store has answered, and has the quota for it."""
    attempts, policy = memory.attempts, policy_of(plan, memory.attempts, a, store)
    if not plan.policy_retries_refused[policy]:
        return False
    if attempts.rounds[a, 0] + 1 >= plan.policy_attempts[policy]:
        return False
    return pay_retry(plan, memory, a, store, policy, retry_cost(plan, policy, False, False))


@kernel
def begin_round(plan, memory, a, store, t):
    """Begin anew with the step that a condition compares with, after a backoff."""
    attempts, policy = memory.attempts, policy_of(plan, memory.attempts, a, store)
    attempts.rounds[a, 0] += 1
    lane = CALL_TRIES * attempts.step[a] + attempts.rounds[a, 0] - 1
    u = uniform_of(plan.seed, CALL, attempts.number[a], attempts.attempt[a], lane, 3)
    wait_ns = backoff_ns(plan, policy, attempts.rounds[a, 0], False, u)
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    go_on(plan, memory, a, plan.step_restart[row], t + wait_ns)


@kernel
def ask_client(plan, memory, a, store, t):
    """The caller's own breaker and limiter."""
    attempts = memory.attempts
    attempts.call_flags[a] |= ADMITTED
    if not memory.stateful_calls[0]:
        return FINE
    clients, row = memory.call_clients, client_row(plan, attempts, a, store)
    policy = policy_of(plan, attempts, a, store)
    let_through = lets_through(plan, clients, row, policy, t)
    attempts.breaker_epoch[a] = clients.breaker_epoch[row] if let_through else -1
    if not let_through:
        return OPEN_CALL
    wait_ns = hold_back_ns(plan, clients, row, policy, t)
    if wait_ns == 0:
        return FINE
    proceed(plan, memory, a, t + wait_ns, STEP)
    return LATER
