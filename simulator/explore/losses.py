"""How long each session was without service, from the rows of a trace as they come.

The same time as the measure of lost user time sums (docs/measures.md): from the begin of the first action
that was not good to the end of the next good one, or to when the session was due to end.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.kinds import NEVER_NS, ORDINAL_BITS
from simulator.boundary.outcomes import SESSION_CLASSES
from simulator.boundary.traces import ACTION, SESSION, TRACE_FIELDS, TRY
from simulator.plan.lowered import DataPlan

Row = Mapping[str, int]
"""A row of a trace, by `TRACE_FIELDS`."""

_AT = {name: column for column, name in enumerate(TRACE_FIELDS)}
_LEFT_EARLY = SESSION_CLASSES.index("abandoned"), SESSION_CLASSES.index("logged_out")


def rows_of(traced: NDArray[np.int64]) -> list[Row]:
    """The rows of a trace by the names of their fields."""
    return [dict(zip(TRACE_FIELDS, row, strict=True)) for row in traced.tolist()]


class Losses:
    """Time without service by session; `lost_ns` of all that have lost any, once `end` was called."""

    def __init__(self, data: DataPlan) -> None:
        self._data, self._since = data, dict[int, int]()
        self.lost_ns = dict[int, int]()

    def hear(self, rows: NDArray[np.int64]) -> None:
        """Take rows, in order of finish."""
        kind, good = rows[:, _AT["kind"]], rows[:, _AT["good"]]
        bad = (kind == ACTION) & (good == 0)
        concerned = np.union1d(rows[bad, 0], np.array([*self._since], np.int64))
        for row in rows_of(rows[(kind != TRY) & np.isin(rows[:, 0], concerned)]):
            self.take(row)

    def take(self, row: Row) -> None:
        """Take one row: of an action, or of a session; tries tell nothing here."""
        number, end_ns = row["session"], row["end_ns"]
        is_bot = self._data.pop_bots[number >> ORDINAL_BITS]
        if is_bot or row["kind"] == TRY or end_ns < self._data.counts_from_ns:
            return
        if row["kind"] == ACTION and not row["good"]:
            self._begin(number, row["begin_ns"])
            return
        if row["kind"] == SESSION and row["outcome"] in _LEFT_EARLY:
            end_ns = min(max(row["version"], end_ns), self._data.duration_ns)
        self._end(number, end_ns)

    def _begin(self, number: int, begin_ns: int) -> None:
        self._since[number] = min(self._since.get(number, NEVER_NS), max(begin_ns, self._data.counts_from_ns))

    def _end(self, number: int, end_ns: int) -> None:
        if number in self._since:
            self.lost_ns[number] = self.lost_ns.get(number, 0) + end_ns - self._since.pop(number)

    def end(self, in_progress: Mapping[str, NDArray[np.int64]]) -> None:
        """The run has ended, with these sessions (`Following.in_progress`)."""
        for number, operation, begin_ns in zip(
            *(in_progress[name].tolist() for name in ("number", "operation", "action_start_ns")), strict=True
        ):
            population = number >> ORDINAL_BITS
            waited_ns = self._data.duration_ns - begin_ns
            if (
                not self._data.pop_bots[population]
                and waited_ns > self._data.within_ns[population, operation]
            ):
                self._begin(number, begin_ns)
        for number in [*self._since]:
            self._end(number, self._data.duration_ns)

    def worst(self) -> int | None:
        """The number of the session that lost most, of equals the first; None if nobody lost any."""
        return min(self.lost_ns, key=lambda number: (-self.lost_ns[number], number), default=None)
