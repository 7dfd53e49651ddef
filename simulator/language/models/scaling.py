"""Steps of failover plans that make a standby ready: switch it on, and let it grow."""

from pydantic import Field

from simulator.language.models.plan_steps import TriedStep
from simulator.language.models.quantities import RegionName


class EnableStep(TriedStep):
    """A service that is switched off in a region is switched on there; done when it answers again."""

    enable: str
    """The service, which is `dormant_in` the region."""
    in_: RegionName = Field(alias="in")
    """Where."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"enable {self.enable} in {self.in_}"
