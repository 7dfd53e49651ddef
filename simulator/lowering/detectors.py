"""Detectors of unusual usage lowered: what each looks at, how often, and what it has seen in quiet times.

Specification: docs/monitoring.md, "Unusual clients".
"""

from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.web_acls import rules_of_flagged
from simulator.plan.detectors import DetectorPlan


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
