"""Field types that a user writes as text with a unit and the models hold as numbers."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    RootModel,
    Tag,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from simulator import units


class Model(BaseModel):
    """Base of all that a user may write: frozen, unknown keys are errors, text is never taken for a number.

    The text under a field describes it in the JSON Schema too; `simulator.language.schema` reads it there
    when it is needed, since pydantic would parse every source again at each start.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        strict=True,
        allow_inf_nan=False,
    )


ALREADY_READ = "already read"
"""Validation context of models that a program has changed: they hold numbers where a file has text."""


class _Reader:
    """A function that reads what was written, as pydantic's `BeforeValidator` has one.

    That one would ask for the function's parameters at each of the hundreds of places of a quantity.
    """

    def __init__(self, read: Callable[[Any, ValidationInfo], Any]) -> None:
        self._read = read

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_before_validator_function(self._read, handler(source))


def _whole(value: Any, _info: ValidationInfo) -> int:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"this must be a whole number, not {units.shown(value)}")
    return value


Whole = Annotated[int, _Reader(_whole)]
"""A whole number; `1e6` is one, `"5"` and `true` are none."""


def _reader(parse: Callable[[object], float]) -> _Reader:
    """Reads a text with a unit; what has been read already must be a number."""

    def read(value: Any, info: ValidationInfo) -> Any:
        if info.context != ALREADY_READ:
            return parse(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"a model holds a number here (times in ns), not {units.shown(value)}")
        return value

    return _Reader(read)


def _text(pattern: str, description: str, example: str) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "pattern": pattern, "description": description, "examples": [example]}
    )


Duration = Annotated[
    int,
    _reader(units.parse_duration),
    _text(units.DURATION_PATTERN, "a duration with its unit: ns us ms s min h d", "30 s"),
]
"""Integer nanoseconds, zero or more; written `30 s`, `1 h 30 min`."""

SignedDuration = Annotated[
    int,
    _reader(units.parse_signed_duration),
    _text(units.SIGNED_DURATION_PATTERN, "a duration with its unit and an optional sign", "-200 ms"),
]
"""Integer nanoseconds of either sign; written `-200 ms`."""

Share = Annotated[
    float,
    _reader(units.parse_share),
    _text(units.SHARE_PATTERN, "a share from 0 % to 100 %", "5 %"),
]
"""A share from 0 to 1; written `5 %`."""

Rate = Annotated[
    float,
    _reader(units.parse_rate),
    _text(units.RATE_PATTERN, "a rate with its unit: /s /min /h /d", "5/s"),
]
"""Events per second, zero or more; written `5/s`, `300/min`."""

Size = Annotated[
    int,
    _reader(units.parse_size),
    _text(units.SIZE_PATTERN, "a size with its unit: B KB MB GB", "512 MB"),
]
"""Bytes, at least one; written `512 MB`, where a KB is 1,024 B."""

TimeOfDay = Annotated[
    int,
    _reader(units.parse_time_of_day),
    _text(units.TIME_OF_DAY_PATTERN, "a time of day, 24 hours", "08:30"),
]
"""Integer nanoseconds after midnight; written `08:30`."""


Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
"""A day of the week."""

DAYS: tuple[Day, ...] = get_args(Day)
"""All of them, Monday first."""


def _listed(what: str) -> WithJsonSchema:
    """Text that the schema completes from a list of the catalog (`simulator.language.schema.LISTS`)."""
    return WithJsonSchema({"type": "string", "list": what})


RegionName = Annotated[str, _listed("regions")]
"""An AWS region code that the catalog knows, such as `eu-south-1`."""

EVERYWHERE = "everywhere"
"""What stands for every region, where one is due."""

ZoneName = Annotated[str, _listed("zones")]
"""An availability zone: a region and a letter, such as `eu-south-1a`."""

PlaceName = Annotated[str, _listed("places")]
"""A region, or `everywhere`."""

RuntimeName = Annotated[str, _listed("runtimes")]
"""A Lambda runtime that the catalog knows, such as `python3.13`."""

ProfileName = Annotated[str, _listed("profiles")]
"""A client profile that the catalog knows, such as `browser`."""

NotEmpty = Field(json_schema_extra={"minProperties": 1})
"""A mapping with at least one entry. The models take an empty one; `references` reports it with the rest."""


OneOrMore = Annotated[
    list[str],
    BeforeValidator(lambda value: [value] if isinstance(value, str) else value),
    Field(min_length=1),
    WithJsonSchema(
        {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
    ),
]
"""A name, or a list of names; a model holds the list."""


class Constant(RootModel[Duration]):
    """Always the same duration."""

    model_config = ConfigDict(frozen=True)


MADE_ONCE = ConfigDict(defer_build=False)
"""Of what nearly every section has in many places: made ready before, and not once more for each of them."""


class LogNormal(Model):
    """A log-normal duration given by its median and 99th percentile."""

    model_config = MADE_ONCE

    median: Duration
    """Half of the samples are shorter."""
    p99: Duration
    """99 % of the samples are shorter."""


class Exponential(Model):
    """An exponential duration given by its mean."""

    model_config = MADE_ONCE

    mean: Duration
    """The mean of the samples."""


class Uniform(Model):
    """A duration uniform between two bounds."""

    model_config = MADE_ONCE

    from_: Duration = Field(alias="from")
    """The shortest."""
    to: Duration
    """The longest."""


def distribution_form(value: Any) -> str:
    """Tell the form of a distribution from the keys that the user wrote."""
    if not isinstance(value, dict):
        return ":Constant"
    if value.keys() & {"mean", "avg", "average"}:
        return ":Exponential"
    return ":Uniform" if "from" in value or "to" in value else ":LogNormal"


Distribution = Annotated[
    Annotated[Constant, Tag(":Constant")]
    | Annotated[LogNormal, Tag(":LogNormal")]
    | Annotated[Exponential, Tag(":Exponential")]
    | Annotated[Uniform, Tag(":Uniform")],
    Discriminator(distribution_form),
]
"""A sampled duration: `20 ms`, `{median: 20 ms, p99: 90 ms}`, `{mean: 8 s}` or `{from: 1 s, to: 3 s}`."""


def text_or_mapping(value: Any) -> str:
    """Tell a form that is written as a word from one that is a mapping."""
    return ":Mapping" if isinstance(value, dict) else ":Word"


def none_or_quantity(value: Any) -> str:
    """Tell the word `none` from a quantity."""
    return ":Word" if value == "none" else ":Quantity"
