"""Instances: what they have from before the run, and forget when they are lost or newly started.

Rules: docs/model-request-path.md §2, §5, §6.
"""

from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import VERIFIER, uniform_of


@entry("plan", "memory")
def begin_instances(plan, memory):
    """Instances have worked all along: keys of different ages, and breakers that remember successes.

    Lambda's environments forget that when they start; what their connections are like is found at first need.
    """
    instances, stores = memory.instances, len(plan.store_items)
    for i in range(len(plan.instance_region)):
        phase = uniform_of(plan.seed, VERIFIER, i, 0, 1, 0)
        instances.keys_expiry_ns[i] = plan.keys_cache_ns - int(phase * plan.keys_cache_ns)
        instances.keys_held[i] = 1
        if memory.stateful_calls[0]:
            for store in range(stores):
                policy = plan.call_policy[plan.instance_service[i], store]
                memory.call_clients.remembered[i * stores + store] = plan.policy_window[policy]


@entry("plan", "memory", int, int, int)
def start_instance(plan, memory, service, region, number):
    """An instance has just been started: it has nothing cached."""
    forget(plan, memory, plan.site_first[service, region] + number)


@kernel
def reset_client(clients, row):
    """Give a client object a full quota, a closed breaker, and no limit."""
    clients.spent[row] = 0
    clients.breaker_state[row], clients.breaker_epoch[row] = 0, clients.breaker_epoch[row] + 1
    clients.remembered[row], clients.failures[row], clients.position[row] = 0, 0, 0
    clients.results_0[row], clients.results_1[row] = 0, 0
    clients.limiter_used[row], clients.limiter_enabled[row], clients.stamped[row] = 0, 0, 0
    clients.fill[row], clients.capacity[row], clients.current[row] = 0.0, 0.0, 0.0
    clients.measured[row], clients.count[row], clients.w_max[row], clients.k[row] = 0.0, 0, 0.0, 0.0


@kernel
def forget(plan, memory, i):
    """An instance has no connections, names, keys, or history of calls any more."""
    instances, stores = memory.instances, len(plan.store_items)
    instances.keys_expiry_ns[i], instances.keys_held[i] = 0, 0
    for store in range(stores):
        instances.connection_limit_ns[i, store] = 0
        instances.name_expiry_ns[i, store] = 0
        if memory.stateful_calls[0]:
            reset_client(memory.call_clients, i * stores + store)
