"""Store kind: a multi-region cache, whose counters can be incremented.

Rules: docs/model-request-path.md §3; Amazon MemoryDB guide, *multi-Region*.
"""

from simulator.data_plane.meeting import meet_flush, meet_replica
from simulator.data_plane.stores.damage import DAMAGED, INCREMENTS, STANDS_ALONE
from simulator.data_plane.stores.remembering import may_apply
from simulator.data_plane.stores.replicas import best_seen, put_item, take_read, take_write
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel


@kernel
def look_into_shared(plan, memory, a, store, item, t):
    """Tell whether the item is there, written after the last flush; if so, read it."""
    region = memory.attempts.region[a]
    meet_replica(plan, memory, a, store, region)
    v = best_seen(plan, memory, store, item, region, t)
    if v == NONE:
        return False
    if memory.versions.time_ns[v] < memory.world.flush_ns[store, region]:
        meet_flush(plan, memory, a, store, region)
        return False
    take_read(plan, memory, a, store, item, t)
    return True


@kernel
def increment(plan, memory, a, store, item, row, t):
    """Write the counter's new value."""
    if may_apply(plan, memory, a, row, t):
        take_write(plan, memory, a, store, item, INCREMENTS, t)


@kernel
def fill_shared(plan, memory, a, store, item, t):
    """Put in what the table behind the cache has answered: a write, which is copied and stands alone."""
    wrong = DAMAGED if memory.attempts.wrong[a] else 0
    put_item(plan, memory, a, store, item, STANDS_ALONE | wrong, t)
