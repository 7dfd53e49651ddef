"""Windows of the run in which the service was OK, was not, or had no data."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.outcome import Outcome


@dataclass(frozen=True)
class Windows:
    """State of each window: the share of actions completed in it that succeeded, against the objective."""

    width_ns: int
    duration_ns: int
    succeeded: NDArray[np.int64]
    finished: NDArray[np.int64]
    is_ok: NDArray[np.bool_]

    @staticmethod
    def of(outcome: Outcome, objective: float) -> "Windows":
        """The windows of a run. The comparison is exact: succeeded >= objective · finished."""
        succeeded = outcome.tallies.window_succeeded
        finished = succeeded + outcome.tallies.window_failed
        data = outcome.plan.data
        is_ok = succeeded >= objective * finished - 1e-9
        return Windows(data.window_ns, data.duration_ns, succeeded, finished, is_ok)

    @property
    def has_data(self) -> NDArray[np.bool_]:
        """Whether anything finished in each."""
        return self.finished > 0

    def numbers_between(self, from_ns: int, to_ns: int) -> NDArray[np.int64]:
        """The windows that overlap [from, to)."""
        return np.arange(
            from_ns // self.width_ns, min(-(-to_ns // self.width_ns), len(self.has_data)), dtype=np.int64
        )

    def bad_between(self, from_ns: int, to_ns: int) -> NDArray[np.int64]:
        """The windows with data that overlap [from, to) and are not OK."""
        numbers = self.numbers_between(from_ns, to_ns)
        return numbers[self.has_data[numbers] & ~self.is_ok[numbers]]

    def any_ok_between(self, from_ns: int, to_ns: int) -> bool:
        """Whether any window with data that begins in [from, to) is OK."""
        numbers = self.numbers_between(from_ns, to_ns)
        return bool((self.has_data[numbers] & self.is_ok[numbers]).any())

    def any_data_between(self, from_ns: int, to_ns: int) -> bool:
        """Whether any action completed in a window that overlaps [from, to)."""
        return bool(self.has_data[self.numbers_between(from_ns, to_ns)].any())

    def end_of(self, number: int) -> int:
        """The end of a window; the last may be cut short by the end of the run."""
        return min((number + 1) * self.width_ns, self.duration_ns)
