"""One experiment: a topology, its users, a timeline of faults, and expectations."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.expectations import Expectation
from simulator.language.models.faults import AnyFault
from simulator.language.models.quantities import Duration, Model, Share, TimeOfDay, Whole
from simulator.language.models.users import Population


class RecordChange(Model):
    """An operator's edit of a Route 53 record, at a time or some time after the first detection.

    While the control plane refuses, the operator tries again every `retry_every`.
    """

    change: str
    """The name, one of the topology's `dns`."""
    at: Duration | None = None
    """When, counted from the start of the run; or say `after_detection`."""
    after_detection: Duration | None = None
    """How long after the first health check turned unhealthy; or say `at`."""
    order: list[str] | None = None
    """The new order of a `failover` record."""
    weights: dict[str, Annotated[Whole, Field(ge=0, le=255)]] | None = None
    """The new weights of a `weighted` record."""
    geography: dict[str, str] | None = None
    """The new places of a `geolocation` record."""
    retry_every: Duration | None = None
    """How long the operator waits before another try."""


class Objective(Model):
    """When the service counts as OK."""

    success: Share = 0.99
    """In a window at least this share of user actions must succeed."""
    window: Duration = 10_000_000_000
    """The length of a window; by default at most that of the run."""


class Experiment(Model):
    """A replayable experiment."""

    experiment: str
    """What is replayed, in a sentence."""
    topology: str
    """Path of the topology file, relative to the experiment file."""
    duration: Duration
    """How much time is simulated, at most 366 days."""
    time_of_day: TimeOfDay = 0
    """The time of day at the start; matters to daily profiles only."""
    users: dict[str, Population] = Field(default={})
    """The populations of users by name."""
    faults: list[AnyFault] = Field(default=[])
    """What breaks, and when."""
    operator: list[RecordChange] = Field(default=[])
    """What people change by hand during the run."""
    objective: Objective = Objective()
    """When the service counts as OK, and so when it has recovered."""
    expect: list[Expectation] = Field(default=[])
    """What must hold; each becomes met, missed or not exercised."""
