"""Route 53 health checks: of endpoints, of an alarm's data, and of other health checks."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from simulator import units
from simulator.language.models.quantities import Model, NotEmpty, RegionName, Whole

CHILDREN_MOST = 256


def _canonical(value: Any) -> str:
    return units.format_duration(units.parse_duration(value))


class AnyHealthCheck(Model):
    """What every health check may be."""

    inverted: bool = False
    """Whether it is unhealthy when it would be healthy, and healthy when it would be unhealthy."""
    disabled: bool = False
    """Whether nothing is checked: it counts as healthy for ever, or, inverted, as unhealthy for ever."""


class EndpointCheck(AnyHealthCheck):
    """A health check of a service's endpoint in each region of the record that names it."""

    protocol: Literal["http", "https", "tcp"] = "https"
    """What a checker speaks; a silent endpoint fails after 4 s (http, https) or 10 s (tcp)."""
    interval: Annotated[Literal["10 s", "30 s"], BeforeValidator(_canonical)] = "30 s"
    """From a checker's answer to its next request: 10 s (fast) or 30 s."""
    failure_threshold: Whole = Field(default=3, ge=1, le=10)
    """So many answers of one kind in a row change a checker's opinion, in both directions."""
    depth: Literal["shallow", "deep"] = "shallow"
    """What the page that it asks for looks at: the service alone, or also the stores that it calls."""
    operation: str | None = None
    """The operation whose page it asks for, so that it sees faults that are limited to that operation, and a
    `deep` one its stores alone; default a page of its own."""
    checker_regions: list[RegionName] | None = Field(default=None, min_length=3)
    """Where the checkers are: at least three of Route 53's eight regions; default all."""


class AlarmCheck(AnyHealthCheck):
    """A health check that follows the data of an alarm, in each region of the record that has one."""

    alarm: Annotated[dict[RegionName, str], NotEmpty]
    """Region → the alarm whose data say whether that region is healthy. Its threshold is of one metric, every
    one of its newest N data points decides, and its statistic is no percentile. A record of a region that
    is not named here has no check, and counts as healthy for ever."""
    insufficient_data: Literal["healthy", "unhealthy", "last_known"]
    """What it is while the data do not tell, as when the alarm's region is down: `healthy`, `unhealthy`, or
    as it was (`last_known`)."""


class CalculatedCheck(AnyHealthCheck):
    """A health check that is healthy while enough others are."""

    children: Annotated[list[str], Field(min_length=1, max_length=CHILDREN_MOST)]
    """The health checks that it counts, in the region of the record; `check@region` is that of another
    region. None of them is a calculated one."""
    at_least: Annotated[Whole, Field(ge=0, le=CHILDREN_MOST)] | None = None
    """So many of them must be healthy; by default all. With 0 it is always healthy, with more than there are
    never."""


def check_form(value: Any) -> str:
    """Tell the kind of a health check from the keys that the user wrote."""
    keys = value if isinstance(value, dict) else {}
    if "alarm" in keys:
        return ":AlarmCheck"
    return ":CalculatedCheck" if "children" in keys else ":EndpointCheck"


HealthCheck = Annotated[
    Annotated[EndpointCheck, Tag(":EndpointCheck")]
    | Annotated[AlarmCheck, Tag(":AlarmCheck")]
    | Annotated[CalculatedCheck, Tag(":CalculatedCheck")],
    Discriminator(check_form),
]
"""Any health check."""


def child_of(written: str) -> tuple[str, str | None]:
    """A child of a calculated check as its name and its region; None: that of the record."""
    name, at, region = written.partition("@")
    return name, region if at else None


def with_children(
    names: Iterable[str], checks: "dict[str, EndpointCheck | AlarmCheck | CalculatedCheck]"
) -> list[str]:
    """Some health checks and the children that they count, as far as these exist, each once."""
    found = dict.fromkeys(names)
    for name in [*found]:
        check = checks.get(name)
        if isinstance(check, CalculatedCheck):
            found |= dict.fromkeys(child for child, _ in map(child_of, check.children) if child in checks)
    return [*found]
