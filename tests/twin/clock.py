"""A SimPy environment whose simultaneous events run in the order of docs/model.md §1."""

import math
from collections.abc import Iterator
from typing import Any

import simpy
from simpy.events import NORMAL, URGENT

Rank = tuple[int, int, int, int]

FIRST: Rank = (-1, 0, 0, 0)
"""What only follows from something that has happened at this instant, and copies that become visible at
it.
"""

_ATTEMPTS = 2**18


def rank(session: int, attempt: int, phase: int) -> Rank:
    """Who acts first at one time: session, attempt modulo 2^18, phase, path of what is nested."""
    return session, attempt % _ATTEMPTS, phase, attempt >> 32


class At(simpy.Event):
    """An event at a time, with a rank among the others of that time."""

    def __init__(self, env: "RankedEnvironment", at_ns: int, order: Rank) -> None:
        super().__init__(env)
        self._ok, self._value = True, None
        env.schedule(self, order, at_ns - env.now)


class RankedEnvironment(simpy.Environment):
    """Ranks are the priorities; SimPy's own events (a process starts or ends) follow their cause at once."""

    end_ns: float = math.inf
    """Nothing happens from then on, until that is changed."""

    def schedule(self, event: simpy.Event, priority: Any = NORMAL, delay: Any = 0) -> None:
        super().schedule(event, FIRST if priority in (NORMAL, URGENT) else priority, delay)

    def at(self, at_ns: int, order: Rank) -> At:
        """Wait for a time."""
        return At(self, at_ns, order)

    def start(self, process: Iterator[Any]) -> None:
        """Begin a process within the present event: what it does before it first waits is done at once."""
        for first in process:
            self.process(_rest(first, process))
            return

    def advance(self, to_ns: int) -> None:
        """Run every event with time < `to_ns`, and stand at `to_ns`; or at the end, if that comes first."""
        while self.peek() < min(to_ns, self.end_ns):
            self.step()
        self._now = min(to_ns, self.end_ns)


def _rest(first: simpy.Event, process: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from process
