"""Load grows: of users, or of bots."""

from typing import Annotated

from pydantic import Field

from simulator.language.models.faults.base import Fault
from simulator.language.models.quantities import Model, NotEmpty, Rate, RegionName, Whole


class SurgeFault(Fault):
    """A population's load grows."""

    target = "surge"

    surge: str
    """The population."""
    factor: Annotated[float, Field(gt=0, le=1000)]
    """How many times the usual load: arrivals are multiplied, think times divided."""


class Bots(Model):
    """Automatic traffic without tokens or patience."""

    near: RegionName
    """Where it comes from: an AWS region."""
    rate: Rate
    """How many requests a second."""
    actions: Annotated[dict[str, Annotated[float, Field(ge=0, le=1e9)]], NotEmpty]
    """Operation → weight."""
    addresses: Whole | None = Field(default=None, ge=1, le=100_000)
    """From how many IP addresses they come; by default each request from another."""


class BotFault(Fault):
    """Bots ask for operations while it lasts."""

    target = "bots"

    bots: Bots
    """Who they are and what they ask."""
