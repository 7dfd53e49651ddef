"""What an alarm looks at: which periods, and their values as they are seen at an instant."""

import numpy as np

from simulator.boundary.metric_maths import evaluate
from simulator.control_plane.cloudwatch.bands import Values
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS, Archive
from simulator.plan.alarms import ThresholdPlan


def until_ns_of(on: ThresholdPlan, archive: Archive, now_ns: int) -> int:
    """Until when periods are looked at: now, or the end of the last period of the clock."""
    if not on.is_wall_clock:
        return now_ns
    return now_ns - (now_ns - archive.origin_ns) % on.period_ns


def values_of(on: ThresholdPlan, metrics: Metrics, count: int, until_ns: int, now_ns: int) -> Values:
    """The values of the last `count` periods by an instant, as seen at another; NaN where there is none."""
    found = {
        name: np.array(
            metrics.archive.values(
                metrics.number[watched.key],
                watched.statistic,
                period_ns=on.period_ns,
                count=count,
                until_ns=until_ns,
                now_ns=now_ns,
            ),
            np.float64,
        )
        for name, watched in on.watched
    }
    return found[""] if on.expression is None else evaluate(on.expression, found)


def as_seen(values: Values) -> list[float | None]:
    """The same one by one, None where there is none."""
    return [None if np.isnan(one) else one for one in values.tolist()]


def begins_ns_of(on: ThresholdPlan, archive: Archive, until_ns: int) -> list[int]:
    """When the periods looked at begin, oldest first."""
    end_ns = archive.origin_ns + archive.minute_of(until_ns) * MINUTE_NS
    return [*range(end_ns - on.looked_at * on.period_ns, end_ns, on.period_ns)]
