"""How the kernels' arrays are made and grown; what they are is in `simulator.data_plane.layout`."""

from dataclasses import fields
from functools import cache
from itertools import accumulate
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.fields import Field, fields_of
from simulator.boundary.kinds import CACHE
from simulator.boundary.tallies import Counters
from simulator.boundary.traces import TRACE_WIDTH
from simulator.data_plane import layout
from simulator.data_plane.stores import layout as stores
from simulator.kernels.blocks import Block
from simulator.kernels.compiling import compiles
from simulator.kernels.kinds import MOVABLE
from simulator.plan.lowered import DataPlan
from simulator.records import dataclass

_WIDE = 64
_CACHE_LINE = 64


def plan_arrays(plan: DataPlan) -> Block:
    """The plan as a block of arrays and numbers, and where each cache's items begin among those of caches."""
    values = {field.name: getattr(plan, field.name) for field in fields(DataPlan)}
    cached = np.where(plan.store_kind == CACHE, plan.store_items, 0)
    first = np.concatenate([[0], np.cumsum(cached)[:-1]]).astype(np.int64)[: len(cached)]
    return Block("plan", **values, cache_first=first)


def new_block(kind: str, table: type, plan: DataPlan) -> Block:
    """The arrays of a table, each at its start."""
    return Block(kind, **{field.name: field.new(plan) for field in fields_of(table)})


def new_counts(plan: DataPlan) -> Block:
    """All counters at zero, and what becomes visible without having been at risk.

    All are parts of one array, `every`, so that a reading is one pass over chosen elements of it.
    """
    shapes = {f.name: f.shape(plan) for f in fields_of(Counters) + fields_of(layout.Unmarked)}
    *begins, size = accumulate(map(prod, shapes.values()), initial=0)
    every = np.zeros(size, np.int64)
    arrays = {
        name: every[begin : begin + prod(shape)].reshape(shape)
        for (name, shape), begin in zip(shapes.items(), begins, strict=True)
    }
    return Block("counts", **arrays, every=every)


# pools


def new_pool(kind: str, table: type, plan: DataPlan, capacity: int) -> Block:
    """A pool with every slot free; untouched memory costs nothing until it is used.

    Each field is a column of one array of bytes, or several, so that the fields of a slot lie side by side in
    memory, each in as many bits as it needs. With the compiler off all have 64, since Python's arithmetic on
    narrower ones overflows.
    """
    widths = tuple(prod(axis.length(plan) for axis in field.axes[1:]) for field in fields_of(table))
    columns, row_bytes = _row_of(table, widths, compiles())
    rows = _cache_lines(capacity * row_bytes).reshape(capacity, row_bytes)
    free = np.arange(capacity - 1, -1, -1, dtype=np.int64)
    fields = {column.field.name: _filled(column, rows) for column in columns}
    places = {column.field.name: column.begin if column.is_fixed else MOVABLE for column in columns}
    count = np.array([capacity], np.int64)
    return Block(kind, places, rows=rows, **fields, free=free, free_count=count)


@dataclass(frozen=True)
class _Column:
    """Where a field lies in the row of a slot."""

    field: Field
    dtype: np.dtype[Any]
    begin: int
    end: int
    is_fixed: bool
    """Whether it begins there whatever the plan: no field before it has as many numbers as the plan says."""


@cache
def _row_of(table: type, widths: tuple[int, ...], is_compiled: bool) -> tuple[tuple[_Column, ...], int]:
    """The columns of a slot's row in order of declaration, each where its numbers may lie; and its bytes."""
    columns, end, widest, is_fixed = list[_Column](), 0, 1, True
    for field, count in zip(fields_of(table), widths, strict=True):
        is_narrow = is_compiled and field.bits != _WIDE
        dtype = np.dtype(f"i{field.bits // 8}" if is_narrow else field.dtype)
        begin = _up_to(end, dtype.itemsize) if count else end
        end, widest = begin + count * dtype.itemsize, max(widest, dtype.itemsize)
        is_fixed = is_fixed and len(field.axes) == 1
        columns.append(_Column(field, dtype, begin, end, is_fixed))
    return tuple(columns), _padded(_up_to(end, widest))


