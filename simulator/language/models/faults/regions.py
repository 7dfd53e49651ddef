"""Regions and their availability zones break."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, Fault, LimitedFault, ModeOf
from simulator.language.models.quantities import Duration, RegionName, Share, ZoneName


class RegionFault(LimitedFault):
    """A region that refuses, never answers, errs, slows down, or is lost for good."""

    target = "region"

    region: RegionName
    """The region that breaks."""
    mode: Annotated[str, ModeOf("region")] = Field(description=mode_text("region"))
    share: Share | None = Field(default=None, description=share_text("region"))
    factor: Factor | None = Field(default=None, description=factor_text("region"))
    add: Duration | None = Field(default=None, description=add_text("region"))

    def is_for(self, service: str, operation: str | None) -> bool:
        """Whether it touches the requests for an operation of a service; None: those for tokens."""
        return self.operations is None or (operation is not None and self.names(service, operation))


class ZoneFault(Fault):
    """An availability zone is down, or grey: the nodes, environments and cache primaries in it."""

    target = "zone"

    zone: ZoneName
    """Region and letter: `eu-south-1a`."""
    mode: Annotated[str, ModeOf("zone")] = Field(description=mode_text("zone"))
    share: Share | None = Field(default=None, description=share_text("zone"))
    factor: Factor | None = Field(default=None, description=factor_text("zone"))
    add: Duration | None = Field(default=None, description=add_text("zone"))
