"""Bits of whole numbers: one machine instruction each where it is compiled.

The Python bodies serve runs with the compiler off; `simulator.kernels.translation.bits` stands in for them.
"""

import numpy as np

_MASK = 2**64 - 1


def bit_length(value: int) -> int:
    """The number of bits of an integer from 0 up to 2^63 - 1."""
    return int(value).bit_length()


def multiply_high(a: np.uint64, b: np.uint64) -> np.uint64:
    """High 64 bits of a 128-bit product."""
    return np.uint64((int(a) * int(b)) >> 64)


def multiply_low(a: np.uint64, b: np.uint64) -> np.uint64:
    """Low 64 bits of a product; wraps silently."""
    return np.uint64((int(a) * int(b)) & _MASK)


def add_wrapping(a: np.uint64, b: np.uint64) -> np.uint64:
    """Sum modulo 2^64; wraps silently."""
    return np.uint64((int(a) + int(b)) & _MASK)


def prefetch(_array: object, _index: int) -> None:
    """Let an element of an array come nearer: it will be asked for soon. It changes nothing else."""
