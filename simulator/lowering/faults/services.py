"""Services that break, and the issuer of tokens, which is one."""

from simulator.language.models.faults import IssuerFault, ServiceFault
from simulator.lowering.context import Context
from simulator.lowering.faults.saying import look_of, said, within
from simulator.plan.faults.services import IssuerFaultPlan, ServiceFaultPlan


def lower_service(fault: ServiceFault, context: Context) -> ServiceFaultPlan:
    """A service in one of its regions, or in all."""
    everywhere = context.topology.services[fault.service].regions
    return ServiceFaultPlan(
        service=context.services.index(fault.service),
        regions=context.region_numbers(everywhere if fault.region is None else [fault.region]),
        look=look_of(fault),
        **said(fault, f"{fault.service}{within(fault.region)}", fault.region),
    )


def lower_issuer(fault: IssuerFault, context: Context) -> IssuerFaultPlan:
    """The identity service in one region."""
    return IssuerFaultPlan(
        service=len(context.services) - 1,
        regions=context.region_numbers([fault.issuer]),
        look=look_of(fault),
        **said(fault, f"issuer in {fault.issuer}", fault.issuer),
    )
