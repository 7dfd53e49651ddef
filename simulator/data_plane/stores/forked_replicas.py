"""Replicas that leave their table (docs/model-stores.md §7)."""

from simulator.boundary.causes import BY_FORK
from simulator.data_plane.stores.snapshots import keep_for_later, keep_replicas
from simulator.data_plane.stores.versions import lose_waiting
from simulator.kernels.compiling import entry


@entry("plan", "memory", int, int)
def lose_forked(plan, memory, store, region):
    """A replica is forked: what is visible there, and in no other surviving one, is no write of the table.

    Call before marking it lost, when all that is due has been delivered; another replica is left. Returns
    how many writes are lost.
    """
    counts = memory.counts
    before = counts.lost[store]
    keep_replicas(plan, memory, store)
    keep_for_later(plan, memory, store, region)
    for origin in range(plan.region_count):
        lose_waiting(plan, memory, store, origin, region, BY_FORK)
    counts.lost_by_fork[store] += counts.lost[store] - before
    return counts.lost[store] - before