def _up_to(size: int, unit: int) -> int:
    return -(-size // unit) * unit


def _padded(row_bytes: int) -> int:
    """Rows of whole cache lines, or as many in one as fit."""
    if row_bytes > _CACHE_LINE // 2:
        return _up_to(row_bytes, _CACHE_LINE)
    return _CACHE_LINE // (_CACHE_LINE // row_bytes) if row_bytes else 0


def _cache_lines(size: int) -> NDArray[np.uint8]:
    """Zeros that begin with a cache line."""
    made = np.zeros(size + _CACHE_LINE, np.uint8)
    first = -made.ctypes.data % _CACHE_LINE
    return made[first : first + size]


def _filled(column: _Column, rows: NDArray[np.uint8]) -> NDArray[Any]:
    """The column of one field, at its start; a field of slots alone is flat."""
    made = rows[:, column.begin : column.end].view(column.dtype)
    if len(column.field.axes) == 1:
        made = made[:, 0]
    elif len(column.field.axes) > 2:
        raise TypeError(f"{column.field.name}: a slot has one axis beside")
    if column.field.start:
        made[:] = column.field.start
    return made


def new_sessions(plan: DataPlan, capacity: int) -> Block:
    """A pool of free session slots."""
    return new_pool("sessions", layout.Sessions, plan, capacity)


def new_attempts(plan: DataPlan, capacity: int) -> Block:
    """A pool of free attempt slots."""
    return new_pool("attempts", layout.Attempts, plan, capacity)


def new_deeds(plan: DataPlan, capacity: int) -> Block:
    """A pool of free slots for what actions have applied."""
    return new_pool("deeds", layout.Deeds, plan, capacity)


def new_tokens(plan: DataPlan, capacity: int) -> Block:
    """A pool of free slots for tokens of idempotent steps."""
    return new_pool("tokens", layout.Tokens, plan, capacity)


def new_versions(plan: DataPlan, capacity: int) -> Block:
    """A pool of free version slots."""
    return new_pool("versions", stores.Versions, plan, capacity)


def new_lanes(plan: DataPlan, capacity: int) -> Block:
    """A pool of free lane slots."""
    return new_pool("lanes", stores.Lanes, plan, capacity)


def new_copies(plan: DataPlan, capacity: int) -> Block:
    """A pool of free entries for the queues of undelivered copies."""
    return new_pool("copies", stores.Copies, plan, capacity)


def new_clients(plan: DataPlan, rows: int) -> Block:
    """The state of clients: full quotas, closed breakers, limiters at rest."""
    return new_pool("clients", layout.Clients, plan, max(rows, 2))


def stateful(plan: DataPlan, policies: NDArray[np.int64]) -> bool:
    """Tell whether any of these policies needs memory: a quota, a breaker, or a limiter."""
    needs = plan.policy_quota + plan.policy_window + plan.policy_adaptive
    return bool(needs[policies].any())


def grown(pool: Block, fresh: Block) -> Block:
    """Move a pool into a larger empty one; slots keep their numbers."""
    old, new = len(pool.free), len(fresh.free)
    free_count = int(pool.free_count[0])
    with_rows_of(fresh, pool)
    fresh.free[: new - old] = np.arange(new - 1, old - 1, -1)
    fresh.free[new - old : new - old + free_count] = pool.free[:free_count]
    fresh.free_count[0] = new - old + free_count
    return fresh


def with_rows_of(fresh: Block, pool: Block) -> Block:
    """A pool with the rows of a smaller one, whole slots at once; further rows are as new."""
    fresh.rows[: len(pool.rows)] = pool.rows
    return fresh


# what is not a table


def new_trace(session: int, capacity: int) -> Block:
    """A buffer for a trace; `session` is TRACE_OFF, TRACE_ALL, or one session's number."""
    rows = np.empty((capacity, TRACE_WIDTH), np.int64)
    return Block("trace", rows=rows, count=np.zeros(1, np.int64), session=np.array([session], np.int64))
