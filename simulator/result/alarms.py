"""Alarms: when each spoke, who heard of it, and why it was silent."""

from dataclasses import field

import numpy as np
from numpy.typing import NDArray

from simulator.records import dataclass
from simulator.result.plain import UNWRITTEN

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Band:
    """What an alarm with a band saw, and what it expected; N periods, oldest first."""

    period_s: float
    """How long a period is, in seconds."""
    begin_s: Numbers
    """[N] begin of the period, in seconds of the run."""
    value: Numbers
    """[N] its value; NaN: there was none."""
    lower: Numbers
    """[N] below that nothing was expected, as far as known at the time; NaN: there was no band."""
    expected: Numbers
    """[N] what was expected."""
    upper: Numbers
    """[N] above that nothing was expected."""


@dataclass(frozen=True)
class Alarm:
    """What became of one alarm."""

    alarm: str
    """Its name."""
    region: str
    """Where it is evaluated, and with which region it goes dark."""
    state: str
    """OK, ALARM or INSUFFICIENT_DATA, at the end of the run."""
    alarms: int
    """How often it went into ALARM."""
    intervals_s: tuple[tuple[float, float], ...]
    """When it was in ALARM, as pairs of begin and end in seconds of the run."""
    false_alarms: int
    """How often of these no fault acted, nor had acted within what it looks back on."""
    first_s: float | None
    """When it first went into ALARM because of the faults, in seconds; null if it never did."""
    time_to_detect_s: float | None
    """From the begin of the first fault to that, in seconds; null without it."""
    told_s: float | None
    """When somebody was first told of it then, in seconds; null if nobody was."""
    acknowledged_s: float | None
    """When they had seen it, in seconds; null if they had not, or nobody was told."""
    returned_s: float | None
    """When it was last OK again, in seconds; null if it never left ALARM, or was never in it."""
    time_to_return_s: float | None
    """From the end of the last fault to that, in seconds; null without it, or if a fault has no end."""
    missed: bool
    """A fault acted, and it never went into ALARM because of it."""
    silent_because: str
    """Why: threshold_not_reached, within_the_band, too_short, missing_data, no_band, in_the_lost_region, or
    rule_not_met; empty if it was not missed."""
    highest_share: float | None
    """The most of its N data points that breached at once, as a share of M; null if it follows others."""
    nearest: float | None
    """The value nearest to its threshold or band, or furthest beyond it; null without points."""
    band: Band | None = field(default=None, metadata=UNWRITTEN)
    """Of an alarm with a band, what it saw and expected."""
