"""Bits of whole numbers: one machine instruction where it is compiled."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload


def bit_length(value: int) -> int:
    """The number of bits of an integer from 0 up to 2^63 - 1."""
    return int(value).bit_length()


@intrinsic  # type: ignore[untyped-decorator]
def _leading_zeros(_typing: Any, _value: Any) -> Any:
    """How many of the 64 bits are zeros before the first one."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), generate


# The Python body above serves runs with the compiler off.
overload(bit_length)(lambda value: lambda value: 64 - _leading_zeros(value))
