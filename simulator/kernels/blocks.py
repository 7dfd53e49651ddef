"""Blocks: named arrays and numbers that kernels receive as one address.

A named tuple of arrays would do, but Numba passes it by value: every array of every block in every call of
every kernel, which takes minutes to compile. A block is passed as the address of a small buffer that holds,
for each array, its data address, shape and first stride, and for each number its value. Kernels read
`block.name` either way; with the compiler off they use this very class.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

from simulator.kernels.kinds import CHECKS_BOUNDS, NO_COLUMN, BlockArray, block_type, float64, int64

_NO_COLUMNS: Mapping[str, int] = MappingProxyType({})


class Block:
    """Arrays, numbers and further blocks by name. Arrays may be replaced by others of the same type.

    A call of machine code takes `_as_parameter_` for a block, as ctypes has it. `columns` says which fields
    are columns of the first one, which is called `rows`, and where (`simulator.kernels.kinds.BlockArray`).
    """

    def __init__(self, kind: str, columns: Mapping[str, int] = _NO_COLUMNS, /, **fields: Any) -> None:
        self.__dict__.update(fields)
        self.kind = kind
        self.fields = tuple(fields)
        if columns and self.fields[0] != "rows":
            raise TypeError("the rows of columns are a block's first field")
        self._columns = columns
        types = [self._type_of(name) for name in fields]
        self.block_type = block_type(kind, tuple(zip(fields, types, strict=True)))
        self._buffer = np.array([word for one in fields.values() for word in _words(one)], np.int64)
        self.address = self._as_parameter_ = self._buffer.ctypes.data

    def replace(self, name: str, value: Any) -> None:
        """Put another array (or block) in the place of one of the same type."""
        before, self.__dict__[name] = self.__dict__[name], value
        if (kind := self._type_of(name)) != self.block_type.types[name]:
            self.__dict__[name] = before
            raise TypeError(f"{self.kind}.{name} cannot become a {kind}")
        words, at = _words(value), self.block_type.offsets[name]
        self._buffer[at : at + len(words)] = words

    def _type_of(self, name: str) -> Any:
        """The type of a field. An array is contiguous, or columns of a larger one that stand side by side."""
        value = self.__dict__[name]
        if isinstance(value, Block):
            return value.block_type
        if isinstance(value, np.ndarray):
            return _array_type(f"{self.kind}.{name}", value, self._columns.get(name, NO_COLUMN))
        return float64 if isinstance(value, float) else int64


def _words(value: Any) -> tuple[int, ...]:
    """What a field takes in the buffer."""
    if isinstance(value, np.ndarray):
        return value.ctypes.data, *value.shape, value.strides[0]
    if isinstance(value, Block):
        return (value.address,)
    return (int(np.float64(value).view(np.int64)) if isinstance(value, float) else int(value),)


def _array_type(name: str, array: Any, column: int) -> BlockArray:
    if array.ndim > 1 and array.size and not array[0].flags.c_contiguous:
        raise TypeError("kernels take contiguous arrays, or columns of them")
    # by its stride, not by its flags: a single row is contiguous wherever it comes from
    packed = array.ndim > 1 or array.strides[0] == array.itemsize or not array.size
    return _array_of(array.dtype.str, array.ndim, packed, name if CHECKS_BOUNDS else "", column)


_array_of = cache(BlockArray)
"""The one type of all arrays that are alike: it is asked for hundreds of times a run."""
