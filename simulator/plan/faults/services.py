"""Services that break, and the issuer of tokens, which is one."""

from simulator.boundary.looks import WELL, Look
from simulator.language.models.faults import IssuerFault, ServiceFault
from simulator.plan.context import Context
from simulator.plan.faults.saying import look_of, said, within
from simulator.plan.timeline import FaultPlan
from simulator.records import dataclass


@dataclass(frozen=True, kw_only=True)
class ServiceFaultPlan(FaultPlan):
    """The sites of a service in some regions."""

    kind = "service"

    service: int
    regions: tuple[int, ...]
    look: Look = WELL

    @property
    def places(self) -> tuple[int, ...]:
        """Its regions."""
        return self.regions


@dataclass(frozen=True, kw_only=True)
class IssuerFaultPlan(ServiceFaultPlan):
    """The sites of the identity service, which users' own requests do not meet."""

    kind = "issuer"

    @property
    def places(self) -> tuple[int, ...]:
        """None: requests of users go elsewhere."""
        return ()


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
