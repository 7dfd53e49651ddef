"""What breaks, when, and how it looks to a caller."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.spec.quantities import Duration, Model, Share, SignedDuration

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


FAULT_KINDS = {
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
    Annotated[RegionFault, Tag(":RegionFault")]
    | Annotated[LinkFault, Tag(":LinkFault")]
    | Annotated[ReplicationFault, Tag(":ReplicationFault")]
    | Annotated[ClockFault, Tag(":ClockFault")]
    | Annotated[ControlPlaneFault, Tag(":ControlPlaneFault")]
    | Annotated[DnsFault, Tag(":DnsFault")],
    Discriminator(fault_form),
]
