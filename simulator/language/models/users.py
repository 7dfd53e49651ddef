"""The people and programs that use the system."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.clients import WrittenClient
from simulator.language.models.quantities import (
    Constant,
    Distribution,
    Duration,
    Exponential,
    LogNormal,
    Model,
    NotEmpty,
    Rate,
    RegionName,
    Share,
    Uniform,
    Whole,
    distribution_form,
)


class Resolvers(Model):
    """The recursive resolvers that a population shares."""

    count: Whole | None = Field(default=None, ge=1, le=1_000_000)
    """How many resolvers that keep to the TTL; with `extend_ttl`, a quarter as many more that do not."""
    extend_ttl: Share | None = None
    """The share of the users behind resolvers that keep answers beyond their TTL."""


def _last_mile_form(value: object) -> str:
    is_word = isinstance(value, str) and not any(map(str.isdigit, value))
    return ":Word" if is_word else distribution_form(value)


class Population(Model):
    """Users near one region: a constant number of sessions, or sessions that arrive at a rate."""

    near: RegionName
    """The AWS region that the users live near; any, of the system or not."""
    sessions: Whole | None = Field(default=None, ge=1, le=100_000_000)
    """A closed population: always so many sessions at once, or as many as its profiles leave of them."""
    arrivals: Rate | None = None
    """An open population: so many new sessions in a unit of time."""
    daily_profile: list[Annotated[float, Field(ge=0)]] | None = Field(
        default=None, min_length=24, max_length=24
    )
    """A weight for each hour of the day; in the busiest hour `arrivals` come, or `sessions` are there."""
    weekly_profile: list[Annotated[float, Field(ge=0)]] | None = Field(
        default=None, min_length=7, max_length=7
    )
    """A weight for each day of the week, Monday first; multiplies the daily one."""
    session_length: Distribution | None = None
    """How long a session lasts; without it, one of `sessions` lasts the whole run."""
    think_time: Distribution
    """From the end of an action to the next."""
    actions: Annotated[dict[str, Annotated[float, Field(ge=0, le=1e9)]], NotEmpty]
    """Operation → weight. `service.operation` where two services share an operation's name."""
    client: WrittenClient = "browser"
    """A client profile (see `simulator defaults client`), or a mapping that says what differs from one."""
    patience: Duration | None = None
    """The longest a user waits for one action, retries included, before leaving for good."""
    last_mile: Annotated[
        Annotated[Literal["wired", "mobile"], Tag(":Word")]
        | Annotated[Constant, Tag(":Constant")]
        | Annotated[LogNormal, Tag(":LogNormal")]
        | Annotated[Exponential, Tag(":Exponential")]
        | Annotated[Uniform, Tag(":Uniform")],
        Discriminator(_last_mile_form),
    ] = "wired"
    """The round trip between a user and the provider's network: `wired`, `mobile`, or a duration."""
    resolvers: Resolvers = Resolvers.model_construct()
    """The DNS resolvers that these users share."""
    addresses: Whole | None = Field(default=None, ge=1, le=100_000)
    """How many IP addresses they share, as behind the translation (NAT) of a company or a mobile carrier; by
    default each user has one alone. Rules of web ACLs add up by address."""
    sign_up: Share = 0.0
    """The share of the sessions starting in the run whose user is new and must register first."""
