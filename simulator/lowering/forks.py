"""Replicas that are forked once they have been shut out for too long, lowered."""

from simulator.language.models.faults import RegionFault, TableFault
from simulator.lowering.context import Context
from simulator.lowering.parts import Part
from simulator.plan.faults.regions import DISABLED
from simulator.plan.faults.stores import EXCLUDING
from simulator.plan.forks import ForkPlan


def lower_forks(context: Context) -> tuple[ForkPlan, ...]:
    """Nothing where no fault shuts a replica out."""
    faults = context.experiment.faults
    shut_out = any(
        (isinstance(fault, RegionFault) and fault.mode == DISABLED)
        or (isinstance(fault, TableFault) and fault.mode in EXCLUDING)
        for fault in faults
    )
    given = context.topology.defaults.fork_after
    return (ForkPlan(context.sources.duration_ns("table.fork_after", given)),) if shut_out else ()


PART = Part("faults", lower_forks)
