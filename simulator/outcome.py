"""What a simulation leaves behind, before anything is computed from it."""

from collections import defaultdict
from dataclasses import field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.events import EventKind
from simulator.boundary.fields import Floats
from simulator.boundary.subjects import Subject
from simulator.boundary.tallies import AtRisk, Restored, Tallies
from simulator.plan.alarms import AlarmPlan
from simulator.plan.detectors import DetectorPlan
from simulator.plan.lowered import Plan
from simulator.plan.metrics import SeriesPlan
from simulator.records import dataclass


@dataclass(frozen=True)
class Event:
    """One entry of the event log. Its kind is one of `boundary.events.KINDS`, which say what it tells."""

    at_ns: int
    kind: str
    subject: Subject
    detail: dict[str, Any] = field(default_factory=dict)
    number: int = field(default=0, compare=False)
    """Its place in the log, from 0."""
    cause: int | None = field(default=None, compare=False)
    """The number of the entry from which it follows; None: it follows from none."""

    @property
    def target(self) -> str:
        """The subject's text, as in `result.json`."""
        return str(self.subject)


@dataclass(frozen=True)
class Samples:
    """Gauges sampled by an observer at equal steps; an observer changes nothing."""

    at_ns: NDArray[np.int64]  # [S]
    sessions: NDArray[np.int64]  # [S] in progress
    pending: NDArray[np.int64]  # [S, T, R, R] copies not yet visible
    true_lag_ns: NDArray[np.int64]  # [S, T, R, R] age of the oldest write not yet visible; 0 if none


@dataclass(frozen=True)
class MetricSeries:
    """The points of one metric that are kept at the end, oldest first."""

    plan: SeriesPlan
    periods: int
    """How many periods the run had."""
    columns: dict[str, NDArray[Any]]
    """[N] begin_ns, period_ns, published_ns; count, total, minimum, maximum; percentiles, such as p99."""

    def later(self, by_ns: int) -> "MetricSeries":
        """The same on a clock that began earlier."""
        moved = {name: self.columns[name] + by_ns for name in ("begin_ns", "published_ns")}
        return MetricSeries(self.plan, self.periods, self.columns | moved)


@dataclass(frozen=True)
class AlarmSeen:
    """What an alarm has seen, by the end of a run."""

    plan: AlarmPlan
    state: str
    points: int
    """Data points that it looked at, each as often as it did."""
    breaching: int
    """The most that breached at one evaluation, of those that decide."""
    extreme: float | None
    """The value nearest to its threshold, or furthest beyond it; None without points."""
    dark_ns: tuple[tuple[int, int], ...]
    """From when to when it was not evaluated, because its region was down."""
    without_limit: int = 0
    """Data points for which there was no band yet."""
    band: Floats | None = None
    """[5, N] of each period its begin (ns), value, and lower, expected and upper of its band; NaN is none."""

    def later(self, by_ns: int) -> "AlarmSeen":
        """The same on a clock that began earlier."""
        dark_ns = tuple((begun + by_ns, ended + by_ns) for begun, ended in self.dark_ns)
        band = None if self.band is None else self.band + np.array([[by_ns], [0], [0], [0], [0]])
        return replace(self, dark_ns=dark_ns, band=band)


@dataclass(frozen=True)
class DetectorSeen:
    """What a detector of unusual usage has seen, by the end of a run."""

    plan: DetectorPlan
    looked_at: int
    """Clients in periods."""
    system_periods: int
    """Periods in which so many clients were unusual that it was the system."""
    highest: float
    """The furthest client, as a share of the distance from which on one is unusual."""
    flagged: int
    """Clients that are flagged at the end."""


@dataclass(frozen=True)
class Outcome:
    """One finished run."""

    plan: Plan
    tallies: Tallies
    events: tuple[Event, ...]
    at_risk: tuple[AtRisk, ...]
    samples: Samples | None
    restored: tuple[Restored, ...] = ()
    metrics: tuple[MetricSeries, ...] = ()
    alarms: tuple[AlarmSeen, ...] = ()
    detectors: tuple[DetectorSeen, ...] = ()

    def events_of(self, *kinds: EventKind[Any]) -> list[Event]:
        """The entries of the event log that are of some kinds, in order."""
        names = {kind.name for kind in kinds}
        return [event for event in self.events if event.kind in names]

    def times_ns(self, kind: EventKind[Any], subject: Subject) -> list[int]:
        """When something happened to a subject, in order. All are sorted out when somebody first asks."""
        return self._times_ns.get((kind.name, subject), [])

    @cached_property
    def _times_ns(self) -> dict[tuple[str, Subject], list[int]]:
        found = defaultdict[tuple[str, Subject], list[int]](list)
        for event in self.events:
            found[event.kind, event.subject].append(event.at_ns)
        return found
