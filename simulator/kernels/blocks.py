"""Blocks: named arrays and numbers that kernels receive as one address.

A named tuple of arrays would do, but Numba passes it by value: every array of every block in every call of
every kernel, which takes minutes to compile. A block is passed as the address of a small buffer that holds,
for each array, its data address, shape and first stride, and for each number its value. Kernels read
`block.name` either way; with the compiler off they use this very class.
"""

from typing import Any

import numpy as np

from simulator.kernels.kinds import CHECKS_BOUNDS, BlockArray, block_type, float64, int64


class Block:
    """Arrays, numbers and further blocks by name. Arrays may be replaced by others of the same type.

    A call of machine code takes `_as_parameter_` for a block, as ctypes has it.
    """

    def __init__(self, kind: str, **fields: Any) -> None:
        self.__dict__.update(fields)
        self.kind = kind
        self.fields = tuple(fields)
        typed = ((name, _type_of(f"{kind}.{name}", value)) for name, value in fields.items())
        self.block_type = block_type(kind, tuple(typed))
        self._buffer = np.zeros(self.block_type.words, np.int64)
        self.address = self._as_parameter_ = self._buffer.ctypes.data
        for name in fields:
            self._write(name)

    def replace(self, name: str, value: Any) -> None:
        """Put another array (or block) in the place of one of the same type."""
        if (kind := _type_of(f"{self.kind}.{name}", value)) != self.block_type.types[name]:
            raise TypeError(f"{self.kind}.{name} cannot become a {kind}")
        self.__dict__[name] = value
        self._write(name)

    def _write(self, name: str) -> None:
        value, at = self.__dict__[name], self.block_type.offsets[name]
        if isinstance(value, np.ndarray):
            words = (value.ctypes.data, *value.shape, value.strides[0])
            self._buffer[at : at + len(words)] = words
        elif isinstance(value, float):
            self._buffer[at : at + 1].view(np.float64)[0] = value
        else:
            self._buffer[at] = value.address if isinstance(value, Block) else value


def _type_of(name: str, value: Any) -> Any:
    """The type of a field. An array is contiguous, or columns of a larger one that stand side by side."""
    if isinstance(value, Block):
        return value.block_type
    if isinstance(value, np.ndarray):
        return _array_type(name, value)
    return float64 if isinstance(value, float) else int64


def _array_type(name: str, array: Any) -> BlockArray:
    if array.ndim > 1 and array.size and not array[0].flags.c_contiguous:
        raise TypeError("kernels take contiguous arrays, or columns of them")
    # by its stride, not by its flags: a single row is contiguous wherever it comes from
    packed = array.ndim > 1 or array.strides[0] == array.itemsize or not array.size
    return BlockArray(array.dtype.str, array.ndim, packed, name if CHECKS_BOUNDS else "")
