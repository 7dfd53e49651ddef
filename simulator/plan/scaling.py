"""Scalers as a run has them: what they track, and what they scale."""

from simulator.boundary.thresholds import Threshold
from simulator.plan.alarms import ThresholdPlan
from simulator.plan.standbys import FleetPlan, FunctionPlan, ThroughputPlan
from simulator.records import dataclass


@dataclass(frozen=True)
class TrackingPlan:
    """A metric that is kept at a target: the alarms by which it is, and whether it may take away.

    `relative`: the metric is a sum a minute, and the target the share of the throughput that may be used.
    """

    high: ThresholdPlan
    low: ThresholdPlan
    target: float
    scale_in: bool
    relative: bool


@dataclass(frozen=True)
class StepsPlan:
    """What is done while an alarm is in ALARM, by how far its metric is beyond the threshold."""

    alarm: str
    threshold: Threshold
    change: str
    """`nodes`, `percent` or `exact`."""
    bounds: tuple[tuple[float, int], ...]


@dataclass(frozen=True)
class ScheduledPlan:
    """What changes at a time of the day (ns after midnight); None: as before."""

    at_ns: int
    least: float | None
    most: float | None
    desired: float | None


@dataclass(frozen=True)
class NodesScaled:
    """Nodes of a site."""

    fleet: FleetPlan
    warms_ns: int
    """How long after it is there a new one has warmed up."""
    leaves_ns: int
    """How long one that is taken away is leaving."""
    rows: int
    """How many numbers there are."""
    in_most: float


@dataclass(frozen=True)
class FunctionScaled:
    """Environments of a function that are kept warm."""

    function: FunctionPlan


@dataclass(frozen=True)
class TableScaled:
    """Units a second of a table: 0 to write, in all its replicas, 1 to read, in one."""

    throughput: ThroughputPlan
    way: int


@dataclass(frozen=True)
class ScalingPlan:
    """One scaler."""

    number: int
    name: str
    region: int
    of: NodesScaled | FunctionScaled | TableScaled
    subject: str
    unit: str
    least: float
    most: float
    at_first: float
    tracks: tuple[TrackingPlan, ...]
    steps: tuple[StepsPlan, ...]
    schedule: tuple[ScheduledPlan, ...]
    in_cooldown_ns: int
