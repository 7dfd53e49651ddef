"""The event queue: a heap with four children a node, ordered by time, then by who acts (docs/model.md §1).

What an event is about is one number: the path of a nested request (docs/model-request-path.md §3.2), a slot
and a kind. The path decides between events of one time, attempt and phase.

The event that is being handled leaves its place at the top to the first one that it causes, which is mostly
due soon; what causes none is removed before the next is looked for.
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
DEATH = 19  # no slot: a node has run out of memory the nanosecond before

# phases: who acts first at one time within one attempt
CLIENT_PHASE, SERVER_PHASE, RESPONSE_PHASE, TIMER_PHASE = 0, 1, 2, 3

_ATTEMPT_BITS = 18
_KIND_BITS = 5
_SLOT_BITS = 30
_PATH_SHIFT = _KIND_BITS + _SLOT_BITS
FIRST = -1  # the rank of what comes before all else of its time
PATH_SHIFT = 32  # in the number of a nested request: the path stands above the attempt


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
    """Add an event, in the place of the one that was taken or at the end; path 0: of a user's own request."""
    what = (path << _PATH_SHIFT) | (slot << _KIND_BITS) | kind
    if queue.taken[0]:
        queue.taken[0] = 0
        _sink(queue, time_ns, order, what)
    else:
        queue.size[0] += 1
        _rise(queue, queue.size[0] - 1, time_ns, order, what)


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
    i, size = 0, queue.size[0]
    child = _first_child(queue, i, size)
    while child < size and _before(queue, child, time_ns, order, what):
        _move(queue, child, i)
        i = child
        child = _first_child(queue, i, size)
    _put(queue, i, time_ns, order, what)


@kernel
def _first_child(queue, i, size):
    """The earliest of the children of i, or `size` if it has none."""
    child = 4 * i + 1
    if child >= size:
        return size
    first = child
    for other in range(child + 1, min(child + 4, size)):
        if _before(queue, other, queue.time_ns[first], queue.order[first], queue.what[first]):
            first = other
    return first


@kernel
def is_due(queue, to_ns):
    """Remove the event that was taken, if it is still there; tell whether the next is before `to_ns`."""
    if queue.taken[0]:
        queue.taken[0] = 0
        queue.size[0] -= 1
        last = queue.size[0]
        _sink(queue, queue.time_ns[last], queue.order[last], queue.what[last])
    return queue.size[0] > 0 and queue.time_ns[0] < to_ns


@kernel
def take(queue):
    """The earliest event: its time, order, kind and slot. Its place is free for the next that is added."""
    what = queue.what[0]
    queue.taken[0] = 1
    kind, slot = what & ((1 << _KIND_BITS) - 1), what >> _KIND_BITS
    if kind != FRONT_DEADLINE:  # whose slot is a number that may be larger, and has no path above it
        slot &= (1 << _SLOT_BITS) - 1
    return queue.time_ns[0], queue.order[0], kind, slot
