"""Metrics as a run has them: series, and how each is read."""

from simulator.boundary.metric_terms import Metric
from simulator.boundary.readings import Watched
from simulator.plan.sources import Lowered
from simulator.records import dataclass

OUTSIDE = -1
"""The home of a metric that lives in a region which is not one of the system's."""


@dataclass(frozen=True)
class Elements:
    """Elements of a counter or gauge, as a mask would choose them: an index for each axis, None for all."""

    name: str
    index: tuple[int | tuple[int, ...] | None, ...]
    times: float


@dataclass(frozen=True)
class SeriesPlan:
    """One metric of one thing. `total` and `samples` say what its points add up to, and of how many samples.

    Without `samples` a point is one sample; without `total` it is what the control plane knows (`seen`).
    """

    metric: Metric
    subject: str
    parts: tuple[str, ...]
    region: str
    """Where it lives."""
    home: int
    """That region's number, or `OUTSIDE`."""
    place: tuple[int, ...]
    """The numbers of its parts along the axes of its kind."""
    total: tuple[Elements, ...] = ()
    samples: tuple[Elements, ...] = ()
    late: Elements | None = None
    """Ones among the samples that are told by the minute to which they belong."""
    timed: Watched | None = None
    """Whose spread its samples are, in units of so many ns."""
    unit_ns: int = 1
    failing: tuple[int, float] = (0, 0.0)
    """Of a canary: its number, and the share of its runs that fail by themselves."""
    base: float = 0.0
    """What each of those among whom it is shared has besides."""
    copy_of: int = OUTSIDE
    """Of a copy, the number of the series that is copied."""
    copy_delay: Lowered | None = None

    @property
    def elements(self) -> tuple[Elements, ...]:
        """All that is read for it."""
        return (*self.total, *self.samples, *(() if self.late is None else (self.late,)))

    @property
    def is_copy(self) -> bool:
        """Whether its points come from another series."""
        return self.copy_of != OUTSIDE

    @property
    def key(self) -> tuple[str, str, str]:
        """The metric's name, what it is of, and the region in which it can be seen."""
        return self.metric.name, self.subject, self.region


@dataclass(frozen=True)
class MetricsPlan:
    """All series of a run, those that are copied before their copies."""

    series: tuple[SeriesPlan, ...]
    delay: Lowered
    """How long after its end a point is published."""
