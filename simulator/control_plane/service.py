"""A service of the control plane: how it starts, and what it logs."""

from collections.abc import Callable, Iterable
from typing import Any

from simulator.boundary.events import EventKind
from simulator.control_plane.world import Process, World
from simulator.records import dataclass


@dataclass(frozen=True)
class Service:
    """One service. What it reads of an experiment is the part of its name in `simulator.lowering.control`."""

    name: str
    start: Callable[[World], Iterable[Process]]
    """Its processes, in the order in which they begin."""
    events: tuple[EventKind[Any], ...] = ()
    """The kinds of entry that it writes into the event log."""
