"""Failover plans: what starts one, who decides, and its steps, one after the other or side by side."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.data_steps import FenceStep, RestoreStep, UnfenceStep
from simulator.language.models.operator import (
    ChangeOfRecord,
    FailbackOfRecord,
    ModeOfPromotion,
    PromotionOfReader,
)
from simulator.language.models.plan_steps import Mode, NamedStep, TriedStep
from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    RegionName,
    TimeOfDay,
    text_or_mapping,
)
from simulator.language.models.scaling import (
    EnableStep,
    ReplicaStep,
    ScaleStep,
    StepOfStandby,
    ThroughputStep,
)
from simulator.language.models.waits import DrainStep, WaitStep


class Trigger(Model):
    """What starts a plan: a health check, an alarm, a time, or some time after detection."""

    unhealthy: str | None = None
    """A health check that is unhealthy in `region` without a break `for` so long."""
    healthy: str | None = None
    """A health check that is healthy again in `region` without a break `for` so long, after it was not."""
    alarm: str | None = None
    """An alarm that is in ALARM without a break `for` so long."""
    region: RegionName | None = None
    """Only with `unhealthy` and `healthy`: where."""
    for_: Duration | None = Field(default=None, alias="for")
    """Not with times: how long it must have been so; default not at all."""
    at: Duration | None = None
    """A time, counted from the start of the run."""
    after_detection: Duration | None = None
    """How long after the first health check turned unhealthy."""

    @property
    def looks_for(self) -> tuple[Literal["unhealthy", "healthy"], str | None]:
        """What a health check must be, and which; None if the trigger is none of a check."""
        return ("unhealthy", self.unhealthy) if self.healthy is None else ("healthy", self.healthy)


class OfficeHours(Model):
    """When whoever decides is at work."""

    from_: TimeOfDay = Field(alias="from")
    """When the office opens."""
    to: TimeOfDay
    """When it closes; before `from`, on the next day."""
    outside: Literal["slower", "waits"] = "slower"
    """At other times: `slower`, by the catalog's factor; `waits`, nobody is reached until it opens."""


class Decision(Model):
    """Somebody is reached, and decides. It takes time, by default the catalog's, and never none."""

    owner: str | None = None
    """Who decides."""
    acknowledge: Distribution | None = None
    """How long until they have been reached; by default the catalog's."""
    takes: Distribution | None = None
    """How long they take to decide; by default the catalog's."""
    office_hours: OfficeHours | None = None
    """When they are at work; by default always."""


class ChangeStep(ChangeOfRecord, TriedStep):
    """A record is changed; done when the change is in effect everywhere."""


class PromoteStep(PromotionOfReader, TriedStep):
    """A reader of a database becomes its writer; done when it takes writes."""

    mode: ModeOfPromotion | None = None
    """`failover`: at once, and what has not arrived is lost; `switchover`: planned, and loses nothing. By
    default a switchover in a graceful run of the plan, and a failover in an ungraceful one."""


class ApproveStep(TriedStep):
    """Somebody approves. Without `takes` it lasts until they have been reached, by the catalog."""

    approve: str
    """What is approved."""


class CustomStep(TriedStep):
    """Anything else, which lasts as long as `takes` says."""

    custom: str
    """What is done."""
    takes: Distribution
    """How long it lasts."""


class RoutingControlStep(TriedStep):
    """Routing controls of a name's records are switched on and off; done when they have settled."""

    routing_control: str
    """The name, one of the topology's `dns`."""
    on: list[RegionName] = Field(min_length=1)
    """The regions whose records count as healthy as far as their routing controls say; all others do not."""


class FailBackStep(FailbackOfRecord, TriedStep):
    """The regions of a name that have been held back are let in again; done when they answer."""


class ChildPlanStep(NamedStep):
    """The steps of another plan of the topology, which must have no such step itself."""

    plan: str
    """The plan; neither its trigger nor its decision is waited for."""


PLAN_STEP_KINDS = {
    "change": ":ChangeStep",
    "promote": ":PromoteStep",
    "approve": ":ApproveStep",
    "custom": ":CustomStep",
    "routing_control": ":RoutingControlStep",
    "fail_back": ":FailBackStep",
    "fence": ":FenceStep",
    "unfence": ":UnfenceStep",
    "restore": ":RestoreStep",
    "replica": ":ReplicaStep",
    "enable": ":EnableStep",
    "drain": ":DrainStep",
    "scale": ":ScaleStep",
    "throughput": ":ThroughputStep",
    "wait_for": ":WaitStep",
    "plan": ":ChildPlanStep",
    "together": ":Together",
}


BRANCH_KINDS = {kind: tag for kind, tag in PLAN_STEP_KINDS.items() if kind != "together"}
"""What may stand beside others."""


