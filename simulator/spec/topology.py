"""The system: regions, global tables, services, names, health checks, identity."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from simulator import units
from simulator.spec.quantities import (
    Distribution,
    Duration,
    Model,
    NotEmpty,
    Share,
    Whole,
    text_or_mapping,
)

RegionName = str
"""An AWS region code that the catalog knows, such as `eu-south-1`."""

STEP_KINDS = {"compute": ":Compute", "read": ":Read", "write": ":Write"}


class Region(Model):
    """One region of the system."""

    role: Literal["active", "standby"] = "active"
    """The DNS records of a `standby` answer only when those of every active region are unhealthy."""


class ReplicationLag(Model):
    """The lag of one copied write: log-normal, plus the one-way network delay between the two regions."""

    median: Duration | None = None
    """Half of the copies are quicker, without the network delay."""
    p99: Duration | None = None
    """99 % of the copies are quicker, without the network delay."""


class Popularity(Model):
    """How unevenly items are asked for: Zipf with this exponent."""

    zipf: float = Field(gt=0, le=5)
    """The exponent: 1 is Zipf's own law; more concentrates the requests on fewer items."""


class Table(Model):
    """A DynamoDB global table with a replica in each named region."""

    replicas: list[RegionName] = Field(min_length=1)
    """The regions that hold a copy."""
    consistency: Literal["eventual"] = "eventual"
    """`eventual`: a write is acknowledged by its region and copied to the others afterwards."""
    items: Whole = Field(default=100_000, ge=1, le=100_000_000)
    """How many items the table holds."""
    popularity: Annotated[
        Annotated[Literal["uniform"], Tag(":Word")] | Annotated[Popularity, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "uniform"
    """How evenly the items are asked for: `uniform`, or `{zipf: 0.9}`."""
    replication_lag: ReplicationLag = ReplicationLag()
    """How long a write takes to reach another replica; by default the catalog's."""
    catch_up: float | None = Field(default=None, ge=1.01, le=1000)
    """How many times faster than real time a healed replicator works through its backlog, to two decimals."""


class Compute(Model):
    """Work of the service itself; takes a sampled time."""

    compute: Distribution
    """How long the work takes."""


class Read(Model):
    """An eventually consistent read of one item in the local replica."""

    read: str
    """The table."""
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the read takes; by default the catalog's."""


class Write(Model):
    """A write of one item in the local replica."""

    write: str
    """The table."""
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own."""
    takes: Distribution | None = None
    """How long the write takes; by default the catalog's."""


def step_form(value: Any) -> str | None:
    """Tell the kind of a step from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for kind, tag in STEP_KINDS.items() if kind in keys), None)


Step = Annotated[
    Annotated[Compute, Tag(":Compute")] | Annotated[Read, Tag(":Read")] | Annotated[Write, Tag(":Write")],
    Discriminator(step_form),
]


class Service(Model):
    """A service and its operations; each operation is a list of steps done in order."""

    regions: list[RegionName] = Field(min_length=1)
    """Where the service runs."""
    operations: Annotated[dict[str, list[Step]], NotEmpty]
    """What users can ask of it: name → steps, 1 to 16, done one after the other."""


class DnsRecord(Model):
    """One name in a Route 53 hosted zone, with a record per region of the service."""

    service: str
    """The service that the name leads to."""
    policy: Literal["simple", "failover", "weighted", "latency", "geolocation", "multivalue"]
    """How Route 53 chooses among the regions."""
    ttl: Duration = 60_000_000_000
    """How long resolvers and devices may keep an answer."""
    order: list[RegionName] | None = None
    """`failover` only: the first healthy region wins. Default: the service's regions as listed."""
    weights: dict[RegionName, Annotated[Whole, Field(ge=0, le=255)]] | None = None
    """`weighted` only: region → weight from 0 to 255; 0 answers only if nothing else is healthy."""
    geography: dict[str, RegionName] | None = None
    """`geolocation` only: two-letter country (`IT`), continent (`europe`) or `default` → region."""
    health_check: str | None = None
    """The health check of each region; without one a region counts as healthy for ever."""


def _canonical(value: Any) -> str:
    return units.format_duration(units.parse_duration(value))


class HealthCheck(Model):
    """A Route 53 health check of a service's endpoint in each region of the record that names it."""

    protocol: Literal["http", "https", "tcp"] = "https"
    """What a checker speaks; a silent endpoint fails after 4 s (http, https) or 10 s (tcp)."""
    interval: Annotated[Literal["10 s", "30 s"], BeforeValidator(_canonical)] = "30 s"
    """From a checker's answer to its next request: 10 s (fast) or 30 s."""
    failure_threshold: Whole = Field(default=3, ge=1, le=10)
    """So many answers of one kind in a row change a checker's opinion, in both directions."""
    checker_regions: list[RegionName] | None = Field(default=None, min_length=3)
    """Where the checkers are: at least three of Route 53's eight regions; default all."""


class Identity(Model):
    """The issuer of JSON Web Tokens, living in named regions."""

    issuer: list[RegionName] = Field(min_length=1)
    """The issuer's regions; clients ask them in this order."""
    access_token: Duration = 3_600_000_000_000
    """How long an access token is valid."""
    takes: Distribution | None = None
    """How long the issuer works on one token; by default the catalog's."""


class Defaults(Model):
    """Catalog values that a topology may override; see `simulator defaults`."""

    status_to_answer: Distribution | None = None
    """From a changed health status to changed DNS answers."""
    change_propagation: Distribution | None = None
    """From an accepted record change to changed DNS answers."""
    negative_ttl: Duration | None = None
    """How long resolvers keep an empty answer."""
    round_trip_sigma: float | None = Field(default=None, ge=0, le=1)
    """Sigma of the log-normal jitter of round trips."""
    resolver_extends_ttl: Share | None = None
    """The share of resolvers that keep answers beyond their TTL."""
    resolver_extension: Distribution | None = None
    """How long those resolvers keep an answer: the bounds `from` and `to` of a log-uniform duration."""


class Topology(Model):
    """A multi-region system."""

    topology: str
    """What the system is, in a sentence."""
    regions: Annotated[dict[RegionName, Region], NotEmpty]
    """The AWS regions of the system: code → `{}` or `{role: standby}`."""
    tables: dict[str, Table] = Field(default={})
    """The DynamoDB global tables by name."""
    services: Annotated[dict[str, Service], NotEmpty]
    """The services by name."""
    dns: Annotated[dict[str, DnsRecord], NotEmpty]
    """The names by which users reach the services."""
    health_checks: dict[str, HealthCheck] = Field(default={})
    """The Route 53 health checks by name."""
    identity: Identity | None = None
    """Who issues tokens; without it nobody has to log in."""
    defaults: Defaults = Defaults()
    """Values that replace those of the catalog."""
