"""Faults of services and issuers as a run has them."""

from simulator.boundary.looks import WELL, Look
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
