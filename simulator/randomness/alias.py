"""Alias tables: an item by its share in constant time.

Walker, Electronics Letters 10, 1974; built as by Vose, IEEE Transactions on Software Engineering 17, 1991.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.kernels.compiling import entry
from simulator.kernels.kinds import float64, int64

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FEW = 2000
"""So many items the interpreter pairs sooner than machine code for it is loaded."""
_NONE = -1


def pair_interpreted(left: Any, alias: Any) -> None:
    """Give each item with less than an even share the rest of its cell from one with more.

    `left` is what of each share has not been given away, in even shares, and becomes the probabilities;
    `alias` begins as -1. Those with less are passed once, from the last to the first, and so are those with
    more; one of these that has less than an even share now is the next with less. So no list is kept.
    """
    below = high = len(left) - 1
    low = _NONE
    while True:
        if low == _NONE:
            while below >= 0 and (alias[below] != _NONE or left[below] >= 1.0):
                below -= 1
            low = below
        while high >= 0 and left[high] < 1.0:
            high -= 1
        if low < 0 or high < 0:
            break
        alias[low] = high
        left[high] -= 1.0 - left[low]
        low = high if left[high] < 1.0 else _NONE
    for i in range(len(left)):
        if alias[i] == _NONE:
            left[i], alias[i] = 1.0, i


pair = entry(float64[::1], int64[::1])(pair_interpreted)


def make_alias_table(shares: Floats, alias: Ints) -> None:
    """Make Walker's alias table of shares that sum to 1, which become its probabilities."""
    shares *= len(shares)
    alias.fill(_NONE)
    if len(shares) > FEW:
        pair(shares, alias)
        return
    left, others = shares.tolist(), alias.tolist()
    pair_interpreted(left, others)
    shares[:], alias[:] = left, others


def set_zipf_shares(shares: Floats, exponent: float) -> None:
    """Share of requests that each item gets, most popular first: proportional to 1 / rank^exponent."""
    shares[:] = np.arange(1, len(shares) + 1)
    np.power(shares, -exponent, out=shares)
    shares /= shares.sum()
