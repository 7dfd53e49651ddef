"""DNS names whose authoritative servers break."""

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import DnsFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class NameFaultPlan(FaultPlan):
    """The authoritative servers of a name."""

    kind = "dns"

    name: int
    look: Look = WELL


def lower_dns(fault: DnsFault, context: Context) -> NameFaultPlan:
    """They err, lose queries, or answer with nothing."""
    name = [*context.topology.dns].index(fault.dns)
    return NameFaultPlan(name=name, look=look_of(fault), **said(fault, f"DNS of {fault.dns}"))
