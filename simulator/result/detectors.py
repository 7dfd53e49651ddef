"""Detectors of unusual usage: whom each flagged, and when."""

from collections.abc import Mapping

from simulator.records import dataclass


@dataclass(frozen=True)
class Detector:
    """What became of one detector."""

    detector: str
    """Its name."""
    region: str
    """Where it runs, and with which region it goes dark."""
    looked_at: int
    """Clients that it looked at, each in every period in which it asked for something."""
    flagged: Mapping[str, int]
    """How often clients of each population were flagged."""
    first_s: float | None
    """When a client of bots was first flagged, in seconds; null if none was."""
    time_to_detect_s: float | None
    """From the begin of the first fault of bots to that, in seconds; null without it."""
    false_flags: int
    """How often honest clients were flagged: users and canaries."""
    missed: bool
    """Bots asked for something, and none of them was ever flagged."""
    flagged_at_end: int
    """Clients that are flagged at the end of the run."""
    system_periods: int
    """Periods in which so many clients were unusual at once that it was the system, and none was flagged."""
    highest: float
    """How far the furthest client lay in the others, as a share of what is unusual."""
