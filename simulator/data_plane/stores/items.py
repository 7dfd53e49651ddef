"""Which item of its store a step touches (docs/model-request-path.md §3)."""

from simulator.data_plane.stores.versions import NONE
from simulator.kernels.bits import prefetch
from simulator.kernels.compiling import entry, kernel


@entry("plan", int, float)
def item_of(plan, store, u):
    """The item at quantile u of a table's popularity (Walker's alias method for Zipf), as a global number."""
    first = plan.store_item_first[store]
    x = u * plan.store_items[store]
    item = int(x)
    if plan.store_zipf[store] and x - item >= plan.alias_probability[first + item]:
        item = plan.alias_item[first + item]
    return first + item


@kernel
def own_item_of(plan, store, u):
    """The session's own item, as a global number."""
    return plan.store_item_first[store] + int(u * plan.store_items[store])


@kernel
def step_item(plan, memory, a, store):
    """The item of a store that the present step of an attempt touches.

    What picks it is kept with the attempt: the session may have moved on.
    """
    attempts = memory.attempts
    if plan.step_own[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]:
        return own_item_of(plan, store, attempts.own_item[a])
    return item_of(plan, store, attempts.action_item[a])


@kernel
def come_nearer(plan, memory, a, store):
    """An attempt will ask a store for an item: what is known of it is far from the processor, mostly."""
    if plan.store_items[store] > 0:
        lane = memory.item_lane[step_item(plan, memory, a, store)]
        if lane != NONE:
            prefetch(memory.lanes.item, lane)
