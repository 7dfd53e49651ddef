"""What breaks, when, and how it looks to a caller."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.language.models.quantities import Duration, Model, NotEmpty, Rate, Share, SignedDuration

Factor = Annotated[float, Field(ge=1, le=1_000_000)]
"""How many times slower."""


class Flapping(Model):
    """The fault is on for `duty` of each `period`, starting on."""

    period: Duration
    """From one beginning to the next."""
    duty: Share
    """The share of each period in which the fault is on."""


class Fault(Model):
    """When a fault acts. Neither `for` nor `until`: to the end of the run."""

    at: Duration
    """When it begins, counted from the start of the run."""
    for_: Duration | None = Field(default=None, alias="for")
    """How long it lasts; or say `until`."""
    until: Duration | None = None
    """When it ends, counted from the start of the run; or say `for`."""
    flapping: Flapping | None = None
    """The fault comes and goes while it lasts."""


class RegionFault(Fault):
    """A region that refuses, never answers, errs, slows down, or is lost for good."""

    region: str
    """The region that breaks."""
    mode: Literal["refused", "black_hole", "error", "slow", "lost"]
    """How it looks to a caller: refused at once, silence, 5xx, slowness; lost is silence for ever."""
    share: Share | None = None
    """`error`: the share of requests answered with a 5xx; default all."""
    factor: Factor | None = None
    """`slow`: service times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each request."""


class LinkEnds(Model):
    """Two places: regions, or `everywhere`, which is every other place."""

    between: list[str] | None = Field(default=None, min_length=2, max_length=2)
    """Two places; both directions break."""
    from_: str | None = Field(default=None, alias="from")
    """One direction breaks: from here …"""
    to: str | None = None
    """… to here."""


class LinkFault(Fault):
    """The network between two places is cut, lossy or slow, with both ends alive."""

    link: LinkEnds
    """Which places: `{between: [a, b]}` or `{from: a, to: b}`."""
    mode: Literal["cut", "lossy", "slow"]
    """How the link breaks."""
    share: Share | None = None
    """`lossy`: the share of messages lost."""
    factor: Factor | None = None
    """`slow`: round-trip times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each message."""


class ReplicationScope(Model):
    """Which replicators: all of a `region`, or one direction; of one table or all."""

    table: str | None = None
    """One table; default all."""
    region: str | None = None
    """All replicators from and to this region."""
    from_: str | None = Field(default=None, alias="from")
    """One direction: from this region …"""
    to: str | None = None
    """… to this one."""


class ReplicationFault(Fault):
    """Replication is paused; both ends keep serving."""

    replication: ReplicationScope
    """Which replicators; `{}` is all."""
    mode: Literal["paused"] = "paused"
    """`paused`: nothing is copied; the backlog is kept."""


class ClockFault(Fault):
    """A region's clock is off by `skew`, so its writes carry wrong timestamps."""

    clock: str
    """The region whose clock is wrong."""
    skew: SignedDuration
    """How far it is ahead (or, with a minus, behind)."""


class ControlPlaneFault(Fault):
    """Route 53 refuses record changes; answers and health checks keep working."""

    control_plane: Literal["route53"]
    """Whose control plane."""
    mode: Literal["frozen"] = "frozen"
    """`frozen`: changes are refused."""


class DnsFault(Fault):
    """The authoritative servers of a name err, lose queries, or give an empty answer."""

    dns: str
    """The name, one of the topology's `dns`."""
    mode: Literal["error", "black_hole", "empty_answer"]
    """What resolvers get: an error, silence, or an answer without addresses."""
    share: Share | None = None
    """`black_hole`: the share of queries lost; default all."""


class ZoneFault(Fault):
    """An availability zone is down: the nodes, environments and cache primaries in it."""

    zone: str
    """Region and letter: `eu-south-1a`."""
    mode: Literal["refused", "black_hole"]
    """Whether what is there refuses or never answers."""


class ServiceFault(Fault):
    """A service in a region: its door, or its capacity."""

    service: str
    """The service."""
    region: str | None = None
    """Where; default everywhere."""
    mode: Literal["refused", "black_hole", "error", "slow", "capacity"]
    """How it looks to a caller; `capacity`: only a `share` of its workers or concurrency is left."""
    share: Share | None = None
    """`error`: the share of requests answered with a 5xx; default all. `capacity`: the share that is left."""
    factor: Factor | None = None
    """`slow`: service times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each request."""


