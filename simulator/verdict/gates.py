"""Whether something holds in a share of all possible runs, decided as early as the runs played allow.

The gate looks again and again while runs come in, and its verdict stays valid all the same: it is a test by
betting. Under the hypothesis that the share is at most q, the likelihood of what was seen, mixed over all
shares above q, divided by that at q, is a nonnegative supermartingale of mean at most one; by Ville's
inequality it exceeds 1/α at any time with a probability of at most α. So "met" is wrong with at most α, and
"missed", which is the same the other way round, too; since only one of them can be wrong, the verdict is
wrong with a probability of at most α = 1 − confidence, however often one looks and whenever one stops.
The mixture is Jeffreys' Beta(1/2, 1/2), restricted to one side of q.

Sources: Robbins, Statistical methods related to the law of the iterated logarithm, Ann. Math. Statist. 41
(1970), for mixtures; Howard, Ramdas, McAuliffe and Sekhon, Time-uniform, nonparametric, nonasymptotic
confidence sequences, Ann. Statist. 49 (2021), for the beta-binomial one.
"""

from collections.abc import Iterator
from math import inf, log, log1p

from simulator.records import dataclass

CONFIDENCE = 0.95
"""Of a verdict, unless the expectation says another."""

RUNS_MOST = 10_000_000
"""Nobody is told to play more."""

_A = _B = 0.5  # Jeffreys' prior
_FIRST, _STEP, _GROWTH = 10, 10, 1.25


@dataclass(frozen=True)
class Gate:
    """In at least which share of all possible runs something must hold, and with which confidence."""

    share: float
    confidence: float = CONFIDENCE

    def decides(self, met: int, missed: int, unknown: int = 0) -> str:
        """`met`, `missed`, or `undecided`, by so many runs; those of unknown outcome count against either."""
        if self._evidence_above(met, missed + unknown) >= self._needed:
            return "met"
        if self._evidence_below(met + unknown, missed) >= self._needed:
            return "missed"
        return "undecided"

    def runs_to_decide(self, met: int, missed: int) -> int | None:
        """How many runs in all decide if it goes on as it did so far; None if more than anybody plays.

        That is so if the share seen is next to the one asked for.
        """
        if not met + missed:
            return None
        seen, low, high = met / (met + missed), met + missed, met + missed
        while not self._would_decide(seen, high):
            low, high = high, 2 * high
            if high > 2 * RUNS_MOST:
                return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._would_decide(seen, middle) else (middle, high)
        return high if high <= RUNS_MOST else None

    def _would_decide(self, seen: float, runs: int) -> bool:
        met = round(seen * runs)
        return self.decides(met, runs - met) != "undecided"

    @property
    def _needed(self) -> float:
        """The logarithm of 1/α."""
        return -log1p(-self.confidence)

    def _evidence_above(self, met: int, missed: int) -> float:
        """The logarithm of what a bet on a larger share than that asked for has won."""
        return self._won(met, missed) + _log_tail(met, missed, self.share) - _log_tail(0, 0, self.share)

    def _evidence_below(self, met: int, missed: int) -> float:
        """The same of a bet on a smaller one: on more misses."""
        rest = 1.0 - self.share
        return self._won(met, missed) + _log_tail(missed, met, rest) - _log_tail(0, 0, rest)

    def _won(self, met: int, missed: int) -> float:
        from scipy.special import betaln

        mixed = float(betaln(_A + met, _B + missed) - betaln(_A, _B))
        return mixed - met * log(self.share) - missed * log1p(-self.share)


def _log_tail(hits: int, others: int, above: float) -> float:
    """The logarithm of how much of Beta(1/2 + hits, 1/2 + others) lies above a share."""
    from scipy.special import betainc

    tail = float(betainc(_B + others, _A + hits, 1.0 - above))
    return log(tail) if tail > 0.0 else -inf


def looks(most: int) -> Iterator[int]:
    """After how many runs a gate looks: the same whoever plays them; the last look is after all of them."""
    runs = _FIRST
    while runs < most:
        yield runs
        runs = max(runs + _STEP, int(runs * _GROWTH))
    yield most
