"""How a caller waits, tries again, and holds back: users' clients, and those with which services call."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import (
    Duration,
    Model,
    ProfileName,
    Share,
    Whole,
    none_or_quantity,
    text_or_mapping,
)


class Backoff(Model):
    """The wait before retry n: min(cap, base · 2^(n-1)), with full jitter uniform between 0 and that."""

    base: Duration
    """The longest wait before the first retry."""
    cap: Duration
    """The longest wait before any retry."""
    throttling: Duration | None = None
    """In the place of `base` after a request was throttled."""
    jitter: Literal["full", "none"] | None = None
    """`none`: always the longest wait."""


class Quota(Model):
    """A retry quota: tokens that retries cost and successes give back. One per client object."""

    tokens: Annotated[Whole, Field(ge=1, le=1_000_000_000)]
    """How many there are at first, and at most."""
    cost: Annotated[Whole, Field(ge=0, le=1_000_000_000)]
    """What a retry costs."""
    timeout_cost: Annotated[Whole, Field(ge=0, le=1_000_000_000)] | None = None
    """What it costs after a timeout; default the same."""
    throttling_cost: Annotated[Whole, Field(ge=0, le=1_000_000_000)] | None = None
    """What it costs after a request was throttled; default the same."""


class CircuitBreaker(Model):
    """A circuit breaker by counts, as resilience4j's."""

    threshold: Share = 0.5
    """It opens at this share of failures."""
    window: Annotated[Whole, Field(ge=1, le=120)] = 100
    """Of so many last results,"""
    least: Annotated[Whole, Field(ge=1, le=120)] = 100
    """once there are so many."""
    open: Duration = 60_000_000_000
    """For so long every request is turned away;"""
    probes: Annotated[Whole, Field(ge=1, le=1000)] = 10
    """then so many are let through to see."""


class Client(Model):
    """How a client reaches a name, waits, and tries again. Absent keys come from the `profile`."""

    profile: ProfileName = "browser"
    """`browser`, `jvm`, `script`, `aws-standard-2026`, `aws-standard-pre2026`, `aws-legacy-boto3` or
    `aws-adaptive`."""
    timeout: Duration | None = None
    """How long the client waits for one try; with a `connect_timeout`, from the sending of the request."""
    connect_timeout: Duration | None = None
    """How long connecting may take, the lookup of the name included."""
    attempts: Whole | None = Field(default=None, ge=1, le=64)
    """How often it tries in all."""
    backoff: Backoff | None = None
    """How long it waits between tries."""
    quota: (
        Annotated[
            Annotated[Literal["none"], Tag(":Word")] | Annotated[Quota, Tag(":Mapping")],
            Discriminator(text_or_mapping),
        ]
        | None
    ) = None
    """What its retries may cost; `none`: no limit."""
    circuit_breaker: CircuitBreaker | None = None
    """Turns requests away for a while when most have failed."""
    adaptive: bool | None = None
    """Holds requests back after throttling, as the AWS SDKs' adaptive mode does."""
    dns_cache: Literal["browser", "jvm", "none"] | None = None
    """Users' clients only: whose rules its DNS cache follows."""
    keep_alive: Duration | None = None
    """How long an idle connection is kept; 0 s: a connection per request."""
    next_address: (
        Annotated[
            Annotated[Literal["none"], Tag(":Word")] | Annotated[Duration, Tag(":Quantity")],
            Discriminator(none_or_quantity),
        ]
        | None
    ) = None
    """Users' clients only: how long connecting to one address of an answer may take before the next one is
    tried, inside the same try; one that refuses is left at once. `none`: an answer's first choice is all."""
    repeat_reset: Literal["none", "reads", "all"] | None = None
    """Users' clients only: which requests they repeat by themselves, at once, when a reused connection was
    reset: none, those that write nothing, or all."""
    retry_refused_conditions: bool | None = None
    """Services' clients only: a write whose condition is refused is tried again, from the read with which it
    compares on; by default it is an answer, as for the AWS SDKs."""
    connection_age: Duration | None = None
    """Services' clients only: how old a connection gets, on average; default no limit."""


WrittenClient = Annotated[
    Annotated[ProfileName, Tag(":Word")] | Annotated[Client, Tag(":Mapping")],
    Discriminator(text_or_mapping),
]
"""A client profile, or what differs from one."""


def as_client(written: str | Client) -> Client:
    """A client that is written as a word is that profile."""
    return Client(profile=written) if isinstance(written, str) else written
