"""Detectors of unusual usage: clients that ask for what nobody asks for in quiet times."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.quantities import Duration, Model, RegionName, Share, Whole

_MINUTE_NS = 60 * 10**9


class Detector(Model):
    """Looks at what each client asks for, and flags those that differ from all of a quiet week."""

    of: list[str] = Field(min_length=1)
    """The services whose requests it looks at."""
    in_: RegionName = Field(alias="in")
    """The region in which it runs, and with which it goes dark."""
    period: Duration = _MINUTE_NS
    """How often it looks: whole minutes."""
    margin: Annotated[float, Field(ge=1, le=100)] = 1.5
    """How much further from its neighbours a client must lie than the furthest of the quiet week."""
    periods: Annotated[Whole, Field(ge=1, le=1000)] = 2
    """In so many periods in a row a client must be unusual to be flagged."""
    release: Duration = 10 * _MINUTE_NS
    """After so long without being unusual it is flagged no longer."""
    most: Share = 0.1
    """Where a larger share of clients is unusual at once, it is the system that is, and none is flagged."""
