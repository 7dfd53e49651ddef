"""Countermeasures: what each that acted was good for, found by replaying with the same users without it."""

from simulator.records import dataclass


@dataclass(frozen=True)
class Figures:
    """What is compared between two runs."""

    recovery_time_s: float
    """The recovery time in seconds, shown or not; 0 if the service stayed OK, or nobody used it."""
    shown: bool
    """Whether that has been shown."""
    user_minutes_lost: float
    """The user-minutes lost."""
    good_actions: int
    """Actions of people that succeeded in time."""
    bad_actions: int
    """Actions of people that did not."""
    overwritten_writes: int
    """Acknowledged writes of which nothing is left, though they are not lost."""
    lost_writes: int
    """Acknowledged writes that were lost."""
    double_applied: int
    """Writes that a retry applied a second time."""


@dataclass(frozen=True)
class Difference:
    """By how much more there was of each with the countermeasure than without it; negative: less."""

    recovery_time_s: float
    """Of the recovery time in seconds: negative if it shortened it."""
    user_minutes_lost: float
    """Of the user-minutes lost: negative if it saved some."""
    good_actions: int
    """Of the actions that succeeded in time: positive if it saved some."""
    bad_actions: int
    """Of those that did not: people who are served ask for more."""
    overwritten_writes: int
    """Of the acknowledged writes that were overwritten."""
    lost_writes: int
    """Of those that were lost."""
    double_applied: int
    """Of the writes that were applied twice."""


@dataclass(frozen=True)
class Pair:
    """One countermeasure that acted, and the same run without it."""

    kind: str
    """The key in the topology under which it stands: dns, plans …"""
    name: str
    """Its name there."""
    what: str
    """What it is, in words."""
    acted: int
    """How often it acted."""
    first_s: float
    """When it first did, in seconds of the run."""
    without: Figures
    """The figures of the run without it."""
    difference: Difference
    """What it changed: with it, less without it."""


@dataclass(frozen=True)
class Countermeasures:
    """The countermeasures that acted, each left out in a run of its own."""

    as_it_is: Figures
    """The figures of the run with all of them."""
    pairs: tuple[Pair, ...]
    """Each that was left out, in the order in which they first acted; at most eight."""
    not_tried: tuple[str, ...]
    """Those that acted, too, but later than the first eight."""
    idle: tuple[str, ...]
    """Those that are declared and never acted."""
