"""Steps of failover plans that make a standby ready: switch it on, and let it grow."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.plan_steps import TriedStep
from simulator.language.models.quantities import Model, Rate, RegionName, Whole


class StepOfStandby(TriedStep):
    """Where something is made ready."""

    in_: RegionName = Field(alias="in")
    """Where."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        raise NotImplementedError


class EnableStep(StepOfStandby):
    """A service that is switched off in a region is switched on there; done when it answers again."""

    enable: str
    """The service, which is `dormant_in` the region."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"enable {self.enable} in {self.in_}"


class Grown(Model):
    """How much of what a service runs on there is to be: nodes, or environments of Lambda."""

    per_zone: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    """Nodes in each zone."""
    provisioned: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """Environments kept warm."""
    reserved: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """The most that run at once, of a function that has a reserved concurrency there."""


class ScaleStep(StepOfStandby):
    """What a service runs on in a region grows; done when the capacity is there."""

    scale: str
    """The service."""
    to: Grown
    """How much is to be there."""
    waits: bool = True
    """`false`: done as soon as it has been asked for, and what follows does not wait for it."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"scale {self.scale} in {self.in_}"


class ReplicaStep(StepOfStandby):
    """A replica of a table is made in a region, as a copy of another one; done when it can be used.

    `takes` is how long that takes; what its owner does before is a step of its own.
    """

    replica: str
    """The table."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"replica of {self.replica} in {self.in_}"


class Throughput(Model):
    """Units a second: provisioned, or of a table on demand the warm throughput."""

    write: Rate | None = None
    """Write units, the same in all replicas of a table."""
    read: Rate | None = None
    """Read units, of the replica in the region alone."""


class ThroughputStep(StepOfStandby):
    """The throughput of a table is raised; done when it is there."""

    throughput: str
    """The table."""
    to: Throughput
    """How much is to be there."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"throughput of {self.throughput} in {self.in_}"
