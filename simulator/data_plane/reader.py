"""A reader of the compiled data plane: what it wants as arrays, and what it has seen."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.boundary.readings import Bins, Lag, Reading, Readings
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
        self._block, self._read_ns = reader_block(memory, readings), now_ns()

    def read(self) -> Reading:
        """The present instant."""
        if self._readings.is_lazy:
            self._settle()
        now_ns = self._now_ns()
        if self._read_ns < self._plan.counts_from_ns <= now_ns:
            self._count_anew()
        self._read_ns = now_ns
        read_row(self._plan, self._memory, self._block, now_ns)
        row = self._block.row.copy()
        if self._wants_backlog:
            self._read_backlog(row, now_ns)
        return Reading(now_ns, self._readings, row, tuple(self._new()))

    def _count_anew(self) -> None:
        """The warm-up is over, and lags have been counted from nothing since; latencies go on."""
        are_lags = (self._block.spread_row == NOTHING).nonzero()[0]
        self._block.spread_seen[are_lags] = 0
        self._block.spread_total[are_lags] = 0

    def _new(self) -> Iterator[Bins]:
        """What is new of each spread."""
        firsts = self._block.spread_first[: len(self._readings.spreads) + 1].tolist()
        bins, counts = (
            self._block.spread_bin[: firsts[-1]].copy(),
            self._block.spread_count[: firsts[-1]].copy(),
        )
        for first, end in pairwise(firsts):
            yield (bins[first:end], counts[first:end]) if end > first else _NOTHING_NEW

    def _read_backlog(self, row: Any, now_ns: int) -> None:
        shape = self._memory.world.replicating.shape
        copies, oldest_ns = np.zeros(shape, np.int64), np.full(shape, now_ns, np.int64)
        count_pending(self._plan, self._memory, now_ns, copies, oldest_ns)
        self._readings.put(row, "backlog", copies)
        self._readings.put(row, "backlog_age_ns", now_ns - oldest_ns)


_NOTHING_NEW: Bins = (np.zeros(0, np.int64), np.zeros(0, np.int64))


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
        **_spreads(memory, readings),
    )


def _spreads(memory: Block, readings: Readings) -> dict[str, Any]:
    """The spreads that are wanted, what has been seen of them, and room for what is new.

    Of lags, which have no row among what is watched, it is known between which bins any have been found.
    """
    some = readings.spreads
    row = np.array([NOTHING if isinstance(one, Lag) else one.row(readings.plan) for one in some], np.int64)
    memory.watched.declared[row[row != NOTHING]] = 1
    seen, total = _seen(memory, row), np.zeros(len(some), np.int64)
    pair = np.zeros((len(some) + 1, 3), np.int64)
    for number, one in enumerate(some):
        if isinstance(one, Lag):
            pair[number] = one.store, one.origin, one.target
            seen[number] = memory.counts.lag[one.store, one.origin, one.target]
            total[number] = seen[number].sum()
    return {
        "lag_steps": memory.counts.lag_step_count.shape[3],
        "spread_row": row,
        "spread_lag": pair,
        "spread_seen": seen,
        "spread_total": total,
        "spread_lowest": np.full(len(some), HISTOGRAM_BINS),
        "spread_end": np.zeros(len(some), np.int64),
        "spread_range": np.zeros((len(some) + 1, 2), np.int64),
        "spread_first": np.zeros(len(some) + 1, np.int64),
        "spread_bin": np.zeros(len(seen) * HISTOGRAM_BINS, np.int64),
        "spread_count": np.zeros(len(seen) * HISTOGRAM_BINS, np.int64),
    }


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
