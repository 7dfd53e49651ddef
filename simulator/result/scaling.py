"""Auto-scaling: what was asked for, when and why, and what was there."""

from simulator.records import dataclass


@dataclass(frozen=True)
class ScalingAction:
    """A scaler asked for another capacity."""

    at_s: float
    """When, in seconds of the run."""
    before: float
    """What it had asked for before."""
    to: float
    """What it asked for."""
    policy: str
    """By which policy, in words."""
    during_fault: bool
    """Whether a fault acted then."""


@dataclass(frozen=True)
class ScalingRefused:
    """What a scaler wanted could not be done."""

    at_s: float
    """When that was found first, in seconds of the run."""
    to: float
    """What it wanted."""
    why: str
    """Why not, in words."""


@dataclass(frozen=True)
class There:
    """From when on there was so much."""

    from_s: float
    """In seconds of the run."""
    capacity: float
    """Nodes, environments kept warm, or units a second."""


@dataclass(frozen=True)
class Scaler:
    """One scaler."""

    scaler: str
    """Its name."""
    of: str
    """What it scales, such as `shop@eu-central-1`."""
    unit: str
    """nodes, environments, write units/s or read units/s."""
    at_first: float
    """What there was at the start."""
    least: float
    """The least that there was."""
    most: float
    """The most that there was."""
    at_end: float
    """What there was at the end."""
    scaled_out: int
    """How often it asked for more."""
    scaled_in: int
    """How often it asked for less."""
    scaled_in_during_fault: int
    """How often it did so while a fault acted, other than by the clock."""
    launches_failed: int
    """Nodes of it that were launched and did not come up."""
    actions: tuple[ScalingAction, ...]
    """What it asked for, in order."""
    refused: tuple[ScalingRefused, ...]
    """What could not be done, in order."""
    capacity: tuple[There, ...]
    """What was there, over time."""
