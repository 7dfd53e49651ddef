"""Field types that a user writes as text with a unit and the models hold as numbers."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    WithJsonSchema,
)

from simulator import units


class Model(BaseModel):
    """Base of everything a user may write: frozen, and unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _text(description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "description": description, "examples": [example]})


Duration = Annotated[
    int, BeforeValidator(units.parse_duration), _text("a duration with its unit: ns us ms s min h d", "30 s")
]
"""Integer nanoseconds, zero or more; written `30 s`, `1 h 30 min`."""

SignedDuration = Annotated[
    int,
    BeforeValidator(units.parse_signed_duration),
    _text("a duration with its unit and an optional sign", "-200 ms"),
]
"""Integer nanoseconds of either sign; written `-200 ms`."""

Share = Annotated[float, BeforeValidator(units.parse_share), _text("a share from 0 % to 100 %", "5 %")]
"""A share from 0 to 1; written `5 %`."""

Rate = Annotated[
    float, BeforeValidator(units.parse_rate), _text("a rate with its unit: /s /min /h /d", "5/s")
]
"""Events per second, zero or more; written `5/s`, `300/min`."""

TimeOfDay = Annotated[
    int, BeforeValidator(units.parse_time_of_day), _text("a time of day, 24 hours", "08:30")
]
"""Integer nanoseconds after midnight; written `08:30`."""


class Constant(RootModel[Duration]):
    """Always the same duration."""

    model_config = ConfigDict(frozen=True)


class LogNormal(Model):
    """A log-normal duration given by its median and 99th percentile."""

    median: Duration
    p99: Duration


class Exponential(Model):
    """An exponential duration given by its mean."""

    mean: Duration


class Uniform(Model):
    """A duration uniform between two bounds."""

    from_: Duration = Field(alias="from")
    to: Duration


def _distribution_kind(value: Any) -> str:
    """Tell the form of a distribution from the keys that the user wrote."""
    keys = value if isinstance(value, dict) else {}
    if "mean" in keys:
        return ":Exponential"
    if "from" in keys or "to" in keys:
        return ":Uniform"
    return ":LogNormal" if keys else ":Constant"


Distribution = Annotated[
    Annotated[Constant, Tag(":Constant")]
    | Annotated[LogNormal, Tag(":LogNormal")]
    | Annotated[Exponential, Tag(":Exponential")]
    | Annotated[Uniform, Tag(":Uniform")],
    Discriminator(_distribution_kind),
]
"""A sampled duration: `20 ms`, `{median: 20 ms, p99: 90 ms}`, `{mean: 8 s}` or `{from: 1 s, to: 3 s}`."""
