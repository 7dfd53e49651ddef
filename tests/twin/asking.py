"""What each client has asked for, as specified in docs/monitoring.md §7: every answer is kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.twin.fronts import STATUS
from tests.twin.web_acls import key_of


class Asking:
    """The answers since the last look: whose, to what, and with which status."""

    def __init__(self, plane: Any) -> None:
        self._plane = plane
        self._answers: list[tuple[int, int, int]] = []

    def note(self, attempt: Any) -> None:
        """A try of a client has ended."""
        if attempt.outcome in STATUS:
            self._answers.append((attempt.session, attempt.operation, STATUS[attempt.outcome] // 100))

    def asked_since(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """By client, in order; a client that is gone has taken its own with it."""
        plan, alive = self._plane.plan, {session.number for session in self._plane.alive()}
        keyed = [(key_of(plan, client, client in alive), *what) for client, *what in self._answers]
        there = [(key, *what) for key, *what in keyed if key is not None]
        clients = sorted({client for client, _, _ in there})
        operations = len(plan.op_service)
        found = np.zeros((len(clients), operations + 2), np.int64)
        for client, operation, status in there:
            row = clients.index(client)
            found[row, operation] += 1
            if status in (4, 5):
                found[row, operations + status - 4] += 1
        self._answers.clear()
        return np.array(clients, np.int64), found
