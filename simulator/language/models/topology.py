"""The system: regions, services, names, health checks, identity; and the stores, which are in `stores`."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.alarms import Alarm
from simulator.language.models.autoscaling import Scaling
from simulator.language.models.clients import WrittenClient
from simulator.language.models.compute import Cdn, ComputeKind, Gateway, Limit
from simulator.language.models.databases import Database
from simulator.language.models.detectors import Detector
from simulator.language.models.drills import DrillSet
from simulator.language.models.externals import External
from simulator.language.models.health_checks import HealthCheck
from simulator.language.models.monitoring import Canary, Metrics
from simulator.language.models.objectives import FunctionObjective
from simulator.language.models.plans import FailoverPlan
from simulator.language.models.prices import WrittenPrice
from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    NotEmpty,
    Rate,
    RegionName,
    Share,
    Whole,
    text_or_mapping,
)
from simulator.language.models.reactions import Shedding, ZonalShift
from simulator.language.models.sections import WHEN_WRITTEN
from simulator.language.models.steps import Step
from simulator.language.models.stores import Bucket, Cache, Table
from simulator.language.models.suppressions import Suppression
from simulator.language.models.things import Things
from simulator.language.models.users import Population
from simulator.language.models.web_acls import WebAcl


class Quotas(Model):
    """The account's limits in a region; by default the catalog's for that region."""

    gateway: Limit | None = None
    """All gateways of the region together."""
    lambda_concurrency: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """Concurrent executions of all Lambda functions together."""
    nodes: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """Nodes of all services together, as EC2's quota of vCPUs allows; by default no limit."""
    table_write: Rate | None = None
    """Write units a second of one DynamoDB table; one that is warm for more gets no new replica there."""


class Region(Model):
    """One region of the system."""

    role: Literal["active", "standby"] = "active"
    """The DNS records of a `standby` answer only when those of every active region are unhealthy."""
    zones: Annotated[Whole, Field(ge=1, le=6)] = 3
    """How many availability zones: `a`, `b`, `c` …"""
    quotas: Quotas = Quotas.model_construct()
    """The account's limits there."""
    has: Things = Things.model_construct()
    """The secrets, images and certificates that are there, of those that services need."""


class Service(Model):
    """A service and its operations; each operation is a list of steps done in order."""

    regions: list[RegionName] = Field(min_length=1)
    """Where the service runs."""
    gateway: Gateway | None = None
    """The API Gateway before it; without one requests go to the compute directly."""
    compute: ComputeKind = "unlimited"
    """What it runs on: `unlimited`, `{lambda: {…}}` or `{nodes: {…}}`."""
    compute_in: dict[RegionName, ComputeKind] = Field(default={})
    """What differs in a region, such as a standby that is kept small."""
    dormant_in: list[RegionName] = Field(default=[])
    """Regions in which it is switched off, and refuses, until a failover plan switches it on (`enable`)."""
    verifies_tokens: Literal["gateway", "compute"] | None = None
    """Who checks the tokens of `identity`: the gateway, the compute, or (by default) nobody."""
    calls: WrittenClient = "aws-standard-2026"
    """How the service calls what its steps name: a client profile, or what differs from one."""
    calls_to: dict[str, WrittenClient] = Field(default={})
    """What differs for single ones of them: a table, a cache …, an `external`, a service or one of its
    operations → a profile, or what differs from `calls`."""
    needs: Things = Things.model_construct()
    """The secrets, images and certificates without which it does not work in a region."""
    cdn: Cdn | None = None
    """The content network before it; such a service has no compute; an operation is one `get` or `put`."""
    operations: Annotated[dict[str, list[Step]], NotEmpty]
    """What users can ask of it: name → steps, 1 to 16, done one after the other."""


class HoldDown(Model):
    """A region that has been left out answers again once it has been healthy for long enough."""

    hold_down: Duration
    """How long it must have been healthy without a break."""


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
    evaluate_target_health: bool = False
    """An alias record's own check: a region is unhealthy while its gateway is down, or its load balancer
    is or finds no target healthy. What is wrong behind a gateway goes unnoticed."""
    heeds_health: bool = True
    """Whether answers leave out a region whose check or target has failed; `false`: the check is made for
    plans, alarms and metrics alone, as one that no record is associated with."""
    failback: Annotated[
        Annotated[Literal["automatic", "manual"], Tag(":Word")] | Annotated[HoldDown, Tag(":Mapping")],
        Discriminator(text_or_mapping),
    ] = "automatic"
    """When a region that has been left out answers again: `automatic`, as soon as it is healthy; after a
    `{hold_down: 10 min}`; `manual`, when somebody fails back (`fail_back`)."""

    @property
    def leaves_out(self) -> bool:
        """Whether its answers may leave out an unhealthy region."""
        watched = self.health_check is not None or self.evaluate_target_health
        return watched and self.heeds_health and self.policy != "simple"


