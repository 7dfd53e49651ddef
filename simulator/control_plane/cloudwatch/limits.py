"""What the data points of an alarm are compared with: a threshold, or a band that is learned as time passes.

Specification: docs/monitoring.md, "Alarms" and "Bands".
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

import numpy as np

from simulator.boundary.fields import Floats
from simulator.boundary.kinds import NEVER_NS
from simulator.boundary.thresholds import TRAINED_NS, Threshold
from simulator.control_plane.chance import duration_ns, uniform
from simulator.control_plane.cloudwatch.bands import Band, Model, Values
from simulator.control_plane.cloudwatch.evaluating import ABSENT, BAD, GOOD
from simulator.control_plane.cloudwatch.looking import values_of
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.world import World
from simulator.plan.alarms import LATEST_NS, AlarmPlan, BandPlan, ThresholdPlan
from simulator.plan.histories import HistoryPlan
from simulator.randomness.draws import ALARM
from simulator.records import dataclass

FIRST_BAND = 3
"""The word of an alarm's draws that says when its band appears."""


class Judged(NamedTuple):
    """What became of one value."""

    value: float
    kind: int
    """Good, bad, or absent: there is nothing to compare it with."""
    beyond: float
    """How far it is beyond its limit, or, negative, from it: to be compared with others of its alarm."""


class Limit(Protocol):
    """What values are compared with."""

    def learn(self, now_ns: int) -> None:
        """Take in what has become known by now."""

    def judged(self, values: Sequence[float | None], begin_ns: Sequence[int]) -> list[Judged | None]:
        """What becomes of the values of some periods, oldest first; None where there is none."""


class Fixed:
    """A threshold, which is always the same."""

    def __init__(self, threshold: Threshold) -> None:
        self._threshold = threshold
        self.is_above = threshold.comparison[0] == ">"
        """Whether it is what is above it that breaches."""
        self._sign = 1.0 if self.is_above else -1.0

    def learn(self, _: int) -> None:
        """There is nothing to learn."""

    def judged(self, values: Sequence[float | None], _: Sequence[int]) -> list[Judged | None]:
        """Each by itself."""
        return [None if value is None else self._one(value) for value in values]

    def nearest(self, values: Sequence[float]) -> tuple[float, float]:
        """Of some values the first that is furthest beyond the threshold, or nearest to it; and how far."""
        value = max(values) if self.is_above else min(values)
        return value, self._sign * value

    def is_breached(self, value: float) -> bool:
        """Whether a value breaches."""
        return self._threshold.is_breached(value)

    def looseness(self) -> tuple[float, bool]:
        """Of thresholds on the same side, what breaches any of them breaches the one that has the most."""
        return -self._sign * self._threshold.value, self._threshold.comparison in (">=", "<=")

    def _one(self, value: float) -> Judged:
        return Judged(value, BAD if self._threshold.is_breached(value) else GOOD, self._sign * value)


_ROWS_TOGETHER = 60
"""For so many periods values are read at once."""

Read = Callable[[int, int, int], Values]
"""The values of so many periods in a row, from the begin of the first on, as they are seen at an instant."""


@dataclass(frozen=True)
class Clock:
    """When the periods of an alarm begin."""

    period_ns: int
    step_ns: int
    """From one begin to the next that is looked at: a minute, or a period."""
    origin_ns: int
    """The Monday 00:00 from which those that are learned from are numbered."""
    first_ns: int
    """The first minute of the run that is measured."""


