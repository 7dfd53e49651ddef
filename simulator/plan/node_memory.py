"""The memory of nodes as a run has it."""

from simulator.plan.sources import Lowered
from simulator.records import dataclass


@dataclass(frozen=True)
class NodeMemoryPlan:
    """The nodes of one site: for how many requests each has room, and how long it takes to be there again."""

    service: int
    region: int
    room: int
    restart: Lowered
