"""DNS names whose authoritative servers break."""

from simulator.language.models.faults import DnsFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said
from simulator.plan.faults.names import NameFaultPlan


def lower_dns(fault: DnsFault, context: Context) -> NameFaultPlan:
    """They err, lose queries, or answer with nothing."""
    name = [*context.topology.dns].index(fault.dns)
    return NameFaultPlan(name=name, look=look_of(fault), **said(fault, f"DNS of {fault.dns}"))
