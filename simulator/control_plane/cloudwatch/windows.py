"""What is seen of one series over its last periods: read once at an instant, for all that watch it.

Fifty alarms look at ten things. What they need is read and put together here once, and each then compares it
with a threshold of its own.
"""

from simulator.control_plane.cloudwatch.evaluating import (
    ABSENT,
    BAD,
    GOOD,
    Rule,
    next_state,
    next_state_of_good,
)
from simulator.control_plane.cloudwatch.limits import Fixed
from simulator.control_plane.cloudwatch.looking import until_ns_of
from simulator.control_plane.cloudwatch.publishing import Metrics
from simulator.control_plane.cloudwatch.series import MINUTE_NS
from simulator.control_plane.world import World
from simulator.plan.alarms import ThresholdPlan
from simulator.plan.histories import first_minute_ns

Key = tuple[int, str, int, int, int, bool]
"""The series, its statistic, the period, how many decide, how many are looked at, whether the clock's."""


class Window:
    """The last periods of a series. `look` before anything else is asked."""

    def __init__(self, metrics: Metrics, on: ThresholdPlan, first_ns: int) -> None:
        ((_, watched),) = on.watched
        self._archive, self._on, self._first_ns = metrics.archive, on, first_ns
        self._series, self._statistic = metrics.number[watched.key], watched.statistic
        self._looked = -1, -1
        self.is_silent = False
        """Whether the series has no point at all there, seen or not."""
        self.values: list[float | None] = []
        """What is seen of each period, oldest first; None is missing."""
        self.early = 0
        """How many of them began before the run, when all was well."""
        self.real = 0
        """How many are there, or began before the run."""
        self.newest: list[float] = []
        """The values that decide: as many as there are of the newest N, oldest first."""

    def look(self, now_ns: int) -> None:
        """See what is there at an instant."""
        archive = self._archive
        looked = now_ns, archive.version
        if looked == self._looked:
            return
        self._looked, on = looked, self._on
        until_ns = until_ns_of(on, archive, now_ns)
        self.is_silent = archive.is_silent(self._series, on.looked_at * on.period_ns // MINUTE_NS, until_ns)
        self.early = self._begun_before(until_ns)
        self.values = [None] * on.looked_at if self.is_silent else self._read(until_ns, now_ns)
        there = [value for value in self.values if value is not None]
        self.newest = there[-on.periods :]
        missing = self.values[self.early :].count(None) if self.early else on.looked_at - len(there)
        self.real = on.looked_at - missing

    def _begun_before(self, until_ns: int) -> int:
        """How many of the periods began before the run."""
        on, archive = self._on, self._archive
        end_ns = archive.origin_ns + archive.minute_of(until_ns) * MINUTE_NS
        return on.looked_at - min(max((end_ns - self._first_ns) // on.period_ns, 0), on.looked_at)

    def _read(self, until_ns: int, now_ns: int) -> list[float | None]:
        on = self._on
        return self._archive.values(
            self._series,
            self._statistic,
            period_ns=on.period_ns,
            count=on.looked_at,
            until_ns=until_ns,
            now_ns=now_ns,
        )


class Windows:
    """All that is looked at; `world.one(Windows)` is the one."""

    def __init__(self, world: World) -> None:
        self._metrics, self._first_ns = world.one(Metrics), first_minute_ns(world.plan.data)
        self._windows = dict[Key, Window]()

    def of(self, on: ThresholdPlan) -> Window:
        """What a plan of one metric, without an expression, looks at."""
        ((_, watched),) = on.watched
        number = self._metrics.number[watched.key]
        key = number, watched.statistic, on.period_ns, on.periods, on.looked_at, on.is_wall_clock
        if key not in self._windows:
            self._windows[key] = Window(self._metrics, on, self._first_ns)
        return self._windows[key]


def state_by(window: Window, limit: Fixed, rule: Rule, state: int) -> int:
    """The state that follows from one by a threshold: mostly none of the values that decide breaches."""
    values = window.newest
    if not values or not limit.is_breached(limit.nearest(values)[0]):
        return next_state_of_good(window.real, rule, state)
    points = [
        ABSENT if value is None else BAD if limit.is_breached(value) else GOOD for value in window.values
    ]
    points[: window.early] = [GOOD] * window.early
    return next_state(points, rule, state)
