"""What a request meets before a service's steps: gateway, Lambda or nodes, content network."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import (
    Distribution,
    Duration,
    Model,
    Rate,
    RegionName,
    RuntimeName,
    Size,
    Whole,
)

_NODE_MEMORY = 4 * 1024 * 1024 * 1024


class Limit(Model):
    """A token bucket: so many requests a second on average, so many at once."""

    rate: Rate
    """How many requests a second in the long run."""
    burst: Annotated[Whole, Field(ge=1, le=10_000_000)]
    """How many at once."""


class Gateway(Model):
    """An API Gateway before the service in each of its regions."""

    kind: Literal["rest", "http"] = "rest"
    """A REST API or an HTTP API: they differ in their timeout, and in what they answer for Lambda."""
    throttled_status: Literal[429, 500, 502, 503] | None = None
    """What clients get when Lambda throttles a request; by default the catalog's for its kind."""
    timeout: Duration | None = None
    """How long it waits for the service; by default the catalog's integration timeout."""
    limit: Limit | None = None
    """The stage's own limit, besides the account's."""
    methods: dict[str, Limit] = Field(default={})
    """Limits of single operations."""
    overhead: Distribution | None = None
    """What it adds to a request; by default the catalog's."""


class Lambda(Model):
    """A Lambda function in each region."""

    runtime: RuntimeName = "python3.13"
    """Its runtime, on which a cold start depends."""
    memory: Size = 512 * 1024 * 1024
    """Its memory."""
    used_memory: Size | None = None
    """What an environment of it uses of that, which only metrics need; by default the catalog's."""
    init: Distribution | None = None
    """How long a cold start takes; by default the runtime's figure times the catalog's factor."""
    provisioned: Annotated[Whole, Field(ge=0, le=1_000_000)] = 0
    """Environments kept warm."""
    reserved: Annotated[Whole, Field(ge=1, le=1_000_000)] | None = None
    """The most that run at once; default the account's limit."""
    idle: Duration | None = None
    """How long an idle environment is kept; by default the catalog's."""


class TargetCheck(Model):
    """A load balancer's health check of its targets."""

    interval: Duration | None = None
    """From one check to the next; by default the catalog's."""
    timeout: Duration | None = None
    """How long a check waits; by default the catalog's."""
    depth: Literal["shallow", "deep"] = "shallow"
    """What the page that it asks for looks at: the application alone, or also the stores that it calls."""
    operation: str | None = None
    """The operation whose page it asks for, so that it sees faults that are limited to that operation, and a
    `deep` one its stores alone; default a page of its own."""
    unhealthy_threshold: Annotated[Whole, Field(ge=2, le=10)] | None = None
    """So many failures in a row take a node out; by default the catalog's."""
    healthy_threshold: Annotated[Whole, Field(ge=2, le=10)] | None = None
    """So many successes in a row bring it back; by default the catalog's."""


class Nodes(Model):
    """A fleet of nodes behind a load balancer, spread over the region's zones."""

    per_zone: Annotated[Whole, Field(ge=0, le=1000)] = 1
    """Nodes in each zone; 0: none until a failover plan launches some (`scale`)."""
    workers: Annotated[Whole, Field(ge=1, le=100_000)] = 8
    """Requests that a node works on at once."""
    queue: Annotated[Whole, Field(ge=0, le=1_000_000_000)] = 100
    """Requests that may wait at a node; more are turned away."""
    memory: Size | None = None
    """A node's memory: if written, a node that takes on more requests than fit is killed, and starts anew; by
    default 4 GB, of which it never runs out."""
    idle_memory: Size | None = None
    """What a node that works on nothing holds of it; by default nothing."""
    request_memory: Size = 8 * 1024 * 1024
    """What a request at work or waiting takes of it."""
    restart: Distribution | None = None
    """How long a node that was killed takes until it can answer again; by default the catalog's."""
    check: TargetCheck = TargetCheck.model_construct()
    """How the load balancer finds nodes that are not well."""
    launch: Distribution | None = None
    """How long after a plan has asked for it a new node starts; by default the catalog's."""
    image: Distribution | None = None
    """How long it then takes to fetch its image and boot; by default the catalog's."""
    warm_up: Distribution | None = None
    """How long its application then takes until it can answer; by default the catalog's."""
    deregistration: Duration | None = None
    """How long a node that auto-scaling takes away is leaving; by default the catalog's."""
    client_keep_alive: Duration | None = None
    """How old the load balancer lets a client's connection become; by default the catalog's."""

    @property
    def memory_there(self) -> int:
        """A node's memory, in bytes."""
        return _NODE_MEMORY if self.memory is None else self.memory

    @property
    def held_at_rest(self) -> int:
        """What a node that works on nothing holds of it, in bytes."""
        return self.idle_memory or 0

    @property
    def room(self) -> int | None:
        """How many requests fit into a node's memory; None: all that may come to it do."""
        if self.memory is None:
            return None
        fit = (self.memory - self.held_at_rest) // self.request_memory
        return fit if fit < self.workers + self.queue else None


class LambdaCompute(Model):
    """A service that runs on Lambda."""

    lambda_: Lambda = Field(alias="lambda")
    """The function."""


class NodesCompute(Model):
    """A service that runs on nodes."""

    nodes: Nodes
    """The fleet in each region."""


COMPUTE_KINDS = {"lambda": ":LambdaCompute", "nodes": ":NodesCompute"}


def compute_form(value: Any) -> str | None:
    """Tell what a service runs on; None if none of the keys says."""
    if not isinstance(value, dict):
        return ":Word"
    return next((tag for kind, tag in COMPUTE_KINDS.items() if kind in value), None)


ComputeKind = Annotated[
    Annotated[Literal["unlimited"], Tag(":Word")]
    | Annotated[LambdaCompute, Tag(":LambdaCompute")]
    | Annotated[NodesCompute, Tag(":NodesCompute")],
    Discriminator(compute_form),
]


class Cdn(Model):
    """A content network before a bucket."""

    origins: list[RegionName] = Field(min_length=1, max_length=2)
    """The primary origin's region, and the one asked when it fails; reads only."""
    ttl: Duration | None = None
    """How long an edge keeps an object; by default the catalog's."""
    error_ttl: Duration | None = None
    """How long an edge keeps an error; by default the catalog's."""
    attempts: Annotated[Whole, Field(ge=1, le=3)] | None = None
    """Connection attempts before an origin is given up; by default the catalog's."""
    connect_timeout: Duration | None = None
    """How long each of them waits; by default the catalog's."""
