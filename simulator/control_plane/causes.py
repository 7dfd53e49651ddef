"""What entries of the event log follow from: other entries.

A process acts upon an entry: on what it was begun for, what woke it, or what it has logged last. Whoever
looks at the world acts upon what changed it last. Specification: docs/model-control-plane.md §9.
"""

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import simpy

Cause = int | None
"""An entry, counted from the start of the run, warm-up included; None: nothing in the log."""

Spot = tuple[str, tuple[int, ...]]
"""Something in the world that can change: its kind, as in `World.show`, and its numbers."""

ACTING: Cause = -1
"""What the process acts upon."""


class Causes:
    """What each process acts upon, and by what each spot of the world was changed last."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._by_process: WeakKeyDictionary[simpy.Process, Cause] = WeakKeyDictionary()
        self._by_spot: dict[Spot, Cause] = {}
        self._by_fault: dict[int, int] = {}

    @property
    def acting(self) -> Cause:
        """What the present process acts upon."""
        process = self._env.active_process
        return None if process is None else self._by_process.get(process)

    def act_on(self, cause: Cause) -> None:
        """The present process acts upon an entry from now on."""
        if self._env.active_process is not None:
            self._by_process[self._env.active_process] = cause

    def begin(self, process: simpy.Process, cause: Cause) -> None:
        """A process has been begun because of an entry."""
        self._by_process[process] = cause

    def change(self, spot: Spot) -> None:
        """What the present process acts upon has changed a spot."""
        self._by_spot[spot] = self.acting

    def newest(self, spots: Iterable[Spot]) -> Cause:
        """What changed any of these spots last."""
        return newest(self._by_spot.get(spot) for spot in spots)

    def switch(self, fault: int, entry: int) -> None:
        """A fault, by number, has begun or ended."""
        self._by_fault[fault] = entry

    def of_faults(self, faults: Iterable[int]) -> Cause:
        """What is newest of the beginnings and ends of faults, by number."""
        return newest(self._by_fault.get(fault) for fault in faults)

    def newest_fault(self) -> Cause:
        """What is newest of the beginnings and ends of all faults."""
        return newest(self._by_fault.values())

    def strike(self, faults: Iterable[int]) -> None:
        """Faults, by number, change what is shown: who acts upon faults acts upon these from now on."""
        if self.acting is None or self.acting in self._by_fault.values():
            self.act_on(self.of_faults(faults))


def newest(causes: Iterable[Cause]) -> Cause:
    """The newest of some entries."""
    return max((cause for cause in causes if cause is not None), default=None)