class Identity(Model):
    """The issuer of JSON Web Tokens, living in named regions."""

    issuer: list[RegionName] = Field(min_length=1)
    """The issuer's regions; clients ask them in this order."""
    access_token: Duration = 3_600_000_000_000
    """How long an access token is valid."""
    takes: Distribution | None = None
    """How long the issuer works on one token; by default the catalog's."""
    keys: Literal["shared", "regional"] = "shared"
    """`shared`: a token of any issuer is good everywhere. `regional`: each issuer signs with its own key, and
    a region trusts only its own issuer."""
    keys_cache: Duration | None = None
    """How long a verifier keeps the published keys; by default the catalog's."""
    keys_fetch_limit: Duration | None = None
    """How long fetching them may take; by default the catalog's."""
    verifiers: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    """Verifiers of each region's gateways, each with a key cache of its own; by default the catalog's."""


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
    """The share of users behind resolvers that keep answers beyond their TTL."""
    endpoint_ttl: Duration | None = None
    """How long an instance keeps the address of a table's, cache's or bucket's endpoint."""
    fork_after: Duration | None = None
    """How long a table's replica is shut out (its region disabled, its key or its role unusable) before it is
    a table of its own for good."""
    applied_share: Share | None = None
    """The share of writes that fail with a 500 and have been applied."""
    resolver_extension: Distribution | None = None
    """How long those resolvers keep an answer."""


class Topology(Model):
    """A multi-region system."""

    topology: str
    """What the system is, in a sentence."""
    regions: Annotated[dict[RegionName, Region], NotEmpty]
    """The AWS regions of the system: code → `{}` or `{role: standby}`."""
    tables: dict[str, Table] = Field(default={})
    """The DynamoDB global tables by name."""
    databases: Annotated[dict[str, Database], WHEN_WRITTEN] = Field(default={})
    """The databases with one writer, by name: Aurora Global Database, RDS, ElastiCache Global Datastore."""
    caches: Annotated[dict[str, Cache], WHEN_WRITTEN] = Field(default={})
    """The MemoryDB caches by name."""
    buckets: Annotated[dict[str, Bucket], WHEN_WRITTEN] = Field(default={})
    """The S3 buckets by name."""
    external: Annotated[dict[str, External], WHEN_WRITTEN] = Field(default={})
    """The external dependencies by name: what services call and others run."""
    services: Annotated[dict[str, Service], NotEmpty]
    """The services by name."""
    dns: Annotated[dict[str, DnsRecord], NotEmpty]
    """The names by which users reach the services."""
    health_checks: Annotated[dict[str, HealthCheck], WHEN_WRITTEN] = Field(default={})
    """The Route 53 health checks by name."""
    plans: Annotated[dict[str, FailoverPlan], WHEN_WRITTEN] = Field(default={})
    """The failover plans by name."""
    canaries: Annotated[dict[str, Canary], WHEN_WRITTEN] = Field(default={})
    """The canaries by name."""
    metrics: Metrics = Field(default=[])
    """The metrics that are kept, besides those that alarms watch."""
    alarms: Annotated[dict[str, Alarm], WHEN_WRITTEN] = Field(default={})
    """The alarms by name."""
    waf: Annotated[dict[str, WebAcl], WHEN_WRITTEN] = Field(default={})
    """The web ACLs of AWS WAF by name."""
    scaling: Annotated[dict[str, Scaling], WHEN_WRITTEN] = Field(default={})
    """What follows a metric, an alarm or the clock by itself, by name."""
    zonal_shifts: Annotated[dict[str, ZonalShift], WHEN_WRITTEN] = Field(default={})
    """The zonal shifts by name."""
    shedding: Annotated[dict[str, Shedding], WHEN_WRITTEN] = Field(default={})
    """What sheds load, by name."""
    detectors: Annotated[dict[str, Detector], WHEN_WRITTEN] = Field(default={})
    """The detectors of unusual usage by name."""
    identity: Identity | None = None
    """Who issues tokens; without it nobody has to log in."""
    users: dict[str, Population] = Field(default={})
    """The usual load: the populations of users by name. An experiment that has `users` replaces it whole."""
    objectives: Annotated[dict[str, FunctionObjective], WHEN_WRITTEN] = Field(default={})
    """The recovery objectives by business function, which `simulator drill` tests."""
    drill: DrillSet = DrillSet.model_construct()
    """What a drill plays; by default the default set."""
    defaults: Defaults = Defaults.model_construct()
    """Values that replace those of the catalog."""
    suppress: list[Suppression] = Field(default=[], max_length=1000)
    """Findings of `simulator check` that are accepted."""
    prices: Annotated[dict[str, WrittenPrice], WHEN_WRITTEN] = Field(default={})
    """Prices that replace list prices of the catalog, or give those that it lacks, in US dollars for the unit
    of each: `nodes.hour: 0.17`, or by region."""


def operations_of(topology: Topology) -> list[tuple[str, str]]:
    """Each operation, as its service and its name, in file order."""
    return [(name, one) for name, service in topology.services.items() for one in service.operations]


def is_called(name: str | None, service: str, operation: str) -> bool:
    """Whether a name is that of an operation of a service: `operation` or `service.operation`."""
    return name in (operation, f"{service}.{operation}")
