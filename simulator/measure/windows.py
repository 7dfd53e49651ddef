"""The windows of a run: where they lie, and the actions that ended in them."""

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome
from simulator.records import dataclass


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

    def number_at(self, at_ns: int) -> int:
        """The window that holds an instant."""
        return (at_ns - self.first_ns) // self.width_ns

    def start_of(self, number: int) -> int:
        """When a window starts."""
        return max(self.first_ns + number * self.width_ns, 0)

    def part_of(self, number: int, from_ns: int, to_ns: int) -> float:
        """How much of a window lies in [from, to): 0 to 1."""
        start, end = self.start_of(number), self.end_of(number)
        return max(min(end, to_ns) - max(start, from_ns), 0) / (end - start)

    def end_of(self, number: int) -> int:
        """The end of a window; the last may be cut short by the end of the run."""
        return min(self.first_ns + (number + 1) * self.width_ns, self.duration_ns)
