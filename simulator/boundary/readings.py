"""What may be read of a data plane while the run goes on: counters since the start, gauges, and latencies.

An observer says once what it wants (`Readings`, checked and laid out), asks a plane for a `Reader`, and reads
at control instants:

    readings = Readings(plan, counters=["calls"], gauges=["queue_length"], latencies=[of_service(0, 1, 0.99)])
    reader = plane.reader(readings)
    ...
    now = reader.read()
    now["calls"]                           # [store, region] since the start of the run
    now.since(before)["calls"]             # the same, since another reading
    now.latency(of_service(0, 1, 0.99))    # count and percentiles since the reading before

Reading changes nothing, and what nobody reads costs nothing. Axes and meanings: docs/arrays.md.
"""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.boundary.fields import (
    HISTOGRAM_BIN,
    LAG_STEP,
    POPULATION,
    REGION,
    SERVICE,
    STORE,
    WINDOW,
    Ints,
    by,
    fields_of,
    table,
)
from simulator.boundary.tallies import Counters
from simulator.records import dataclass


@table
class Gauges:
    """What is the case at a control instant."""

    sessions: Ints = by(POPULATION, says="sessions in progress")
    at_work: Ints = by(SERVICE, REGION, says="requests at work")
    peak_at_work: Ints = by(
        SERVICE, REGION, says="most at once since the last full minute of the clock before; 0 without metrics"
    )
    queue_length: Ints = by(SERVICE, REGION, says="requests that wait for a worker")
    idle: Ints = by(SERVICE, REGION, says="Lambda environments that are idle and would take a request now")
    backlog: Ints = by(STORE, REGION, REGION, says="writes of an origin not yet visible in a target")
    backlog_age_ns: Ints = by(STORE, REGION, REGION, says="age of the oldest of them; 0 if there is none")


COUNTERS = {field.name: field for field in fields_of(Counters)}
GAUGES = {field.name: field for field in fields_of(Gauges)}

_SERIES = {WINDOW, HISTOGRAM_BIN, LAG_STEP}
"""Axes of what is kept for the end of the run."""


WATCHES = {
    POPULATION.name: POPULATION,
    SERVICE.name: SERVICE,
    STORE.name: STORE,
    "front": SERVICE,
    "integration": SERVICE,
    "work": SERVICE,
    "read": STORE,
    "written": STORE,
}
"""Whose latencies can be watched, in the order in which kernels number them; all but populations by region.

The last five only where metrics are kept (docs/monitoring.md §3).
"""


@dataclass(frozen=True)
class Latency:
    """Percentiles of how long something took that ended since the reading before."""

    axis: str  # whose, and of what: see `WATCHES`
    number: int
    region: int
    shares: tuple[float, ...]  # 0.5 is the median

    def row(self, plan: Any) -> int:
        """Its number among all that can be watched, in the order of `WATCHES`, by region."""
        if self.axis == POPULATION.name:
            return self.number
        places = [*WATCHES]
        before = sum(WATCHES[one].length(plan) for one in places[1 : places.index(self.axis)])
        return POPULATION.length(plan) + (before + self.number) * REGION.length(plan) + self.region


def of_population(population: int, *shares: float) -> Latency:
    """From the start to the end of its users' actions, whatever their outcome."""
    return Latency(POPULATION.name, population, 0, shares)


def of_service(service: int, region: int, *shares: float) -> Latency:
    """From the begin to the end of the attempts that chose the region, as their users see it."""
    return Latency(SERVICE.name, service, region, shares)


def of_store(store: int, region: int, *shares: float) -> Latency:
    """Of the tries of calls from the region's instances that succeeded, as their callers see it."""
    return Latency(STORE.name, store, region, shares)


def of_front(service: int, region: int, *shares: float) -> Latency:
    """From a request's arrival at its front until the answer leaves, the gateway's overhead included."""
    return Latency("front", service, region, shares)


def of_integration(service: int, region: int, *shares: float) -> Latency:
    """From when the front passes a request on until the compute answers."""
    return Latency("integration", service, region, shares)


def of_work(service: int, region: int, *shares: float) -> Latency:
    """From the start of work, initialization left out, to its end."""
    return Latency("work", service, region, shares)


def of_served(store: int, region: int, writes: bool, *shares: float) -> Latency:
    """What a store takes for calls that succeed, without what their callers wait besides."""
    return Latency("written" if writes else "read", store, region, shares)


