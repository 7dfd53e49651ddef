"""Steps of failover plans that wait: for replication, health, traffic, success or a time; and draining."""

from pydantic import Field

from simulator.language.models.plan_steps import NamedStep
from simulator.language.models.quantities import Duration, Model, RegionName, Share
from simulator.units import format_duration

BELOW = 0.01
"""What share of the traffic counts as none, unless the file says."""
OVER_NS = 10_000_000_000
"""How far back traffic and success are looked at, unless the file says."""


class Awaited(Model):
    """What is waited for: one of replication, a health check, traffic, success, a time."""

    replication: str | None = None
    """A table, database, bucket or multi-region cache whose copies arrive in `region`."""
    healthy: str | None = None
    """A health check that is healthy in `region`."""
    traffic: RegionName | None = None
    """A region that hardly anybody uses any more: less than `below` of what ended `over` the last seconds,
    and of what is at work."""
    success: Share | None = None
    """The share of what ended `over` the last seconds that must have succeeded, in `region` or anywhere."""
    region: RegionName | None = None
    """Where, for replication, health checks, and success."""
    within: Duration | None = None
    """Only with `replication`: nothing older may be under way; default nothing at all."""
    below: Share | None = None
    """Only with `traffic`: the share; default 1 %."""
    over: Duration | None = None
    """Only with `traffic` and `success`: how far back is looked; default 10 s."""
    time: Duration | None = None
    """So long."""

    @property
    def says(self) -> str:
        """What is waited for, in words."""
        if self.replication is not None:
            return f"replication of {self.replication} to {self.region}"
        if self.healthy is not None:
            return f"health check {self.healthy} in {self.region}"
        if self.traffic is not None:
            return f"traffic to leave {self.traffic}"
        if self.success is not None:
            return f"success of {100 * self.success:g} %" + (f" in {self.region}" if self.region else "")
        return format_duration(self.time or 0)


class WaitStep(NamedStep):
    """A wait, such as for replication to have caught up before writers are switched."""

    wait_for: Awaited
    """What is waited for."""
    timeout: Duration | None = None
    """How long after its begin it is given up, which strands the plan; by default the catalog's."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"wait for {self.wait_for.says}"


class DrainStep(NamedStep):
    """Traffic leaves a region: routing controls are switched off there, and the rest is waited for."""

    drain: RegionName
    """The region that is left."""
    names: list[str] | None = Field(default=None, min_length=1)
    """Names whose routing controls are switched; by default all that can lead there and elsewhere."""
    below: Share | None = None
    """Until less than this share of the traffic is there; default 1 %."""
    over: Duration | None = None
    """How far back is looked; default 10 s."""
    timeout: Duration | None = None
    """How long the traffic may take to leave, else the plan strands; by default the catalog's."""

    @property
    def says(self) -> str:
        """What it does, in words."""
        return f"drain {self.drain}"

    @property
    def wait(self) -> WaitStep:
        """The wait that ends it, of what has been read already."""
        awaited = Awaited.model_construct(traffic=self.drain, below=self.below, over=self.over)
        return WaitStep.model_construct(wait_for=awaited, timeout=self.timeout)
