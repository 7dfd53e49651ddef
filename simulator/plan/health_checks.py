"""Health checks as a run has them: of endpoints, of alarms, of other checks."""

from dataclasses import field

from simulator.records import dataclass

Key = tuple[str, int, int]
"""A health check as Route 53 has it: which one, of which service, for which region."""


@dataclass(frozen=True)
class CheckPlan:
    """One health check of endpoints."""

    name: str
    protocol: str  # http, https, tcp
    interval_ns: int
    threshold: int
    checker_locations: tuple[int, ...]  # one per checker, 16 by default
    connect_timeout_ns: int
    answer_timeout_ns: int  # after connecting; HTTP and HTTPS only
    healthy_share: float  # healthy while more than this share of checkers agree (0.18)
    deep: bool = False
    """Whether the page that is asked for calls the service's stores."""
    operations: dict[int, int] = field(default_factory=dict)
    """By service, the operation whose page is asked for; a page of its own for those that are not there."""
    inverted: bool = False


@dataclass(frozen=True)
class AlarmCheckPlan:
    """One health check that follows the data of alarms."""

    name: str
    alarms: dict[int, str]
    """By region."""
    insufficient: str
    """What it is while they do not tell: healthy, unhealthy, last_known."""
    every_ns: int
    inverted: bool = False


@dataclass(frozen=True)
class CalculatedCheckPlan:
    """One health check that counts others."""

    name: str
    at_least: int
    inverted: bool = False


@dataclass(frozen=True)
class DisabledCheckPlan:
    """One health check that checks nothing: healthy for ever, or, inverted, unhealthy."""

    name: str
    inverted: bool = False


AnyCheckPlan = CheckPlan | AlarmCheckPlan | CalculatedCheckPlan | DisabledCheckPlan


@dataclass(frozen=True)
class MadeCheckPlan:
    """A health check that is made where a record leads there, now or after a change, or another counts it."""

    key: Key
    label: str
    """What it is called in the log: several services may have the same check."""
    children: tuple[Key, ...] = ()
    """Those that it counts."""
