"""The windows of a run: where they lie, and the actions that ended in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome


@dataclass(frozen=True)
class Windows:
    """Actions by the window in which they ended."""

    first_ns: int  # when the first begins: at most 0, for one begins with the first fault
    width_ns: int
    duration_ns: int
    succeeded: NDArray[np.int64]
    finished: NDArray[np.int64]

    @staticmethod
    def of(outcome: Outcome) -> "Windows":
        """The windows of a run."""
        succeeded = outcome.tallies.window_succeeded
        finished = succeeded + outcome.tallies.window_failed
        data = outcome.plan.data
        return Windows(data.window_first_ns, data.window_ns, data.duration_ns, succeeded, finished)

    def numbers_between(self, from_ns: int, to_ns: int) -> NDArray[np.int64]:
        """The windows that overlap [from, to)."""
        first = (from_ns - self.first_ns) // self.width_ns
        last = min(-(-(to_ns - self.first_ns) // self.width_ns), len(self.finished))
        return np.arange(first, last, dtype=np.int64)

    def end_of(self, number: int) -> int:
        """The end of a window; the last may be cut short by the end of the run."""
        return min(self.first_ns + (number + 1) * self.width_ns, self.duration_ns)
