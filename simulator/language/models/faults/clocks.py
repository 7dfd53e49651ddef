"""Clocks are wrong."""

from simulator.language.models.faults.base import Fault
from simulator.language.models.quantities import RegionName, SignedDuration


class ClockFault(Fault):
    """A region's clock is off by `skew`, so its writes carry wrong timestamps."""

    target = "clock"

    clock: RegionName
    """The region whose clock is wrong."""
    skew: SignedDuration
    """How far it is ahead (or, with a minus, behind)."""
