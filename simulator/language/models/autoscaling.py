"""Auto-scaling: capacity that follows a metric, an alarm or the clock."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from simulator.language.models.quantities import Duration, Model, Rate, RegionName, TimeOfDay, Whole


class Tracking(Model):
    """A metric is kept at a target: capacity grows when it is above, and shrinks when it is well below."""

    metric: str | None = None
    """Of nodes: which metric, by default `nodes.cpu_utilization`. Of functions and tables it is given."""
    target: str
    """The value at which it is kept, in the metric's unit, such as `50 %`."""
    scale_in: bool = True
    """`false`: capacity is never taken away because of it."""


class OnAlarm(Model):
    """What starts a step policy."""

    alarm: str
    """An alarm on a metric or an expression in the scaler's region; the policy acts while it is in ALARM."""


class Bound(Model):
    """What is done from so far beyond the alarm's threshold on."""

    from_: Annotated[float, Field(ge=0, le=1e15)] = Field(default=0.0, alias="from")
    """How far beyond, in the metric's unit; of the first 0."""
    by: Annotated[Whole, Field(ge=-100_000, le=100_000)]
    """How many nodes, or percent, are added, or below zero taken away; with `exact` how many there are to
    be."""


class StepPolicy(Model):
    """Capacity changes by steps while an alarm is in ALARM."""

    on: OnAlarm
    """Which."""
    change: Literal["nodes", "percent", "exact"] = "nodes"
    """What `by` counts: nodes, percent of those that are there, or the number that there is to be."""
    bounds: list[Bound] = Field(min_length=1)
    """What is done, by how far the metric is beyond the threshold."""


class _Scheduled(Model):
    at: TimeOfDay
    """The time of day."""


class ScheduledNodes(_Scheduled):
    """New limits, or a new capacity, at a time of every day."""

    min: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    """The least from then on."""
    max: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """The most from then on."""
    desired: Annotated[Whole, Field(ge=0, le=1_000_000)] | None = None
    """What there is to be then."""


class ScheduledUnits(_Scheduled):
    """New limits, or a new throughput, at a time of every day."""

    min: Rate | None = None
    """The least from then on."""
    max: Rate | None = None
    """The most from then on."""
    desired: Rate | None = None
    """What there is to be then."""


def _one_or_more(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


class _Scaled(Model):
    in_: RegionName = Field(alias="in")
    """Where."""
    track: Annotated[
        list[Tracking],
        Field(max_length=10),
        BeforeValidator(_one_or_more, json_schema_input_type=Tracking | list[Tracking]),
    ] = Field(default=[])
    """Metrics that are kept at targets: one, or a list."""
    in_cooldown: Duration | None = None
    """Of functions and tables: how long after capacity was taken away no more of it is; by default none."""


class ScaledService(_Scaled):
    """Nodes of a service in a region, or the provisioned concurrency of a function there."""

    service: str
    """Which."""
    min: Annotated[Whole, Field(ge=0, le=1_000_000)]
    """The fewest nodes of the whole region, or environments kept warm."""
    max: Annotated[Whole, Field(ge=1, le=1_000_000)]
    """The most."""
    warm_up: Duration | None = None
    """Of nodes: how long after a new one is there it has warmed up; by default the catalog's."""
    steps: Annotated[list[StepPolicy], Field(max_length=10)] = Field(default=[])
    """Of nodes: policies that follow alarms."""
    schedule: Annotated[list[ScheduledNodes], Field(max_length=100)] = Field(default=[])
    """What changes at times of the day."""


class ScaledTable(_Scaled):
    """The throughput of a provisioned table: of writes in all its replicas, of reads in one."""

    table: str
    """Which."""
    units: Literal["write", "read"]
    """Which of both."""
    min: Rate
    """The fewest units a second."""
    max: Rate
    """The most."""
    schedule: Annotated[list[ScheduledUnits], Field(max_length=100)] = Field(default=[])
    """What changes at times of the day."""


AnyScaling = ScaledService | ScaledTable


def schedule_of(scaling: AnyScaling) -> list[ScheduledNodes | ScheduledUnits]:
    """What changes at times of the day."""
    return [*scaling.schedule]


def steps_of(scaling: AnyScaling) -> list[StepPolicy]:
    """The step policies; tables have none."""
    return scaling.steps if isinstance(scaling, ScaledService) else []


SCALING_KINDS = {"service": ":ScaledService", "table": ":ScaledTable"}


def scaling_form(value: Any) -> str | None:
    """Tell what is scaled from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in SCALING_KINDS.items() if key in keys), None)


Scaling = Annotated[
    Annotated[ScaledService, Tag(":ScaledService")] | Annotated[ScaledTable, Tag(":ScaledTable")],
    Discriminator(scaling_form),
]
"""Anything that is scaled."""
