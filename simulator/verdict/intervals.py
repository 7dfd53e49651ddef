"""Intervals of what many runs say, which assume nothing of how figures are distributed.

Of times and other figures by their order (Conover, Practical Nonparametric Statistics, 3rd ed. 1999, §3.2),
of shares by the binomial distribution (Clopper and Pearson, Biometrika 26, 1934). docs/replications.md says
what they mean.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from math import comb, exp, expm1, inf, lgamma, log, log1p

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
    if count <= 0 or not 0 <= hits <= hits + unknown <= count:
        raise ValueError(f"{hits} hits and {unknown} unknown of {count}")
    tail, most = (1.0 - of_confidence) / 2, hits + unknown
    low = _beta_quantile(hits, count - hits + 1, tail) if hits else 0.0
    high = _beta_quantile(most + 1, count - most, 1.0 - tail) if most < count else 1.0
    known = count - unknown
    return Interval(hits / known if known else (low + high) / 2, low, high)


def _beta_quantile(a: int, b: int, tail: float) -> float:
    """Below what share a tail of Beta(a, b) lies.

    What was never so, or always, has a simple one. SciPy takes as long to import as a third of a second run.
    """
    if b == 1:
        return float(tail ** (1 / a))
    if a == 1:
        return -expm1(log1p(-tail) / b)
    from scipy.special import betaincinv

    return float(betaincinv(a, b, tail))


@cache
def ranks(count: int, quantile: float, *, of_confidence: float = CONFIDENCE) -> tuple[int, int]:
    """Between which of so many values, in order and from 1, a quantile of their distribution lies.

    The first is 0 and the last count + 1 where so few values do not bound it on that side. For any
    distribution, at least with the confidence: each tail is that of a binomial distribution.
    """
    tail, at_most = (1.0 - of_confidence) / 2, [*accumulate(_binomial(count, quantile))]
    low, high = 0, count + 1
    while low < count and at_most[low] <= tail:
        low += 1
    while high > 1 and 1.0 - at_most[high - 2] <= tail:
        high -= 1
    return low, high


_EXACT_MOST = 1_000
"""Of so many, how often some are drawn is a float."""


def _binomial(count: int, share: float) -> Iterator[float]:
    """How likely 0, 1, … `count` of so many lie on one side, each with a share between 0 and 1."""
    for number in range(count + 1):
        rest = count - number
        if count <= _EXACT_MOST:
            yield comb(count, number) * share**number * (1.0 - share) ** rest
        else:
            ways = lgamma(count + 1) - lgamma(number + 1) - lgamma(rest + 1)
            yield exp(ways + number * log(share) + rest * log1p(-share))


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
