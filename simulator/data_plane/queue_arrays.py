"""The arrays of the event queue: how they are made and grown; what is done with them is in `queue`.

`size` counts all events, `near` those in the heap, `in_buckets` those in buckets. `time_ns`, `order` and
`what` are the heap; `taken` is 1 while its first event is being handled. `words` are the chunks of far
events: `used` of them have been handed out, and `free` is the one that was emptied last. `ends` has the end
of each bucket's list, and of one more: of what is later than all buckets, the first of it in bucket `beyond`.

A bucket is 2^`shift` ns long. `reached` is the last one before the horizon. Buckets have numbers, time over
length; the place of one in `ends` is its number modulo `buckets`.
"""

import numpy as np

from simulator.data_plane.queue import CHUNK, EMPTY, EVENT, NOTHING
from simulator.kernels.blocks import Block

_SPAN_BITS = 36  # all buckets together are 2^36 ns long, 69 s: few users think longer
_FEWEST, _MOST = 2**10, 2**16  # buckets: what is at hand fits into the caches of a processor
_ROOM_FOR_EACH = 8  # events a bucket that the queue has room for: fewer make long heaps, more are far apart
_NUMBERS = ("size", "near", "taken", "in_buckets", "reached", "horizon_ns", "beyond", "used", "free")


def new_queue(capacity: int) -> Block:
    """An empty event queue; the horizon is zero. Untouched memory costs nothing until it is used."""
    buckets = 1 << min(max(capacity // _ROOM_FOR_EACH, _FEWEST), _MOST).bit_length() - 1
    numbers = dict(zip(_NUMBERS, np.zeros((len(_NUMBERS), 1), np.int64), strict=True))
    time_ns = np.empty(capacity + 3, np.int64)  # a node has four children, events or not
    order, what = np.empty((2, capacity), np.int64)
    chunks = capacity // (CHUNK // EVENT) + buckets + 3  # of each list one, and the first, need not be full
    words, ends = np.empty(chunks * CHUNK, np.int64), np.full(buckets + 1, EMPTY, np.int64)
    time_ns[0] = numbers["beyond"][0] = NOTHING
    numbers["used"][0], numbers["reached"][0] = CHUNK, -1
    shift = _SPAN_BITS + 1 - buckets.bit_length()
    heap = {"time_ns": time_ns, "order": order, "what": what}
    return Block("queue", **heap, **numbers, words=words, ends=ends, buckets=buckets, shift=shift)


def grown_queue(queue: Block) -> Block:
    """Move a queue into one of twice the capacity, between two events; it may have more and shorter buckets.

    The list of a bucket becomes that of the first bucket of its time; those that are later than that are put
    into their own when it is reached.
    """
    fresh = new_queue(2 * len(queue.what))
    for name in _NUMBERS:
        getattr(fresh, name)[:] = getattr(queue, name)
    near, used = int(queue.near[0]), int(queue.used[0])
    fresh.time_ns[: near + 3] = queue.time_ns[: near + 3]
    fresh.order[:near], fresh.what[:near] = queue.order[:near], queue.what[:near]
    fresh.words[:used] = queue.words[:used]
    _spread(queue, fresh)
    return fresh


def _spread(queue: Block, fresh: Block) -> None:
    """Let each list begin where its bucket does."""
    finer = queue.shift - fresh.shift
    ahead = queue.reached[0] + 1 + np.arange(queue.buckets)
    fresh.ends[(ahead << finer) % fresh.buckets] = queue.ends[ahead % queue.buckets]
    fresh.ends[fresh.buckets] = queue.ends[queue.buckets]
    fresh.reached[0] = ((queue.reached[0] + 1) << finer) - 1
    if queue.beyond[0] < NOTHING:
        fresh.beyond[0] = queue.beyond[0] << finer
