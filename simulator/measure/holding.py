"""What held those who were not served, window by window (docs/measures.md)."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.causes import CALLED_SERVICES
from simulator.boundary.tallies import Tallies
from simulator.outcome import Outcome
from simulator.records import dataclass


@dataclass(frozen=True)
class Holding:
    """Bad actions by window and cause; each counts in the window of its begin and while it waits."""

    begun: NDArray[np.int64]  # [window, cause] of those begun in the window
    carried: NDArray[np.int64]  # [window, cause] of those begun earlier, and not ended when it starts

    @staticmethod
    def of(tallies: Tallies) -> "Holding":
        """What a run's tallies tell."""
        return _holding(tallies.window_held_from, tallies.window_held_until)

    @staticmethod
    def by_callee(tallies: Tallies) -> "Holding":
        """The same of those whom called services held, by the number of the called service for the cause."""
        return _holding(tallies.window_called_from, tallies.window_called_until)

    @property
    def held(self) -> NDArray[np.int64]:
        """Not served in each window, by cause."""
        held: NDArray[np.int64] = self.begun + self.carried
        return held

    def between(self, first: int, last: int) -> NDArray[np.int64]:
        """Not served in the windows from `first` up to `last`, by cause; each action counts once."""
        counts: NDArray[np.int64] = self.carried[first] + self.begun[first:last].sum(axis=0)
        return counts


def _holding(begun: NDArray[np.int64], ended: NDArray[np.int64]) -> Holding:
    earlier = np.zeros_like(begun)
    earlier[1:] = begun.cumsum(axis=0)[:-1]
    return Holding(begun, earlier - ended.cumsum(axis=0))


def laws_of_holding(outcome: Outcome) -> Iterator[tuple[str, object, object]]:
    """Each law: its name and two plain values that are equal if it holds."""
    t, holding = outcome.tallies, Holding.of(outcome.tallies)
    yield "bad actions by cause = bad actions", holding.begun.sum(axis=1).tolist(), t.window_bad.tolist()
    called = t.window_held_from[:, CALLED_SERVICES].tolist()
    yield "held by called services = held by each", t.window_called_from.sum(axis=1).tolist(), called
    waits = np.cumsum(t.window_waits_from - t.window_waits_until)
    yield "waiting actions by cause = waiting actions", holding.carried.sum(axis=1).tolist(), waits.tolist()
