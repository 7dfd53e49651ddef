"""Hop: what a call does in its store: read, write, look into a cache, increment
(docs/model-request-path.md §3).
"""

from simulator.boundary.kinds import GET, INCREMENT, SHARED_CACHE, WRITE
from simulator.data_plane.layout import RECENT_READS
from simulator.data_plane.stores.tables import best_seen, item_of, own_item_of, read_item, write_item
from simulator.data_plane.stores.throughput import READS, WRITES, use_units
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel

INITIAL = -1  # the version of an item that nobody has written
_TAG_BITS = 20
_STEPS_MOST = 16  # of an operation
_ACTIONS_REMEMBERED = 4  # whose applied steps a session knows: 64 bits


@kernel
def is_write_step(plan, row):
    """Tell whether a step writes."""
    return plan.step_kind[row] == WRITE or plan.step_kind[row] == INCREMENT


@kernel
def step_item(plan, memory, a, store):
    """The item of a store that the present step of an attempt touches. Kept with the attempt: the
    session may have moved on.
    """
    attempts = memory.attempts
    if plan.step_own[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]:
        return own_item_of(plan, store, attempts.own_item[a])
    return item_of(plan, store, attempts.action_item[a])


@kernel
def is_own_session(memory, a):
    """Tell whether the session that made the attempt still lives (its slot may have passed to another)."""
    return memory.sessions.number[memory.attempts.slot[a]] == memory.attempts.number[a]


@kernel
def is_lower_than_recent(plan, memory, s, i, v):
    """Tell whether version v is lower than the highest version that the session's recent read i returned."""
    sessions, versions = memory.sessions, memory.versions
    if sessions.recent_time_ns[s, i] < 0:
        return False
    if v == NONE:
        return True
    if versions.stamp_ns[v] != sessions.recent_stamp_ns[s, i]:
        return versions.stamp_ns[v] < sessions.recent_stamp_ns[s, i]
    if versions.origin[v] != sessions.recent_origin[s, i]:
        return versions.origin[v] < sessions.recent_origin[s, i]
    return versions.time_ns[v] < sessions.recent_time_ns[s, i]


@kernel
def move_recent(sessions, s, source, target):
    """Copy one remembered read of a session over another."""
    sessions.recent_item[s, target] = sessions.recent_item[s, source]
    sessions.recent_stamp_ns[s, target] = sessions.recent_stamp_ns[s, source]
    sessions.recent_origin[s, target] = sessions.recent_origin[s, source]
    sessions.recent_time_ns[s, target] = sessions.recent_time_ns[s, source]


@kernel
def set_recent(memory, s, i, item, v):
    """Remember that the session has read version v of an item; a negative time stands for the initial
    version.
    """
    sessions, versions = memory.sessions, memory.versions
    sessions.recent_item[s, i] = item
    sessions.recent_time_ns[s, i] = -1
    if v != NONE:
        sessions.recent_stamp_ns[s, i] = versions.stamp_ns[v]
        sessions.recent_origin[s, i] = versions.origin[v]
        sessions.recent_time_ns[s, i] = versions.time_ns[v]


@kernel
def remember_read(plan, memory, s, item, v):
    """Note a read among the session's recent ones; tell whether it broke monotonic reads."""
    sessions = memory.sessions
    i = 0
    while i < RECENT_READS - 1 and sessions.recent_item[s, i] != item:
        i += 1
    known = sessions.recent_item[s, i] == item
    violation = known and is_lower_than_recent(plan, memory, s, i, v)
    highest = (
        sessions.recent_stamp_ns[s, i],
        sessions.recent_origin[s, i],
        sessions.recent_time_ns[s, i],
    )
    while i > 0:
        move_recent(sessions, s, i - 1, i)
        i -= 1
    set_recent(memory, s, 0, item, v)
    if violation:
        sessions.recent_stamp_ns[s, 0], sessions.recent_origin[s, 0], sessions.recent_time_ns[s, 0] = highest
    return violation


@kernel
def take_read(plan, memory, a, store, item, t):
    """A read of the highest version in the region; NONE for the initial one."""
    attempts, sessions, versions = memory.attempts, memory.sessions, memory.versions
    s = attempts.slot[a]
    v = read_item(plan, memory, store, item, attempts.region[a], a, t)
    if is_own_session(memory, a):
        memory.counts.monotonic_violations[store] += remember_read(plan, memory, s, item, v)
    if attempts.waiting[a]:
        sessions.version[s] = INITIAL
        if v != NONE:
            sessions.version[s] = (versions.writer[v] << _TAG_BITS) | (
                versions.tag[v] & ((1 << _TAG_BITS) - 1)
            )
    return v


