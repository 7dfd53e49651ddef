"""Hop: the steps of an operation inside a region: compute, read, write (docs/model.md §4.5)."""

from simulator.data_plane.compiling import kernel
from simulator.data_plane.draws import STEP as STEP_STREAM
from simulator.data_plane.draws import nanoseconds, sample, uniform_of
from simulator.data_plane.layout import RECENT_READS
from simulator.data_plane.tables import item_of, own_item_of, read_item, write_item
from simulator.data_plane.versions import NONE
from simulator.plan.lowered import COMPUTE, READ

INITIAL = -1  # the version of an item that nobody has written
_TAG_BITS = 20


@kernel
def step_ns(plan, memory, a, step):  # type: ignore[no-untyped-def]
    """How long a step of an attempt takes, slowed as the region was when it accepted the request."""
    attempts = memory.attempts
    row = plan.op_step_first[attempts.operation[a]] + step
    u = uniform_of(plan.seed, STEP_STREAM, attempts.number[a], attempts.attempt[a], step // 4, step % 4)
    dist = plan.step_dist[row]
    return nanoseconds(
        sample(plan.dist_kind[dist], plan.dist_a[dist], plan.dist_b[dist], u) * attempts.factor[a]
    )


@kernel
def work_until_effect(plan, memory, a, first):  # type: ignore[no-untyped-def]
    """The next step from `first` that touches a table (or the number of steps), and the time until its
    end.
    """
    operation = memory.attempts.operation[a]
    count = plan.op_step_count[operation]
    step, took_ns = first, 0
    while step < count:
        took_ns += step_ns(plan, memory, a, step)
        if plan.step_kind[plan.op_step_first[operation] + step] != COMPUTE:
            break
        step += 1
    return step, took_ns


@kernel
def step_item(plan, memory, a, row):  # type: ignore[no-untyped-def]
    """The item that a table step of an attempt touches. Kept with the attempt: the session may have
    moved on.
    """
    attempts = memory.attempts
    table = plan.step_table[row]
    if plan.step_own[row]:
        return own_item_of(plan, table, attempts.own_item[a])
    return item_of(plan, table, attempts.action_item[a])


@kernel
def is_own_session(memory, a):  # type: ignore[no-untyped-def]
    """Tell whether the session that made the attempt still lives (its slot may have passed to another)."""
    return memory.sessions.number[memory.attempts.slot[a]] == memory.attempts.number[a]


@kernel
def is_lower_than_recent(plan, memory, s, i, v):  # type: ignore[no-untyped-def]
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
def move_recent(sessions, s, source, target):  # type: ignore[no-untyped-def]
    """Copy one remembered read of a session over another."""
    sessions.recent_item[s, target] = sessions.recent_item[s, source]
    sessions.recent_stamp_ns[s, target] = sessions.recent_stamp_ns[s, source]
    sessions.recent_origin[s, target] = sessions.recent_origin[s, source]
    sessions.recent_time_ns[s, target] = sessions.recent_time_ns[s, source]


@kernel
def set_recent(memory, s, i, item, v):  # type: ignore[no-untyped-def]
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
def remember_read(plan, memory, s, item, v):  # type: ignore[no-untyped-def]
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
def take_read(plan, memory, a, table, item, t):  # type: ignore[no-untyped-def]
    """A read takes effect."""
    attempts, sessions, versions = memory.attempts, memory.sessions, memory.versions
    s = attempts.slot[a]
    v = read_item(plan, memory, table, item, attempts.region[a], a, t)
    if is_own_session(memory, a):
        memory.counts.monotonic_violations[table] += remember_read(plan, memory, s, item, v)
    if attempts.waiting[a]:
        sessions.version[s] = INITIAL
        if v != NONE:
            sessions.version[s] = (versions.writer[v] << _TAG_BITS) | (
                versions.tag[v] & ((1 << _TAG_BITS) - 1)
            )


@kernel
def count_double(memory, a):  # type: ignore[no-untyped-def]
    """Note that the attempt's action has had a write applied; count it if it already had."""
    s = memory.attempts.slot[a]
    back = memory.sessions.actions[s] - 1 - memory.attempts.action[a]
    if back < 64:
        applied = memory.sessions.applied[s]
        memory.counts.double_applied[0] += (applied >> back) & 1
        memory.sessions.applied[s] = applied | (1 << back)


@kernel
def take_effect(plan, memory, a, step, t):  # type: ignore[no-untyped-def]
    """A read or write ends."""
    attempts = memory.attempts
    operation = attempts.operation[a]
    row = plan.op_step_first[operation] + step
    table, item = plan.step_table[row], step_item(plan, memory, a, row)
    if plan.step_kind[row] == READ:
        take_read(plan, memory, a, table, item, t)
        return
    write_item(
        plan, memory, table, item, attempts.region[a], attempts.number[a], attempts.attempt[a], step, t
    )
    if is_own_session(memory, a):
        memory.sessions.wrote_ns[attempts.slot[a], attempts.region[a]] = t
        if step == plan.op_first_write[operation]:
            count_double(memory, a)
