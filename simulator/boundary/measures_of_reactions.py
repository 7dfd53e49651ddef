"""What expectations can name of load shedding; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import SHED

NO_SHEDDING = Reason("nothing sheds load")

OF_REACTIONS = (
    one(
        "shed_requests",
        "count",
        SHED,
        "Requests that load shedding turned away, at doors and at edges; of all users together, bots' too.",
        NO_SHEDDING,
        better="neither",
    ),
)
"""How much it turned away."""
