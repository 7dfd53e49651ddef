"""Alarms as a run has them: what they watch, when they breach, and whom they tell."""

import ast

from simulator.boundary.alarm_rules import Condition
from simulator.boundary.thresholds import Threshold
from simulator.plan.sources import Lowered
from simulator.records import dataclass

MINUTE_NS = 60 * 10**9
_DAY_NS = 24 * 60 * MINUTE_NS
LATEST_NS = 3 * MINUTE_NS  # assumed: by then nearly every point is published


@dataclass(frozen=True)
class WatchedPlan:
    """A statistic of a series, by its key: the metric, what it is of, the region in which it is seen."""

    key: tuple[str, str, str]
    statistic: str


@dataclass(frozen=True)
class BandPlan:
    """A band of what is expected: where it breaches, and what it learns from."""

    deviations: float
    """Half its width, in standard deviations."""
    is_above: bool
    is_below: bool
    """Whether a point above it, or below it, breaches."""
    least: float
    most: float
    """What no value can leave, so that the band does not either."""
    history_ns: int
    """For how long the alarm has watched its metric when the run begins."""
    excluded_ns: tuple[tuple[int, int], ...]
    first_band: Lowered
    """How long it takes until there is a band."""
    retraining_ns: int


@dataclass(frozen=True)
class ThresholdPlan:
    """Points that are compared with a threshold or a band: of one series, or of an expression of several."""

    watched: tuple[tuple[str, WatchedPlan], ...]
    """By the names that the expression uses."""
    expression: ast.expr | None
    limit: Threshold | BandPlan
    period_ns: int
    points: int
    periods: int
    looked_at: int
    """How many periods are looked at: N and some more."""
    missing: int
    is_wall_clock: bool

    @property
    def every_ns(self) -> int:
        """How often it is evaluated: those of more than a day once an hour."""
        return 60 * MINUTE_NS if self.periods * self.period_ns > _DAY_NS else MINUTE_NS


@dataclass(frozen=True)
class BurnPlan:
    """An error budget: the share of failed requests that breaches, and both windows in which it must."""

    errors: WatchedPlan
    requests: WatchedPlan
    share: float
    windows_ns: tuple[int, int]
    every_ns: int = MINUTE_NS


@dataclass(frozen=True)
class CompositePlan:
    """A rule on other alarms, and what keeps it silent."""

    condition: Condition
    suppressor: str = ""
    wait_ns: int = 0
    extension_ns: int = 0


@dataclass(frozen=True)
class AlarmPlan:
    """One alarm."""

    number: int
    name: str
    home: int
    """The number of the region in which it is evaluated, or `OUTSIDE` if that is none of the system's."""
    region: str
    on: ThresholdPlan | BurnPlan | CompositePlan
    tells: str
    notified: Lowered
    acknowledged: Lowered
