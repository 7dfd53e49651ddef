"""Instances: what they forget when they are lost or newly started (docs/model-request-path.md §2)."""

from simulator.kernels.compiling import kernel


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
    instances.keys_expiry_ns[i] = 0
    for store in range(stores):
        instances.connection_limit_ns[i, store] = 0
        instances.name_expiry_ns[i, store] = 0
        if memory.stateful_calls[0]:
            reset_client(memory.call_clients, i * stores + store)
