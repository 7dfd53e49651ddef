"""Thresholds of alarms: a comparison and a value in the unit of a metric."""

import re
from dataclasses import dataclass

from simulator import units
from simulator.boundary.metric_terms import MICROSECOND, MILLISECOND, SECOND

_FORM = re.compile(r"\s*(?P<comparison>>=|<=|>|<)\s*(?P<value>\S.*?)\s*")
_NUMBER = re.compile(r"-?\d+(?:_\d{3})*(?:\.\d+)?(?:e[+-]?\d+)?")
_TIMES = {"Seconds": SECOND, "Milliseconds": MILLISECOND, "Microseconds": MICROSECOND}
_MOST = 1e300


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


def read_threshold(text: str, unit: str, statistic: str) -> Threshold:
    """Read a threshold of a metric's statistic. Raises BadThreshold with the reason.

    Times need a unit, so that nobody takes milliseconds for seconds. A share in percent is one of a metric in
    percent, or of the average of a metric whose samples are zeros and ones.
    """
    found = _FORM.fullmatch(text)
    if found is None:
        raise BadThreshold("write a comparison and a value, such as '> 5'; there are > >= < <=")
    if unit in _TIMES and statistic != "sample_count":
        return Threshold(found["comparison"], _time(found["value"], unit))
    return Threshold(found["comparison"], _number(found["value"], unit, statistic))


def _time(value: str, unit: str) -> float:
    try:
        return units.parse_duration(value) / _TIMES[unit]
    except ValueError:
        raise BadThreshold(
            f"this metric is a time; give its unit, such as '> 200 ms', not '{value}'"
        ) from None


def _number(value: str, unit: str, statistic: str) -> float:
    number, _, rest = value.partition("%")
    number = number.strip()
    if rest.strip() or not _NUMBER.fullmatch(number) or abs(float(number)) > _MOST:
        raise BadThreshold(f"'{value}' is no number")
    if "%" not in value:
        return float(number)
    if unit == "Percent":
        return float(number)
    if unit == "Count" and statistic == "average":
        return float(number) / 100.0
    raise BadThreshold(f"the {statistic} of this metric is no share; leave the percent sign out")
