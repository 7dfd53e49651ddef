"""Names: where answers came from, when they changed, how fast traffic followed."""

from collections.abc import Mapping, Sequence
from dataclasses import field

from simulator.boundary.outcomes import LookupSource
from simulator.records import dataclass


@dataclass(frozen=True)
class HealthChange:
    """A health check's change of opinion, or of what it knows."""

    at_s: float
    """When, in seconds of the run."""
    event: str
    """health_unhealthy or health_healthy; health_data_missing or health_data_back, of one that follows an
    alarm whose data do not tell any more, or tell again."""
    target: str
    """The check, or the record of a name that evaluates its targets, and the region: `check@region`."""
    region: str
    """The region of what was checked."""


@dataclass(frozen=True)
class AnswerChange:
    """A change of what Route 53 answers."""

    at_s: float
    """When, in seconds of the run."""
    event: str
    """answer_changed."""
    target: str
    """The name."""
    cause: str
    """health or operator."""
    regions: Sequence[str]
    """The regions now answered at any location."""


@dataclass(frozen=True)
class CutOver:
    """From the first change of the answers until little was sent to the struck regions; null if never."""

    below_50_percent_s: float | None = field(metadata={"key": "below_50%_s"})
    """Seconds until less than a half of the attempts went there."""
    below_10_percent_s: float | None = field(metadata={"key": "below_10%_s"})
    """Seconds until less than a tenth did."""
    below_1_percent_s: float | None = field(metadata={"key": "below_1%_s"})
    """Seconds until less than a hundredth did."""


@dataclass(frozen=True)
class Dns:
    """Lookups, detection, and the change of the answers."""

    next_addresses: int
    """Times that a client went on to the next address of an answer, within one request."""
    repeated: int
    """Requests that clients repeated by themselves, because a reused connection was reset."""
    lookups: Mapping[LookupSource, int]
    """Lookups by what answered them."""
    failures: int
    """Lookups that failed."""
    empty_answers: int
    """Lookups that led to nothing."""
    detection_time_s: float | None
    """From the first fault's start to the first health check that turned unhealthy after it, in seconds."""
    false_detections: int
    """Times a check turned unhealthy while no fault acted."""
    health: tuple[HealthChange, ...]
    """Every change of a check's opinion."""
    answers: tuple[AnswerChange, ...]
    """Every change of the answers."""
    cut_over: CutOver | None
    """How fast traffic followed; null if the answers did not change, or no region was struck."""
