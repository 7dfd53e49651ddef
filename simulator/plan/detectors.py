"""Detectors of unusual usage as a run has them, and what is usual."""

from simulator.boundary.fields import Ints
from simulator.plan.web_acls import FlaggedRule
from simulator.records import dataclass


@dataclass(frozen=True)
class DetectorPlan:
    """One detector."""

    number: int
    name: str
    home: int
    """The region in which it runs."""
    columns: tuple[int, ...]
    """What of the counts of a client it looks at: the operations of its services, then 4xx and 5xx."""
    period_ns: int
    margin: float
    periods: int
    release_ns: int
    most: float
    rules: tuple[FlaggedRule, ...]
    """The rules of web ACLs that concern those whom it has flagged."""
    propagation_ns: int
    """How long until these know of it."""


@dataclass(frozen=True)
class UsualPlan:
    """What clients ask for in quiet times."""

    detector: int
    """Its number."""
    counts: Ints
    """[clients and periods, columns]"""