class StoreFault(Fault):
    """What every store has in common."""

    region: str | None = None
    """Where; default everywhere."""
    share: Share | None = None
    """`error`: the share of calls answered with a 500; default all. `capacity`: the share that is left."""
    factor: Factor | None = None
    """`slow`: call times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each call."""


class TableFault(StoreFault):
    """A table's endpoint in a region, as services there see it."""

    table: str
    """The table."""
    mode: Literal["refused", "black_hole", "error", "slow", "empty_answer", "capacity"]
    """How calls fail; `empty_answer`: the endpoint's name leads nowhere; `capacity`: a `share` of the
    throughput is left."""


class CacheFault(StoreFault):
    """A cache's endpoint in a region; or its contents."""

    cache: str
    """The cache."""
    mode: Literal["refused", "black_hole", "error", "slow", "empty_answer", "flushed"]
    """How calls fail; `flushed`: everything in it is forgotten at that instant."""


class BucketFault(StoreFault):
    """A bucket's endpoint in a region, as services there and content networks see it."""

    bucket: str
    """The bucket."""
    mode: Literal["refused", "black_hole", "error", "slow", "empty_answer"]
    """How calls fail."""


class IssuerFault(Fault):
    """The issuer of tokens in a region: no sign-in, no refresh, no published keys."""

    issuer: str
    """The issuer's region."""
    mode: Literal["refused", "black_hole", "error", "slow"]
    """How it looks to a caller."""
    share: Share | None = None
    """`error`: the share of requests answered with a 5xx; default all."""
    factor: Factor | None = None
    """`slow`: times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each request."""


class KeysFault(Fault):
    """The signing key disappears from the published set; tokens signed with it are still issued."""

    keys: str
    """The issuer's region, or `everywhere`."""
    mode: Literal["removed"] = "removed"
    """`removed`: verifiers that fetch the set lack the key."""


class SurgeFault(Fault):
    """A population's load grows."""

    surge: str
    """The population."""
    factor: Annotated[float, Field(gt=0, le=1000)]
    """How many times the usual load: arrivals are multiplied, think times divided."""


class Bots(Model):
    """Automatic traffic without tokens or patience."""

    near: str
    """Where it comes from: an AWS region."""
    rate: Rate
    """How many requests a second."""
    actions: Annotated[dict[str, Annotated[float, Field(ge=0, le=1e9)]], NotEmpty]
    """Operation → weight."""


class BotFault(Fault):
    """Bots ask for operations while it lasts."""

    bots: Bots
    """Who they are and what they ask."""


FAULT_KINDS = {
    "zone": ":ZoneFault",
    "service": ":ServiceFault",
    "table": ":TableFault",
    "cache": ":CacheFault",
    "bucket": ":BucketFault",
    "issuer": ":IssuerFault",
    "keys": ":KeysFault",
    "surge": ":SurgeFault",
    "bots": ":BotFault",
    "region": ":RegionFault",
    "link": ":LinkFault",
    "replication": ":ReplicationFault",
    "clock": ":ClockFault",
    "control_plane": ":ControlPlaneFault",
    "dns": ":DnsFault",
}


def fault_form(value: Any) -> str | None:
    """Tell the kind of a fault from the keys that the user wrote; None if none of them says."""
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in FAULT_KINDS.items() if key in keys), None)


AnyFault = Annotated[
    Annotated[ZoneFault, Tag(":ZoneFault")]
    | Annotated[ServiceFault, Tag(":ServiceFault")]
    | Annotated[TableFault, Tag(":TableFault")]
    | Annotated[CacheFault, Tag(":CacheFault")]
    | Annotated[BucketFault, Tag(":BucketFault")]
    | Annotated[IssuerFault, Tag(":IssuerFault")]
    | Annotated[KeysFault, Tag(":KeysFault")]
    | Annotated[SurgeFault, Tag(":SurgeFault")]
    | Annotated[BotFault, Tag(":BotFault")]
    | Annotated[RegionFault, Tag(":RegionFault")]
    | Annotated[LinkFault, Tag(":LinkFault")]
    | Annotated[ReplicationFault, Tag(":ReplicationFault")]
    | Annotated[ClockFault, Tag(":ClockFault")]
    | Annotated[ControlPlaneFault, Tag(":ControlPlaneFault")]
    | Annotated[DnsFault, Tag(":DnsFault")],
    Discriminator(fault_form),
]
