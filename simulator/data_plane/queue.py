"""The event queue, by time, then by who acts (docs/model.md §1): near events in a heap, far ones in buckets.

What an event is about is one number: the path of a nested request (docs/model-request-path.md §3.2), a slot
and a kind. The path decides between events of one time, attempt and phase.

The heap has four children a node. The event that is being handled leaves its place at the top to the first
one that it causes, if that is a near one; what causes none is removed before the next is looked for.

Events from the horizon on lie unordered in buckets of equal length of time, each a list of chunks; what is
later than all buckets lies in one more list. As long as the first of the heap is before the horizon it is the
first of all. When it is not, the horizon advances by a bucket, whose events go into the heap. So the heap
holds what is due soon, and most comparisons are between a few entries that lie side by side. A short heap
takes every event: where there are few, most buckets would be empty, and be looked into in vain.
"""

from simulator.kernels.compiling import kernel

# kinds of event, and the slot they carry
START = 0  # a session (none: its number is in the order)
ACT = 1  # session slot
RETRY = 2  # session slot
LEAVE = 3  # session slot
CONNECT = 4  # attempt slot
REQUEST = 5  # attempt slot
STEP = 6  # attempt slot
VERIFIED = 7  # attempt slot
REJECTED = 8  # attempt slot
EDGE = 9  # attempt slot
ORIGIN = 10  # attempt slot
QUEUE_LIMIT = 11  # attempt slot, which may have passed to another attempt
NEXT_ADDRESS = 12  # attempt slot
ERRED = 13  # attempt slot
RESPONSE = 14  # attempt slot
TIMER = 15  # session slot
EXPIRY = 16  # session slot
FRONT_LIMIT = 17  # attempt slot, which may have passed to another attempt
FRONT_DEADLINE = 18  # service, region, status and latency (simulator.data_plane.work.fronts)
ARRIVE = 20  # session slot: the request of a try that set off over a kept-alive connection
DEATH = 19  # no slot: a node has run out of memory the nanosecond before

# phases: who acts first at one time within one attempt
CLIENT_PHASE, SERVER_PHASE, RESPONSE_PHASE, TIMER_PHASE = 0, 1, 2, 3

_ATTEMPT_BITS = 18
_KIND_BITS = 5
_SLOT_BITS = 30
_PATH_SHIFT = _KIND_BITS + _SLOT_BITS
_SHORT = 32  # events that a heap takes whenever they are due
FIRST = -1  # the rank of what comes before all else of its time
PATH_SHIFT = 32  # in the number of a nested request: the path stands above the attempt

# the arrays (simulator.data_plane.queue_arrays)
NOTHING = 2**63 - 2**32  # the time of no event, to which its place is added; and the bucket of none
EVENT = 3  # words: time, order and what it is about
CHUNK = 16  # words: five events, and where the chunk before it ends
EMPTY = CHUNK - 1  # where a list without chunks ends; the first chunk is no list's


@kernel
def order_of(session, attempt, phase):
    """The rank of an event among those of its time."""
    return (session << (_ATTEMPT_BITS + 2)) | ((attempt & ((1 << _ATTEMPT_BITS) - 1)) << 2) | phase


@kernel
def session_of(order):
    """The session number in an event's rank."""
    return order >> (_ATTEMPT_BITS + 2)


@kernel
def is_of(order, session, attempt):
    """Tell whether an event's rank is that of an attempt."""
    mask = (1 << _ATTEMPT_BITS) - 1
    return session_of(order) == session and ((order >> 2) & mask) == (attempt & mask)


@kernel
def _before(queue, i, time_ns, order, what):
    """Tell whether entry i comes before (time, order, path)."""
    at_ns = queue.time_ns[i]
    if at_ns != time_ns:
        return at_ns < time_ns
    its = queue.order[i]
    return its < order or (its == order and queue.what[i] >> _PATH_SHIFT < what >> _PATH_SHIFT)


@kernel
def _put(queue, i, time_ns, order, what):
    queue.time_ns[i], queue.order[i], queue.what[i] = time_ns, order, what


@kernel
def _move(queue, source, target):
    _put(queue, target, queue.time_ns[source], queue.order[source], queue.what[source])


@kernel
def push(queue, time_ns, order, kind, slot):
    """Add an event of a session or its attempt."""
    push_nested(queue, time_ns, order, 0, kind, slot)


@kernel
def push_nested(queue, time_ns, order, path, kind, slot):
    """Add an event, in the place of the one that was taken or elsewhere; path 0: of a user's own request."""
    what = (path << _PATH_SHIFT) | (slot << _KIND_BITS) | kind
    if queue.taken[0] and _is_near(queue, time_ns):
        queue.taken[0] = 0
        _sink(queue, time_ns, order, what)
    else:
        queue.size[0] += 1
        _add(queue, time_ns, order, what)


@kernel
def _is_near(queue, time_ns):
    """Tell whether an event goes into the heap: it is before the horizon, or the heap is short anyway."""
    return time_ns < queue.horizon_ns[0] or queue.near[0] < _SHORT


@kernel
def _add(queue, time_ns, order, what):
    """Put an event among the near or the far ones."""
    if _is_near(queue, time_ns):
        _append(queue, time_ns, order, what)
    else:
        _put_off(queue, time_ns, order, what)


@kernel
def is_due(queue, to_ns):
    """Remove the event that was taken, if it is still there; tell whether the next is before `to_ns`."""
    if queue.taken[0]:
        queue.taken[0] = 0
        _remove_top(queue)
    if queue.time_ns[0] >= queue.horizon_ns[0]:
        _look_ahead(queue, to_ns)
    return queue.time_ns[0] < to_ns


