"""A share of a store's items becomes wrong, or is deleted, at one instant (docs/model-stores.md §1).

Each of them is a write that no user has asked for, copied like any other.
"""

from simulator.data_plane.stores.damage import DAMAGED, DELETES, UNASKED
from simulator.data_plane.stores.replicas import best_seen, write_item
from simulator.data_plane.stores.strong import commit, has_quorum, is_caught_up, latest_of, nearest_member
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import entry, kernel
from simulator.randomness.draws import STRIKE, uniform_of

_NOBODY = -1
_LANE = 4096  # of the draws of whom members of strong tables wait for: no call's


@kernel
def is_hit(plan, item, fault, share):
    """Tell whether a fault strikes an item, by its number in its store."""
    return uniform_of(plan.seed, STRIKE, item, fault, 0, 0) < share


@entry("plan", int, int, float)
def hits(plan, store, fault, share):
    """How many items of a store a fault strikes."""
    count = 0
    for item in range(plan.store_items[store]):
        count += is_hit(plan, item, fault, share)
    return count


@kernel
def may_be_there(plan, memory, store, item, region, t):
    """Tell whether an item has been written, where a region looks, or was there from the first."""
    if plan.store_strong[store]:
        return not plan.store_empty[store] or latest_of(memory, item) != NONE
    return not plan.store_empty[store] or best_seen(plan, memory, store, item, region, t) != NONE


@entry("plan", "memory", int, int, int, float, int, int)
def strike_items(plan, memory, store, region, fault, share, deletes, t):
    """Write the items that a fault strikes; there must be room for so many versions.

    A strong table takes no write where its member has no quorum, or has not caught up.
    """
    first, how = plan.store_item_first[store], UNASKED | DAMAGED | (DELETES if deletes else 0)
    strong = plan.store_strong[store] == 1
    if strong and not (
        has_quorum(plan, memory.world, store, region) and is_caught_up(plan, memory, store, region, t)
    ):
        return
    for item in range(plan.store_items[store]):
        if is_hit(plan, item, fault, share) and may_be_there(plan, memory, store, first + item, region, t):
            strike_item(plan, memory, store, region, item, how, t)
            memory.counts.struck_items[store, region] += 1


@kernel
def strike_item(plan, memory, store, region, item, how, t):
    """Write an item of a store, by its number there; in a strong table another member acknowledges it."""
    at = plan.store_item_first[store] + item
    if not plan.store_strong[store]:
        write_item(plan, memory, store, at, region, _NOBODY, item, 0, how, t)
        return
    member = nearest_member(plan, memory.world, store, region, 0, item, _LANE)[0]
    commit(plan, memory, store, at, region, member, _NOBODY, item, 0, how, t)
