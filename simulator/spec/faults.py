"""What breaks, when, and how it looks to a caller."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from simulator.spec.quantities import Duration, Model, Share, SignedDuration


class Flapping(Model):
    """The fault is on for `duty` of each `period`, starting on."""

    period: Duration
    duty: Share


class Fault(Model):
    """When a fault acts. Neither `for` nor `until`: to the end of the run."""

    at: Duration
    for_: Duration | None = Field(default=None, alias="for")
    until: Duration | None = None
    flapping: Flapping | None = None


class RegionFault(Fault):
    """A region that refuses, never answers, errs, slows down, or is lost for good."""

    region: str
    mode: Literal["refused", "black_hole", "error", "slow", "lost"]
    share: Share | None = None
    """`error`: the share of requests answered with a 5xx; default all."""
    factor: float | None = Field(default=None, ge=1)
    """`slow`: service times are multiplied by this."""
    add: Duration | None = None
    """`slow`: this is added to each request."""


class LinkEnds(Model):
    """Two places. `between: [a, b]` is both directions, `from`/`to` one; `everywhere` is every other place."""

    between: list[str] | None = Field(default=None, min_length=2, max_length=2)
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class LinkFault(Fault):
    """The network between two places is cut, lossy or slow, with both ends alive."""

    link: LinkEnds
    mode: Literal["cut", "lossy", "slow"]
    share: Share | None = None
    """`lossy`: the share of messages lost."""
    factor: float | None = Field(default=None, ge=1)
    add: Duration | None = None


class ReplicationScope(Model):
    """Which replicators: all of a `region`, or one direction; of one table or all."""

    table: str | None = None
    region: str | None = None
    from_: str | None = Field(default=None, alias="from")
    to: str | None = None


class ReplicationFault(Fault):
    """Replication is paused; both ends keep serving."""

    replication: ReplicationScope
    mode: Literal["paused"] = "paused"


class ClockFault(Fault):
    """A region's clock is off by `skew`, so its writes carry wrong timestamps."""

    clock: str
    skew: SignedDuration


class ControlPlaneFault(Fault):
    """Route 53 refuses record changes; answers and health checks keep working."""

    control_plane: Literal["route53"]
    mode: Literal["frozen"] = "frozen"


class DnsFault(Fault):
    """The authoritative servers of a name err, lose queries, or give an empty answer."""

    dns: str
    mode: Literal["error", "black_hole", "empty_answer"]
    share: Share | None = None
    """`black_hole`: the share of queries lost; default all."""


_KINDS = {
    "region": ":RegionFault",
    "link": ":LinkFault",
    "replication": ":ReplicationFault",
    "clock": ":ClockFault",
    "control_plane": ":ControlPlaneFault",
    "dns": ":DnsFault",
}


def _fault_kind(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else {}
    return next((tag for key, tag in _KINDS.items() if key in keys), None)


AnyFault = Annotated[
    Annotated[RegionFault, Tag(":RegionFault")]
    | Annotated[LinkFault, Tag(":LinkFault")]
    | Annotated[ReplicationFault, Tag(":ReplicationFault")]
    | Annotated[ClockFault, Tag(":ClockFault")]
    | Annotated[ControlPlaneFault, Tag(":ControlPlaneFault")]
    | Annotated[DnsFault, Tag(":DnsFault")],
    Discriminator(_fault_kind),
]
