"""What each client has asked for, as specified in docs/monitoring.md §7: every answer is kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

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

_CODES = {
    SUCCEEDED: 200, UNAUTHORIZED: 401, THROTTLED: 429, ERROR: 500, OVERLOADED: 503, GATEWAY_TIMEOUT: 504,
    UNKNOWN: 500, BLOCKED: 403,
}  # fmt: skip


class Asking:
    """The answers since the last look: whose, to what, and with which status."""

    def __init__(self, plane: Any) -> None:
        self._plane = plane
        self._answers: list[tuple[int, int, int]] = []

    def note(self, attempt: Any) -> None:
        """A try of a client has ended."""
        if attempt.outcome in _CODES:
            self._answers.append((attempt.session, attempt.operation, _CODES[attempt.outcome] // 100))

    def _key(self, number: int) -> int | None:
        """The address that a session shares, or its own, which goes with it."""
        plan = self._plane.plan
        addresses = int(plan.pop_addresses[number >> 36])
        if addresses:
            return int(plan.pop_address_first[number >> 36]) + number % 2**36 % addresses
        is_there = any(session.number == number for session in self._plane.alive())
        return int(plan.pop_addresses.sum()) + number if is_there else None

    def asked_since(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By client, in order; a client that is gone has taken its own with it."""
        keyed = [(self._key(client), *what) for client, *what in self._answers]
        there = [(key, *what) for key, *what in keyed if key is not None]
        clients = sorted({client for client, _, _ in there})
        operations = len(self._plane.plan.op_service)
        found = np.zeros((len(clients), operations + 2), np.int64)
        for client, operation, status in there:
            row = clients.index(client)
            found[row, operation] += 1
            if status in (4, 5):
                found[row, operations + status - 4] += 1
        self._answers.clear()
        return np.array(clients, np.int64), found