@kernel
def applied_bit(memory, a):
    """The session's bit of the present step of the attempt's action; -1 if nobody remembers it any more."""
    s = memory.attempts.slot[a]
    back = memory.sessions.actions[s] - 1 - memory.attempts.action[a]
    if not is_own_session(memory, a) or back >= _ACTIONS_REMEMBERED:
        return -1
    return _STEPS_MOST * back + memory.attempts.step[a]


@kernel
def is_duplicate(plan, memory, a, row):
    """Tell whether a write carries a token and has been applied before."""
    if not plan.step_idempotent[row]:
        return False
    bit = applied_bit(memory, a)
    return bit >= 0 and (memory.sessions.applied[memory.attempts.slot[a]] >> bit) & 1 == 1


@kernel
def note_applied(memory, a):
    """A write is about to be applied: remember it, and count it if it has been applied before."""
    bit = applied_bit(memory, a)
    if bit >= 0:
        s = memory.attempts.slot[a]
        memory.counts.double_applied[0] += (memory.sessions.applied[s] >> bit) & 1
        memory.sessions.applied[s] |= 1 << bit


@kernel
def take_write(plan, memory, a, store, item, row, t):
    """A write or an increment takes effect."""
    attempts, region = memory.attempts, memory.attempts.region[a]
    attempts.ambiguous[a] = 1
    if is_duplicate(plan, memory, a, row):
        memory.counts.deduplicated[0] += 1
        return
    note_applied(memory, a)
    use_units(plan, memory, store, region, item, WRITES, t)
    increments = plan.step_kind[row] == INCREMENT
    write_item(
        plan, memory, store, item, region, attempts.number[a], attempts.attempt[a], attempts.step[a],
        increments, t,
    )  # fmt: skip
    if is_own_session(memory, a):
        memory.sessions.wrote_ns[attempts.slot[a], region] = t


@kernel
def look_into_cache(plan, memory, a, store, item, t):
    """A look into a cache: tell whether the item is there, filled after the last flush and not too long
    ago.
    """
    region = memory.attempts.region[a]
    flush_ns = memory.world.flush_ns[store, region]
    if plan.store_kind[store] == SHARED_CACHE:
        v = best_seen(plan, memory, store, item, region, t)
        if v == NONE or memory.versions.time_ns[v] < flush_ns:
            return False
        take_read(plan, memory, a, store, item, t)
        return True
    local = plan.cache_first[store] + item - plan.store_item_first[store]
    filled_ns = memory.caches.filled_ns[local, region] - 1  # -1: never
    return filled_ns >= max(flush_ns, 0) and t - filled_ns < plan.cache_ttl_ns[store]


@kernel
def fill_cache(plan, memory, a, t):
    """Put what the table has answered into the cache of the step."""
    attempts, region = memory.attempts, memory.attempts.region[a]
    store = plan.step_store[plan.op_step_first[attempts.operation[a]] + attempts.step[a]]
    item = step_item(plan, memory, a, store)
    if plan.store_kind[store] == SHARED_CACHE:
        write_item(
            plan, memory, store, item, region, attempts.number[a], attempts.attempt[a], attempts.step[a],
            False, t,
        )  # fmt: skip
    else:
        local = plan.cache_first[store] + item - plan.store_item_first[store]
        memory.caches.filled_ns[local, region] = t + 1


@kernel
def take_effect(plan, memory, a, store, behind, t):
    """A call does what it is for; False if it was a look into a cache that missed. `behind`: it reads a
    cache's table.
    """
    attempts, region = memory.attempts, memory.attempts.region[a]
    row = plan.op_step_first[attempts.operation[a]] + attempts.step[a]
    item = step_item(plan, memory, a, store)
    if is_write_step(plan, row):
        take_write(plan, memory, a, store, item, row, t)
    elif plan.step_kind[row] == GET and not behind:
        hit = look_into_cache(plan, memory, a, store, item, t)
        memory.counts.cache_hits[store, region] += hit
        memory.counts.cache_misses[store, region] += not hit
        return hit
    else:
        use_units(plan, memory, store, region, item, READS, t)
        take_read(plan, memory, a, store, item, t)
    return True
