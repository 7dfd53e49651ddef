"""The people and programs that use the system."""

from typing import Literal

from pydantic import Field

from simulator.spec.quantities import Distribution, Duration, Model, Rate, Share


class Backoff(Model):
    """Full jitter: the wait before retry n is uniform between 0 and min(cap, base · 2^(n-1))."""

    base: Duration
    cap: Duration


class Client(Model):
    """How a client reaches a name, waits, and tries again. Absent keys come from the `profile`."""

    profile: str = "browser"
    """`browser`, `jvm` or `script`."""
    timeout: Duration | None = None
    attempts: int | None = Field(default=None, ge=1, le=100)
    backoff: Backoff | None = None
    dns_cache: Literal["browser", "jvm", "none"] | None = None
    keep_alive: Duration | None = None


class Resolvers(Model):
    """The recursive resolvers that a population shares."""

    count: int | None = Field(default=None, ge=1, le=1_000_000)
    extend_ttl: Share | None = None


class Population(Model):
    """Users near one region: a constant number of sessions, or sessions that arrive at a rate."""

    near: str
    sessions: int | None = Field(default=None, ge=1, le=100_000_000)
    arrivals: Rate | None = None
    daily_profile: list[float] | None = Field(default=None, min_length=24, max_length=24)
    """Open populations: relative arrival rate in each hour of the day, scaled so that the busiest hour is `arrivals`."""
    session_length: Distribution | None = None
    think_time: Distribution
    actions: dict[str, float] = Field(min_length=1)
    """Operation → weight. `service.operation` where two services share an operation's name."""
    client: str | Client = "browser"
    patience: Duration | None = None
    """The longest a user waits for one action, retries included, before leaving for good."""
    last_mile: Literal["wired", "mobile"] | Distribution = "wired"
    resolvers: Resolvers = Resolvers()
