"""Forks: a database gets a new writer, which has not seen all that the old one acknowledged.

Rules: docs/model-stores.md §4. What only the old one has is *barred*: it is lost, is never delivered, and
stands at the end of its lane, so that whoever has not stepped down sees it and nobody else. When no such old
writer is left it is swept away.
"""

from simulator.boundary.causes import BY_PROMOTION
from simulator.data_plane.deeds import BARRED
from simulator.data_plane.stores.copies import await_no_more, free_entry, is_over, with_entry, without_first
from simulator.data_plane.stores.delivery import arrive
from simulator.data_plane.stores.lanes import lane_of, retire
from simulator.data_plane.stores.lineage import release
from simulator.data_plane.stores.snapshots import keep_replicas
from simulator.data_plane.stores.versions import ARRIVED_NS, BARRED_NS, FREE, LIVE, NONE, become_lost
from simulator.kernels.compiling import entry, kernel
from simulator.times import NEVER_NS


@kernel
def keeps_fork(memory, store, region, old):
    """Tell whether a region goes on seeing what is barred: the old writer, or an earlier one."""
    return region == old or memory.world.forked[store, region] == 1


@kernel
def hide_from(memory, lane, region, v):
    """A region does not see a lane from version v on."""
    lanes, versions = memory.lanes, memory.versions
    unseen = lanes.unseen[lane, region]
    if unseen == NONE or versions.number[unseen] > versions.number[v]:
        lanes.unseen[lane, region] = v


@kernel
def bar(plan, memory, v, old):
    """Version v is in the old writer's part of the log alone."""
    versions, waiting = memory.versions, memory.replicators.waiting
    store, origin = versions.store[v], versions.origin[v]
    lane = lane_of(memory, versions.item[v], store, origin)
    for region in range(plan.region_count):
        if plan.store_replica[store, region] == 0:
            continue
        arrived = region == origin or versions.due_ns[v, region] == ARRIVED_NS
        if arrived and keeps_fork(memory, store, region, old):
            continue
        if not arrived and versions.due_ns[v, region] != BARRED_NS:
            waiting[store, origin, region] -= 1
        versions.due_ns[v, region] = BARRED_NS
        hide_from(memory, lane, region, v)


@kernel
def lose_unshipped(memory, v):
    """A write that the new writer has not seen is lost, unless it has been; tell whether it is now."""
    versions, counts = memory.versions, memory.counts
    if versions.state[v] != LIVE:
        return False
    become_lost(memory, v, BY_PROMOTION)
    counts.lost_unshipped[versions.store[v]] += 1
    return True


@kernel
def is_unshipped(memory, v, new):
    """Tell whether a version is not barred, and the new writer has not seen it."""
    versions = memory.versions
    due_ns = versions.due_ns[v, new]
    return versions.origin[v] != new and not is_over(due_ns)


@kernel
def bar_unshipped(plan, memory, store, origin, old, new, t):
    """Bar what the new writer has not seen of one region's writes; how many are lost now, and the oldest."""
    versions, writes, oldest_ns = memory.versions, 0, t
    v = memory.replicators.first[store, origin]
    while v != NONE:
        if is_unshipped(memory, v, new):
            if lose_unshipped(memory, v):
                writes += 1
                oldest_ns = min(oldest_ns, versions.time_ns[v])
            bar(plan, memory, v, old)
        v = versions.later[v]
    return writes, oldest_ns


@kernel
def queue_anew(memory, store, origin, target):
    """Take out of a queue the lanes that have nothing for the target that is not barred."""
    copies, lanes, replicators = memory.copies, memory.lanes, memory.replicators
    first, kept = replicators.root[store, origin, target], NONE
    while first != NONE:
        following = without_first(copies, first)
        v = lanes.unseen[copies.lane[first], target]
        if v != NONE and memory.versions.due_ns[v, target] != BARRED_NS:
            kept = with_entry(copies, kept, first)
        else:
            free_entry(copies, first)
        first = following
    replicators.root[store, origin, target] = kept


@entry("plan", "memory", int, int, int, int)
def fork(plan, memory, store, old, new, t):
    """A region becomes the writer in place of another: how many writes that loses, and the oldest's time.

    All that is due must have been delivered.
    """
    writes, oldest_ns = 0, t
    keep_replicas(plan, memory, store)
    for origin in range(plan.region_count):
        found, found_ns = bar_unshipped(plan, memory, store, origin, old, new, t)
        writes += found
        oldest_ns = min(oldest_ns, found_ns)
    for origin in range(plan.region_count):
        for target in range(plan.region_count):
            queue_anew(memory, store, origin, target)
    memory.world.forked[store, old] = 1
    return writes, oldest_ns