def plan_step_form(value: Any) -> str | None:
    """Tell the kind of a plan's step from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in PLAN_STEP_KINDS.items() if key in keys), None)


def kind_of_step(step: "AnyStep") -> str:
    """The kind of a step, as the key that users write."""
    return next(kind for kind, tag in PLAN_STEP_KINDS.items() if tag == f":{type(step).__name__}")


def branch_form(value: Any) -> str | None:
    """The same of a branch, which may be a sequence."""
    return ":Sequence" if isinstance(value, list) else plan_step_form(value)


AnyStep = (
    ChangeStep
    | PromoteStep
    | ApproveStep
    | CustomStep
    | RoutingControlStep
    | FailBackStep
    | FenceStep
    | UnfenceStep
    | RestoreStep
    | ReplicaStep
    | EnableStep
    | DrainStep
    | ScaleStep
    | ThroughputStep
    | WaitStep
    | ChildPlanStep
)
"""Any step that does something."""

_Tagged = (
    Annotated[ChangeStep, Tag(":ChangeStep")]
    | Annotated[PromoteStep, Tag(":PromoteStep")]
    | Annotated[ApproveStep, Tag(":ApproveStep")]
    | Annotated[CustomStep, Tag(":CustomStep")]
    | Annotated[RoutingControlStep, Tag(":RoutingControlStep")]
    | Annotated[FailBackStep, Tag(":FailBackStep")]
    | Annotated[FenceStep, Tag(":FenceStep")]
    | Annotated[UnfenceStep, Tag(":UnfenceStep")]
    | Annotated[RestoreStep, Tag(":RestoreStep")]
    | Annotated[ReplicaStep, Tag(":ReplicaStep")]
    | Annotated[EnableStep, Tag(":EnableStep")]
    | Annotated[DrainStep, Tag(":DrainStep")]
    | Annotated[ScaleStep, Tag(":ScaleStep")]
    | Annotated[ThroughputStep, Tag(":ThroughputStep")]
    | Annotated[WaitStep, Tag(":WaitStep")]
    | Annotated[ChildPlanStep, Tag(":ChildPlanStep")]
)

Sequence = Annotated[
    list[Annotated[_Tagged, Discriminator(branch_form)]], Field(min_length=1), Tag(":Sequence")
]


class Together(Model):
    """Branches that begin at once: each is a step, or a list of steps that are done in order."""

    together: Annotated[list[Annotated[_Tagged | Sequence, Discriminator(branch_form)]], Field(min_length=2)]
    """The branches; done when all of them are."""


class FailoverPlan(Model):
    """What is done to bring a system over: trigger, decision, then the steps in order."""

    trigger: Trigger | None = None
    """What starts it by itself; without one an operator does (`run`), or a plan of which it is a step."""
    decision: Annotated[
        Annotated[Literal["none"], Tag(":Word")] | Annotated[Decision, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = Decision.model_construct()
    """Who decides once it has been triggered, and how long that takes; `none`: it begins by itself."""
    mode: Mode = "ungraceful"
    """How it is carried out, unless a run says otherwise: `graceful`, with switchovers of databases, or
    `ungraceful`, with failovers; steps may be for one of both `only`. A child plan follows its parent."""
    steps: Annotated[
        list[
            Annotated[
                _Tagged | Annotated[Together, Tag(":Together")],
                Discriminator(plan_step_form),
            ]
        ],
        Field(min_length=1),
    ]
    """What is done, one step after the other; `together:` holds steps side by side."""


Branches = list[list[AnyStep]]


def stages_of(plan: FailoverPlan) -> list[Branches]:
    """The stages of a plan, one after the other: each some branches side by side, each of some steps."""
    return [_branches(entry) for entry in plan.steps]


def _branches(entry: AnyStep | Together) -> Branches:
    if not isinstance(entry, Together):
        return [[entry]]
    return [branch if isinstance(branch, list) else [branch] for branch in entry.together]


Place = tuple[str | int, ...]


def placed_steps(plan: FailoverPlan) -> Iterator[tuple[Place, AnyStep]]:
    """Each step of a plan, in file order, with the keys that lead to it from the plan."""
    for number, entry in enumerate(plan.steps):
        here: Place = ("steps", number)
        if not isinstance(entry, Together):
            yield here, entry
            continue
        for branch, one in enumerate(entry.together):
            inner = (*here, "together", branch)
            if isinstance(one, list):
                yield from (((*inner, at), step) for at, step in enumerate(one))
            else:
                yield inner, one


def steps_in_mode(plan: FailoverPlan, mode: Mode) -> Iterator[tuple[Place, AnyStep]]:
    """The steps that a run in a mode does, with the keys that lead to them."""
    return ((place, step) for place, step in placed_steps(plan) if step.only in (None, mode))


def is_planned(step: PromoteStep, mode: Mode) -> bool:
    """Whether a promotion of a run in a mode is a switchover."""
    return step.mode == "switchover" or (step.mode is None and mode == "graceful")


def name_of(step: AnyStep) -> str:
    """The name of a step: its own, else what it does."""
    return step.name or default_name(step)


def default_name(step: AnyStep) -> str:
    """What a step does, in words."""
    if isinstance(step, ChangeStep):
        return f"change {step.change}"
    if isinstance(step, PromoteStep):
        return f"promote {step.promote} to {step.to}"
    if isinstance(step, ApproveStep):
        return f"approve {step.approve}"
    if isinstance(step, RoutingControlStep):
        return f"routing controls of {step.routing_control}"
    if isinstance(step, FailBackStep):
        return f"fail back {step.fail_back}"
    if isinstance(step, FenceStep | UnfenceStep | RestoreStep | StepOfStandby | DrainStep | WaitStep):
        return step.says
    return step.custom if isinstance(step, CustomStep) else f"plan {step.plan}"


def names_of(plan: FailoverPlan) -> list[str]:
    """The names of the steps, in file order; what is there again gets a number."""
    names: list[str] = []
    for _, step in placed_steps(plan):
        name, count = name_of(step), 2
        while name in names:
            name, count = f"{name_of(step)} ({count})", count + 1
        names.append(name)
    return names