class Learned:
    """A band. Instants are of the run."""

    def __init__(self, plan: BandPlan, clock: Clock, appears_ns: int, read: Read) -> None:
        period_ns, origin_ns, first_ns = clock.period_ns, clock.origin_ns, clock.first_ns
        self._plan, self._period_ns, self._origin_ns = plan, period_ns, origin_ns
        self._read, self._due_ns, self._step_ns = read, appears_ns, clock.step_ns
        self._next = -(-(first_ns - origin_ns) // period_ns)
        self._first, self._values = self._next, np.empty(0)
        self._model: Model | None = None
        self._bands: dict[int, Band | None] = {}
        """Those that were asked for since the model was trained."""
        self._rows, self._row_ns = [np.empty((5, 0))], first_ns
        self._expected: list[tuple[float, ...]] = []
        """Rows of which the values have not been read yet."""

    def remember(self, first: int, values: Values) -> None:
        """Begin with what was seen before the run, no longer ago than the alarm is there."""
        kept = min(len(values), self._plan.history_ns // self._period_ns)
        self._first, self._values = first + len(values) - kept, values[len(values) - kept :]

    def learn(self, now_ns: int) -> None:
        """Train the model when that is due."""
        if now_ns < self._due_ns:
            return
        self._due_ns += (1 + (now_ns - self._due_ns) // self._plan.retraining_ns) * self._plan.retraining_ns
        upto = (now_ns - LATEST_NS - self._origin_ns) // self._period_ns
        if upto > self._next:
            begin_ns = self._origin_ns + self._next * self._period_ns
            self._values = np.concatenate([self._values, self._read(begin_ns, upto - self._next, now_ns)])
            self._next = upto
        surplus = max(len(self._values) - TRAINED_NS // self._period_ns, 0)
        self._first, self._values = self._first + surplus, self._values[surplus:]
        self._model, self._bands = Model(self._without_excluded(), self._first, self._period_ns), {}

    def _without_excluded(self) -> Values:
        values = self._values.copy()
        for from_ns, to_ns in self._plan.excluded_ns:
            begin = (from_ns - self._origin_ns) // self._period_ns - self._first
            end = -(-(to_ns - self._origin_ns) // self._period_ns) - self._first
            values[max(begin, 0) : max(end, 0)] = np.nan
        return values

    def band(self, begin_ns: int) -> Band | None:
        """The band of a period that begins at an instant; None while there is none."""
        if begin_ns not in self._bands:
            self._bands[begin_ns] = self._made(begin_ns)
        return self._bands[begin_ns]

    def _made(self, begin_ns: int) -> Band | None:
        """The same, within what values can be."""
        if self._model is None:
            return None
        band = self._model.band(begin_ns - self._origin_ns, self._plan.deviations)
        if band is None:
            return None
        least, most = self._plan.least, self._plan.most
        return Band(*(min(max(one, least), most) for one in (band.lower, band.expected, band.upper)))

    def judged(self, values: Sequence[float | None], begin_ns: Sequence[int]) -> list[Judged | None]:
        """Each by the band of its time; the oldest is remembered, as it changes no more."""
        bands = [self.band(begin) for begin in begin_ns]
        while self._row_ns <= begin_ns[0]:  # those before it if nobody evaluated then
            self._remember(self._row_ns)
        found = zip(values, bands, strict=True)
        return [None if value is None else self._one(value, band) for value, band in found]

    def _one(self, value: float, band: Band | None) -> Judged:
        if band is None:
            return Judged(value, ABSENT, -math.inf)
        over = [value - band.upper] if self._plan.is_above else []
        under = [band.lower - value] if self._plan.is_below else []
        beyond = max(over + under)
        return Judged(value, BAD if beyond > 0 else GOOD, beyond / ((band.upper - band.lower) or 1.0))

    def _remember(self, begin_ns: int) -> None:
        """A row of what was expected; what was there is read for some together."""
        band = self.band(begin_ns)
        known = (math.nan,) * 3 if band is None else (band.lower, band.expected, band.upper)
        self._expected.append((begin_ns, *known))
        self._row_ns = begin_ns + self._step_ns
        if len(self._expected) >= _ROWS_TOGETHER:
            self._read_values()

    def _read_values(self) -> None:
        """What was there in the periods that are remembered, whenever it was published."""
        if not self._expected:
            return
        begins, lower, expected, upper = np.array(self._expected).T
        first_ns, last_ns = int(begins[0]), NEVER_NS - 1
        if self._step_ns == self._period_ns:
            values = self._read(first_ns, len(begins), last_ns)
        else:
            values = np.concatenate([self._read(int(begin), 1, last_ns) for begin in begins])
        self._rows.append(np.stack([begins, values, lower, expected, upper]))
        self._expected = []

    def seen(self, end_ns: int) -> Floats:
        """[5, N] of each period until an instant its begin (ns), value, and lower, expected and upper."""
        while self._row_ns + self._period_ns <= end_ns:
            self._remember(self._row_ns)
        self._read_values()
        return np.concatenate(self._rows, axis=1)


def limit_of(plan: AlarmPlan, on: ThresholdPlan, world: World, first_ns: int) -> Limit:
    """What the data points of an alarm are compared with; `first_ns` is the first minute that is measured."""
    if isinstance(on.limit, Threshold):
        return Fixed(on.limit)
    data, limit = world.plan.data, on.limit
    u = uniform(data.seed, ALARM, plan.number + 1, 0, 0, FIRST_BAND)
    appears_ns = first_ns - limit.history_ns + duration_ns(limit.first_band, u)
    from_ns = data.counts_from_ns
    excluded_ns = tuple((begun + from_ns, ended + from_ns) for begun, ended in limit.excluded_ns)

    def read(begin_ns: int, count: int, now_ns: int) -> Values:
        return values_of(on, world.one(Metrics), count, begin_ns + count * on.period_ns, now_ns)

    step_ns = on.period_ns if on.is_wall_clock else MINUTE_NS
    clock = Clock(on.period_ns, step_ns, -data.day_offset_ns, first_ns)
    learned = Learned(replace(limit, excluded_ns=excluded_ns), clock, max(appears_ns, first_ns), read)
    for history in world.plan.control.of(HistoryPlan):
        if history.alarm == plan.number:
            learned.remember(history.first, history.values)
    return learned
