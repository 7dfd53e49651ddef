"""Failover plans as a run has them: triggers, decisions, and what each step does."""

from collections.abc import Iterator
from dataclasses import replace

from simulator.boundary.kinds import NEVER_NS
from simulator.plan.failbacks import FailbackPlan
from simulator.plan.fences import FencePlan
from simulator.plan.lowered import ControlPlan
from simulator.plan.promotions import PromotionPlan
from simulator.plan.record_changes import ChangePlan
from simulator.plan.restore_steps import RestoreStepPlan
from simulator.plan.sources import AT_ONCE, Lowered
from simulator.plan.standbys import StandbyPlan
from simulator.plan.waits import AwaitPlan, FlipPlan
from simulator.records import dataclass

ANY_NUMBER = -1


@dataclass(frozen=True)
class TriggerPlan:
    """What starts a run: a time, detection, an alarm, or a check that has turned in a region."""

    says: str
    at_ns: int = NEVER_NS
    after_detection_ns: int = NEVER_NS
    check: str = ""
    healthy: bool = False  # it has become healthy again; else unhealthy
    alarm: str = ""
    region: int = 0
    for_ns: int = 0


@dataclass(frozen=True)
class OfficeHours:
    """When whoever decides is at work, as times of day; else slower by a factor, or not reached."""

    opens_ns: int
    closes_ns: int
    waits: bool
    factor: float


@dataclass(frozen=True)
class DecisionPlan:
    """Who decides, and how long that takes."""

    owner: str
    acknowledge: Lowered
    takes: Lowered
    office_hours: OfficeHours | None = None


@dataclass(frozen=True)
class NeedsPlan:
    """What must be there for a step: control planes and services by region, regions, names, externals."""

    control_planes: tuple[tuple[str, int], ...] = ()
    regions: tuple[int, ...] = ()
    services: tuple[tuple[int, tuple[int, ...]], ...] = ()
    names: tuple[int, ...] = ()
    externals: tuple[int, ...] = ()  # by the number of the store


@dataclass(frozen=True)
class Waits:
    """A step that only takes its time."""


@dataclass(frozen=True)
class ChildPlan:
    """The steps of another plan."""

    stages: "Stages"


Deed = (
    ChangePlan
    | PromotionPlan
    | FlipPlan
    | FailbackPlan
    | FencePlan
    | RestoreStepPlan
    | StandbyPlan
    | AwaitPlan
    | Waits
    | ChildPlan
)
"""What a step does."""


@dataclass(frozen=True)
class StepPlan:
    """One step."""

    number: int  # in file order, those of child plans included
    name: str
    kind: str  # the key that users write
    owner: str
    does: Deed
    takes: Lowered = AT_ONCE
    timeout_ns: int = NEVER_NS
    too_slow: str = "it took longer than its timeout"  # what is told then, if nothing was refused
    retries: int = ANY_NUMBER
    retry_ns: int = 0
    after: tuple[str, ...] = ()  # names of steps that must be done before
    needs: NeedsPlan = NeedsPlan()


Stages = tuple[tuple[tuple[StepPlan, ...], ...], ...]
"""One after the other: branches side by side, each of them steps in order."""


@dataclass(frozen=True)
class PlanRun:
    """One run of a plan."""

    number: int
    name: str
    mode: str  # graceful or ungraceful
    trigger: TriggerPlan
    decision: DecisionPlan | None
    stages: Stages

    def later(self, by_ns: int) -> "PlanRun":
        """The same on a clock that began earlier."""
        at_ns = self.trigger.at_ns
        at_ns = at_ns if at_ns == NEVER_NS else at_ns + by_ns
        return replace(self, trigger=replace(self.trigger, at_ns=at_ns))

    @property
    def steps(self) -> tuple[StepPlan, ...]:
        """All steps in file order, each child plan's behind the step that is the child plan."""
        return tuple(steps_in(self.stages))


def steps_in(stages: Stages) -> Iterator[StepPlan]:
    """The steps of stages and of the child plans in them, in file order."""
    for stage in stages:
        for branch in stage:
            for step in branch:
                yield step
                if isinstance(step.does, ChildPlan):
                    yield from steps_in(step.does.stages)


def all_changes(control: ControlPlan) -> list[ChangePlan]:
    """The record changes of operators and of failover plans."""
    steps = (step.does for run in control.of(PlanRun) for step in run.steps)
    return [*control.of(ChangePlan), *(deed for deed in steps if isinstance(deed, ChangePlan))]
