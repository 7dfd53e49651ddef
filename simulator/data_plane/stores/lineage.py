"""Lines of versions: what a write builds on, and on which nothing that survives does (docs/model.md §6).

A version builds on the one that its writer's region had in view, its parent. The versions of an item are a
tree. A version *holds* its line while it may still become, or stay, the highest of some replica. What no
longer holds and has nothing above it that does is in no line that can survive: it is cut off, and was a lost
update if something overtook it. What is left below a single branch is in every line that can survive: the
root moves up. So a slot lives while its lane keeps it or its fate is open, and each is touched a fixed
number of times.

Parents lead down, but only the count of the branches above a version is known, and the sum of their slots:
when one is left, the sum is that one.
"""

from simulator.boundary.causes import OVERTAKEN
from simulator.data_plane.stores.samples import note_gone
from simulator.data_plane.stores.versions import DISCARDED, LIVE, LOST, NONE, VISIBLE, free_slot, take_slot
from simulator.data_plane.tallies import window_of
from simulator.kernels.compiling import entry, kernel
from simulator.kernels.kinds import int64

_ROOT, _DECIDED = -1, -2  # in place of a parent
_LET_GO, _KEPT, HOLDS = 0, 1, 2  # by nothing, by its lane, and with it its line


@kernel
def overtaking(plan, region, t):
    """How a version notes that a write of a region at t has overtaken it."""
    return window_of(plan, t) * plan.region_count + region + 1


@kernel
def start_line(versions, v, item, parent):
    """A version holds its line, and nothing builds on it yet."""
    versions.item[v], versions.parent[v], versions.hold[v] = item, parent, HOLDS
    versions.children[v], versions.child_sum[v], versions.overtaken[v] = 0, 0, 0


@entry("plan", "memory", int64[::1], int64[::1])
def recount_worth(plan, memory, order, latest):
    """Only versions whose fate is open count from now on; `order`: all versions, in order of writing.

    What all lines share is left out: it makes no difference between two versions. Those of a strong table
    build on the one before, wherever that was; `latest`: room for its worth, by item.
    """
    versions = memory.versions
    latest[:] = 0
    for v in order:
        parent, below = versions.parent[v], 0
        if plan.store_strong[versions.store[v]]:
            below = latest[versions.item[v]]
        elif parent >= 0:
            below = versions.worth[parent]
        versions.worth[v] = below + (versions.state[v] == LIVE)
        if plan.store_strong[versions.store[v]]:
            latest[versions.item[v]] = versions.worth[v]


@kernel
def hold_root(versions, v, item):
    """A version is all that is left of an item's: it holds the only line."""
    start_line(versions, v, item, _ROOT)


@kernel
def stand_apart(versions, v):
    """A version of an item that nobody else writes or reads: it is in no line."""
    versions.parent[v], versions.hold[v], versions.overtaken[v] = _DECIDED, _KEPT, 0


@kernel
def initial_of(memory, item):
    """The initial version of an item, which holds a line until every replica has a newer one."""
    versions, lineage = memory.versions, memory.lineage
    if lineage.initial[item] == 0:
        v = take_slot(versions)
        versions.state[v], versions.number[v], versions.worth[v] = VISIBLE, 0, 0
        start_line(versions, v, item, _ROOT)
        lineage.initial[item] = v + 1
    return lineage.initial[item] - 1


@kernel
def forget_initial(memory, item):
    """Every replica has a newer version than the initial one."""
    v = memory.lineage.initial[item] - 1
    if v != NONE:
        memory.lineage.initial[item] = 0
        release(memory, v)


@kernel
def build_on(memory, item, seen, v):
    """Version v, written now, builds on the one that its region sees, or on the initial one."""
    versions = memory.versions
    parent = initial_of(memory, item) if seen == NONE else seen
    start_line(versions, v, item, parent)
    versions.worth[v] = versions.worth[parent] + (versions.state[v] == LIVE)
    versions.children[parent] += 1
    versions.child_sum[parent] += v


@kernel
def loosen(memory, v):
    """A version will be the highest of a replica no more; its lane still keeps its slot."""
    if memory.versions.hold[v] == HOLDS:
        memory.versions.hold[v] = _KEPT
        decide(memory, v)


@kernel
def release(memory, v):
    """The lane of a version keeps its slot no longer."""
    versions = memory.versions
    versions.hold[v] = _LET_GO
    if versions.parent[v] == _DECIDED:
        free_slot(versions, v)
    else:
        decide(memory, v)


@kernel
def become_decided(versions, v):
    """It is known whether a version survives in the line of the winner."""
    versions.parent[v] = _DECIDED
    if versions.hold[v] == _LET_GO:
        free_slot(versions, v)


@kernel
def decide(memory, v):
    """A version holds no longer: cut off what is in no line now, and move the root up where one is left."""
    versions = memory.versions
    while versions.hold[v] != HOLDS and versions.children[v] == 0:
        parent = versions.parent[v]
        if parent != _ROOT:
            count_cut_off(memory, v)
        become_decided(versions, v)
        if parent == _ROOT:
            return
        versions.children[parent] -= 1
        versions.child_sum[parent] -= v
        v = parent
    while versions.hold[v] != HOLDS and versions.children[v] == 1 and versions.parent[v] == _ROOT:
        following = versions.child_sum[v]
        versions.parent[following] = _ROOT
        overtaken = versions.state[v] == DISCARDED and versions.overtaken[v] > 0
        memory.lineage.outlived[versions.store[v]] += overtaken
        become_decided(versions, v)
        v = following


@kernel
def count_cut_off(memory, v):
    """Nothing that survives builds on a write: it is a lost update if it was overtaken and is not lost."""
    versions, lineage = memory.versions, memory.lineage
    store, overtaken, lost = versions.store[v], versions.overtaken[v], versions.state[v] == LOST
    if lost or overtaken > 0:
        lineage.increments[store] += versions.increment[v]
    if overtaken > 0 and not lost:
        window, region = divmod(overtaken - 1, len(memory.world.region_lost))
        lineage.overtaken[store, versions.origin[v], region, window] += 1
        lineage.of_item[versions.item[v]] += 1
        note_gone(memory, v, OVERTAKEN, region, versions.overtaken_ns[v])
