"""Conditional writes: `if: absent`, `if: unchanged` (docs/model-stores.md §5).

Amazon DynamoDB developer guide, *Expressions.ConditionExpressions*; where a condition is evaluated: "How
DynamoDB global tables work". A condition that holds is a promise, and is evaluated once more against the
highest version anywhere, only to count whether it is true.
"""

from simulator.boundary.kinds import ABSENT, TABLE
from simulator.data_plane.meeting import meet_replica
from simulator.data_plane.stores.delivery import deliver
from simulator.data_plane.stores.lanes import highest_in
from simulator.data_plane.stores.remembering import is_duplicate
from simulator.data_plane.stores.states import NOTHING, state_of
from simulator.data_plane.stores.strong import FINE, latest_of
from simulator.data_plane.stores.throughput import WRITES, use_units
from simulator.data_plane.stores.versions import is_forked
from simulator.kernels.compiling import kernel

REFUSED = -5  # the store has answered that a write's condition does not hold


@kernel
def holds(plan, memory, a, row, state):
    """Tell whether the condition of a step holds for a state of its item."""
    if plan.step_condition[row] == ABSENT:
        return state == NOTHING
    return state == memory.attempts.seen[a, plan.step_compares[row]]


@kernel
def version_asked(plan, memory, store, item, row, place, t):
    """The version by which a condition is decided: its region's highest; of a strong table the latest one."""
    deliver(plan, memory, store, place, t)
    return latest_of(memory, item) if plan.step_quorum[row] else highest_in(memory, item, place)


@kernel
def verdict_of_condition(plan, memory, a, store, item, row, t):
    """FINE, or REFUSED, which costs a table the units of the write; a forked replica holds what it must."""
    forked = is_forked(memory.world, store, memory.attempts.region[a])
    if forked or is_duplicate(plan, memory, a, row, t):
        return FINE
    region = memory.attempts.region[a]
    place = memory.world.write_place[store, region]
    meet_replica(plan, memory, a, store, place)
    asked = version_asked(plan, memory, store, item, row, place, t)
    if holds(plan, memory, a, row, state_of(plan, memory, store, item, asked, t)):
        anywhere = state_of(plan, memory, store, item, latest_of(memory, item), t)
        memory.counts.held_conditions[store, region] += 1
        memory.counts.broken_conditions[store, region] += not holds(plan, memory, a, row, anywhere)
        return FINE
    if plan.store_kind[store] == TABLE:
        use_units(plan, memory, store, place, item, WRITES, t)
    return REFUSED
