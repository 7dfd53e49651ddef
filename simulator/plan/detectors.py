"""Detectors of unusual usage lowered: what each looks at, how often, and what it has seen in quiet times.

Specification: docs/monitoring.md, "Unusual clients".
"""

from simulator.boundary.fields import Ints
from simulator.plan.context import Context
from simulator.plan.parts import Part
from simulator.plan.web_acls import FlaggedRule, rules_of_flagged
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


def lower_detectors(context: Context) -> tuple[DetectorPlan, ...]:
    """The detectors of the topology, in file order."""
    return tuple(_detector(number, name, context) for number, name in enumerate(context.topology.detectors))


def _detector(number: int, name: str, context: Context) -> DetectorPlan:
    written, services = context.topology.detectors[name], context.topology.services
    operations = [service for service, one in services.items() for _ in one.operations]
    seen = [column for column, service in enumerate(operations) if service in written.of]
    rules = rules_of_flagged(context, name)
    after = len(operations) + 1  # the last operation is the token request
    return DetectorPlan(
        number,
        name,
        context.regions.index(written.in_),
        (*seen, after, after + 1),
        written.period,
        written.margin,
        written.periods,
        written.release,
        written.most,
        rules,
        context.sources.duration_ns("waf.propagation") if rules else 0,
    )


PART = Part("detectors", lower_detectors)
