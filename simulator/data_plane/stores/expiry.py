"""Time to live: items expire, and are deleted later, by themselves (docs/model-stores.md §1).

Nothing happens when they are: whether an item has expired, and is gone, follows from when it was written.
Rules: Amazon DynamoDB developer guide, *Using time to live (TTL)*.
"""

from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import EXPIRY, uniform_of
from simulator.times import NEVER_NS

THERE, EXPIRED, GONE = 0, 1, 2
_WRITTEN, _INITIAL = 0, 1  # lanes of the draws


@kernel
def draw_of(plan, store, item, written_ns, lane, word):
    """A number of a version of an item, by its number in its store and its time; of the initial one at 0."""
    number = item - plan.store_item_first[store]
    return uniform_of(plan.seed, EXPIRY, number, written_ns, lane, word)


@kernel
def since_expiry_ns(plan, memory, store, item, v, t):
    """For how long version v, or the initial one, has been expired; below 0: it has not."""
    live_ns = plan.store_live_ns[store]
    if v != NONE:
        return t - memory.versions.time_ns[v] - live_ns
    return t + int(draw_of(plan, store, item, 0, _INITIAL, 0) * live_ns) - live_ns


@kernel
def presence_of(plan, memory, store, item, v, t):
    """Whether what a replica sees of an item is there, has expired, or is gone since. A tombstone stays.

    What has never been there, in a table that begins empty, is gone.
    """
    if v == NONE and plan.store_empty[store]:
        return GONE
    if plan.store_live_ns[store] == NEVER_NS or (v != NONE and memory.versions.deleted[v]):
        return THERE
    since_ns = since_expiry_ns(plan, memory, store, item, v, t)
    if since_ns < 0:
        return THERE
    if v == NONE:
        u = draw_of(plan, store, item, 0, _INITIAL, 1)
    else:
        u = draw_of(plan, store, item, memory.versions.time_ns[v], _WRITTEN, 0)
    return GONE if since_ns >= int(u * plan.store_expired_ns[store]) else EXPIRED


@kernel
def is_there(plan, memory, store, item, v, t):
    """Tell whether an item is there for who asks whether it is: neither deleted nor gone."""
    deleted = v != NONE and memory.versions.deleted[v] == 1
    return not deleted and presence_of(plan, memory, store, item, v, t) != GONE
