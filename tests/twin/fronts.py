"""What answers requests with a status, as it is metered (docs/monitoring.md §3)."""

from typing import Any

from simulator.boundary.outcomes import (
    BLOCKED,
    ERROR,
    GATEWAY_TIMEOUT,
    OVERLOADED,
    SUCCEEDED,
    THROTTLED,
    UNAUTHORIZED,
    UNKNOWN,
)
from simulator.boundary.readings import of_front, of_integration

STATUS = {
    SUCCEEDED: 200, UNAUTHORIZED: 401, THROTTLED: 429, ERROR: 500, OVERLOADED: 503, GATEWAY_TIMEOUT: 504,
    UNKNOWN: 500, BLOCKED: 403,
}  # fmt: skip
"""Of each outcome that is an answer."""

_OWN = 3
MINUTE_NS = 60 * 10**9


def minute_of(plan: Any, t: int) -> int:
    """The number of the clock's minute."""
    return (t + int(plan.day_offset_ns)) // MINUTE_NS


class Front:
    """The front of one request: what it notes, and its one answer."""

    def __init__(self, plane: Any, site: tuple[int, int]) -> None:
        self._plane, self._site = plane, site
        self._arrived_ns: int | None = None
        self.passed_ns: int | None = None
        self.overhead_ns = 0

    @property
    def _is_metered(self) -> bool:
        return bool(self._plane.plan.metered)

    def arrive(self) -> None:
        """The request is there."""
        self._arrived_ns = self._plane.env.now

    def count_door_error(self) -> None:
        """The application has answered with an error of its own."""
        self._plane.counts.door_errors[self._site] += self._is_metered

    def leave(self, outcome: int, by_front: bool) -> None:
        """The answer leaves."""
        code, arrived_ns, now = STATUS.get(outcome), self._arrived_ns, self._plane.env.now
        if not self._is_metered or code is None or arrived_ns is None:
            return
        status = _OWN if by_front and code >= 500 else (2, 4, 5).index(code // 100)
        self._plane.counts.answers[status, *self._site] += 1
        watched = self._plane.watched
        watched[of_front(*self._site)].append(now - arrived_ns + self.overhead_ns)
        if self.passed_ns is not None:
            watched[of_integration(*self._site)].append(now - self.passed_ns)