@kernel
def take(queue):
    """The earliest event: its time, order, kind and slot. Its place is free for the next that is added."""
    what = queue.what[0]
    queue.taken[0] = 1
    kind, slot = what & ((1 << _KIND_BITS) - 1), what >> _KIND_BITS
    if kind != FRONT_DEADLINE:  # whose slot is a number that may be larger, and has no path above it
        slot &= (1 << _SLOT_BITS) - 1
    return queue.time_ns[0], queue.order[0], kind, slot


# the heap


@kernel
def _append(queue, time_ns, order, what):
    """Add an event to the heap; the empty places among the children of a node have no event's time."""
    last = queue.near[0]
    queue.near[0] = last + 1
    if last & 3 == 1:
        for i in range(last + 1, last + 4):
            queue.time_ns[i] = NOTHING + i
    _rise(queue, last, time_ns, order, what)


@kernel
def _rise(queue, i, time_ns, order, what):
    """Put an event where it belongs between place i and the top."""
    while i > 0:
        parent = (i - 1) >> 2
        if _before(queue, parent, time_ns, order, what):
            break
        _move(queue, parent, i)
        i = parent
    _put(queue, i, time_ns, order, what)


@kernel
def _sink(queue, time_ns, order, what):
    """Put an event where it belongs below the top, whose own is gone."""
    i, child = 0, 1
    while child < queue.near[0]:
        first = _first_of_four(queue, child)
        if not _before(queue, first, time_ns, order, what):
            break
        _move(queue, first, i)
        i, child = first, 4 * first + 1
    _put(queue, i, time_ns, order, what)


@kernel
def _first_of_four(queue, i):
    """The earliest of the four places from i on. Times decide without a branch, and mostly alone."""
    a_ns, b_ns, c_ns, d_ns = (
        queue.time_ns[i],
        queue.time_ns[i + 1],
        queue.time_ns[i + 2],
        queue.time_ns[i + 3],
    )
    first, first_ns, other, other_ns = i, a_ns, i + 2, c_ns
    if b_ns < a_ns:
        first, first_ns = i + 1, b_ns
    if d_ns < c_ns:
        other, other_ns = i + 3, d_ns
    if a_ns == b_ns or c_ns == d_ns or first_ns == other_ns:
        return _first_by_rank(queue, i)
    if other_ns < first_ns:
        first = other
    return first


@kernel
def _first_by_rank(queue, i):
    """The earliest of the events in four places, some of which are of one time."""
    first = i
    for other in range(i + 1, min(i + 4, queue.near[0])):
        if _before(queue, other, queue.time_ns[first], queue.order[first], queue.what[first]):
            first = other
    return first


@kernel
def _remove_top(queue):
    """Remove the first event of the heap."""
    queue.size[0] -= 1
    queue.near[0] -= 1
    last = queue.near[0]
    time_ns = queue.time_ns[last]
    queue.time_ns[last] = NOTHING + last
    if last:
        _sink(queue, time_ns, queue.order[last], queue.what[last])


# far events


@kernel
def _put_off(queue, time_ns, order, what):
    """Add an event to the bucket of its time, or to what is later than all buckets."""
    bucket = time_ns >> queue.shift
    if bucket - queue.reached[0] <= queue.buckets:
        queue.in_buckets[0] += 1
        _add_to(queue, bucket & (queue.buckets - 1), time_ns, order, what)
    else:
        queue.beyond[0] = min(queue.beyond[0], bucket)
        _add_to(queue, queue.buckets, time_ns, order, what)


@kernel
def _add_to(queue, which, time_ns, order, what):
    """Add an event at the end of a list."""
    end = queue.ends[which]
    if end & (CHUNK - 1) == EMPTY:
        end = _new_chunk(queue, end)
    queue.words[end], queue.words[end + 1], queue.words[end + 2] = time_ns, order, what
    queue.ends[which] = end + EVENT


@kernel
def _new_chunk(queue, before):
    """Where a new chunk begins, which follows on one that ends at `before`."""
    chunk = queue.free[0]
    if chunk:
        queue.free[0] = queue.words[chunk + EMPTY]
    else:
        chunk = queue.used[0]
        queue.used[0] += CHUNK
    queue.words[chunk + EMPTY] = before
    return chunk


@kernel
def _look_ahead(queue, to_ns):
    """Let the horizon advance until there is an event before it, or up to `to_ns`."""
    while queue.horizon_ns[0] <= min(queue.time_ns[0], to_ns - 1) and queue.near[0] < queue.size[0]:
        _reach_next(queue)


@kernel
def _reach_next(queue):
    """Let the horizon advance by a bucket, or at once to the first event that is later than all buckets."""
    queue.reached[0] += 1
    if queue.in_buckets[0] == 0:
        queue.reached[0] = max(queue.reached[0], queue.beyond[0])
    queue.horizon_ns[0] = (queue.reached[0] + 1) << queue.shift
    count = _empty(queue, queue.reached[0] & (queue.buckets - 1))  # which may put some into others
    queue.in_buckets[0] -= count
    if queue.beyond[0] <= queue.reached[0]:  # some of these are in the time of buckets by now
        queue.beyond[0] = NOTHING
        _empty(queue, queue.buckets)


@kernel
def _empty(queue, which):
    """Put the events of a list where they belong by now; how many there were."""
    end, count = queue.ends[which], 0
    queue.ends[which] = EMPTY
    while end > EMPTY:
        chunk = end & -CHUNK
        for at in range(chunk, end, EVENT):
            _add(queue, queue.words[at], queue.words[at + 1], queue.words[at + 2])
            count += 1
        end = queue.words[chunk + EMPTY]
        queue.words[chunk + EMPTY] = queue.free[0]
        queue.free[0] = chunk
    return count
