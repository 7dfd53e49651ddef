"""What a session remembers of its reads, and an action of its writes.

It serves monotonic reads (docs/model.md §6), and writes that are applied twice or are left out by their
token (docs/model-request-path.md §3).
"""

from simulator.boundary.kinds import DELETE
from simulator.data_plane.deeds import BARRED, store_token
from simulator.data_plane.deeds import NONE as NO_TOKEN
from simulator.data_plane.layout import RECENT_READS
from simulator.data_plane.stores.delivery import deliver
from simulator.data_plane.stores.versions import BARRED_NS, FREE, NONE, is_visible
from simulator.kernels.compiling import kernel


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
def is_found(memory, token, store, region):
    """Tell whether a region's replica holds a token: the version that it was stored with is visible there.

    A version whose slot has been given back is visible in every surviving replica. All that is due must
    have been delivered.
    """
    tokens, versions = memory.tokens, memory.versions
    v = tokens.version[token]
    if v == BARRED:
        return False
    kept = versions.state[v] != FREE and versions.store[v] == store
    if not kept or versions.number[v] != tokens.number[token]:
        return True
    return is_visible(versions, v, region) and versions.due_ns[v, region] != BARRED_NS


@kernel
def is_duplicate(plan, memory, a, row, t):
    """Tell whether a write carries a token and its region's replica holds that of an earlier one."""
    attempts, deed = memory.attempts, memory.attempts.deed[a]
    if not plan.step_idempotent[row] or not has_applied(memory, a):
        return False
    store, token = plan.step_store[row], memory.deeds.token[deed]
    region = memory.world.write_place[store, attempts.region[a]]
    deliver(plan, memory, store, region, t)
    while token != NO_TOKEN:
        same = memory.tokens.step[token] == attempts.step[a]
        if same and is_found(memory, token, store, region):
            return True
        token = memory.tokens.before[token]
    return False


@kernel
def has_applied(memory, a):
    """Tell whether the attempt's action has applied its present step before."""
    return (memory.deeds.applied[memory.attempts.deed[a]] >> memory.attempts.step[a]) & 1 == 1


@kernel
def may_apply(plan, memory, a, row, t):
    """Tell whether a write takes effect: whose token is found is left out.

    Either way it may have been applied, whatever the client hears.
    """
    memory.attempts.ambiguous[a] = 1
    if is_duplicate(plan, memory, a, row, t):
        memory.counts.deduplicated[0] += 1
        return False
    return True


@kernel
def note_applied(plan, memory, a, v):
    """A write has been applied, as version v: count it if it had been before, and remember it."""
    row = plan.op_step_first[memory.attempts.operation[a]] + memory.attempts.step[a]
    deed, step = memory.attempts.deed[a], memory.attempts.step[a]
    memory.counts.double_applied[0] += has_applied(memory, a) and plan.step_kind[row] != DELETE
    memory.deeds.applied[deed] |= 1 << step
    if plan.step_idempotent[row]:
        store_token(memory, deed, step, v)
