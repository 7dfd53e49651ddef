"""Zonal shifts and load shedding: what somebody, or an alarm, does to traffic while something is wrong."""

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from simulator import units
from simulator.language.models.plans import Trigger
from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    OneOrMore,
    Share,
    ZoneName,
)

_SITE = r"^[^@\s]+(@[^@\s]+)?$"


def _named(value: object) -> object:
    if not isinstance(value, str) or re.fullmatch(_SITE, value) is None:
        raise ValueError(f"name a service, or one in a region as 'api@eu-west-1', not {units.shown(value)}")
    return value


SiteName = Annotated[
    str,
    BeforeValidator(_named),
    WithJsonSchema({"type": "string", "pattern": _SITE, "examples": ["api@eu-west-1"]}),
]
"""A service, everywhere or in one region."""


BOTS = "bots"
"""All bots of an experiment's faults, in place of a population."""


class By(Model):
    """Somebody who has to act, once it is called for."""

    operator: str
    """Who."""
    delay: Distribution
    """How long that takes."""


class Reaction(Model):
    """What starts it, and who has to do it."""

    trigger: Trigger
    """What starts it, as a failover plan's; by an alarm it starts whenever that is in ALARM anew."""
    by: By | None = None
    """Who does it; default it is done at once."""


class ZonalShift(Reaction):
    """Load balancers send nothing to a zone for a while."""

    zone: ZoneName
    """The zone that is left."""
    services: OneOrMore | None = None
    """Whose load balancers are shifted; default those of all services that run on nodes there."""
    expires: Duration
    """After how long it ends; at most 72 h."""


class Shedding(Reaction):
    """A part of the requests for a service is turned away at its door, early and at no cost."""

    of: SiteName
    """The service, or where: `api@eu-west-1`."""
    keep: Share
    """The share of the requests that is let in."""
    operations: OneOrMore | None = None
    """Of which requests: those for these operations; default all."""
    populations: OneOrMore | None = None
    """Of whose requests: these populations', or `bots`, which are those of faults; default everybody's."""
    scope: Literal["regional", "cloudfront"] | None = None
    """`regional`: at the door in each region. `cloudfront`: at the edges of a content network that all
    requests pass first. Default `regional`, and of a service that is a content network its edges."""
    for_: Duration | None = Field(default=None, alias="for")
    """How long it lasts; default, by an alarm alone, while that is in ALARM."""
    ramp_back: Duration = 0
    """Over how long everything is let in again afterwards; default at once."""

    @property
    def service(self) -> str:
        """The service."""
        return self.of.partition("@")[0]

    def stands(self, *, before_network: bool) -> str:
        """Its scope before a service that is a content network, or another."""
        return self.scope or ("cloudfront" if before_network else "regional")

    @property
    def region(self) -> str | None:
        """Where; None: everywhere."""
        return self.of.partition("@")[2] or None
