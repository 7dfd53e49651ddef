"""Blocks: named arrays and numbers that kernels receive as one address.

A named tuple of arrays would do, but Numba passes it by value: every array of every block in every call of
every kernel, which takes minutes to compile. A block is passed as the address of a small buffer that holds,
for each array, its data address, shape and first stride, and for each number its value. Kernels read
`block.name` either way; with the compiler off they use this very class.
"""

import hashlib
from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    register_model,
    typeof_impl,
    unbox,
)

from simulator.kernels.arrays import CHECKS_BOUNDS, WORD, WORD_BYTES, BlockArray, load_word


class Block:
    """Arrays, numbers and further blocks by name. Arrays may be replaced by others of the same type.

    Numba's dispatcher asks an argument for its `_numba_type_` before all else: a third of the time of a call.
    """

    def __init__(self, kind: str, **fields: Any) -> None:
        self.__dict__.update(fields)
        self.kind = kind
        self.fields = tuple(fields)
        typed = ((name, _type_of(f"{kind}.{name}", value)) for name, value in fields.items())
        self.numba_type = BlockType(kind, tuple(typed))
        self._numba_type_ = self.numba_type
        self._buffer = np.zeros(self.numba_type.words, np.int64)
        self.address = self._buffer.ctypes.data
        for name in fields:
            self._write(name)

    def replace(self, name: str, value: Any) -> None:
        """Put another array (or block) in the place of one of the same type."""
        if (kind := _type_of(f"{self.kind}.{name}", value)) != self.numba_type.types[name]:
            raise TypeError(f"{self.kind}.{name} cannot become a {kind}")
        self.__dict__[name] = value
        self._write(name)

    def _write(self, name: str) -> None:
        value, at = self.__dict__[name], self.numba_type.offsets[name]
        if isinstance(value, np.ndarray):
            words = (value.ctypes.data, *value.shape, value.strides[0])
            self._buffer[at : at + len(words)] = words
        elif isinstance(value, float):
            self._buffer[at : at + 1].view(np.float64)[0] = value
        else:
            self._buffer[at] = value.address if isinstance(value, Block) else value


class BlockType(types.Type):  # type: ignore[misc]
    """The type of a block: the names and types of its fields, in order.

    Its name is a digest of them: Numba writes it into the symbol of every function that takes a block, over
    and over, and the fields in full are most of the code that LLVM would have to read.
    """

    def __init__(self, kind: str, fields: tuple[tuple[str, Any], ...]) -> None:
        self.types = dict(fields)
        self.offsets: dict[str, int] = {}
        self.words = 0
        for name, kind_of_field in fields:
            self.offsets[name] = self.words
            self.words += kind_of_field.words if isinstance(kind_of_field, BlockArray) else 1
        digest = hashlib.sha256(str(fields).encode()).hexdigest()[:16]
        super().__init__(name=f"{kind}_{digest}")


def _type_of(name: str, value: Any) -> Any:
    """The type of a field. An array is contiguous, or columns of a larger one that stand side by side."""
    if isinstance(value, Block):
        return value.numba_type
    if isinstance(value, np.ndarray):
        return _array_type(name, value)
    return types.float64 if isinstance(value, float) else types.int64


def _array_type(name: str, array: Any) -> BlockArray:
    if array.ndim > 1 and array.size and not array[0].flags.c_contiguous:
        raise TypeError("kernels take contiguous arrays, or columns of them")
    # by its stride, not by its flags: a single row is contiguous wherever it comes from
    packed = array.strides[0] == array.itemsize or not array.size
    return BlockArray(from_dtype(array.dtype), array.ndim, packed, name if CHECKS_BOUNDS else "")


@typeof_impl.register(Block)  # type: ignore[untyped-decorator]
def _typeof_block(block: Block, _context: Any) -> BlockType:
    return block.numba_type


@register_model(BlockType)
class _BlockModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, block_type: BlockType) -> None:
        super().__init__(manager, block_type, WORD)


@unbox(BlockType)  # type: ignore[untyped-decorator]
def _unbox_block(_type: BlockType, block: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(block, "address")
    value = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(value)


@infer_getattr
class _BlockAttributes(AttributeTemplate):  # type: ignore[misc]
    key = BlockType

    def generic_resolve(self, block_type: BlockType, name: str) -> Any:
        return block_type.types.get(name)


@lower_getattr_generic(BlockType)  # type: ignore[untyped-decorator]
def _get_field(context: Any, builder: Any, block_type: BlockType, address: Any, name: str) -> Any:
    field, word = block_type.types[name], block_type.offsets[name]
    if isinstance(field, BlockArray):
        return builder.add(address, WORD(word * WORD_BYTES))
    return load_word(builder, address, word, context.get_value_type(field))
