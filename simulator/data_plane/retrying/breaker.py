"""Circuit breakers by counts, as resilience4j's (docs/model-request-path.md §6).

Each client object has a row of state.
"""

from simulator.kernels.compiling import kernel

CLOSED, OPEN, HALF_OPEN = 0, 1, 2
_WORD = 60  # results in each word of bits


@kernel
def _change(clients, row, state):
    """Change the state; results of tries that were let through before count no more."""
    clients.breaker_state[row] = state
    clients.breaker_epoch[row] += 1
    clients.remembered[row], clients.failures[row], clients.position[row] = 0, 0, 0
    clients.results_0[row], clients.results_1[row] = 0, 0
    clients.probes_sent[row], clients.probes_back[row], clients.probes_failed[row] = 0, 0, 0


@kernel
def lets_through(plan, clients, row, policy, t):
    """Tell whether a try may go; a half-open breaker lets so many probes through."""
    if plan.policy_window[policy] == 0:
        return True
    if clients.breaker_state[row] == OPEN:
        if t < clients.breaker_until_ns[row]:
            return False
        _change(clients, row, HALF_OPEN)
    if clients.breaker_state[row] == HALF_OPEN:
        if clients.probes_sent[row] >= plan.policy_probes[policy]:
            return False
        clients.probes_sent[row] += 1
    return True


@kernel
def _open(plan, clients, row, policy, t):
    _change(clients, row, OPEN)
    clients.breaker_until_ns[row] = t + plan.policy_open_ns[policy]


@kernel
def _swap_bit(clients, row, position, bit):
    """Put a result in the place of the one remembered longest; the bit that was there."""
    words = clients.results_0 if position < _WORD else clients.results_1
    shift = position if position < _WORD else position - _WORD
    before = (words[row] >> shift) & 1
    words[row] = (words[row] & ~(1 << shift)) | (bit << shift)
    return before


@kernel
def _remember(plan, clients, row, policy, failed):
    window, position = plan.policy_window[policy], clients.position[row]
    clients.failures[row] += failed - _swap_bit(clients, row, position, failed)
    clients.position[row] = (position + 1) % window
    clients.remembered[row] = min(clients.remembered[row] + 1, window)


@kernel
def record(plan, clients, row, policy, epoch, failed, t):
    """The client learns the result of a try (failed: 0 or 1) that was let through in an epoch."""
    if plan.policy_window[policy] == 0 or epoch != clients.breaker_epoch[row]:
        return
    threshold = plan.policy_threshold[policy]
    if clients.breaker_state[row] == CLOSED:
        _remember(plan, clients, row, policy, failed)
        remembered = clients.remembered[row]
        if remembered >= plan.policy_least[policy] and clients.failures[row] >= threshold * remembered:
            _open(plan, clients, row, policy, t)
        return
    clients.probes_back[row] += 1
    clients.probes_failed[row] += failed
    if clients.probes_back[row] == plan.policy_probes[policy]:
        if clients.probes_failed[row] < threshold * plan.policy_probes[policy]:
            _change(clients, row, CLOSED)
        else:
            _open(plan, clients, row, policy, t)
