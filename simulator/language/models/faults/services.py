"""Services break, and the issuer of tokens, which is one."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, FaultOfUsers, LimitedFault, ModeOf
from simulator.language.models.quantities import Duration, RegionName, Share


class ServiceFault(LimitedFault):
    """A service in a region: its door, or its capacity."""

    target = "service"

    service: str
    """The service."""
    region: RegionName | None = None
    """Where; default everywhere."""
    mode: Annotated[str, ModeOf("service")] = Field(description=mode_text("service"))
    share: Share | None = Field(default=None, description=share_text("service"))
    factor: Factor | None = Field(default=None, description=factor_text("service"))
    add: Duration | None = Field(default=None, description=add_text("service"))

    def is_for(self, service: str, operation: str | None) -> bool:
        """Whether it touches the requests for an operation of a service; None: those for tokens."""
        return service == self.service and operation is not None and self.names(service, operation)


class IssuerFault(FaultOfUsers):
    """The issuer of tokens in a region: no sign-in, no refresh, no published keys."""

    target = "issuer"

    issuer: RegionName
    """The issuer's region."""
    mode: Annotated[str, ModeOf("issuer")] = Field(description=mode_text("issuer"))
    share: Share | None = Field(default=None, description=share_text("issuer"))
    factor: Factor | None = Field(default=None, description=factor_text("issuer"))
    add: Duration | None = Field(default=None, description=add_text("issuer"))

    def is_for(self, service: str, operation: str | None) -> bool:
        """Whether it touches the requests for an operation of a service; None: those for tokens."""
        return operation is None
