"""Services break, and the issuer of tokens, which is one."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, Fault, ModeOf
from simulator.language.models.quantities import Duration, RegionName, Share


class ServiceFault(Fault):
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


class IssuerFault(Fault):
    """The issuer of tokens in a region: no sign-in, no refresh, no published keys."""

    target = "issuer"

    issuer: RegionName
    """The issuer's region."""
    mode: Annotated[str, ModeOf("issuer")] = Field(description=mode_text("issuer"))
    share: Share | None = Field(default=None, description=share_text("issuer"))
    factor: Factor | None = Field(default=None, description=factor_text("issuer"))
    add: Duration | None = Field(default=None, description=add_text("issuer"))
