"""Store kind: an external dependency, which holds nothing but what calls have brought about there.

Rules: docs/model-request-path.md §3.1. It is one thing in one place, so a token is found at once.
"""

from simulator.data_plane.stores.remembering import has_applied
from simulator.kernels.compiling import kernel


@kernel
def use_external(plan, memory, a, store, row, writes):
    """A call has its effect, if it is to have one and does not bring the token of an earlier one."""
    if not writes:
        return
    counts, number = memory.counts, store - len(plan.store_kind) + plan.externals
    memory.attempts.ambiguous[a] = 1
    again = has_applied(memory, a)
    if again and plan.step_idempotent[row]:
        counts.deduplicated[0] += 1
        counts.effects_left_out[number] += 1
        return
    counts.effects[number] += 1
    counts.effects_again[number] += again
    counts.double_applied[0] += again
    memory.deeds.applied[memory.attempts.deed[a]] |= 1 << memory.attempts.step[a]
