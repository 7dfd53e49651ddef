"""How an alarm's state follows from the data points of its evaluation range.

Pure functions. Source: Amazon CloudWatch user guide, *Configuring how CloudWatch alarms treat missing data*
and *Alarm evaluation*.
"""

from collections.abc import Sequence

from simulator.boundary.alarm_states import (
    ALARM,
    BREACHING,
    IGNORE,
    INSUFFICIENT_DATA,
    MISSING,
    NOT_BREACHING,
    OK,
)
from simulator.records import dataclass

GOOD, BAD, ABSENT = range(3)
"""What a period's data point is: within the threshold, breaching it, or not there."""


@dataclass(frozen=True)
class Rule:
    """M of N, and what is done about missing points."""

    points: int
    """M, *datapoints to alarm*: so many must breach."""
    periods: int
    """N, *evaluation periods*: the newest so many points decide."""
    missing: int = MISSING


def next_state(points: Sequence[int], rule: Rule, state: int) -> int:
    """The state after an evaluation of the points in range, the oldest first.

    The range may hold more points than N. With N real ones in it or more the newest N of those decide. With
    fewer, all of them do, and as few missing ones beside them as make N, by the alarm's policy.
    """
    real = [point for point in points if point != ABSENT]
    if len(real) >= rule.periods:
        return _of(real[-rule.periods :].count(BAD) >= rule.points)
    breaching, fillers = real.count(BAD), rule.periods - len(real)
    if rule.missing == BREACHING:
        return _of(breaching + fillers >= rule.points)
    if rule.missing == NOT_BREACHING or GOOD in real or breaching >= rule.points:
        return _of(breaching >= rule.points)
    return state if rule.missing == IGNORE else _of_few(points, rule, state)


def next_state_of_good(real: int, rule: Rule, state: int) -> int:
    """The same where none of the points in range breaches, of which so many are there."""
    if rule.missing == BREACHING:
        return _of(rule.periods - real >= rule.points)
    if real or rule.missing == NOT_BREACHING:
        return OK
    return state if rule.missing == IGNORE else INSUFFICIENT_DATA


def told_by(points: Sequence[int], periods: int) -> int:
    """What data tell a health check that follows an alarm: GOOD, BAD or, if they do not tell, ABSENT.

    The newest N points that are there decide, and all of them must breach (Amazon Route 53 developer guide,
    *Values that you specify when you create or update health checks*: no M out of N). One that does not
    breach is enough to tell that all is well; fewer than N that all breach are not enough (assumed).
    """
    newest = [point for point in points if point != ABSENT][-periods:]
    if GOOD in newest:
        return GOOD
    return BAD if len(newest) == periods else ABSENT


def _of(alarms: bool) -> int:
    return ALARM if alarms else OK


def _of_few(points: Sequence[int], rule: Rule, state: int) -> int:
    """Fewer than M points are there, and all breach: they may be late rather than missing.

    None at all are insufficient data. An alarm is *premature* until the oldest that breaches among the last N
    periods is M periods old. Until then the state stays as it is (assumed: the guide only says that it does
    not become ALARM).
    """
    if BAD not in points:
        return INSUFFICIENT_DATA
    last = [*points][-rule.periods :]
    old = BAD in last and len(last) - last.index(BAD) >= rule.points
    return ALARM if old else state
