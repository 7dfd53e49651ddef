"""The client-side rate limiter of the AWS SDKs' adaptive retry mode (docs/model-request-path.md §6.1).

botocore 1.43.11, `retries/adaptive.py` and `retries/throttling.py`. Each client object has a row of state.
"""

import math

from simulator.kernels.compiling import kernel
from simulator.randomness.draws import nanoseconds

_BETA, _SCALE, _SMOOTHING, _FILL_LEAST = 0.7, 0.4, 0.8, 0.5
_BELOW_BETA, _BELOW_SMOOTHING = 0.3, 0.2  # what is left of 1


@kernel
def _half_second(s):
    return math.floor(2.0 * s) / 2.0


@kernel
def _start_clock(clients, row, s):
    """The first use of a limiter sets its clocks."""
    if clients.limiter_used[row] == 0:
        clients.limiter_used[row] = 1
        clients.bucket[row], clients.last_fail[row] = _half_second(s), s


@kernel
def _refill(clients, row, s):
    if clients.stamped[row]:
        gained = (s - clients.stamp[row]) * clients.fill[row]
        clients.current[row] = min(clients.capacity[row], clients.current[row] + gained)
    clients.stamped[row], clients.stamp[row] = 1, s


@kernel
def hold_back_ns(plan, clients, row, policy, t):
    """For how long a try must wait."""
    if plan.policy_adaptive[policy] == 0:
        return 0
    s = t / 1e9
    _start_clock(clients, row, s)
    if clients.limiter_enabled[row] == 0:
        return 0
    _refill(clients, row, s)
    clients.current[row] -= 1.0
    return nanoseconds(-clients.current[row] / clients.fill[row] * 1e9) if clients.current[row] < 0.0 else 0


@kernel
def _measure(clients, row, s):
    """The smoothed rate at which results come in."""
    clients.count[row] += 1
    now = _half_second(s)
    if now > clients.bucket[row]:
        rate = _SMOOTHING * clients.count[row] / (now - clients.bucket[row])
        clients.measured[row] = rate + _BELOW_SMOOTHING * clients.measured[row]
        clients.count[row], clients.bucket[row] = 0, now


@kernel
def _back_off(clients, row, s):
    """A throttled request: the rate falls, and the cubic's plateau is where it was."""
    rate = clients.measured[row]
    if clients.limiter_enabled[row]:
        rate = min(rate, clients.fill[row])
    clients.w_max[row] = rate
    clients.k[row] = (rate * _BELOW_BETA / _SCALE) ** (1.0 / 3.0)
    clients.last_fail[row], clients.limiter_enabled[row] = s, 1
    return _BETA * rate


@kernel
def adapt(plan, clients, row, policy, throttled, t):
    """The client learns the result of a try: set the rate (CUBIC)."""
    if plan.policy_adaptive[policy] == 0:
        return
    s = t / 1e9
    _start_clock(clients, row, s)
    _measure(clients, row, s)
    if throttled:
        rate = _back_off(clients, row, s)
    else:
        since = s - clients.last_fail[row] - clients.k[row]
        rate = _SCALE * (since * since * since) + clients.w_max[row]
    if clients.limiter_enabled[row]:
        _refill(clients, row, s)
        clients.fill[row] = max(min(rate, 2.0 * clients.measured[row]), _FILL_LEAST)
        clients.capacity[row] = max(clients.fill[row], 1.0)
        clients.current[row] = min(clients.current[row], clients.capacity[row])
