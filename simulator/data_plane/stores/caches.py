"""Store kind: a cache in each region by itself (docs/model-request-path.md §3).

It copies nothing; a fill replaces what was there.
"""

from simulator.data_plane.meeting import meet_flush
from simulator.data_plane.stores.damage import note_wrong
from simulator.kernels.compiling import kernel


@kernel
def place_of(plan, store, item):
    """The item's place among those of all caches."""
    return plan.cache_first[store] + item - plan.store_item_first[store]


@kernel
def look_into_cache(plan, memory, a, store, item, t):
    """Tell whether the item is there, filled after the last flush and not too long ago."""
    region = memory.attempts.region[a]
    filled = memory.caches.filled_ns[place_of(plan, store, item), region]
    filled_ns = abs(filled) - 1  # -1: never
    if filled_ns < 0 or t - filled_ns >= plan.cache_ttl_ns[store]:
        return False
    if filled_ns < memory.world.flush_ns[store, region]:
        meet_flush(plan, memory, a, store, region)
        return False
    if filled < 0:
        note_wrong(plan, memory, a, store, t)
    return True


@kernel
def fill_cache(plan, memory, a, store, item, t):
    """Put in what the table behind the cache has answered, damaged or not."""
    sign = -1 if memory.attempts.wrong[a] else 1
    memory.caches.filled_ns[place_of(plan, store, item), memory.attempts.region[a]] = sign * (t + 1)
