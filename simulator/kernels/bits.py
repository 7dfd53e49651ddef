"""Bits of whole numbers: one machine instruction each where it is compiled.

The Python bodies serve runs with the compiler off; `simulator.kernels.translation.bits` stands in for them.
"""

import numpy as np

_MASK = 2**64 - 1


def bit_length(value: int) -> int:
    """The number of bits of an integer from 0 up to 2^63 - 1."""
    return int(value).bit_length()


def multiply_wide(a: np.uint64, b: np.uint64) -> tuple[np.uint64, np.uint64]:
    """High and low 64 bits of a 128-bit product."""
    product = int(a) * int(b)
    return np.uint64(product >> 64), np.uint64(product & _MASK)


def opaque(value: np.uint64) -> np.uint64:
    """The same value, of which the optimizer knows nothing more: it stays in a register as it is."""
    return value


def add_wrapping(a: np.uint64, b: np.uint64) -> np.uint64:
    """Sum modulo 2^64; wraps silently."""
    return np.uint64((int(a) + int(b)) & _MASK)


def quotient(a: int, b: int) -> int:
    """How often a positive number goes into one that is not negative; machine code does not look whether so.

    Raises:
        ValueError: if a is negative or b is not positive, while the compiler is off.
    """
    _check(a, b)
    return a // b


def remainder(a: int, b: int) -> int:
    """What is left of a number that is not negative, divided by a positive one; as of `quotient`."""
    _check(a, b)
    return a % b


def _check(a: int, b: int) -> None:
    if a < 0 or b <= 0:
        raise ValueError(f"{a} by {b} is for // and %, which know of signs")


def prefetch(_array: object, _index: int) -> None:
    """Let an element of an array come nearer: it will be asked for soon. It changes nothing else."""
