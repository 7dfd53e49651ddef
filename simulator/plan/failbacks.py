"""Failback as a run has it."""

from simulator.boundary.kinds import NEVER_NS
from simulator.records import dataclass


@dataclass(frozen=True)
class FailbackPlan:
    """Somebody lets the regions of a name answer again that are held back."""

    name: int
    at_ns: int = NEVER_NS  # NEVER_NS: relative to detection
    after_detection_ns: int = NEVER_NS
    retry_ns: int = 0
