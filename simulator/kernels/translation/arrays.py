"""The arrays of blocks, as kernels see them: the address of their words in the block, and nothing else.

Numba's own arrays travel as seven words, look for negative indices at every access, and count references.
No kernel uses a negative index, and the arrays of a block outlive every call. So an element is one load of
the array's address and one of the element, and an array given to another kernel is one word.

A build with bounds checks, for tests, refuses every index that is not in the array, negative ones too.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typeconv import Conversion
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, register_model

WORD = ir.IntType(64)
WORD_BYTES = 8


class ArrayInBlock(types.Type):  # type: ignore[misc]
    """The type of an array in a block, after its description (`simulator.kernels.kinds.BlockArray`)."""

    def __init__(self, stored: Any, ndim: int, packed: bool, name: str = "") -> None:
        self.stored, self.ndim, self.packed, self.named = stored, ndim, packed, name
        self.is_narrow = stored in (types.int8, types.int16, types.int32)
        self.dtype = types.int64 if self.is_narrow else stored
        super().__init__(name=f"BlockArray({stored}, {ndim}, {packed}, {name})")

    def unify(self, _typing: Any, other: Any) -> Any:
        """A variable may be either of two arrays that differ by name only."""
        alike = isinstance(other, ArrayInBlock) and other == self._called(other.named)
        return self._called("either array" if self.named else "") if alike else None

    def _called(self, name: str) -> "ArrayInBlock":
        return ArrayInBlock(self.stored, self.ndim, self.packed, name)

    def can_convert_to(self, typing: Any, other: Any) -> Any:
        """Only to a type that leaves open which of several arrays it is."""
        open_to_all = isinstance(other, ArrayInBlock) and other == self.unify(typing, other)
        return Conversion.safe if open_to_all else None


@register_model(ArrayInBlock)
class _ArrayModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, array: ArrayInBlock) -> None:
        super().__init__(manager, array, WORD)


# types


def _index_of(array: Any, index: Any) -> Any:
    """The type to which an index is brought: as many whole numbers as the array has axes."""
    parts = index.types if isinstance(index, types.BaseTuple) else (index,)
    if len(parts) != array.ndim or not all(isinstance(part, types.Integer) for part in parts):
        return None
    return types.UniTuple(types.int64, array.ndim) if isinstance(index, types.BaseTuple) else types.int64


@infer_global(operator.getitem)
class _GetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _kws: Any) -> Any:
        if isinstance(args[0], ArrayInBlock) and (index := _index_of(*args)) is not None:
            return signature(args[0].dtype, args[0], index)
        return None


@infer_global(operator.setitem)
class _SetItem(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _kws: Any) -> Any:
        array, index, _value = args
        if not isinstance(array, ArrayInBlock):
            return None
        if array.ndim == 2 and isinstance(index, types.Integer):
            return signature(types.none, array, types.int64, array.dtype)  # the whole row
        brought = _index_of(array, index)
        return None if brought is None else signature(types.none, array, brought, array.dtype)


@infer_global(len)
class _Len(AbstractTemplate):  # type: ignore[misc]
    def generic(self, args: Any, _kws: Any) -> Any:
        return signature(types.int64, *args) if isinstance(args[0], ArrayInBlock) else None


# code


def load_word(builder: Any, address: Any, word: int, kind: Any = WORD) -> Any:
    """One word of those that begin at an address."""
    at = builder.add(address, ir.Constant(WORD, word * WORD_BYTES))
    return builder.load(builder.inttoptr(at, kind.as_pointer()))


def _element(context: Any, builder: Any, array: ArrayInBlock, address: Any, axes: Any) -> Any:
    """A pointer to an element, or to the first of a row if only the first index is given."""
    if array.named:
        _check_bounds(context, builder, array, address, axes)
    item = context.get_data_type(array.stored).as_pointer()
    data = load_word(builder, address, 0)
    if array.ndim == 1 and array.packed:
        return builder.gep(builder.inttoptr(data, item), [axes[0]], inbounds=True)
    row = builder.add(data, builder.mul(axes[0], load_word(builder, address, 1 + array.ndim)))
    within = axes[1] if len(axes) > 1 else ir.Constant(WORD, 0)
    for axis in range(2, len(axes)):
        within = builder.add(builder.mul(within, load_word(builder, address, 1 + axis)), axes[axis])
    return builder.gep(builder.inttoptr(row, item), [within], inbounds=True)


def _axes(builder: Any, index_type: Any, index: Any) -> Any:
    return cgutils.unpack_tuple(builder, index) if isinstance(index_type, types.BaseTuple) else [index]


def _check_bounds(context: Any, builder: Any, array: ArrayInBlock, address: Any, axes: Any) -> None:
    """Raise IndexError unless every index is in the array. A negative one is a huge one without a sign."""
    for axis, index in enumerate(axes):
        outside = builder.icmp_unsigned(">=", index, load_word(builder, address, 1 + axis))
        with builder.if_then(outside, likely=False):
            context.call_conv.return_user_exc(
                builder, IndexError, (f"index {axis} of {array.named} is outside the array",)
            )


@lower_builtin(operator.getitem, ArrayInBlock, types.Any)  # type: ignore[untyped-decorator]
def _get(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    axes = _axes(builder, sig.args[1], args[1])
    array, element = sig.args[0], _element(context, builder, sig.args[0], args[0], axes)
    if array.is_narrow:
        return builder.sext(builder.load(element), WORD)
    return context.unpack_value(builder, array.dtype, element)


def _store(context: Any, builder: Any, array: ArrayInBlock, value: Any, element: Any) -> None:
    """Write an element; a build with bounds checks refuses a number that does not fit into its bits."""
    if not array.is_narrow:
        context.pack_value(builder, array.dtype, value, element)
        return
    narrow = builder.trunc(value, context.get_data_type(array.stored))
    if array.named:
        with builder.if_then(builder.icmp_signed("!=", builder.sext(narrow, WORD), value), likely=False):
            context.call_conv.return_user_exc(
                builder, OverflowError, (f"a number does not fit into {array.named}",)
            )
    builder.store(narrow, element)


@lower_builtin(operator.setitem, ArrayInBlock, types.Any, types.Any)  # type: ignore[untyped-decorator]
def _set(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    array, (address, index, value) = sig.args[0], args
    axes = _axes(builder, sig.args[1], index)
    first = _element(context, builder, array, address, axes)
    if len(axes) == array.ndim:
        _store(context, builder, array, value, first)
    else:
        with cgutils.for_range(builder, load_word(builder, address, 2), intp=WORD) as loop:
            _store(context, builder, array, value, builder.gep(first, [loop.index]))
    return context.get_dummy_value()


@lower_cast(ArrayInBlock, ArrayInBlock)  # type: ignore[untyped-decorator]
def _named_otherwise(_context: Any, _builder: Any, _from: Any, _to: Any, address: Any) -> Any:
    return address


@lower_builtin(len, ArrayInBlock)  # type: ignore[untyped-decorator]
def _length(_context: Any, builder: Any, _sig: Any, args: Any) -> Any:
    return load_word(builder, args[0], 1)
