"""What expectations can name of alarms; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import ALARM

NO_ALARM = Reason("the topology has no alarm")
NO_FAULT_TO_TELL = Reason("no fault acted, so there was nothing to tell of")

OF_ALARMS = (
    one(
        "alarm_time",
        "s",
        ALARM,
        "From the start of the first fault until an alarm went into ALARM for it; of several the first.",
        NO_ALARM,
        NO_FAULT_TO_TELL,
        never="no alarm told of the fault",
    ),
    one(
        "false_alarms",
        "count",
        ALARM,
        "How often alarms went into ALARM although no fault acted, or had just acted.",
        NO_ALARM,
    ),
)
"""How soon they tell, and how often of nothing."""
