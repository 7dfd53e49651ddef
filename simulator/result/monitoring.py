"""What was monitored: the metrics that were kept, and what became of alarms."""

from dataclasses import field

import numpy as np

from simulator.records import dataclass
from simulator.result.alarms import Alarm, Numbers
from simulator.result.plain import UNWRITTEN


@dataclass(frozen=True)
class Points:
    """The points of a metric, oldest first; N of them. Times in seconds of the run."""

    begin_s: Numbers
    """[N] begin of the period."""
    period_s: Numbers
    """[N] its length; older points have longer ones, as CloudWatch keeps them."""
    published_s: Numbers
    """[N] from when on it could be seen; NaN: the run ended before."""
    sample_count: Numbers
    """[N] samples."""
    sum: Numbers
    """[N] their sum."""
    minimum: Numbers
    """[N] the least of them."""
    maximum: Numbers
    """[N] the greatest of them."""
    percentiles: dict[str, Numbers]
    """[N] p50, p90 and p99, of metrics that have them."""

    @property
    def average(self) -> Numbers:
        """[N] the mean of the samples."""
        mean: Numbers = np.full(len(self.sum), np.nan)
        np.divide(self.sum, self.sample_count, out=mean, where=self.sample_count > 0)
        return mean

    def of(self, statistic: str) -> Numbers:
        """[N] a statistic by its name."""
        columns: dict[str, Numbers] = {**vars(self), **self.percentiles, "average": self.average}
        return columns[statistic]


@dataclass(frozen=True)
class KeptMetric:
    """One metric of one thing, as it could be seen in one region."""

    metric: str
    """Its name."""
    of: str
    """What it is of."""
    region: str
    """Where it can be seen, and with which region it goes dark."""
    copied: bool
    """Whether it is a copy from the region in which the metric is."""
    namespace: str
    """AWS's namespace of it."""
    name: str
    """AWS's name of it."""
    unit: str
    """Its unit, in AWS's words."""
    period_s: float
    """How long a period is, in seconds."""
    points: int
    """How many points it has."""
    without: int
    """Periods of the run without one: nothing happened, or its region was down."""
    statistic: str
    """The statistic that says most, which the next ones are of."""
    lowest: float | None
    """Its lowest value in any period; null without points."""
    highest: float | None
    """Its highest value in any period; null without points."""
    highest_at_s: float | None
    """Begin of the first period with the highest, in seconds; null without points."""
    series: Points = field(metadata=UNWRITTEN)
    """All its points."""


@dataclass(frozen=True)
class Monitoring:
    """What was monitored. Only there if the topology or the experiment asks for metrics or alarms."""

    metrics: tuple[KeptMetric, ...]
    """The metrics that were kept, in the order in which the files name them."""
    alarms: tuple[Alarm, ...] = ()
    """What became of each alarm, in the order of the file."""
