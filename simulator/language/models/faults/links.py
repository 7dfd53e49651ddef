"""The network between places breaks."""

from typing import Annotated

from pydantic import Field

from simulator.boundary.modes import add_text, factor_text, mode_text, share_text
from simulator.language.models.faults.base import Factor, Fault, ModeOf
from simulator.language.models.quantities import Duration, Model, PlaceName, Share


class LinkEnds(Model):
    """Two places: regions, or `everywhere`, which is every other place."""

    between: list[PlaceName] | None = Field(default=None, min_length=2, max_length=2)
    """Two places; both directions break."""
    from_: PlaceName | None = Field(default=None, alias="from")
    """One direction breaks: from here …"""
    to: PlaceName | None = None
    """… to here."""


class LinkFault(Fault):
    """The network between two places is cut, lossy or slow, with both ends alive."""

    target = "link"

    link: LinkEnds
    """Which places: `{between: [a, b]}` or `{from: a, to: b}`."""
    mode: Annotated[str, ModeOf("link")] = Field(description=mode_text("link"))
    share: Share | None = Field(default=None, description=share_text("link"))
    factor: Factor | None = Field(default=None, description=factor_text("link"))
    add: Duration | None = Field(default=None, description=add_text("link"))
