"""What expectations can name of auto-scaling; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import SCALER

NO_SCALER = Reason("the topology scales nothing")

OF_SCALING = (
    one(
        "scaling_actions",
        "count",
        SCALER,
        "How often scalers asked for another capacity.",
        NO_SCALER,
        better="neither",
    ),
    one(
        "scaled_in_during_fault",
        "count",
        SCALER,
        "How often scalers took capacity away while a fault acted, other than by the clock.",
        NO_SCALER,
    ),
    one(
        "least_capacity",
        "ratio",
        SCALER,
        "The least that there was of what is scaled, in its unit; of several scalers the least of all.",
        NO_SCALER,
        better="neither",
    ),
    one(
        "most_capacity",
        "ratio",
        SCALER,
        "The most that there was of what is scaled, in its unit; of several scalers the most of all.",
        NO_SCALER,
        better="neither",
    ),
)
"""How often they act, in which direction, and what that leaves there."""
