"""Store kind: a bucket of objects. It has no limits (docs/model-request-path.md §3)."""

from simulator.data_plane.stores.damage import STANDS_ALONE
from simulator.data_plane.stores.remembering import may_apply
from simulator.data_plane.stores.replicas import take_read, take_write
from simulator.kernels.compiling import kernel


@kernel
def use_objects(plan, memory, a, store, item, row, writes, t):
    """Get or put the object."""
    if not writes:
        take_read(plan, memory, a, store, item, t)
    elif may_apply(plan, memory, a, row, t):
        take_write(plan, memory, a, store, item, STANDS_ALONE if plan.step_stands_alone[row] else 0, t)
