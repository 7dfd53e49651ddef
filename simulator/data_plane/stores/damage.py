"""Damage: versions whose content is wrong, and tombstones (docs/model-stores.md §1).

A write is of a kind, which is a sum of the numbers below. What builds on a damaged version is damaged, unless
it stands alone. Whether a fault makes a write wrong is a draw of the action and the step, so that a retry
makes the same mistake, and another design meets the same one.
"""

from simulator.data_plane.meeting import meet_corruption, meet_damage
from simulator.data_plane.owners import is_users
from simulator.data_plane.stores.expiry import EXPIRED, GONE, presence_of
from simulator.data_plane.stores.states import note_state
from simulator.data_plane.stores.versions import NONE
from simulator.data_plane.tallies import window_of
from simulator.kernels.compiling import kernel
from simulator.randomness.draws import DAMAGE, uniform_of

INCREMENTS = 1
"""A write of a counter's next value."""
STANDS_ALONE = 2
"""It does not build on what was there."""
DELETES = 4
"""It leaves a tombstone."""
DAMAGED = 8
"""It is wrong by itself."""
UNASKED = 16
"""No user has asked for it, and none misses it."""


@kernel
def is_struck(plan, memory, a, store, region):
    """Tell whether the faults of a store in a region make an attempt's write wrong."""
    attempts, share = memory.attempts, memory.world.endpoint_corrupt_share[store, region]
    if share == 0.0:
        return False
    meet_corruption(plan, memory, a, store, region)
    u = uniform_of(plan.seed, DAMAGE, attempts.number[a], attempts.action[a], attempts.step[a], 0)
    if u >= share:
        return False
    memory.counts.corrupted_writes[store, region] += 1
    return True


@kernel
def inherits(plan, memory, item, seen, how, t):
    """Tell whether a write builds on something damaged, which is still there."""
    if how & STANDS_ALONE or seen == NONE or not memory.versions.damaged[seen]:
        return False
    return presence_of(plan, memory, memory.versions.store[seen], item, seen, t) != GONE


@kernel
def note_damage(plan, memory, item, seen, v, how):
    """Version v has just been written, by a writer who had `seen` in view: what is wrong with it."""
    versions, counts = memory.versions, memory.counts
    store, origin = versions.store[v], versions.origin[v]
    inherited = inherits(plan, memory, item, seen, how, versions.time_ns[v])
    versions.damaged[v] = (how & DAMAGED) != 0 or inherited
    versions.deleted[v] = (how & DELETES) != 0
    if not how & UNASKED:
        counts.damaged_writes[store, origin] += versions.damaged[v]
        counts.deletes[store] += versions.deleted[v]


@kernel
def note_read(plan, memory, a, store, item, v, t):
    """An attempt has read version v, or the initial one: it may be damaged, or not there."""
    versions, attempts, counts = memory.versions, memory.attempts, memory.counts
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    note_state(plan, memory, a, store, item, row, v, t)
    presence = presence_of(plan, memory, store, item, v, t)
    passed = presence == GONE or (presence == EXPIRED and plan.step_filters_expired[row])
    counts.absent_reads[store] += passed or (v != NONE and versions.deleted[v])
    counts.expired_reads[store] += presence == EXPIRED and not passed
    attempts.wrong[a] = v != NONE and versions.damaged[v] and not passed
    if attempts.wrong[a]:
        note_wrong(plan, memory, a, store, t)


@kernel
def note_wrong(plan, memory, a, store, t):
    """An attempt has read what is damaged in a store; whoever waits for it gets a wrong answer."""
    counts, region = memory.counts, memory.world.read_place[store, memory.attempts.region[a]]
    counts.damaged_reads[store, region] += 1
    counts.window_damaged_reads[window_of(plan, t), region] += 1
    if counts.first_damaged_ns[store, region] == 0:
        counts.first_damaged_ns[store, region] = t + 1
    counts.last_damaged_ns[store, region] = t + 1
    mislead(plan, memory, a, store)


@kernel
def mislead(plan, memory, a, store):
    """What an attempt will answer is wrong, by the faults that have damaged a store."""
    meet_damage(plan, memory, a, store)
    if is_users(memory, a):
        memory.sessions.wrong[memory.attempts.slot[a]] = 1
