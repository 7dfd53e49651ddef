"""What expectations can name of failover plans; a part of `simulator.boundary.measures`."""

from simulator.boundary.measure_terms import Reason, one
from simulator.boundary.scopes import PLAN, STRANDED

NO_PLAN = Reason("no failover plan was triggered")

OF_PLANS = (
    one(
        "plan_time",
        "s",
        PLAN,
        "From the trigger of a failover plan until its last step was done; of several runs the longest.",
        NO_PLAN,
        never="a plan was not done",
    ),
    one(
        "plan_stranded",
        "bool",
        STRANDED,
        "Whether a failover plan stranded: a step was given up.",
        NO_PLAN,
        yes_no=("no failover plan strands", "a failover plan strands"),
    ),
)
"""How long they take, and where they end before their last step."""
