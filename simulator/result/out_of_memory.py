"""Nodes that ran out of memory and were killed."""

from simulator.records import dataclass


@dataclass(frozen=True)
class KilledNodes:
    """The nodes of one service in one region that may run out of memory."""

    service: str
    """The service."""
    region: str
    """The region."""
    room: int
    """How many requests fit into the memory of a node, at work and waiting together."""
    killed: int
    """How often one was killed."""
    nodes: int
    """How many of them were, once or more often."""
    none_left: int
    """How often no other node was up when one was killed."""
    first_s: float | None
    """When the first one was, in seconds of the run; null if none was."""
    fault: str | None
    """The fault whose beginning led to that, by the chain of causes; null if that is nothing, or its end."""
    after_s: float | None
    """How long after that beginning it was, in seconds."""
