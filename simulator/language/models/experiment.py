"""One experiment: a topology, its users, a timeline of faults, and expectations."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.alarms import Alarm
from simulator.language.models.autoscaling import Scaling
from simulator.language.models.detectors import Detector
from simulator.language.models.expectations import Expectation
from simulator.language.models.faults import AnyFault
from simulator.language.models.monitoring import Canary, Metrics
from simulator.language.models.operator import OperatorCall
from simulator.language.models.plans import FailoverPlan
from simulator.language.models.quantities import Day, Duration, Model, Share, TimeOfDay, text_or_mapping
from simulator.language.models.reactions import Shedding, ZonalShift
from simulator.language.models.restores import Restore
from simulator.language.models.sections import WHEN_WRITTEN
from simulator.language.models.suppressions import Suppression
from simulator.language.models.topology import Topology
from simulator.language.models.users import Population
from simulator.language.models.web_acls import WebAcl

_WINDOW_NS = 10 * 10**9
_HOLD_NS = 300 * 10**9


class Within(Model):
    """How long an action may take, where that differs: the operation's time, else the population's."""

    default: Duration = 10_000_000_000
    """All others."""
    operations: dict[str, Duration] = Field(default={})
    """Operation → time; `service.operation` where two services share an operation's name."""
    populations: dict[str, Duration] = Field(default={})
    """Population → time."""


class Objective(Model):
    """When the service counts as OK."""

    success: Share = 0.99
    """At least this share of user actions must be good: succeed within the time."""
    within: Annotated[
        Annotated[Duration, Tag(":Word")] | Annotated[Within, Tag(":Mapping")], Discriminator(text_or_mapping)
    ] = 10_000_000_000
    """How long an action may take, retries included; 10 s, the limit of attention (Nielsen)."""
    wrong_answers: Literal["bad", "ok"] = "bad"
    """Whether an action that succeeds with a wrong answer, from damaged data, is good: `bad`, or `ok`."""
    window: Duration | None = None
    """The length of a window, of which as many are joined as it takes; default 10 s, at most the run's."""
    hold: Duration | None = None
    """How long the service must stay OK to have recovered; default 5 min, at most a sixth of the run."""

    def window_ns(self, duration_ns: int) -> int:
        """The length of a window in a run of this length (ns)."""
        return min(_WINDOW_NS, duration_ns) if self.window is None else self.window

    def hold_ns(self, duration_ns: int) -> int:
        """The hold in a run of this length (ns)."""
        return min(_HOLD_NS, duration_ns // 6) if self.hold is None else self.hold

    def within_ns(self, population: str, *names: str) -> int:
        """How long an action of a population may take (ns); `names` of its operation, longest first."""
        if isinstance(self.within, int):
            return self.within
        said = [self.within.operations[name] for name in names if name in self.within.operations]
        return said[0] if said else self.within.populations.get(population, self.within.default)


class Experiment(Model):
    """A replayable experiment."""

    experiment: str
    """What is replayed, in a sentence."""
    topology: str
    """Path of the topology file, relative to the experiment file."""
    duration: Duration
    """How much time is simulated, at most 366 days."""
    warm_up: Duration = 0
    """A time before zero that counts for nothing: users act, so that caches of data and Lambda environments
    are warm at zero. All times in the file and in the result stay relative to zero."""
    time_of_day: TimeOfDay = 0
    """The time of day at the start, for daily profiles, office hours and clocks in reports."""
    day: Day = "monday"
    """The day of the week at the start; matters to weekly profiles only."""
    users: dict[str, Population] = Field(default={})
    """The populations of users by name; by default those of the topology."""
    faults: Annotated[list[AnyFault], WHEN_WRITTEN] = Field(default=[])
    """What breaks, and when."""
    operator: Annotated[list[OperatorCall], WHEN_WRITTEN] = Field(default=[])
    """What people change by hand during the run, and the failover plans that they start."""
    restores: Annotated[list[Restore], WHEN_WRITTEN] = Field(default=[])
    """What is brought back from before its damage."""
    metrics: Metrics = Field(default=[])
    """Metrics that are kept besides those of the topology."""
    plans: Annotated[dict[str, FailoverPlan], WHEN_WRITTEN] = Field(default={})
    """Failover plans by name, besides those of the topology; one of the same name takes that one's place."""
    canaries: Annotated[dict[str, Canary], WHEN_WRITTEN] = Field(default={})
    """Canaries, likewise."""
    alarms: Annotated[dict[str, Alarm], WHEN_WRITTEN] = Field(default={})
    """Alarms, likewise."""
    waf: Annotated[dict[str, WebAcl], WHEN_WRITTEN] = Field(default={})
    """Web ACLs of AWS WAF, likewise."""
    scaling: Annotated[dict[str, Scaling], WHEN_WRITTEN] = Field(default={})
    """What follows a metric, an alarm or the clock by itself, likewise."""
    zonal_shifts: Annotated[dict[str, ZonalShift], WHEN_WRITTEN] = Field(default={})
    """Zonal shifts, likewise."""
    shedding: Annotated[dict[str, Shedding], WHEN_WRITTEN] = Field(default={})
    """What sheds load, likewise."""
    detectors: Annotated[dict[str, Detector], WHEN_WRITTEN] = Field(default={})
    """Detectors of unusual usage, likewise."""
    objective: Objective = Objective.model_construct()
    """When the service counts as OK, and so when it has recovered."""
    expect: Annotated[list[Expectation], WHEN_WRITTEN] = Field(default=[])
    """What must hold; each becomes met, missed or not exercised."""
    suppress: list[Suppression] = Field(default=[], max_length=1000)
    """Findings of `simulator check` that are accepted of this experiment and its topology."""


def with_usual_users(experiment: Experiment, topology: Topology) -> Experiment:
    """The experiment, with the topology's users if it does not say who uses the system."""
    if "users" in experiment.model_fields_set or not topology.users:
        return experiment
    return experiment.model_copy(update={"users": topology.users})


OWN_SECTIONS = (
    "plans",
    "canaries",
    "alarms",
    "waf",
    "scaling",
    "zonal_shifts",
    "shedding",
    "detectors",
)
"""What watches and reacts: an experiment adds its own to its topology's, or puts them in their place."""


def with_own(experiment: Experiment, topology: Topology) -> Topology:
    """The topology, with what watches and reacts in the experiment besides, or in the place of its own."""
    own: dict[str, Any] = {
        key: getattr(topology, key) | getattr(experiment, key)
        for key in OWN_SECTIONS
        if getattr(experiment, key)
    }
    return topology.model_copy(update=own) if own else topology
