"""Lanes whose partition has no units: they step aside (docs/model-request-path.md §4).

They stand in lines, one for each partition and directed pair, and others pass. The first entry of each line
stands in a heap, by when its partition is free again: a time that local writers may only put off, so it is
looked at anew when its turn comes.
"""

from simulator.data_plane.stores.copies import dequeue_first, free_entry, with_entry, without_first
from simulator.data_plane.stores.throughput import partition_free_ns, partition_of
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel


@kernel
def line_of(plan, memory, store, entry):
    """The partition whose line it is."""
    return partition_of(plan, store, memory.lanes.item[memory.copies.lane[entry]])


@kernel
def step_aside(plan, memory, store, origin, target, free_ns):
    """The first of a queue goes to the end of its partition's line; that is free at `free_ns`."""
    copies, replicators = memory.copies, memory.replicators
    entry = replicators.root[store, origin, target]
    replicators.root[store, origin, target] = without_first(copies, entry)
    partition = line_of(plan, memory, store, entry)
    last = replicators.line_end[partition, origin, target]
    replicators.line_end[partition, origin, target] = entry
    copies.behind[entry] = NONE
    if last != NONE:
        copies.behind[last] = entry
    else:
        replicators.lines[store, target] += 1
        begin_line(memory, store, origin, target, entry, free_ns)


@kernel
def begin_line(memory, store, origin, target, entry, free_ns):
    """An entry is the first of its line, whose partition is not free before `free_ns`."""
    copies, aside = memory.copies, memory.replicators.aside
    copies.due_ns[entry] = free_ns
    aside[store, origin, target] = with_entry(copies, aside[store, origin, target], entry)


@kernel
def first_of_line(plan, memory, store, origin, target):
    """The first of the line whose partition is free first, NONE if none has stepped aside."""
    copies, aside = memory.copies, memory.replicators.aside
    first = aside[store, origin, target]
    while first != NONE:
        item = memory.lanes.item[copies.lane[first]]
        free_ns = partition_free_ns(plan, memory, store, target, item)
        if free_ns <= copies.due_ns[first]:
            return first
        aside[store, origin, target] = without_first(copies, first)
        begin_line(memory, store, origin, target, first, free_ns)
        first = aside[store, origin, target]
    return first


@kernel
def take_from_line(plan, memory, store, origin, target):
    """Take the first of the line whose partition is free first; its lane."""
    copies, replicators = memory.copies, memory.replicators
    first = replicators.aside[store, origin, target]
    replicators.aside[store, origin, target] = without_first(copies, first)
    following = copies.behind[first]
    if following == NONE:
        replicators.line_end[line_of(plan, memory, store, first), origin, target] = NONE
        replicators.lines[store, target] -= 1
    else:
        begin_line(memory, store, origin, target, following, copies.due_ns[first])
    return free_entry(copies, first)


@kernel
def drop_queues(plan, memory, store, origin, target):
    """Nothing is delivered any more by a pair."""
    replicators = memory.replicators
    while replicators.root[store, origin, target] != NONE:
        dequeue_first(memory, store, origin, target)
    while replicators.aside[store, origin, target] != NONE:
        take_from_line(plan, memory, store, origin, target)


@kernel
def drop_queues_to(plan, memory, store, target):
    """A replica is gone for good: nothing is delivered there any more."""
    for origin in range(plan.region_count):
        drop_queues(plan, memory, store, origin, target)
