"""Operators who fail back, lowered."""

from simulator.boundary.kinds import NEVER_NS
from simulator.language.models.operator import Failback, FailbackOfRecord
from simulator.language.models.topology import Topology
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.lowering.sources import Sources
from simulator.plan.failbacks import FailbackPlan


def lower_failback(call: FailbackOfRecord, topology: Topology) -> FailbackPlan:
    """What is failed back, whenever that is."""
    return FailbackPlan([*topology.dns].index(call.fail_back))


def lower_failbacks(context: Context) -> tuple[FailbackPlan, ...]:
    """Operators' calls in file order; without a fault nothing is held back, and nobody tries again."""
    sources = context.sources if context.experiment.faults else Sources()
    calls = (call for call in context.experiment.operator if isinstance(call, Failback))
    return tuple(
        FailbackPlan(
            name=[*context.topology.dns].index(call.fail_back),
            at_ns=NEVER_NS if call.at is None else call.at,
            after_detection_ns=NEVER_NS if call.after_detection is None else call.after_detection,
            retry_ns=sources.duration_ns("operator.retry_every", call.retry_every),
        )
        for call in calls
    )


PART = Part("failbacks", lower_failbacks)
