"""One experiment: a topology, its users, a timeline of faults, and expectations."""

from pydantic import Field

from simulator.spec.expectations import Expectation
from simulator.spec.faults import AnyFault
from simulator.spec.quantities import Duration, Model, Share, TimeOfDay
from simulator.spec.users import Population


class RecordChange(Model):
    """An operator's edit of a Route 53 record, at a time or some time after the first detection.

    While the control plane refuses, the operator tries again every `retry_every`.
    """

    change: str
    at: Duration | None = None
    after_detection: Duration | None = None
    order: list[str] | None = None
    weights: dict[str, int] | None = None
    geography: dict[str, str] | None = None
    retry_every: Duration | None = None


class Objective(Model):
    """When the service counts as OK."""

    success: Share = 0.99
    window: Duration = 10_000_000_000


class Experiment(Model):
    """A replayable experiment."""

    experiment: str
    topology: str
    """Path of the topology file, relative to the experiment file."""
    duration: Duration
    time_of_day: TimeOfDay = 0
    """The time of day at the start; matters to daily profiles only."""
    users: dict[str, Population] = {}
    faults: list[AnyFault] = []
    operator: list[RecordChange] = []
    objective: Objective = Objective()
    expect: list[Expectation] = Field(default=[])
