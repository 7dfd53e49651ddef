"""What the user expects of a run; each becomes met, missed or not exercised."""

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag, create_model

from simulator.boundary.measure_terms import Measure, Scope, Unit, What
from simulator.boundary.measures import MEASURES
from simulator.boundary.outcomes import Presence
from simulator.boundary.scopes import RUN
from simulator.language.models.quantities import Duration, Model, RegionName, Share, Whole, text_or_mapping


class Likely(Model):
    """In how many of all possible runs something is expected, if not in every one that is played."""

    in_: Share | None = Field(default=None, alias="in")
    """In at least this share of all possible runs, as `99 %`; by default in every run that is played."""
    confidence: Share | None = None
    """With so much confidence is it said that it holds in that share, or does not; default 95 %."""


class DurationBounds(Likely):
    """Bounds of a duration; at least one."""

    at_least: Duration | None = None
    """The measure may not be below this."""
    at_most: Duration | None = None
    """The measure may not be above this."""


Count = Annotated[Whole, Field(ge=0)]
"""How many."""


class CountBounds(Likely):
    """Bounds of a count; at least one."""

    at_least: Count | None = None
    """The measure may not be below this."""
    at_most: Count | None = None
    """The measure may not be above this."""


class ShareBounds(Likely):
    """Bounds of a share; at least one."""

    at_least: Share | None = None
    """The measure may not be below this."""
    at_most: Share | None = None
    """The measure may not be above this."""


Ratio = Annotated[float, Field(ge=0, le=1e9)]
"""A plain number, such as 1.5 attempts per action."""


class RatioBounds(Likely):
    """Bounds of a plain number; at least one."""

    at_least: Ratio | None = None
    """The measure may not be below this."""
    at_most: Ratio | None = None
    """The measure may not be above this."""


Percentile = Annotated[float, Field(ge=1, le=100)]
"""A percentile, such as 99.9; 100 is the maximum."""


_BOUNDS: dict[Unit, type[Model]] = {
    "s": DurationBounds,
    "count": CountBounds,
    "share": ShareBounds,
    "ratio": RatioBounds,
}

_VALUES: dict[What, Any] = {
    "time": Duration,
    "percentile": Percentile,
    "share": Share,
    "presence": Presence,
    "region": RegionName,
}
"""What is written under a key of a scope that does not name something."""


def _keys(scope: Scope) -> dict[str, Any]:
    """The keys that narrow a measure, as fields of a model."""
    fields = {}
    for key in scope.keys:
        type_, alias = _VALUES.get(key.what, str), None if key.attribute == key.name else key.name
        default = ... if key.required else None
        fields[key.attribute] = (
            type_ if key.required else type_ | None,
            Field(default, alias=alias, description=key.says),
        )
    return fields


def _made(name: str, base: type[Model], text: str, fields: dict[str, Any]) -> type[Model]:
    """A model with more fields than its base; a name of this module, by which other processes find it."""
    model: type[Model] = create_model(name, __base__=base, __doc__=text, __module__=__name__, **fields)
    assert name not in globals(), name
    globals()[name] = model
    return model


@cache
def _bounds(unit: Unit, scope: Scope) -> type[Model]:
    """Bounds of a unit with the keys of a scope."""
    base = _BOUNDS[unit]
    if not scope.keys:
        return base
    text = str(base.__doc__).removesuffix("; at least one.") + scope.of
    return _made(f"{scope.name}{base.__name__}", base, text, _keys(scope))


def _parts(measure: Measure) -> type[Model]:
    """What is written under a measure of several figures: each under its own key."""
    parts = {
        part.name: (
            (Count if part.exact else _bounds(part.unit, RUN)) | None,
            Field(default=None, description=part.says),
        )
        for part in measure.parts
    }
    name = measure.name.title().replace("_", "")
    return _made(f"{name}Bounds", Model, measure.says, _keys(measure.scope) | parts)


_HOLDS: dict[str, Any] = {
    "holds": (bool, Field(default=True, description="Whether it is expected to be so, or `false`: not so."))
}


def _form(measure: Measure) -> Any:
    """What is written under a measure: bounds, a yes or a no, or something of each of its parts."""
    if len(measure.parts) > 1:
        return _parts(measure)
    unit = measure.parts[0].unit
    return _yes_or_no(measure.scope) if unit == "bool" else _bounds(unit, measure.scope)


def _yes_or_no(scope: Scope) -> Any:
    """A yes or a no; or a mapping that says of what."""
    if not scope.keys:
        return bool
    narrowed = _made(f"{scope.name}Of", Likely, f"Whether it is so{scope.of}", _keys(scope) | _HOLDS)
    return Annotated[
        Annotated[bool, Tag(":Word")] | Annotated[narrowed, Tag(":Mapping")], Discriminator(text_or_mapping)
    ]


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
