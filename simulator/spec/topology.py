"""The system: regions, global tables, services, names, health checks, identity."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.spec.quantities import Distribution, Duration, Model, Share

RegionName = str
"""An AWS region code that the catalog knows, such as `eu-south-1`."""


class Region(Model):
    """One region of the system.

    A `standby` region's DNS records answer only when those of every active region are unhealthy.
    """

    role: Literal["active", "standby"] = "active"


class ReplicationLag(Model):
    """The lag of one copied write: log-normal; `median` excludes the one-way network delay, which is added."""

    median: Duration | None = None
    p99: Duration | None = None


class Popularity(Model):
    """How unevenly items are asked for: Zipf with this exponent."""

    zipf: float = Field(gt=0, le=5)


class Table(Model):
    """A DynamoDB global table with a replica in each named region."""

    replicas: list[RegionName] = Field(min_length=1)
    consistency: Literal["eventual"] = "eventual"
    items: int = Field(default=100_000, ge=1, le=100_000_000)
    popularity: Literal["uniform"] | Popularity = "uniform"
    replication_lag: ReplicationLag = ReplicationLag()
    catch_up: float | None = Field(default=None, gt=1, le=1000)
    """How many times faster than real time a healed replicator works through its backlog."""


class Compute(Model):
    """Work of the service itself; takes a sampled time."""

    compute: Distribution


class Read(Model):
    """An eventually consistent read of one item in the local replica."""

    read: str
    key: Literal["any", "user"] = "any"
    """`any`: an item drawn by popularity, the same for all steps of one action; `user`: the session's own item."""
    takes: Distribution | None = None


class Write(Model):
    """A write of one item in the local replica."""

    write: str
    key: Literal["any", "user"] = "any"
    takes: Distribution | None = None


def _step_kind(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else {}
    return next((f":{kind.capitalize()}" for kind in ("compute", "read", "write") if kind in keys), None)


Step = Annotated[
    Annotated[Compute, Tag(":Compute")] | Annotated[Read, Tag(":Read")] | Annotated[Write, Tag(":Write")],
    Discriminator(_step_kind),
]


class Service(Model):
    """A service and its operations; each operation is a list of steps done in order."""

    regions: list[RegionName] = Field(min_length=1)
    operations: dict[str, list[Step]] = Field(min_length=1)


class DnsRecord(Model):
    """One name in a Route 53 hosted zone, with a record per region of the service."""

    service: str
    policy: Literal["simple", "failover", "weighted", "latency", "geolocation", "multivalue"]
    ttl: Duration = 60_000_000_000
    order: list[RegionName] | None = None
    """`failover` only: first healthy wins. Default: the service's regions as listed."""
    weights: dict[RegionName, Annotated[int, Field(ge=0, le=255)]] | None = None
    """`weighted` only."""
    geography: dict[str, RegionName] | None = None
    """`geolocation` only: two-letter country (`IT`), continent (`europe`) or `default` → region."""
    health_check: str | None = None


class HealthCheck(Model):
    """A Route 53 health check of a service's endpoint in each region of the record that names it."""

    protocol: Literal["http", "https", "tcp"] = "https"
    interval: Literal["10 s", "30 s"] = "30 s"
    failure_threshold: int = Field(default=3, ge=1, le=10)
    checker_regions: list[RegionName] | None = Field(default=None, min_length=3)


class Identity(Model):
    """The issuer of JSON Web Tokens, living in named regions; clients ask them in this order."""

    issuer: list[RegionName] = Field(min_length=1)
    access_token: Duration = 3_600_000_000_000
    takes: Distribution | None = None


class Defaults(Model):
    """Catalog values that a topology may override; see `simulator defaults`."""

    status_to_answer: Distribution | None = None
    change_propagation: Distribution | None = None
    negative_ttl: Duration | None = None
    round_trip_sigma: float | None = Field(default=None, ge=0, le=1)
    resolver_extends_ttl: Share | None = None
    resolver_extension: Distribution | None = None


class Topology(Model):
    """A multi-region system."""

    topology: str
    regions: dict[RegionName, Region] = Field(min_length=1)
    tables: dict[str, Table] = {}
    services: dict[str, Service] = Field(min_length=1)
    dns: dict[str, DnsRecord] = Field(min_length=1)
    health_checks: dict[str, HealthCheck] = {}
    identity: Identity | None = None
    defaults: Defaults = Defaults()
