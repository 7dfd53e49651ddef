"""The queue of undelivered copies, one for each store and directed pair (docs/model.md §6).

A queue is a heap of lanes, in order of when the first copy of each that the target has not seen is due on
the pair's own clock, and of writing; the lane's further copies stand behind that one. Stops and catching up
move the clock and never the order, so they cost nothing here. It is a pairing heap (Fredman, Sedgewick,
Sleator, Tarjan, *The pairing heap*, Algorithmica 1, 1986); the entries of all queues share one pool.

The writes that have copies in some queue also form a list in order of writing, for each store and origin:
from its beginning on, the oldest that waits for a target is found.
"""

from simulator.data_plane.stores.versions import ARRIVED_NS, BARRED_NS, NONE
from simulator.kernels.compiling import kernel
from simulator.times import NEVER_NS


@kernel
def comes_before(copies, one, other):
    """Tell which of two entries is due first; of two at once, the one written first."""
    if copies.due_ns[one] != copies.due_ns[other]:
        return copies.due_ns[one] < copies.due_ns[other]
    return copies.number[one] < copies.number[other]


@kernel
def joined(copies, one, other):
    """Make one heap of two; its root."""
    if comes_before(copies, other, one):
        one, other = other, one
    copies.sibling[other] = copies.child[one]
    copies.child[one] = other
    return one


@kernel
def with_entry(copies, root, entry):
    """A heap, which may be empty, with one entry more; its root."""
    copies.child[entry] = NONE
    return entry if root == NONE else joined(copies, root, entry)


@kernel
def enqueue(memory, lane, target, due_ns, number):
    """A lane has a first copy that a target has not seen, due on the pair's clock at `due_ns`.

    `number` is that of its write.
    """
    copies, replicators, lanes = memory.copies, memory.replicators, memory.lanes
    store, origin = lanes.store[lane], lanes.origin[lane]
    count = copies.free_count[0] - 1
    copies.free_count[0] = count
    entry = copies.free[count]
    copies.lane[entry], copies.due_ns[entry], copies.number[entry] = lane, due_ns, number
    root = replicators.root[store, origin, target]
    replicators.root[store, origin, target] = with_entry(copies, root, entry)
    replicators.next_ns[store, target] = min(replicators.next_ns[store, target], due_ns)


@kernel
def pairs_joined(copies, child):
    """Join the heaps beside each other two by two; the last of the results, which are linked backwards."""
    pairs = NONE
    while child != NONE:
        pair, other = child, copies.sibling[child]
        child = NONE
        if other != NONE:
            child = copies.sibling[other]
            pair = joined(copies, pair, other)
        copies.sibling[pair] = pairs
        pairs = pair
    return pairs


@kernel
def without_first(copies, first):
    """A heap without its root; the new one, or NONE."""
    pairs = pairs_joined(copies, copies.child[first])
    root = NONE
    while pairs != NONE:
        following = copies.sibling[pairs]
        root = pairs if root == NONE else joined(copies, root, pairs)
        pairs = following
    return root


@kernel
def free_entry(copies, entry):
    """Give an entry back; its lane."""
    count = copies.free_count[0]
    copies.free[count] = entry
    copies.free_count[0] = count + 1
    return copies.lane[entry]


@kernel
def dequeue_first(memory, store, origin, target):
    """Take the lane whose copy is due first out of a queue that is not empty."""
    copies, replicators = memory.copies, memory.replicators
    first = replicators.root[store, origin, target]
    replicators.root[store, origin, target] = without_first(copies, first)
    return free_entry(copies, first)


@kernel
def await_delivery(memory, v):
    """Put a version that is written now at the end of the list of those that wait."""
    replicators, versions = memory.replicators, memory.versions
    store, origin = versions.store[v], versions.origin[v]
    last = replicators.last[store, origin]
    versions.earlier[v], versions.later[v] = last, NONE
    if last == NONE:
        replicators.first[store, origin] = v
    else:
        versions.later[last] = v
    replicators.last[store, origin] = v


@kernel
def move_before(plan, memory, store, origin, last):
    """What was put in the list after `last` has been written before all that is up to it: it goes first."""
    replicators, versions = memory.replicators, memory.versions
    if last == NONE or versions.later[last] == NONE:
        return
    earliest, head, tail = (
        versions.later[last],
        replicators.first[store, origin],
        replicators.last[store, origin],
    )
    versions.later[last], versions.earlier[earliest] = NONE, NONE
    versions.later[tail], versions.earlier[head] = head, tail
    replicators.first[store, origin], replicators.last[store, origin] = earliest, last
    for target in range(plan.region_count):
        v = earliest
        while v != NONE and (versions.due_ns[v, target] == NEVER_NS or is_over(versions.due_ns[v, target])):
            v = versions.later[v]
        replicators.oldest[store, origin, target] = v


@kernel
def await_no_more(plan, memory, v):
    """A version has been delivered wherever it will be: take it out of the list of those that wait."""
    replicators, versions = memory.replicators, memory.versions
    store, origin = versions.store[v], versions.origin[v]
    earlier, later = versions.earlier[v], versions.later[v]
    if earlier == NONE:
        replicators.first[store, origin] = later
    else:
        versions.later[earlier] = later
    if later == NONE:
        replicators.last[store, origin] = earlier
    else:
        versions.earlier[later] = earlier
    for target in range(plan.region_count):
        if replicators.oldest[store, origin, target] == v:
            replicators.oldest[store, origin, target] = later


@kernel
def send_copy(memory, lane, v, target, due_ns):
    """Send v, the last of its lane, to a replica in which it will be due.

    Where the lane has a copy waiting already it stands behind that; to a region that is gone for good
    nothing is delivered.
    """
    lanes, replicators = memory.lanes, memory.replicators
    store, origin = lanes.store[lane], lanes.origin[lane]
    memory.versions.due_ns[v, target] = due_ns
    replicators.waiting[store, origin, target] += 1
    if replicators.oldest[store, origin, target] == NONE:
        replicators.oldest[store, origin, target] = v
    if lanes.unseen[lane, target] == NONE:
        lanes.unseen[lane, target] = v
        if not memory.world.replica_lost[store, target]:
            enqueue(memory, lane, target, due_ns, memory.versions.number[v])


@kernel
def is_over(due_ns):
    """Tell whether a copy has arrived, or never will."""
    return due_ns in (ARRIVED_NS, BARRED_NS)


@kernel
def oldest_waiting(memory, store, origin, target):
    """The oldest version that waits for a target; NONE if there is none. Each version is passed once."""
    replicators, versions = memory.replicators, memory.versions
    v = replicators.oldest[store, origin, target]
    while v != NONE and is_over(versions.due_ns[v, target]):
        v = versions.later[v]
    replicators.oldest[store, origin, target] = v
    return v
