"""What a store does, by its kind: here, and nowhere else, the kind is asked.

A kind is a file with what it does with a call: whether it admits it, how that takes effect, how what was
missing is filled in. How a write is copied and what becomes of it is the kind's own, too: tables, objects and
multi-region caches share `simulator.data_plane.stores.replicas`, caches of one region copy nothing.
"""

from simulator.boundary.kinds import CACHE, DATABASE, EXTERNAL, OBJECTS, SHARED_CACHE, TABLE, UNCONDITIONAL
from simulator.data_plane.stores.caches import fill_cache, look_into_cache
from simulator.data_plane.stores.conditions import verdict_of_condition
from simulator.data_plane.stores.databases import use_database
from simulator.data_plane.stores.externals import use_external
from simulator.data_plane.stores.items import step_item
from simulator.data_plane.stores.objects import use_objects
from simulator.data_plane.stores.shared_caches import fill_shared, increment, look_into_shared
from simulator.data_plane.stores.strong import FINE, serves, verdict_of_write
from simulator.data_plane.stores.tables import admit_to_table, use_table
from simulator.data_plane.tallies import window_of
from simulator.kernels.compiling import kernel


@kernel
def admits(plan, memory, a, store, writes, t):
    """Tell whether a store has what a call needs now."""
    row = plan.op_step_first[memory.attempts.operation[a]] + memory.attempts.step[a]
    if plan.store_kind[store] != TABLE:
        return True
    return admit_to_table(plan, memory, a, store, step_item(plan, memory, a, store), row, writes, t)


@kernel
def lacks_quorum(plan, memory, a, store, t):
    """Tell whether a call needs another member of a strong table, and its region is cut off or behind."""
    if plan.strong_tables == 0:
        return False
    row = plan.op_step_first[memory.attempts.operation[a]] + memory.attempts.step[a]
    return plan.step_quorum[row] != 0 and not serves(plan, memory, a, store, t)


@kernel
def refusal_of(plan, memory, a, store, writes, t):
    """Why a write that the store could make is not made; FINE: it is."""
    if not writes or (plan.strong_tables == 0 and plan.conditions == 0):
        return FINE
    row = plan.op_step_first[memory.attempts.operation[a]] + memory.attempts.step[a]
    item, verdict = step_item(plan, memory, a, store), FINE
    if plan.step_quorum[row]:
        verdict = verdict_of_write(plan, memory, a, store, item, t)
    if verdict == FINE and plan.step_condition[row] != UNCONDITIONAL:
        verdict = verdict_of_condition(plan, memory, a, store, item, row, t)
    return verdict


@kernel
def take_effect(plan, memory, a, store, writes, t):
    """A call does what it is for; False if it was a look into a cache that missed."""
    row = plan.op_step_first[memory.attempts.operation[a]] + memory.attempts.step[a]
    kind, item = plan.store_kind[store], step_item(plan, memory, a, store)
    if kind == TABLE:
        use_table(plan, memory, a, store, item, row, writes, t)
    elif kind == OBJECTS:
        use_objects(plan, memory, a, store, item, row, writes, t)
    elif kind == DATABASE:
        use_database(plan, memory, a, store, item, row, writes, t)
    elif kind == EXTERNAL:
        use_external(plan, memory, a, store, row, writes)
    elif writes:
        increment(plan, memory, a, store, item, row, t)
    else:
        return look(plan, memory, a, store, item, t)
    return True


@kernel
def look(plan, memory, a, store, item, t):
    """Look into a cache of either kind; tell whether the item was there."""
    if plan.store_kind[store] == SHARED_CACHE:
        hit = look_into_shared(plan, memory, a, store, item, t)
    else:
        hit = look_into_cache(plan, memory, a, store, item, t)
    memory.counts.cache_hits[store, memory.attempts.region[a]] += hit
    if not hit:
        memory.counts.cache_misses[store, memory.attempts.region[a]] += 1
        memory.counts.window_cold[window_of(plan, t)] += 1
    return hit


@kernel
def fill(plan, memory, a, t):
    """Put what the table has answered into the cache of the step."""
    attempts = memory.attempts
    store = plan.step_store[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]
    item = step_item(plan, memory, a, store)
    if plan.store_kind[store] == CACHE:
        fill_cache(plan, memory, a, store, item, t)
    else:
        fill_shared(plan, memory, a, store, item, t)
