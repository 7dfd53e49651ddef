"""Where alarms stand, and what they have seen; those that see the same are evaluated together.

Specification: docs/monitoring.md, "Alarms".
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field

from simulator.boundary.alarm_states import OK
from simulator.boundary.thresholds import Threshold
from simulator.control_plane.causes import Cause
from simulator.control_plane.cloudwatch.evaluating import ABSENT, BAD, Rule, next_state_of_good
from simulator.control_plane.cloudwatch.limits import Fixed, Judged
from simulator.control_plane.cloudwatch.windows import Window, Windows, state_by
from simulator.plan.alarms import AlarmPlan, BurnPlan, CompositePlan, ThresholdPlan
from simulator.records import dataclass


@dataclass
class Seen:
    """What an alarm has seen so far, by which its silence is explained: alarms of one group see the same."""

    points: int = 0
    extreme: float | None = None
    beyond: float = -math.inf
    without_limit: int = 0
    newest: float | None = None
    """The newest value when it was evaluated last; None if there was none."""


@dataclass
class Standing:
    """Where an alarm stands."""

    plan: AlarmPlan
    state: int = OK
    told: int = 0
    changed_by: Cause = None
    seen: Seen = field(default_factory=Seen)
    breaching: int = 0
    """The most that breached at one evaluation, of those that decide."""


def rule_of(on: ThresholdPlan) -> Rule:
    """M of N of a threshold, and what is done about missing points."""
    return Rule(on.points, on.periods, on.missing)


def is_plain(on: ThresholdPlan | BurnPlan | CompositePlan) -> bool:
    """Whether an alarm compares one metric with a threshold, as most do."""
    return isinstance(on, ThresholdPlan) and isinstance(on.limit, Threshold) and on.expression is None


class Judge:
    """Tells which state follows from one by a threshold of one metric, for who keeps states of his own."""

    def __init__(self, on: ThresholdPlan, windows: Windows) -> None:
        assert isinstance(on.limit, Threshold)
        self._window, self._limit, self._rule = windows.of(on), Fixed(on.limit), rule_of(on)

    def judge(self, now_ns: int, state: int) -> tuple[int, list[float | None]]:
        """The state that follows now, and the values that it follows from, oldest first."""
        self._window.look(now_ns)
        return state_by(self._window, self._limit, self._rule, state), self._window.values


class Group:
    """Alarms of a region that look at the same window from the same side, by one rule.

    They differ by their thresholds alone. What they see, they see alike: it is looked at and noted once.
    """

    def __init__(self, window: Window, rule: Rule, some: Sequence[tuple[Standing, Fixed]]) -> None:
        self._window, self._rule, self._some = window, rule, some
        self._loosest = max((limit for _, limit in some), key=Fixed.looseness)
        self._seen = Seen()
        self._is_settled = False
        """Whether they have looked at nothing, and stay where they are for as long as there is nothing."""
        for one, _ in some:
            one.seen = self._seen

    def changes(self, now_ns: int) -> list[tuple[Standing, int]]:
        """Evaluate the alarms: those that take another state now, and which."""
        window = self._window
        window.look(now_ns)
        if window.is_silent and self._is_settled:
            return []
        nearest = self._note(window.newest)
        if not self._loosest.is_breached(nearest) and self._stay_if_good():
            self._is_settled = window.is_silent and not window.real
            return []
        found = [
            (one, state)
            for one, limit in self._some
            if (state := self._next(one, limit, nearest)) != one.state
        ]
        self._is_settled = window.is_silent and not window.real and not found
        return found

    def _stay_if_good(self) -> bool:
        """Whether all stay where they are, as mostly, if none of the values breaches."""
        real, rule, states = self._window.real, self._rule, {one.state for one, _ in self._some}
        return all(next_state_of_good(real, rule, state) == state for state in states)

    def _note(self, values: Sequence[float]) -> float:
        """Remember how near the alarms came, by the newest points that are there; the nearest, or NaN."""
        seen = self._seen
        seen.newest = values[-1] if values else None
        if not values:
            return math.nan
        nearest, beyond = self._some[0][1].nearest(values)
        seen.points += len(values)
        if seen.extreme is None or beyond > seen.beyond:
            seen.extreme, seen.beyond = nearest, beyond
        return nearest

    def _next(self, one: Standing, limit: Fixed, nearest: float) -> int:
        """The state that an alarm takes; NaN breaches nothing."""
        window = self._window
        if not limit.is_breached(nearest):
            return next_state_of_good(window.real, self._rule, one.state)
        one.breaching = max(one.breaching, sum(map(limit.is_breached, window.newest)))
        return state_by(window, limit, self._rule, one.state)


def groups_of(some: Iterable[Standing], windows: Windows) -> Iterator[Group]:
    """The groups of alarms that compare one metric with a threshold, all of them of one region."""
    found: dict[tuple[Window, Rule, bool], list[tuple[Standing, Fixed]]] = {}
    for one in some:
        on = one.plan.on
        assert isinstance(on, ThresholdPlan)
        assert isinstance(on.limit, Threshold)
        limit = Fixed(on.limit)
        found.setdefault((windows.of(on), rule_of(on), limit.is_above), []).append((one, limit))
    for (window, rule, _), members in found.items():
        yield Group(window, rule, members)


def note(one: Standing, judged: Sequence[Judged]) -> None:
    """Remember how near an alarm came, by the newest points that are there."""
    seen, compared = one.seen, [each for each in judged if each.kind != ABSENT]
    seen.without_limit += len(judged) - len(compared)
    seen.points += len(compared)
    one.breaching = max(one.breaching, sum(each.kind == BAD for each in compared))
    for each in compared:
        if seen.extreme is None or each.beyond > seen.beyond:
            seen.extreme, seen.beyond = each.value, each.beyond
