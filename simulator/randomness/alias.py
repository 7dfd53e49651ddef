"""Alias tables: an item by its share in constant time.

Walker, Electronics Letters 10, 1974; built as by Vose, IEEE Transactions on Software Engineering 17, 1991.
"""

import numpy as np
from numba import float64, int64
from numpy.typing import NDArray

from simulator.kernels.compiling import entry

Floats = NDArray[np.float64]


@entry(float64[::1], float64[::1], int64[::1], int64[::1])
def pair(left, probability, alias, stack):
    """Give each item with less than an even share the rest of its cell from one with more.

    `left` is what of each share has not been given away, in even shares. `stack` holds both kinds of items:
    those with less from its beginning, those with more from its end.
    """
    small, large, size = 0, len(stack), len(stack)
    for i in range(size):
        if left[i] < 1.0:
            stack[small] = i
            small += 1
        else:
            large -= 1
            stack[large] = i
    while small > 0 and large < size:
        low, high = stack[small - 1], stack[large]
        probability[low], alias[low] = left[low], high
        left[high] -= 1.0 - left[low]
        small -= 1
        if left[high] < 1.0:
            large += 1
            stack[small] = high
            small += 1


def alias_table(weights: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Walker's alias table: each item's probability and alias; the weights sum to 1. 32 bytes an item."""
    probability, alias = np.ones(len(weights)), np.arange(len(weights), dtype=np.int64)
    pair(weights * len(weights), probability, alias, np.empty(len(weights), np.int64))
    return probability, alias


def zipf_shares(items: int, exponent: float) -> Floats:
    """Share of requests that each item gets, most popular first: proportional to 1 / rank^exponent."""
    weights: Floats = np.arange(1, items + 1, dtype=np.float64)
    np.power(weights, -exponent, out=weights)
    weights /= weights.sum()
    return weights
