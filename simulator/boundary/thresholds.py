"""Thresholds of alarms: a comparison and a value in the unit of a metric."""

import re

from simulator import units
from simulator.boundary.metric_terms import MICROSECOND, MILLISECOND, SECOND, Metric, Share
from simulator.records import dataclass

_FORM = re.compile(r"\s*(?P<comparison>>=|<=|>|<)\s*(?P<value>\S.*?)\s*")
_NUMBER = re.compile(r"-?\d+(?:_\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")
_TIMES = {"Seconds": SECOND, "Milliseconds": MILLISECOND, "Microseconds": MICROSECOND}
_MOST = 1e300
_COUNT = "sample_count"

TRAINED_NS = 14 * 86_400 * 10**9
"""The most that a band learns from (Amazon CloudWatch user guide, *Using CloudWatch anomaly detection*)."""


class BadThreshold(ValueError):
    """A threshold that cannot be read; its text says why."""


@dataclass(frozen=True)
class Threshold:
    """A data point breaches if it compares so with the value."""

    comparison: str
    """`>`, `>=`, `<` or `<=`."""
    value: float

    def is_breached(self, point: float) -> bool:
        """Whether a data point breaches."""
        if self.comparison[0] == ">":
            return point > self.value or (self.comparison == ">=" and point == self.value)
        return point < self.value or (self.comparison == "<=" and point == self.value)


def read_threshold(text: str, metric: Metric | None = None, statistic: str | None = None) -> Threshold:
    """Read a threshold of a metric's statistic (by default the one that says most), or of an expression.

    Times need a unit, so that nobody takes milliseconds for seconds. A share in percent is one of a metric in
    percent, or of the average of a metric whose samples are zeros and ones. Raises BadThreshold with the
    reason.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise BadThreshold("write a comparison and a value, such as '> 5'; there are > >= < <=")
    comparison, value = found["comparison"], found["value"]
    statistic = statistic or (metric.statistics[0] if metric is not None else "value")
    if metric is not None and metric.unit in _TIMES and statistic != _COUNT:
        return Threshold(comparison, _time(value, metric.unit))
    number = _number(value)
    return Threshold(comparison, number / _of_percent(metric, statistic) if value.endswith("%") else number)


def _time(value: str, unit: str) -> float:
    try:
        return units.parse_duration(value) / _TIMES[unit]
    except ValueError:
        raise BadThreshold(
            f"this metric is a time; give its unit, such as '> 200 ms', not '{value}'"
        ) from None


def _number(value: str) -> float:
    """A number, or that before a percent sign."""
    number = value.removesuffix("%").rstrip()
    if not _NUMBER.fullmatch(number) or abs(float(number)) > _MOST:
        raise BadThreshold(f"'{value}' is no number")
    return float(number)


def _of_percent(metric: Metric | None, statistic: str) -> float:
    """By what a percentage is divided to be in the unit of a statistic."""
    if metric is None:
        raise BadThreshold("an expression has no unit; leave the percent sign out")
    if metric.unit == "Percent" and statistic != _COUNT:
        return 1.0
    if isinstance(metric.value, Share) and statistic == "average":
        return 100.0
    remedy = "write 'statistic: average', which is one, or " if isinstance(metric.value, Share) else ""
    raise BadThreshold(f"the {statistic} of {metric.name} is no share; {remedy}leave the percent sign out")
