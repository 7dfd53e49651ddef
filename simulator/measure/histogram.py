"""Log-bucket histograms: exact up to 255 ns, then 128 bins an octave: a value is off by at most 1/256.

Bin of v >= 256: with e = bit_length(v) - 8 and m = v >> e (128 to 255), bin 128 e + m. Histograms merge by
addition.
"""

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.statistics import values_of
from simulator.result.summaries import Summary

_EXACT = 256


def bin_of(value: int) -> int:
    """The bin of a non-negative integer."""
    if value < _EXACT:
        return value
    exponent = value.bit_length() - 8
    return 128 * exponent + (value >> exponent)


def value_of(number: int) -> int:
    """The middle of a bin."""
    return int(values_of(np.array([number]))[0])


def percentile(histogram: NDArray[np.int64], share: float) -> int | None:
    """The smallest value that at least `share` of the values do not exceed; None if there are none."""
    total = int(histogram.sum())
    if total == 0:
        return None
    rank = max(int(np.ceil(share * total)), 1)
    return value_of(int(np.searchsorted(np.cumsum(histogram), rank)))


def percentile_s(histogram: NDArray[np.int64], share: float) -> float | None:
    """The same in seconds."""
    value_ns = percentile(histogram, share)
    return None if value_ns is None else value_ns / 10**9


def summary_of(histogram: NDArray[np.int64]) -> Summary:
    """Count, and median, 95th, 99th percentile and maximum in seconds (None if empty)."""
    shares = (0.5, 0.95, 0.99, 1.0)
    return Summary(int(histogram.sum()), *(percentile_s(histogram, share) for share in shares))
