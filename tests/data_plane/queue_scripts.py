"""Scripts of what is done to an event queue, drawn at random, and what comes of them by a plain heap."""

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from simulator.data_plane.queue import ACT, FRONT_DEADLINE, NOTHING, STEP, is_due, push_nested, take
from simulator.data_plane.queue_arrays import grown_queue, new_queue
from simulator.kernels.compiling import entry
from simulator.kernels.kinds import int64
from simulator.times import NEVER_NS

LOOK, NONE_IS_DUE = -1, -1
_WIDTH = 5  # words of a row: time, order, path, kind and slot of an event; or LOOK and up to when
_MANY = 10**5  # deeds

_SOON, _WITHIN_BUCKETS, _ANY = st.integers(0, 3), st.integers(0, 2**36), st.integers(0, 2**61)
_LATER = st.one_of(_SOON, _SOON, st.integers(2**20, 2**27), _WITHIN_BUCKETS, _ANY, st.just(NEVER_NS))
_RANK, _PATH, _KIND = st.integers(-1, 2), st.integers(0, 2), st.sampled_from((ACT, STEP, FRONT_DEADLINE))
_PUSH = st.tuples(st.just("push"), _LATER, st.tuples(_RANK, _PATH, _KIND))
_EARLIER = st.tuples(st.just("push"), st.integers(-(2**40), -1), st.tuples(_RANK, _PATH, _KIND))
_TAKE = st.tuples(st.just("look"), st.just(NEVER_NS), st.none())
_PAUSE = st.tuples(st.just("look"), _LATER, st.none())

DEEDS = st.lists(st.one_of(_PUSH, _PUSH, _EARLIER, _TAKE, _TAKE, _PAUSE), min_size=1, max_size=120)


@dataclass
class Script:
    """What is done, row by row, and what each look finds: time, order, kind and slot of an event."""

    rows: list[tuple[int, ...]]
    found: list[tuple[int, ...]]


def script_of(deeds: list[Any]) -> Script:
    """Times of deeds are told from the last event that was taken; at the end all events are."""
    heap, script, now_ns = list[Any](), Script([], []), 0
    for number, (deed, after_ns, event) in enumerate(deeds):
        at_ns = min(now_ns + after_ns, NEVER_NS)
        if deed == "push":
            order, path, kind = event
            path, slot = path * _MANY + number, number  # no two are alike
            if kind == FRONT_DEADLINE:  # whose slot takes the place of a path
                path, slot = number, number << 30
            script.rows.append((at_ns, order, 0 if kind == FRONT_DEADLINE else path, kind, slot))
            heapq.heappush(heap, (at_ns, order, path, kind, slot))
        else:
            now_ns = _look(script, heap, at_ns, now_ns)
    while heap:
        now_ns = _look(script, heap, NOTHING, now_ns)
    _look(script, heap, NOTHING, now_ns)
    return script


def _look(script: Script, heap: list[Any], to_ns: int, now_ns: int) -> int:
    script.rows.append((LOOK, to_ns, 0, LOOK, 0))
    if not heap or heap[0][0] >= to_ns:
        script.found.append((NONE_IS_DUE,) * 4)
        return now_ns
    at_ns, order, _, kind, slot = heapq.heappop(heap)
    script.found.append((at_ns, order, kind, slot))
    return int(at_ns)


@entry("queue", int64[:, ::1], int64[:, ::1], int, int)
def follow(queue: Any, rows: Any, found: Any, row: int, looks: int) -> Any:
    """Do what a script says from a row on, as long as there is room; how many rows and looks are done."""
    while row < len(rows):
        if rows[row, 3] != LOOK:
            if queue.size[0] == len(queue.what):
                break
            push_nested(queue, rows[row, 0], rows[row, 1], rows[row, 2], rows[row, 3], rows[row, 4])
        else:
            if is_due(queue, rows[row, 1]):
                found[looks, 0], found[looks, 1], found[looks, 2], found[looks, 3] = take(queue)
            looks += 1
        row += 1
    return row, looks


def found_by_queue(script: Script, room: int) -> list[tuple[int, ...]]:
    """What each look finds in a queue that begins with some room, and grows as it must."""
    queue, row, looks = new_queue(room), 0, 0
    rows = np.array(script.rows, np.int64).reshape(-1, _WIDTH)
    found = np.full((len(script.found), 4), NONE_IS_DUE, np.int64)
    while True:
        row, looks = follow(queue, rows, found, row, looks)
        if row == len(rows):
            break
        queue = grown_queue(queue)
    assert (queue.size[0], queue.near[0], queue.in_buckets[0], queue.taken[0]) == (0, 0, 0, 0)
    return [tuple(one) for one in found.tolist()]