@kernel
def write_past_fork(plan, memory, lane, v):
    """Version v has been written at an old writer: it is lost at once, and nobody else will see it."""
    versions, counts = memory.versions, memory.counts
    store, origin = versions.store[v], versions.origin[v]
    become_lost(memory, v, BY_PROMOTION)
    counts.lost_past_promotion[store] += 1
    for region in range(plan.region_count):
        if region == origin:
            versions.due_ns[v, region] = NEVER_NS
        else:
            versions.due_ns[v, region] = BARRED_NS
            if plan.store_replica[store, region]:
                hide_from(memory, lane, region, v)


@kernel
def give_up(memory, lane, region, first):
    """An old writer sees a lane up to its first barred version, as everybody does."""
    versions = memory.versions
    hide_from(memory, lane, region, first)
    v = first
    while v != NONE:
        versions.due_ns[v, region] = BARRED_NS
        v = versions.newer[v]


@kernel
def sweep(plan, memory, lane, first):
    """Nobody sees the barred versions at the end of a lane any more: their slots go back."""
    lanes, versions = memory.lanes, memory.versions
    older = versions.older[first]
    lanes.last[lane] = older
    if older == NONE:
        lanes.first[lane] = NONE
    else:
        versions.newer[older] = NONE
    held = lanes.held[lane]
    if held != NONE and versions.number[held] >= versions.number[first]:
        lanes.held[lane] = NONE
    while lanes.falls[lane] > 0 and versions.number[lanes.fall[lane]] >= versions.number[first]:
        lanes.fall[lane] = versions.fall[lanes.fall[lane]]
        lanes.falls[lane] -= 1
    for region in range(plan.region_count):
        unseen = lanes.unseen[lane, region]
        if unseen != NONE and versions.number[unseen] >= versions.number[first]:
            lanes.unseen[lane, region] = NONE
    v = first
    while v != NONE:
        following = versions.newer[v]
        await_no_more(plan, memory, v)
        release(memory, v)
        v = following


@kernel
def forget_tokens(memory, store, region):
    """Whatever token was stored with what is barred there is found nowhere, whoever gets that one's slot."""
    tokens, versions = memory.tokens, memory.versions
    for token in range(len(tokens.version)):
        v = tokens.version[token]
        if v < 0 or versions.state[v] == FREE or versions.store[v] != store:
            continue
        if versions.number[v] == tokens.number[token] and versions.due_ns[v, region] == BARRED_NS:
            tokens.version[token] = BARRED


@entry("plan", "memory", int, int, int)
def rejoin(plan, memory, store, region, writer):
    """An old writer gives up what is barred, and if it was the last one, that is swept away."""
    lanes = memory.lanes
    keep_replicas(plan, memory, store)
    memory.world.forked[store, region] = 0
    others = 0
    for other in range(plan.region_count):
        others += memory.world.forked[store, other]
    if others == 0:
        forget_tokens(memory, store, writer)
    for lane in range(len(lanes.item)):
        if lanes.item[lane] != NONE and lanes.store[lane] == store:
            first = lanes.unseen[lane, writer]
            if first != NONE and memory.versions.due_ns[first, writer] == BARRED_NS:
                give_up(memory, lane, region, first)
                if others == 0:
                    sweep(plan, memory, lane, first)


@kernel
def see_all(plan, memory, lane, region, t):
    """A region sees at t what is not barred of a lane."""
    lanes, versions = memory.lanes, memory.versions
    was_first = lanes.unseen[lane, region] == lanes.first[lane]
    v = lanes.unseen[lane, region]
    while v != NONE and versions.due_ns[v, region] != BARRED_NS:
        arrive(plan, memory, v, region, t)
        v = versions.newer[v]
    lanes.unseen[lane, region] = v
    if was_first:
        retire(plan, memory, lane)


@entry("plan", "memory", int, int, int)
def rebuild(plan, memory, store, region, t):
    """All that is not barred becomes visible in a region at t."""
    copies, replicators = memory.copies, memory.replicators
    for origin in range(plan.region_count):
        first = replicators.root[store, origin, region]
        while first != NONE:
            replicators.root[store, origin, region] = without_first(copies, first)
            see_all(plan, memory, free_entry(copies, first), region, t)
            first = replicators.root[store, origin, region]
