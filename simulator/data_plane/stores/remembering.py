"""What a session remembers of its reads and writes (docs/model.md §6, docs/model-request-path.md §3).

It serves monotonic reads, and writes that are applied twice.
"""

from simulator.data_plane.layout import RECENT_READS
from simulator.data_plane.owners import is_own_session
from simulator.data_plane.stores.versions import NONE
from simulator.kernels.compiling import kernel

_STEPS_MOST = 16  # of an operation
_ACTIONS_REMEMBERED = 4  # whose applied steps a session knows: 64 bits


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
    """Remember that the session has read version v of an item; a negative time: the initial version."""
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
def may_apply(plan, memory, a, row):
    """Tell whether a write takes effect, and remember that it does; a duplicate is left out.

    Either way it may have been applied, whatever the client hears.
    """
    memory.attempts.ambiguous[a] = 1
    if is_duplicate(plan, memory, a, row):
        memory.counts.deduplicated[0] += 1
        return False
    note_applied(memory, a)
    return True