@dataclass(frozen=True)
class Lag:
    """The true lags of the copies of a store from one region that became visible in another."""

    store: int
    origin: int
    target: int


Watched = Latency | Lag
"""What can be read as a spread: how often each value occurred since the reading before."""

Bins = tuple[NDArray[np.int64], NDArray[np.int64]]
"""The histogram bins in which anything is, in order, and how much is in each."""


class Readings:
    """What an observer reads, in one row of integers: counters, gauges, then latencies.

    Raises:
        KeyError: if there is no such counter or gauge.
        ValueError: if a counter is a series or a histogram, which are there for the end of the run.
    """

    def __init__(
        self,
        plan: Any,
        counters: Iterable[str] = (),
        gauges: Iterable[str] = (),
        latencies: Iterable[Latency] = (),
        spreads: Iterable[Watched] = (),
    ) -> None:
        self.plan = plan
        self.counters = [COUNTERS[name] for name in counters]
        self.gauges = [GAUGES[name] for name in gauges]
        self.latencies = list(latencies)
        self.spreads = list(spreads)
        for field in self.counters:
            if _SERIES & {*field.axes}:
                raise ValueError(f"{field.name} is kept for the end of the run: {field.says}")
        self.shapes = {field.name: field.shape(plan) for field in self.counters + self.gauges}
        self.first: dict[str, int] = {}
        self.width = 0
        for name, shape in self.shapes.items():
            self.first[name] = self.width
            self.width += int(np.prod(shape))
        self.counted = sum(int(np.prod(self.shapes[field.name])) for field in self.counters)
        """How many elements of a row are of counters."""
        self.first_latency = dict[Latency, int]()
        for latency in self.latencies:
            self.first_latency[latency] = self.width
            self.width += 1 + len(latency.shares)

    @property
    def is_lazy(self) -> bool:
        """Whether a counter is among them that follows what has become visible meanwhile."""
        return any(field.lazy for field in self.counters) or any(isinstance(one, Lag) for one in self.spreads)

    def put(self, row: NDArray[np.int64], name: str, values: Any) -> None:
        """Write a counter or a gauge into its place in a row, if it is wanted."""
        if name in self.first:
            first, size = self.first[name], int(np.prod(self.shapes[name]))
            row[first : first + size] = np.ravel(values)


def everything(plan: Any, *shares: float) -> Readings:
    """All counters but series and histograms, all gauges, and, if shares are given, latencies and lags."""
    counters = [name for name, field in COUNTERS.items() if not _SERIES & {*field.axes}]
    regions, latencies = range(REGION.length(plan)), list[Latency]()
    if shares:
        latencies += [of_population(number, *shares) for number in range(POPULATION.length(plan))]
        latencies += [
            Latency(name, number, region, shares)
            for name, axis in WATCHES.items()
            if name != POPULATION.name
            for number in range(axis.length(plan))
            for region in regions
        ]
    stores = range(STORE.length(plan)) if shares else ()
    lags = (Lag(store, origin, target) for store in stores for origin in regions for target in regions)
    return Readings(plan, counters, GAUGES, latencies, [*latencies, *lags])


@dataclass(frozen=True)
class Reading:
    """What was read at one instant."""

    at_ns: int
    readings: Readings
    row: NDArray[np.int64]
    spreads: tuple[Bins, ...] = ()
    """As `readings.spreads` asks for them: since the reading before; lags since the warm-up at most."""

    def __getitem__(self, name: str) -> NDArray[np.int64]:
        """A counter since the start of the run, or a gauge; its axes as declared, a number [1]."""
        shape, first = self.readings.shapes[name], self.readings.first[name]
        return self.row[first : first + int(np.prod(shape))].reshape(shape)

    def latency(self, latency: Latency) -> tuple[int, tuple[int | None, ...]]:
        """How many there were since the reading before, and their percentiles (ns; None if none)."""
        first = self.readings.first_latency[latency]
        count, *found = (int(value) for value in self.row[first : first + 1 + len(latency.shares)])
        return count, tuple(None if value < 0 else value for value in found)

    def since(self, before: "Reading | None") -> "Reading":
        """The same with its counters counted from another reading on; gauges as they are now."""
        if before is None:
            return self
        row = self.row.copy()
        counted = self.readings.counted
        row[:counted] -= before.row[:counted]
        return Reading(self.at_ns, self.readings, row, self.spreads)


class Reader(Protocol):
    """Reads a data plane for one observer."""

    def read(self) -> Reading:
        """The present instant. The first reading's latencies count from when the reader was made."""
