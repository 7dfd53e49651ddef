"""What stands in for `simulator.kernels.bits` in machine code, which wraps by itself."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload

from simulator.kernels.bits import add_wrapping, bit_length, multiply_wide, opaque, quotient, remainder


@intrinsic  # type: ignore[untyped-decorator]
def _leading_zeros(_typing: Any, _value: Any) -> Any:
    """How many of the 64 bits are zeros before the first one."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _multiply_wide(_typing: Any, _a: Any, _b: Any) -> Any:
    """One machine instruction where Numba itself has no 128-bit product."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        wide, word = ir.IntType(128), ir.IntType(64)
        product = builder.mul(builder.zext(args[0], wide), builder.zext(args[1], wide))
        high = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), word)
        return context.make_tuple(builder, signature.return_type, (high, builder.trunc(product, word)))

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _opaque(_typing: Any, _value: Any) -> Any:
    """An empty piece of assembly, of which the optimizer knows only where its value is."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        word = ir.IntType(64)
        return builder.asm(ir.FunctionType(word, [word]), "", "=r,0", args, False)

    return types.uint64(types.uint64), generate


@intrinsic  # type: ignore[untyped-decorator]
def _quotient(_typing: Any, _a: Any, _b: Any) -> Any:
    """Numba's own looks for a divisor of zero, and rounds what is negative downwards."""
    return types.int64(types.int64, types.int64), lambda _c, builder, _s, args: builder.udiv(*args)


@intrinsic  # type: ignore[untyped-decorator]
def _remainder(_typing: Any, _a: Any, _b: Any) -> Any:
    return types.int64(types.int64, types.int64), lambda _c, builder, _s, args: builder.urem(*args)


overload(bit_length)(lambda value: lambda value: 64 - _leading_zeros(value))
overload(multiply_wide)(lambda a, b: lambda a, b: _multiply_wide(a, b))
overload(opaque)(lambda value: lambda value: _opaque(value))
overload(add_wrapping)(lambda a, b: lambda a, b: a + b)
overload(quotient)(lambda a, b: lambda a, b: _quotient(a, b))
overload(remainder)(lambda a, b: lambda a, b: _remainder(a, b))
