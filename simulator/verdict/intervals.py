"""Intervals of what many runs say, which assume nothing of how figures are distributed.

Of times and other figures by their order (Conover, Practical Nonparametric Statistics, 3rd ed. 1999, §3.2),
of shares by the binomial distribution (Clopper and Pearson, Biometrika 26, 1934). docs/replications.md says
what they mean.
"""

from collections.abc import Sequence
from math import inf

from simulator.records import dataclass

CONFIDENCE = 0.95
"""Of an interval, unless somebody asks for another."""


@dataclass(frozen=True)
class Interval:
    """An estimate, and between what the true value lies with a confidence."""

    value: float
    low: float
    """Minus infinity where the runs are too few to bound it."""
    high: float
    """Infinity where the runs are too few, or what was measured is open."""


def share(hits: int, count: int, *, unknown: int = 0, of_confidence: float = CONFIDENCE) -> Interval:
    """The share of all possible runs in which something is so, which it was in `hits` of `count`.

    `unknown`: in how many of the others nobody could tell; the lower end takes them as not so, the upper one
    as so, and the value leaves them out. Raises ValueError if there was no run.
    """
    from scipy.special import betaincinv

    if count <= 0 or not 0 <= hits <= hits + unknown <= count:
        raise ValueError(f"{hits} hits and {unknown} unknown of {count}")
    tail, most = (1.0 - of_confidence) / 2, hits + unknown
    low = float(betaincinv(hits, count - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(most + 1, count - most, 1.0 - tail)) if most < count else 1.0
    known = count - unknown
    return Interval(hits / known if known else (low + high) / 2, low, high)


def ranks(count: int, quantile: float, *, of_confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Between which of so many values, in order and from 1, a quantile of their distribution lies.

    The first is 0 and the last count + 1 where so few values do not bound it on that side. For any
    distribution, at least with the confidence: each tail is that of a binomial distribution.
    """
    from scipy.special import bdtr

    tail = (1.0 - of_confidence) / 2
    low, high = 0, count + 1
    while low < count and bdtr(low, count, quantile) <= tail:
        low += 1
    while high > 1 and 1.0 - bdtr(high - 2, count, quantile) <= tail:
        high -= 1
    return low, high


def quantile(
    lows: Sequence[float],
    highs: Sequence[float],
    which: float,
    *,
    of_confidence: float = CONFIDENCE,
) -> Interval:
    """A quantile of figures, each of which lies somewhere from a low to a high; the same where it is known.

    The value is that of the order ⌈n·q⌉. Raises ValueError if there are none.
    """
    if not lows or len(lows) != len(highs):
        raise ValueError(f"{len(lows)} and {len(highs)} figures")
    count, least, most = len(lows), sorted(lows), sorted(highs)
    first, last = ranks(count, which, of_confidence=of_confidence)
    place = max(-(-round(count * which * 10**9) // 10**9), 1) - 1
    return Interval(
        least[place], least[first - 1] if first else -inf, most[last - 1] if last <= count else inf
    )
