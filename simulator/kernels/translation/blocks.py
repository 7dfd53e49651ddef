"""Blocks as Numba sees them: one address, from which fields are read."""

from functools import cache
from typing import Any

import numpy as np
from numba import from_dtype, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, lower_getattr_generic, register_model

from simulator.kernels.kinds import NO_COLUMN, Array, BlockArray, BlockType, Number
from simulator.kernels.translation.arrays import WORD, WORD_BYTES, ArrayInBlock, load_word


class AnyBlock(types.Type):  # type: ignore[misc]
    """The type of a block, after its description."""

    def __init__(self, described: BlockType) -> None:
        self.described = described
        super().__init__(name=described.name)


@register_model(AnyBlock)
class _BlockModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, block: AnyBlock) -> None:
        super().__init__(manager, block, WORD)


@infer_getattr
class _BlockAttributes(AttributeTemplate):  # type: ignore[misc]
    key = AnyBlock

    def generic_resolve(self, block: AnyBlock, name: str) -> Any:
        field = block.described.types.get(name)
        return None if field is None else numba_type(field, block.described.offsets[name])


@lower_getattr_generic(AnyBlock)  # type: ignore[untyped-decorator]
def _get_field(context: Any, builder: Any, block: AnyBlock, address: Any, name: str) -> Any:
    field, word = block.described.types[name], block.described.offsets[name]
    if isinstance(field, BlockArray) and field.column == NO_COLUMN:
        return builder.add(address, WORD(word * WORD_BYTES))
    if isinstance(field, BlockArray):
        return address  # which is that of the block's first field, the rows
    return load_word(builder, address, word, context.get_value_type(numba_type(field)))


@cache
def numba_type(described: Number | Array | BlockArray | BlockType, word: int = 0) -> Any:
    """Numba's type of what a kernel is given, or finds in a block at a word of it."""
    if isinstance(described, BlockType):
        return AnyBlock(described)
    if isinstance(described, BlockArray):
        dtype = from_dtype(np.dtype(described.dtype))
        column = None if described.column == NO_COLUMN else (word, described.column)
        return ArrayInBlock(dtype, described.ndim, described.packed, described.name, column)
    if isinstance(described, Array):
        return types.Array(getattr(types, described.dtype), described.ndim, "C")
    return getattr(types, described.name)
