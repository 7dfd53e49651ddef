"""How much capacity policies want: pure functions (docs/scaling.md §3, §4, §6)."""

import math
from collections.abc import Iterable, Sequence

from simulator.plan.scaling import StepsPlan

_LEAST = 1e-9
"""So much above a whole number is none above it."""

_HOUR_NS = 3600 * 10**9
_DAY_NS = 24 * _HOUR_NS
_DECREASES = 4


def whole(wanted: float) -> float:
    """Capacity comes in whole nodes, environments, or units a second."""
    return float(math.ceil(wanted - _LEAST))


def gently(wanted: float, there: int, share: float) -> float:
    """Of the nodes that are there only a share leaves at one look, one at least."""
    return max(wanted, there - max(1, math.floor(there * share + _LEAST)))


def by_steps(plan: StepsPlan, value: float, adding_to: int, taking_from: int) -> float:
    """What a step policy wants when its alarm's metric has a value."""
    beyond = (
        value - plan.threshold.value if plan.threshold.comparison[0] == ">" else plan.threshold.value - value
    )
    by = [by for from_, by in plan.bounds if from_ <= max(beyond, 0.0)][-1]
    if plan.change == "exact":
        return float(by)
    there = adding_to if by > 0 else taking_from
    return float(max(there + (_of_percent(there, by) if plan.change == "percent" else by), 0))


def _of_percent(there: int, percent: int) -> int:
    """EC2 guide, as-scaling-simple-step: towards zero, but at least one."""
    exact = there * percent / 100.0
    return int(math.copysign(max(1, math.floor(abs(exact) + _LEAST)), exact))


def may_be_lowered(lowered_ns: Sequence[int], now_ns: int, day_offset_ns: int) -> bool:
    """Whether a table's throughput may be lowered once more.

    Four times in the first hour of a day in which it is, else once an hour if it has not been in the hour
    before. Amazon DynamoDB developer guide, ServiceQuotas.
    """
    if not lowered_ns or now_ns - lowered_ns[-1] >= _HOUR_NS:
        return True
    today = [at_ns for at_ns in lowered_ns if _day(at_ns, day_offset_ns) == _day(now_ns, day_offset_ns)]
    return len(today) < _DECREASES and all(now_ns - at_ns < _HOUR_NS for at_ns in today)


def _day(at_ns: int, day_offset_ns: int) -> int:
    return (at_ns + day_offset_ns) // _DAY_NS


def next_time_ns(times_ns: Iterable[int], now_ns: int, day_offset_ns: int) -> tuple[int, int]:
    """The next of some times of the day after an instant: how long until then, and which."""
    return min(((at_ns - now_ns - day_offset_ns - 1) % _DAY_NS + 1, at_ns) for at_ns in times_ns)
