"""What alarms with a band have seen before a run, on its clock."""

from simulator.boundary.fields import Floats
from simulator.plan.alarms import MINUTE_NS
from simulator.plan.lowered import DataPlan
from simulator.records import dataclass


@dataclass(frozen=True)
class HistoryPlan:
    """The values of one alarm's statistic in the periods before a run."""

    alarm: int
    """The alarm's number."""
    first: int
    """The number of the first period, from the Monday 00:00 of the week in which the run begins."""
    values: Floats
    """One a period; NaN where there was none."""


def first_minute_ns(data: DataPlan) -> int:
    """The first full minute of the clock that a run measures; alarms take it that before it all was well."""
    origin_ns = -data.day_offset_ns
    return origin_ns - (origin_ns - data.counts_from_ns) // MINUTE_NS * MINUTE_NS
