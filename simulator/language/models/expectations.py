"""What the user expects of a run; each becomes met, missed or not exercised."""

from typing import TYPE_CHECKING, Annotated

from pydantic import ConfigDict, Field, create_model

from simulator.boundary.measures import (
    ACTIONS,
    CACHE,
    COUNTERS,
    MEASURES,
    PAIR,
    RUN,
    SPAN,
    TABLE,
    Measure,
    Scope,
)
from simulator.language.models.quantities import Duration, Model, Share, Whole


class DurationBounds(Model):
    """Bounds of a duration; at least one."""

    at_least: Duration | None = None
    """The measure may not be below this."""
    at_most: Duration | None = None
    """The measure may not be above this."""


class CountBounds(Model):
    """Bounds of a count; at least one."""

    at_least: Whole | None = Field(default=None, ge=0)
    """The measure may not be below this."""
    at_most: Whole | None = Field(default=None, ge=0)
    """The measure may not be above this."""


class ShareBounds(Model):
    """Bounds of a share; at least one."""

    at_least: Share | None = None
    """The measure may not be below this."""
    at_most: Share | None = None
    """The measure may not be above this."""


Ratio = Annotated[float, Field(ge=0, le=1e9)]
"""A plain number, such as 1.5 attempts per action."""


class RatioBounds(Model):
    """Bounds of a plain number; at least one."""

    at_least: Ratio | None = None
    """The measure may not be below this."""
    at_most: Ratio | None = None
    """The measure may not be above this."""


class TableBounds(CountBounds):
    """Bounds of a count, of one table or of all."""

    table: str | None = None
    """One table; default all together."""


class CacheCountBounds(CountBounds):
    """Bounds of a count, of one multi-region cache or of all."""

    cache: str | None = None
    """One multi-region cache; default all together."""


class CacheShareBounds(ShareBounds):
    """Bounds of a share, of one cache or of all."""

    cache: str | None = None
    """One cache; default all together."""


class SpanBounds(ShareBounds):
    """Bounds of a share over a part of the run: the windows that lie wholly between two times."""

    from_: Duration = Field(alias="from")
    """The windows that begin at this time of the run or later …"""
    to: Duration
    """… and end at this time or before."""


Percentile = Annotated[float, Field(ge=1, le=100)]
"""A percentile, such as 99.9; 100 is the maximum."""


class ActionBounds(DurationBounds):
    """Bounds of a percentile of how long user actions took, of some of them or of all."""

    percentile: Percentile
    """Which: 50 is the median, 99.9 the time that one action of a thousand exceeds, 100 the maximum."""
    operation: str | None = None
    """One operation, as `operation` or `service.operation`; default all together."""
    population: str | None = None
    """One population of users; default all together."""


class RecoveryPointBounds(DurationBounds):
    """Bounds of the recovery point, of one table or of the worst."""

    table: str | None = None
    """One table; default the worst."""


class LagBounds(DurationBounds):
    """Bounds of the true replication lag of a pair (default: the worst pair of the worst table)."""

    table: str | None = None
    """One table; default the worst."""
    from_: str | None = Field(default=None, alias="from")
    """One pair: copies from this region …"""
    to: str | None = None
    """… to this one."""


class PeakBounds(Model):
    """Humps of the true lag of a pair: how many, and how far apart consecutive ones peak."""

    table: str | None = None
    """One table; default the worst."""
    from_: str | None = Field(default=None, alias="from")
    """One pair: copies from this region …"""
    to: str | None = None
    """… to this one."""
    count: Whole | None = Field(default=None, ge=0)
    """So many humps, exactly."""
    apart: DurationBounds | None = None
    """Bounds of the time between consecutive peaks."""


_FORMS: dict[tuple[str, Scope], type] = {
    ("s", RUN): DurationBounds,
    ("s", TABLE): RecoveryPointBounds,
    ("s", PAIR): LagBounds,
    ("s", ACTIONS): ActionBounds,
    ("count", RUN): CountBounds,
    ("count", TABLE): TableBounds,
    ("count", COUNTERS): CacheCountBounds,
    ("share", RUN): ShareBounds,
    ("share", CACHE): CacheShareBounds,
    ("share", SPAN): SpanBounds,
    ("ratio", RUN): RatioBounds,
    ("bool", RUN): bool,
}
"""What is written under a measure, by its unit and scope."""


def _form(measure: Measure) -> type:
    """What is written under a measure: bounds, a yes or a no, or bounds of its several parts."""
    return PeakBounds if len(measure.parts) > 1 else _FORMS[measure.parts[0].unit, measure.scope]


class OneMeasure(Model):
    """Exactly one measure with its bounds."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})


if TYPE_CHECKING:
    Expectation = OneMeasure
else:
    Expectation = create_model(
        "Expectation",
        __base__=OneMeasure,
        __doc__=OneMeasure.__doc__,
        __module__=__name__,
        **{
            measure.name: (_form(measure) | None, Field(default=None, description=measure.says))
            for measure in MEASURES
        },
    )
"""One entry of `expect`, with a field for each measure of `simulator.boundary.measures`."""
