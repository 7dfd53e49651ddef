"""What the points of metrics hold, and the statistics that are read from them."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.outcomes import HISTOGRAM_BINS
from simulator.records import dataclass

_EXACT = 256  # histogram bins of one value each; above, 128 an octave (simulator.measure.histogram)
_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d{1,10})?|100)")


@cache
def percentile_share(statistic: str) -> float | None:
    """The share of a percentile such as `p99.9`, 0.999; None if it is none, or p0."""
    found = _PERCENTILE.fullmatch(statistic)
    share = None if found is None else float(found[1]) / 100.0
    return share or None


def _middles(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    exponent = np.maximum(bins // 128 - 1, 0)
    width = np.left_shift(np.int64(1), exponent)
    middle = (bins % 128 + 128) * width + width // 2
    return np.where(bins < _EXACT, bins, middle)


_MIDDLES = _middles(np.arange(HISTOGRAM_BINS, dtype=np.int64))


def values_of(bins: NDArray[np.int64]) -> NDArray[np.int64]:
    """The middle of each histogram bin, in nanoseconds."""
    return _MIDDLES[bins]


@dataclass(frozen=True)
class Spread:
    """How samples lie: the histogram bins in which any are, in order, and how many are in each.

    A sample is the value of its bin divided by `unit_ns`.
    """

    bins: NDArray[np.int64]
    counts: NDArray[np.int64]
    unit_ns: int

    def percentile(self, share: float) -> float | None:
        """The smallest value that at least this share of the samples do not exceed; None without any."""
        return self.percentiles((share,))[0]

    def percentiles(self, shares: Sequence[float]) -> list[float | None]:
        """The same for several shares."""
        if not len(self.bins):
            return [None] * len(shares)
        found: list[float | None] = [*percentiles_of([self], shares)[0]]
        return found


def summaries_of(spreads: Sequence[Spread]) -> NDArray[np.float64]:
    """[4, N] count, sum, least and greatest of the samples of each of some spreads, none of them empty."""
    ends = np.array([len(one.bins) for one in spreads]).cumsum()
    counts = np.concatenate([one.counts for one in spreads])
    units = np.repeat([one.unit_ns for one in spreads], np.diff(ends, prepend=0))
    values = values_of(np.concatenate([one.bins for one in spreads])) / units
    begins, weighted = np.concatenate(([0], ends[:-1])), values * counts
    totals = [weighted[begin:end].sum() for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)]
    return np.array([np.add.reduceat(counts, begins), totals, values[begins], values[ends - 1]], np.float64)


def percentiles_of(spreads: Sequence[Spread], shares: Sequence[float]) -> list[list[float]]:
    """The percentiles of each of some spreads, none of them without samples: of many quickly.

    Their samples, one spread after the other, have one order: a percentile of each is at a place in it.
    """
    if not spreads:
        return []
    upto = np.concatenate([one.counts for one in spreads]).cumsum()
    ends = upto[np.array([len(one.bins) for one in spreads]).cumsum() - 1]
    before = np.concatenate(([0], ends[:-1]))
    ranks = np.maximum(np.ceil((ends - before)[:, None] * np.array(shares)), 1).astype(np.int64)
    bins = np.concatenate([one.bins for one in spreads])[upto.searchsorted(before[:, None] + ranks)]
    units = np.array([one.unit_ns for one in spreads])
    found: list[list[float]] = (values_of(bins) / units[:, None]).tolist()
    return found


def joined(spreads: Iterable[Spread]) -> Spread | None:
    """The spread of all samples together; None if there are none."""
    some = [spread for spread in spreads if len(spread.bins)]
    if len(some) <= 1:
        return some[0] if some else None
    first = min(int(one.bins[0]) for one in some)
    counts = np.zeros(max(int(one.bins[-1]) for one in some) + 1 - first, np.int64)
    for one in some:
        counts[one.bins - first] += one.counts
    places = counts.nonzero()[0]
    return Spread(places + first, counts[places], some[0].unit_ns)


@dataclass(frozen=True)
class Statistics:
    """What a point holds: how many samples, their sum, the least and the greatest of them."""

    count: float
    total: float
    minimum: float
    maximum: float
    spread: Spread | None = None
    """Only of metrics that have percentiles, and only while CloudWatch's finest points are kept."""

    def value(self, statistic: str) -> float | None:
        """A statistic, such as `sum` or `p99`; None for a percentile that nobody can tell any more."""
        share = percentile_share(statistic)
        if share is not None:
            return None if self.spread is None else self.spread.percentile(share)
        if statistic == "average":
            return self.total / self.count if self.count else None
        return {
            "sum": self.total,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "sample_count": self.count,
        }[statistic]
