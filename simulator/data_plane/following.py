"""Following sessions: the rows of their trace, from the kernels' buffer."""

from collections.abc import Callable
from dataclasses import fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.tallies import TracedAttempt
from simulator.boundary.traces import TRACE_FIELDS, TRACE_WIDTH, TRY
from simulator.data_plane.tracing import TRACE_OFF
from simulator.kernels.blocks import Block

Rows = NDArray[np.int64]

_IN_PROGRESS = (
    "number", "start_ns", "resolver", "actions", "action_start_ns", "operation", "held", "why", "trouble",
)  # fmt: skip


class Following:
    """The part of the compiled plane that keeps what followed sessions do."""

    _memory: Block
    _traced: list[Rows]
    _hear: Callable[[Rows], None] | None = None

    def traced(self) -> list[TracedAttempt]:
        """The finished attempts of the followed sessions, in order of finish."""
        rows = self.rows()
        tries = rows[rows[:, TRACE_FIELDS.index("kind")] == TRY, : len(fields(TracedAttempt))]
        return [TracedAttempt(*row) for row in tries.tolist()]

    def rows(self) -> Rows:
        """[row, field] what the followed sessions have done, as `TRACE_FIELDS` says, in order of finish."""
        if self._memory.trace.session[0] != TRACE_OFF:
            self._flush_trace()
        return np.concatenate([np.empty((0, TRACE_WIDTH), np.int64), *self._traced])

    def told(self, hear: Callable[[Rows], None]) -> Self:
        """The plane itself: rows are not kept from now on, but handed on, some ten thousand at a time.

        The last ones are handed on by `rows`, which gives none then.
        """
        self._hear = hear
        return self

    def in_progress(self) -> dict[str, NDArray[np.int64]]:
        """[session] columns of the sessions in progress, by their names in `simulator.data_plane.layout`."""
        sessions = self._memory.sessions
        there = sessions.number >= 0
        return {name: getattr(sessions, name)[there] for name in _IN_PROGRESS}

    def _flush_trace(self) -> None:
        trace = self._memory.trace
        rows = trace.rows[: trace.count[0]].copy()
        trace.count[0] = 0
        (self._hear or self._traced.append)(rows)
