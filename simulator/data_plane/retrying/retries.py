"""When to try again: backoff and retry quotas (docs/model-request-path.md §6).

botocore 1.43.11; AWS Architecture Blog, "Exponential Backoff and Jitter".
"""

from simulator.kernels.compiling import kernel
from simulator.randomness.draws import nanoseconds

NO_RETRY_YET = -1


@kernel
def backoff_ns(plan, policy, failures, throttled, u):
    """The wait before another try, after so many failed ones."""
    cap_ns = plan.policy_cap_ns[policy]
    longest_ns = plan.policy_throttle_base_ns[policy] if throttled else plan.policy_base_ns[policy]
    for _ in range(failures - 1):
        longest_ns = min(2 * longest_ns, cap_ns)
    longest_ns = min(longest_ns, cap_ns)
    return nanoseconds(u * longest_ns) if plan.policy_jitter[policy] else longest_ns


@kernel
def retry_cost(plan, policy, timed_out, throttled):
    """What a retry costs, by why the try before it failed."""
    if timed_out:
        return plan.policy_timeout_cost[policy]
    return plan.policy_throttle_cost[policy] if throttled else plan.policy_cost[policy]


@kernel
def grant(plan, clients, row, policy, cost):
    """Charge a retry to the quota; False if too little is left."""
    if plan.policy_quota[policy] == 0:
        return True
    if clients.spent[row] + cost > plan.policy_quota[policy]:
        return False
    clients.spent[row] += cost
    return True


@kernel
def give_back(plan, clients, row, policy, last_cost):
    """A success returns what its last retry cost, or one token if there was none."""
    if plan.policy_quota[policy] > 0:
        back = 1 if last_cost == NO_RETRY_YET else last_cost
        clients.spent[row] = max(clients.spent[row] - back, 0)
