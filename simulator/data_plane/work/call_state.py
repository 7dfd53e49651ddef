"""What is known of the call of a request that is under way (docs/model-request-path.md §3)."""

from simulator.data_plane.layout import CALL_TRIES
from simulator.kernels.compiling import kernel

LATE, ADMITTED, CONNECTED, MISSED, FAILED, CACHE_FAILED, COUNTED = 1, 2, 4, 8, 16, 32, 64
ASKS, HEARS = 128, 256  # of a call of a service: the try begins; the caller's deadline, or a gateway's answer

_MISS_TRIES = CALL_TRIES // 2  # a cache's table has the upper half


@kernel
def store_of(plan, attempts, a):
    """The store that an attempt is calling: the step's, or the table behind a cache."""
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    behind = attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    return plan.step_miss[row] if behind else plan.step_store[row]


@kernel
def call_lane(attempts, a):
    """The lane of a try's draws."""
    behind = attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    return CALL_TRIES * attempts.step[a] + (_MISS_TRIES if behind else 0) + attempts.call_try[a]


@kernel
def is_write(plan, attempts, a):
    """Tell whether the call writes; the table behind a cache is only read."""
    behind = attempts.call_flags[a] & (MISSED | CACHE_FAILED)
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    return not behind and plan.step_writes[row] != 0
