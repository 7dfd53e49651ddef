"""Replication: the lag as it was, and as the ReplicationLatency metric showed it."""

from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass
from simulator.result.plain import UNWRITTEN
from simulator.result.summaries import Summary


@dataclass(frozen=True)
class MetricPoint:
    """One datapoint of ReplicationLatency."""

    start_s: float
    """The start of its period, in seconds of the run."""
    average_s: float
    """The average lag of the copies that arrived, in seconds."""
    max_s: float
    """The longest, in seconds."""


@dataclass(frozen=True)
class Metric:
    """What ReplicationLatency showed: a datapoint for each five minutes in which a copy arrived."""

    datapoints: int
    """Periods with a datapoint."""
    periods_without_data: int
    """Periods without one: nothing arrived."""
    highest_average_s: float | None
    """The highest datapoint, in seconds; null if there was none."""
    points: tuple[MetricPoint, ...] = field(default=(), metadata=UNWRITTEN)
    """Every datapoint, in order."""
    period_s: float = field(default=300.0, metadata=UNWRITTEN)
    """The length of a period in seconds."""


@dataclass(frozen=True)
class Peak:
    """The top of one hump of the true lag."""

    at_s: float
    """When a copy became visible, in seconds of the run."""
    lag_s: float
    """How late it was, in seconds."""


@dataclass(frozen=True)
class LagSteps:
    """The highest true lag by step of the time at which copies became visible."""

    at_s: NDArray[np.float64]
    """[step] its start in seconds of the run."""
    highest_s: NDArray[np.float64]
    """[step] in seconds; NaN where no copy became visible."""


@dataclass(frozen=True)
class PairGauges:
    """What is under way between a pair, at each instant of the gauges."""

    pending: NDArray[np.int64]
    """[sample] copies not yet visible."""
    lag_s: NDArray[np.float64]
    """[sample] the age of the oldest of them in seconds; 0 if there is none."""


@dataclass(frozen=True)
class Pair:
    """One table, bucket or multi-region cache, from one of its regions to another."""

    table: str
    """The table, database, bucket or cache."""
    from_: str
    """The region that wrote."""
    to: str
    """The region that receives."""
    true: Summary
    """Of the copies that became visible, the time from the write to that."""
    metric: Metric | None
    """What the ReplicationLatency metric showed; null of a strong table, which has none."""
    peaks: tuple[Peak, ...]
    """The humps of the true lag."""
    catch_up_time_s: float | None
    """From the end of the last stop to the lag being normal again, in seconds; null if it never stopped, or
    had not caught up when the run ended."""
    stops: int
    """How often the pair's replication was stopped."""
    steps: LagSteps = field(metadata=UNWRITTEN)
    """The true lag over time."""
    gauges: PairGauges | None = field(default=None, metadata=UNWRITTEN)
    """What was under way over time; None if gauges were not sampled."""
