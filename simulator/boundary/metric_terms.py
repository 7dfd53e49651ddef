"""The terms in which metrics are listed: what they are of, how they come about, where and when they exist."""

import math
from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from simulator.records import dataclass

Emission = Literal["always", "when_something_arrives", "when_non_zero", "while_running"]
"""When a period has a point. `always`: also when nothing happens, with a zero. `when_something_arrives`: when
there was at least one sample, be it a zero. `when_non_zero`: when the sum is not zero. `while_running`: while
what it is of is there."""

Home = Literal["its region", "us-east-1", "the destination"]
"""Where a metric lives, and so with which region it goes dark."""

MetricUnit = Literal[
    "Count", "Percent", "Milliseconds", "Microseconds", "Seconds", "Bytes", "Megabytes", "None"
]  # fmt: skip

MICROSECOND, MILLISECOND, SECOND = 10**3, 10**6, 10**9
"""Nanoseconds of a unit in which latencies are given."""


@dataclass(frozen=True)
class SubjectKind:
    """A kind of what metrics are of: how users write it, and what its parts are.

    `axes` are the axes of counters whose place its parts say, in order: "service" and "region" of a site. Of
    two regions the first is the origin.
    """

    name: str
    form: str
    axes: tuple[str, ...]
    says: str


FUNCTION = SubjectKind(
    "function", "service@region", ("service", "region"), "a service on Lambda in one of its regions"
)
GATEWAY = SubjectKind(
    "API", "service@region", ("service", "region"), "a service behind an API Gateway in one of its regions"
)
BALANCER = SubjectKind(
    "load balancer",
    "service@region",
    ("service", "region"),
    "a service behind a load balancer in one of its regions",
)
FLEET = SubjectKind(
    "fleet", "service@region", ("service", "region"), "a service on nodes in one of its regions"
)
TABLE = SubjectKind("table", "table@region", ("store", "region"), "a replica of a table")
TABLE_OPERATION = SubjectKind(
    "operation of a table",
    "table.write@region, table.read@region",
    ("store", "region", "unit kind"),
    "the writes, or the reads, of a replica of a table",
)
TABLE_PAIR = SubjectKind(
    "replication of a table",
    "table@origin→target",
    ("store", "region", "region"),
    "the copies from one replica of a table to another",
)
ACCOUNT = SubjectKind("account", "account@region", ("region",), "the account in a region")
CACHE = SubjectKind(
    "cache", "cache@region", ("store", "region"), "the primary node of a MemoryDB cache in a region"
)
CACHE_NODE = SubjectKind(
    "node of a cache",
    "cache@zone",
    ("store", "region", "zone"),
    "a node of a MemoryDB cache, by its zone, such as `sessions@eu-south-1a`",
)
CACHE_PAIR = SubjectKind(
    "replication of a cache",
    "cache@origin→target",
    ("store", "region", "region"),
    "the copies from one region of a multi-region cache to another",
)
BUCKET_PAIR = SubjectKind(
    "replication of a bucket",
    "bucket@origin→target",
    ("store", "region", "region"),
    "the copies from one bucket to another",
)
CDN = SubjectKind("content network", "service", ("service",), "a service that is a content network")
CANARY = SubjectKind(
    "canary", "canary", ("population's operation", "population"), "a canary, in the region in which it runs"
)
CHECK = SubjectKind("health check", "check@region", (), "a Route 53 health check of a region")
ENDPOINT_CHECK = SubjectKind(
    "health check of an endpoint", "check@region", (), "a Route 53 health check of a region's endpoint"
)
CALCULATED_CHECK = SubjectKind(
    "calculated health check", "check@region", (), "a Route 53 health check that counts others"
)
WEB_ACL = SubjectKind(
    "web ACL",
    "web-acl@region, web-acl",
    ("web ACL in a place",),
    "a web ACL in one of its regions; of CloudFront's by its name alone",
)

SUBJECT_KINDS = (
    FUNCTION, GATEWAY, BALANCER, FLEET, TABLE, TABLE_OPERATION, TABLE_PAIR, ACCOUNT, CACHE, CACHE_NODE,
    CACHE_PAIR, BUCKET_PAIR, CDN, CANARY,
    WEB_ACL, CHECK, ENDPOINT_CHECK, CALCULATED_CHECK,
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """Elements of a counter or a gauge, times a factor.

    Those at the place of the subject; `at` fixes other axes by their names, and over what is then still open
    it is summed.
    """

    name: str
    times: float = 1.0
    at: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Each:
    """Every occurrence is a sample of one."""

    of: tuple[Term, ...]


@dataclass(frozen=True)
class Share:
    """Every occurrence is a sample: one if it is of the part, else zero. The average is the share."""

    part: tuple[Term, ...]
    of: tuple[Term, ...]


@dataclass(frozen=True)
class Level:
    """One sample a period: a gauge as it is at its end, or what counters have grown by.

    `scale` names what of the plan it is multiplied with (`simulator.lowering.metrics`), `among` by how many
    of what is there at the end of the period it is divided; without any there is no point. `base` names what
    of the plan each of these has besides.
    """

    of: tuple[Term, ...]
    scale: str = ""
    among: Literal["", "nodes", "environments kept warm"] = ""
    most: float = math.inf
    """No value is higher."""
    base: str = ""


@dataclass(frozen=True)
class Mean:
    """So many samples add up to so much; they are taken to be alike."""

    total: tuple[Term, ...]
    of: tuple[Term, ...]
    scale: str = ""


@dataclass(frozen=True)
class Timed:
    """Every occurrence is a sample: how long it took, so that there are percentiles.

    `what` is one of `simulator.boundary.readings.WATCHES`, or "lag".
    """

    what: str
    unit_ns: int


@dataclass(frozen=True)
class Seen:
    """One sample a period: what the control plane knows, by the name of what is asked."""

    what: str


Value = Each | Share | Mean | Level | Timed | Seen


@dataclass(frozen=True)
class Metric:
    """One metric: the name that users write, AWS's own, and when, where and how it is published."""

    name: str
    namespace: str
    aws: str
    unit: MetricUnit
    of: SubjectKind
    emission: Emission
    value: Value
    source: str
    statistics: tuple[str, ...]
    """Those that mean something, the most useful one first."""
    home: Home = "its region"
    period_min: int = 1
    note: str = ""
    """What else has to be known."""


STATISTICS = ("sum", "average", "minimum", "maximum", "sample_count")
"""The statistics of every metric; some have percentiles, such as p99, too."""
