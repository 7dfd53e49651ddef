"""What expectations can name of nodes; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import PLACE

NO_LITTLE_MEMORY = Reason("no node of the topology can run out of memory")

OF_NODES = (
    one(
        "nodes_killed",
        "count",
        PLACE,
        "How often a node took on more requests than its memory has room for, and was killed.",
        NO_LITTLE_MEMORY,
    ),
)
"""What becomes of them under load."""
