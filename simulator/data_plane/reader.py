"""A reader of the compiled data plane: what it wants as arrays, and what it has seen."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.boundary.readings import Bins, Lag, Reading, Readings, Watched
from simulator.data_plane.reading import read_row
from simulator.data_plane.stores.delivery import count_pending
from simulator.kernels.blocks import Block

NOTHING = -1
_BY_KERNEL = ("sessions", "at_work", "queue_length", "idle", "peak_at_work")
"""Gauges in the order in which `simulator.data_plane.reading` numbers them."""


class CompiledReader:
    """Reads for one observer. `settle` brings counters of what becomes visible up to the instant."""

    def __init__(
        self,
        plan: Block,
        memory: Block,
        readings: Readings,
        now_ns: Callable[[], int],
        settle: Callable[[], None],
    ) -> None:
        self._plan, self._memory, self._readings = plan, memory, readings
        self._now_ns, self._settle = now_ns, settle
        self._wants_backlog = bool({"backlog", "backlog_age_ns"} & readings.first.keys())
        self._block = reader_block(memory, readings)
        self._spreads = [_Spread(memory, watched, readings.plan) for watched in readings.spreads]

    def read(self) -> Reading:
        """The present instant."""
        if self._readings.is_lazy:
            self._settle()
        now_ns = self._now_ns()
        read_row(self._plan, self._memory, self._block, now_ns)
        row = self._block.row.copy()
        if self._wants_backlog:
            self._read_backlog(row, now_ns)
        return Reading(now_ns, self._readings, row, tuple(spread.read() for spread in self._spreads))

    def _read_backlog(self, row: Any, now_ns: int) -> None:
        shape = self._memory.world.replicating.shape
        copies, oldest_ns = np.zeros(shape, np.int64), np.full(shape, now_ns, np.int64)
        count_pending(self._plan, self._memory, now_ns, copies, oldest_ns)
        self._readings.put(row, "backlog", copies)
        self._readings.put(row, "backlog_age_ns", now_ns - oldest_ns)


_NOTHING_NEW: Bins = (np.zeros(0, np.int64), np.zeros(0, np.int64))


class _Spread:
    """A histogram of which one observer reads what is new."""

    def __init__(self, memory: Block, watched: Watched, plan: Any) -> None:
        self._watched, self._row = memory.watched, NOTHING
        if isinstance(watched, Lag):
            self._histogram = memory.counts.lag[watched.store, watched.origin, watched.target]
        else:
            self._row = watched.row(plan)
            memory.watched.declared[self._row] = 1
            self._histogram = memory.watched.latency[self._row]
        self._seen = self._histogram.copy()
        self._total = int(self._seen.sum())

    def read(self) -> Bins:
        """The bins in which anything is new, and how much."""
        first, end = 0, HISTOGRAM_BINS
        if self._row != NOTHING:
            first, end = int(self._watched.lowest[self._row]), int(self._watched.highest[self._row]) + 1
        total = int(self._histogram[first:end].sum())
        if total == self._total:
            return _NOTHING_NEW
        self._total = total
        bins = (self._histogram[first:end] != self._seen[first:end]).nonzero()[0] + first
        counts = self._histogram[bins]
        new = counts - self._seen[bins]
        self._seen[bins] = counts
        return bins, new


def reader_block(memory: Block, readings: Readings) -> Block:
    """What a reader wants, and its row, for the kernel; its latencies are watched from now on."""
    watched = np.array([latency.row(readings.plan) for latency in readings.latencies], np.int64)
    memory.watched.declared[watched] = 1
    shares = [latency.shares for latency in readings.latencies]
    counts = np.array([len(some) for some in shares], np.int64)
    return Block(
        "reader",
        row=np.zeros(readings.width, np.int64),
        element=_elements(memory.counts, readings),
        gauge_first=np.array([readings.first.get(name, -1) for name in _BY_KERNEL], np.int64),
        watched=watched,
        latency_first=np.array([*readings.first_latency.values()], np.int64),
        share_first=np.cumsum([0, *counts], dtype=np.int64)[:-1],
        share_count=counts,
        share=np.array([share for some in shares for share in some], np.float64),
        seen=_seen(memory, watched),
    )


def _seen(memory: Block, watched: NDArray[np.int64]) -> NDArray[np.int64]:
    """The histograms so far; one row at least, because an array without any is of another type."""
    seen = np.zeros((max(len(watched), 1), HISTOGRAM_BINS), np.int64)
    seen[: len(watched)] = memory.watched.latency[watched]
    return seen


def _elements(counts: Block, readings: Readings) -> Any:
    """Where the counters that are wanted lie among all of them."""
    base, found = counts.every.ctypes.data, [np.zeros(0, np.int64)]
    for field in readings.counters:
        array = getattr(counts, field.name)
        found.append((array.ctypes.data - base) // array.itemsize + np.arange(array.size))
    return np.concatenate(found)
