"""The arrays of blocks, as kernels see them: the address of their words in the block, and nothing else.

Numba's own arrays travel as seven words, look for negative indices at every access, and count references.
No kernel uses a negative index, and the arrays of a block outlive every call. So an element is one load of
the array's address and one of the element, and an array given to another kernel is one word.

Arrays that are columns of the same rows share the place of a row: to read five fields of a session takes one
multiplication and five loads. Only Python changes a block's words, so LLVM need not load them again behind a
store (`invariant.load`).

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
from numba.extending import intrinsic, lower_builtin, lower_cast, overload, register_model

from simulator.kernels.bits import prefetch
from simulator.kernels.kinds import MOVABLE

WORD = ir.IntType(64)
WORD_BYTES = 8
_ROW_BYTES = 3
"""The word of rows that tells the bytes from one to the next: behind their address and shape."""


class ArrayInBlock(types.Type):  # type: ignore[misc]
    """The type of an array in a block, after its description (`simulator.kernels.kinds.BlockArray`).

    `column`: the array is a column of its block's rows, and known by their words, which are the block's
    first; its own come so many words later, and its elements lie so many bytes from a row's begin.
    """

    def __init__(
        self, stored: Any, ndim: int, packed: bool, name: str = "", column: tuple[int, int] | None = None
    ) -> None:
        self.stored, self.ndim, self.packed, self.named, self.column = stored, ndim, packed, name, column
        self.is_narrow = stored in (types.int8, types.int16, types.int32)
        self.dtype = types.int64 if self.is_narrow else stored
        super().__init__(name=f"BlockArray({stored}, {ndim}, {packed}, {name}, {column})")

    @property
    def by_itself(self) -> "ArrayInBlock":
        """The same array without its neighbours."""
        return self._called(self.named)

    def unify(self, _typing: Any, other: Any) -> Any:
        """A variable may be either of two arrays that differ by name only, or by where they stand."""
        alike = isinstance(other, ArrayInBlock) and other.by_itself == self._called(other.named)
        return self._called("either array" if self.named else "") if alike else None

    def _called(self, name: str) -> "ArrayInBlock":
        return ArrayInBlock(self.stored, self.ndim, self.packed, name)

    def can_convert_to(self, typing: Any, other: Any) -> Any:
        """Only to a type that leaves open which of several arrays it is, or where it stands."""
        if not isinstance(other, ArrayInBlock):
            return None
        open_to_all = other in (self.by_itself, self.unify(typing, other))
        return Conversion.safe if open_to_all else None

    def words(self, builder: Any, address: Any) -> Any:
        """The address of its own words."""
        return builder.add(address, WORD(self.column[0] * WORD_BYTES)) if self.column else address


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
    """One word of a block, of those that begin at an address."""
    at = builder.add(address, ir.Constant(WORD, word * WORD_BYTES))
    loaded = builder.load(builder.inttoptr(at, kind.as_pointer()))
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _element(context: Any, builder: Any, array: ArrayInBlock, address: Any, axes: Any) -> Any:
    """A pointer to an element, or to the first of a row if only the first index is given."""
    if array.named:
        _check_bounds(context, builder, array, address, axes)
    item = context.get_data_type(array.stored).as_pointer()
    if array.ndim == 1 and array.packed:
        return builder.gep(builder.inttoptr(load_word(builder, address, 0), item), [axes[0]], inbounds=True)
    row = builder.inttoptr(_row(builder, array, address, axes[0]), item)
    own = array.words(builder, address)
    within = axes[1] if len(axes) > 1 else ir.Constant(WORD, 0)
    for axis in range(2, len(axes)):
        within = builder.add(builder.mul(within, load_word(builder, own, 1 + axis)), axes[axis])
    return builder.gep(row, [within], inbounds=True)


def _row(builder: Any, array: ArrayInBlock, address: Any, row: Any) -> Any:
    """The address of an array's part of a row."""
    if array.column is None:
        begin = load_word(builder, address, 0)
        return builder.add(begin, builder.mul(row, load_word(builder, address, 1 + array.ndim)))
    word, at = array.column
    begin = load_word(builder, address, word if at == MOVABLE else 0)
    whole = builder.add(begin, builder.mul(row, load_word(builder, address, _ROW_BYTES)))
    return whole if at == MOVABLE else builder.add(whole, WORD(at))


def _axes(builder: Any, index_type: Any, index: Any) -> Any:
    return cgutils.unpack_tuple(builder, index) if isinstance(index_type, types.BaseTuple) else [index]


def _check_bounds(context: Any, builder: Any, array: ArrayInBlock, address: Any, axes: Any) -> None:
    """Raise IndexError unless every index is in the array. A negative one is a huge one without a sign."""
    own = array.words(builder, address)
    for axis, index in enumerate(axes):
        outside = builder.icmp_unsigned(">=", index, load_word(builder, own, 1 + axis))
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
        length = load_word(builder, array.words(builder, address), 2)
        with cgutils.for_range(builder, length, intp=WORD) as loop:
            _store(context, builder, array, value, builder.gep(first, [loop.index]))
    return context.get_dummy_value()


@lower_cast(ArrayInBlock, ArrayInBlock)  # type: ignore[untyped-decorator]
def _known_otherwise(_context: Any, builder: Any, array: Any, other: Any, address: Any) -> Any:
    return address if array.column == other.column else array.words(builder, address)


@lower_builtin(len, ArrayInBlock)  # type: ignore[untyped-decorator]
def _length(_context: Any, builder: Any, sig: Any, args: Any) -> Any:
    return load_word(builder, sig.args[0].words(builder, args[0]), 1)


@intrinsic  # type: ignore[untyped-decorator]
def _prefetch(_typing: Any, array: Any, _index: Any) -> Any:
    """One machine instruction, which does nothing about a place where there is no memory."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        function = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        place = builder.bitcast(_element(context, builder, signature.args[0], args[0], [args[1]]), byte)
        to_read, soon_and_often, data = flag(0), flag(3), flag(1)
        builder.call(function, [place, to_read, soon_and_often, data])
        return context.get_dummy_value()

    return types.none(array, types.int64), generate


overload(prefetch)(lambda array, index: lambda array, index: _prefetch(array, index))
